import datetime as dt
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.messages import Address, message_from_fields, parse_message
from tests.messages.building import NOW, read

WHOLE = """\
Return-Path: <dana@acme.example>
Received: from mx.acme.example by mx.home.example; Mon, 16 Nov 2026 10:00:03 +0100
From: =?utf-8?q?Dana_C=C3=B6le?= <Dana@ACME.example>
To: Sam Sample <sam@home.example>, "Lee, Kim" <kim@home.example>
Cc: panel@acme.example
Reply-To: jobs@acme.example
Subject: =?utf-8?q?Interview_f=C3=BCr?=
 =?utf-8?q?_Backend?= Engineer
Date: Mon, 16 Nov 2026 10:00:00 +0100
Message-ID: <one@acme.example>
In-Reply-To: <zero@home.example>
References: <root@home.example>
\t<zero@home.example>
Content-Type: text/plain; charset=utf-8

Hello Sam,

shall we talk on Tuesday?
"""


def test_a_whole_mail_is_read() -> None:
    message = read(WHOLE.replace("\n", "\r\n"))
    assert message.message_id == "<one@acme.example>"
    assert message.sender == Address(name="Dana Cöle", email="dana@acme.example")
    assert message.to == (
        Address(name="Sam Sample", email="sam@home.example"),
        Address(name="Lee, Kim", email="kim@home.example"),
    )
    assert message.cc == (Address(name="", email="panel@acme.example"),)
    assert message.answer_to.email == "jobs@acme.example"
    assert message.subject == "Interview für Backend Engineer"
    assert message.date.isoformat() == "2026-11-16T10:00:00+01:00"
    assert message.received_at == NOW
    assert message.parent_ids == ("<zero@home.example>", "<root@home.example>")
    assert message.text == "Hello Sam,\n\nshall we talk on Tuesday?"
    assert message.fresh == message.text
    assert message.defects == ()


def test_a_missing_message_id_follows_from_the_bytes() -> None:
    raw = b"From: a@b.example\r\n\r\nHi"
    assert read(raw).message_id == f"<sha256-{hashlib.sha256(raw).hexdigest()}@missing.invalid>"


@pytest.mark.parametrize("date", ["", "Date: \n", "Date: Mi, 12 Marz abcd\n", "Date: Mon, 99 Nov 2026 99:00:00 +9999\n"])
def test_a_missing_or_broken_date_is_the_time_of_receipt(date: str) -> None:
    message = read(f"From: a@b.example\n{date}\nHi")
    assert message.date == NOW
    assert any("Date" in defect for defect in message.defects)


def test_a_date_to_come_is_the_time_of_receipt() -> None:
    message = read("From: dana@acme.example\nDate: Fri, 1 Jan 2038 10:00:00 +0100\n\nHello\n")
    assert message.date.isoformat() == "2026-11-20T10:00:00+01:00"
    assert "Date lies in the future" in message.defects


def test_a_clock_that_is_some_hours_ahead_is_believed() -> None:
    message = read("From: dana@acme.example\nDate: Fri, 20 Nov 2026 21:00:00 +0000\n\nHello\n")
    assert message.date.isoformat() == "2026-11-20T21:00:00+00:00"


def test_an_mbox_line_and_empty_lines_above_the_header_do_not_matter() -> None:
    message = read("\n\nFrom dana@acme.example Mon Nov 16 10:00:00 2026\nFrom: dana@acme.example\nSubject: Hello\n\nHi")
    assert (message.sender.email, message.subject, message.text) == ("dana@acme.example", "Hello", "Hi")


def test_group_addresses_give_their_members() -> None:
    message = read("From: a@b.example\nTo: Panel: kim@acme.example, lee@acme.example;\nCc: undisclosed-recipients:;\n\nHi")
    assert [address.email for address in message.to] == ["kim@acme.example", "lee@acme.example"]
    assert message.cc == ()


