import time

import pytest

from tests.messages.building import html, plain, read


def alternative(text: str, markup: str) -> str:
    return (
        "From: a@b.example\nContent-Type: multipart/alternative; boundary=x\n\n"
        f"--x\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--x\nContent-Type: text/html\n\n{markup}\n--x--\n"
    )


def test_html_is_read_as_lines() -> None:
    assert html("<h1>Hello</h1><p>We&nbsp;are <b>glad</b>.</p><ul><li>one</li><li>two</li></ul>").text == (
        "Hello\n\nWe are glad.\n\n• one\n• two"
    )


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "display: none !important",
        "max-height:0;overflow:hidden",
        "font-size:0px",
        "mso-hide:all",
        "visibility: hidden",
        "opacity:0",
    ],
)
def test_hidden_preheaders_are_left_out(style: str) -> None:
    assert html(f'<div style="{style}">You did it!</div><p>We went with someone else.</p>').text == "We went with someone else."


def test_a_layout_cell_of_no_font_size_is_not_hidden() -> None:
    assert html('<table><tr><td style="font-size:0px"><div style="font-size:13px">Shown</div></td></tr></table>').text == "Shown"


def test_plain_text_comes_before_html() -> None:
    assert read(alternative("The plain words.", "<p>The <b>plain</b> words.</p>")).text == "The plain words."


@pytest.mark.parametrize(
    "stub", ["", "Your email client does not support HTML.", "https://acme.example/view", "Please view this message in a browser"]
)
def test_a_stub_of_plain_text_gives_way_to_the_html(stub: str) -> None:
    assert read(alternative(stub, "<p>We would like to meet you.</p>")).text == "We would like to meet you."


def test_html_in_a_plain_part_is_read_as_html() -> None:
    message = plain("<html><body><p>Hello</p><br><p>there</p></body></html>")
    assert "<" not in message.text
    assert "HTML in a text/plain part" in message.defects


def test_padding_characters_and_odd_spaces_go() -> None:
    assert plain("We\u00a0are\u200b sorry\u00ad.\u200c \u200c \u034f").text == "We are sorry."


def test_entities_left_in_plain_text_are_resolved() -> None:
    assert plain("September.&nbsp;\nBest &amp; regards").text == "September. \nBest & regards"


SHAPES = {
    "one long line": "a" * 1_000_000,
    "words": "ab " * 333_000,
    "newlines": "\n" * 1_000_000,
    "quotes": ">" * 1_000_000,
    "quoted lines": "> a\nb\n" * 170_000,
    "attributions": "On a b a b " * 90_000,
    "attribution lines": "On 1 2026 10:00 a@b wrote:\n" * 37_000,
    "colons": "a:\n" * 330_000,
    "rules": "--\n" * 330_000,
    "signatures": "-- \na\n" * 160_000,
    "headers": "From: a@b\n" * 100_000,
    "footers": "unsubscribe " * 80_000,
    "entities": "&nbsp;" * 160_000,
}
MARKUP = {
    "deep": "<div>" * 200_000,
    "deep quotes": "<blockquote type=cite>" * 45_000,
    "many quotes": "<div class=gmail_quote>x</div>" * 33_000,
    "hidden": '<p style="display:none">x</p>' * 34_000,
    "no size": '<p style="font-size:0">' * 43_000,
    "brackets": "<" * 1_000_000,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_megabyte_of_text_takes_less_than_a_second(shape: str) -> None:
    start = time.process_time()
    message = plain("Hello\n" + SHAPES[shape])
    assert time.process_time() - start < 1
    assert message.text.startswith("Hello")
    assert any("cut at" in defect for defect in message.defects)


@pytest.mark.parametrize("shape", MARKUP)
def test_a_megabyte_of_html_takes_less_than_a_second(shape: str) -> None:
    start = time.process_time()
    message = html("<p>Hello</p>" + MARKUP[shape])
    assert time.process_time() - start < 1
    assert message.text.startswith("Hello")


@pytest.mark.parametrize(
    "head",
    [
        "To: " + "(" * 500_000,
        "To: " + "g:" * 400_000,
        "Subject: " + "=?utf-8?q?a?= " * 70_000,
        "References: " + "<a@b>" * 200_000,
        "X-A: b\n" * 140_000,
        "Content-Type: text/plain; " + "a*0*=b; " * 120_000,
        "Authentication-Results: " + "(" * 900_000,
    ],
)
def test_a_megabyte_of_header_takes_less_than_a_second(head: str) -> None:
    start = time.process_time()
    read(f"From: a@b.example\n{head}\n\nHi")
    assert time.process_time() - start < 1