@pytest.mark.parametrize(
    "group", ["Group: ;", "A Group: B Group: x@y.example;;", "undisclosed recipients: ;;;", ": ;", "g:a@b.example"]
)
def test_a_group_as_sender_never_raises(group: str) -> None:
    message = read(f"From: {group}\nTo: {group}\nCc: {group}\nReply-To: {group}\n\nHi")
    assert message.text == "Hi"


@pytest.mark.parametrize("charset", ["X-UNKNOWN", "ansi_x3.110-1983", "unknown-8bit", "idna", "", '"', "utf-8'x", "hex", "\x00"])
def test_an_unknown_charset_is_guessed(charset: str) -> None:
    head = f"From: a@b.example\nSubject: =?{charset or 'x'}?q?caf=C3=A9?=\nContent-Type: text/plain; charset={charset}\n"
    message = read(head.encode() + "Content-Transfer-Encoding: 8bit\n\ncafé".encode())
    assert message.text == "café"


def test_a_wrong_charset_is_told() -> None:
    message = read(b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nna\xefve")
    assert message.text == "naïve"
    assert "text is not valid utf-8" in message.defects


def test_8_bit_headers_are_read_as_utf_8_or_windows_1252() -> None:
    assert read("From: Jürgen <j@b.example>\nSubject: Grüße\n\nHi".encode()).subject == "Grüße"
    old = read("From: Jürgen <j@b.example>\nSubject: Grüße\n\nHi".encode("latin-1"))
    assert (old.subject, old.sender.name) == ("Grüße", "Jürgen")


def test_nul_bytes_are_left_out() -> None:
    message = read(b"From: a\0@b.example\nSubject: He\0llo\n\nHi\0 there")
    assert (message.subject, message.text) == ("Hello", "Hi there")
    assert "NUL in the text" in message.defects


def test_of_two_fields_the_first_counts_and_the_second_is_told() -> None:
    message = read("From: dana@acme.example\nFrom: evil@x.example\nSubject: One\nSubject: Two\n\nHi")
    assert (message.sender.email, message.subject) == ("dana@acme.example", "One")
    assert "more than one from field, the first is used" in message.defects


def test_an_address_without_its_closing_bracket_is_read() -> None:
    message = read('From: "Dana Cole" <dana@acme.example\nTo: Sam <sam@home.example\n\nHi')
    assert message.sender.email == "dana@acme.example"
    assert message.to[0].email == "sam@home.example"


def test_no_sender_is_an_empty_address() -> None:
    assert read("Subject: x\n\nHi").sender == Address(name="", email="")


@pytest.mark.parametrize("opening", ["multipart/mixed; boundary=b{0}", "multipart/digest; boundary=b{0}"])
def test_deep_nesting_does_not_hurt(opening: str) -> None:
    nested = "".join(f"Content-Type: {opening.format(level)}\n\n--b{level}\n" for level in range(5000))
    message = read("From: a@b.example\n" + nested + "Content-Type: text/plain\n\nHi")
    assert any("nested" in defect for defect in message.defects)


def test_a_chain_of_enclosed_mails_does_not_hurt() -> None:
    assert read("Content-Type: message/rfc822\n\n" * 5000).text == ""


def test_the_text_of_an_enclosed_mail_is_not_the_body() -> None:
    raw = (
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nSee below.\n"
        "--x\nContent-Type: message/rfc822\n\nSubject: old\n\nWe regret to inform you.\n--x--\n"
    )
    assert read(raw).text == "See below."


def test_an_attached_text_is_not_the_body_unless_it_is_all_there_is() -> None:
    attached = 'Content-Type: text/plain; name="cv.txt"\nContent-Disposition: attachment; filename="cv.txt"\n\nCurriculum'
    head = "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
    both = f"{head}Content-Type: text/plain\n\nHi\n--x\n{attached}\n--x--\n"
    alone = f"{head}{attached}\n--x--\n"
    assert read(both).text == "Hi"
    assert read(alone).text == "Curriculum"


def test_flowed_text_is_joined() -> None:
    head = "From: a@b.example\nContent-Type: text/plain; format=flowed\n\n"
    raw = head + "We are sorry to \ntell you.\n\n> an old \n> line\n\n-- \nDana"
    message = read(raw)
    assert message.text.startswith("We are sorry to tell you.\n")
    assert message.fresh == "We are sorry to tell you."


def test_a_body_cut_off_in_the_middle_is_still_read() -> None:
    raw = "From: a@b.example\nContent-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\nHello there"
    message = read(raw)
    assert message.text == "Hello there"
    assert message.defects != ()


def test_the_fields_of_a_line_become_a_message() -> None:
    message = message_from_fields(
        id="m-1",
        sender='"Dana Cole" <dana@acme.example>',
        to="sam@home.example",
        date="2026-11-16T10:00:00+01:00",
        subject="Your\napplication",
        body="Thank you.\n\n> old",
        html=None,
        received_at=NOW,
    )
    assert message.message_id == "<m-1>"
    assert message.sender == Address(name="Dana Cole", email="dana@acme.example")
    assert message.date.isoformat() == "2026-11-16T10:00:00+01:00"
    assert message.subject == "Your application"
    assert message.fresh == "Thank you."


def test_fields_may_all_be_missing() -> None:
    message = message_from_fields(id="", sender="", to="", date=None, subject="", body=None, html=None, received_at=NOW)
    assert (message.text, message.date) == ("", NOW)
    assert message.message_id.startswith("<sha256-")


def test_html_fields_are_read_as_text() -> None:
    message = message_from_fields(
        id="x", sender="a@b.example", to="", date="bad", subject="s", body=None, html="<p>One</p><p>Two</p>", received_at=NOW
    )
    assert message.text == "One\n\nTwo"


@given(st.binary(max_size=400))
def test_no_bytes_raise(raw: bytes) -> None:
    parse_message(raw, received_at=NOW)


PIECES = [
    b"From: ",
    b"To: g: a@b;",
    b"Subject: =?utf-8?b?",
    b"?=",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"Content-Type: multipart/mixed; boundary=x\n",
    b"--x\n",
]
PIECES += [
    b"Content-Type: text/html\n",
    b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:",
    b"--x--",
    b"Date: ",
    b"\0",
    b"\xff\xfe",
]
PIECES += [
    b"Content-Transfer-Encoding: base64\n",
    b"<div>",
    b"<blockquote type=cite>",
    b"> a",
    b"-- \n",
    b"On 1.1.2026 a@b wrote:",
    b"<",
    b">",
    b'"',
    b";",
]
PIECES += [
    b"Content-Type: message/delivery-status\n\nAction: failed\n",
    b"Message-ID: <",
    b"charset*0*=",
    b"Authentication-Results: ;",
    b"20260101T",
]


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=40))
def test_no_heap_of_pieces_raises(pieces: list[bytes]) -> None:
    message = parse_message(b"".join(pieces), received_at=NOW)
    f"{message!r}".encode()  # nothing in it that cannot be written


@given(st.text(max_size=60), st.text(max_size=60), st.none() | st.text(max_size=30), st.text(max_size=200))
def test_no_fields_raise(sender: str, subject: str, date: str | None, body: str) -> None:
    message = message_from_fields(
        id=subject, sender=sender, to=sender, date=date, subject=subject, body=body, html=body, received_at=NOW
    )
    f"{message!r}".encode()
    assert message.date.tzinfo is not None


def test_the_offset_of_the_sender_is_kept_and_utc_without_one() -> None:
    assert read("From: a@b.example\nDate: 16 Nov 2026 10:00:00 -0800\n\nx").date.utcoffset() == dt.timedelta(hours=-8)
    assert read("From: a@b.example\nDate: 16 Nov 2026 10:00:00 -0000\n\nx").date.utcoffset() == dt.timedelta(0)
