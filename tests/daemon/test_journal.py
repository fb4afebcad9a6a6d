"""The log: one line an event, whatever its ids hold."""

import inspect
import io
import logging
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.daemon import journal

EVENTS = {
    name: function
    for name, function in vars(journal).items()
    if inspect.isfunction(function) and function.__module__ == journal.__name__ and not name.startswith("_") and name != "begin"
}
SAMPLES: dict[type, Any] = {str: "x", int: 7, float: 1.25, date: date(2026, 11, 23)}


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Leave the root logger as it was found."""
    root, ours = logging.getLogger(), logging.getLogger("agent")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def arguments(function: Callable[..., None], text: str = "x") -> dict[str, Any]:
    """Return an argument for each parameter of an event."""
    hints = get_type_hints(function)
    return {name: text if hints[name] is str else SAMPLES[hints[name]] for name in inspect.signature(function).parameters}


def lines(tell: Callable[[], None], *, debug: bool = False) -> list[str]:
    """Return what the log shows of it."""
    stream = io.StringIO()
    journal.begin(debug=debug, stream=stream)
    tell()
    return stream.getvalue().split("\n")[:-1]


def test_there_is_an_event_for_everything_that_a_pass_does() -> None:
    assert set(EVENTS) >= {
        "pass_began", "pass_ended", "pass_failed", "message_read", "message_assigned", "message_set_aside", "status_changed",
        "review_asked", "draft_intended", "draft_queued", "draft_adopted", "draft_stopped", "draft_withdrawn", "held",
        "digest_sent", "digest_failed", "started", "stopping",
    }  # fmt: skip


@pytest.mark.parametrize("name", EVENTS)
def test_each_event_is_one_line_that_begins_with_its_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    function = EVENTS[name]
    told = arguments(function)
    (line,) = lines(lambda: function(**told))
    event, *pairs = line.split(" ")
    assert event == name
    assert [pair.partition("=")[0] for pair in pairs] == list(told)


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("forged", ["<a@b>\r\n<3>draft_queued interview=x", "a\u2028b\x85c\x0bd", "\x1b[2Jx", 'a" interview="x'])
def test_an_id_cannot_forge_a_line(name: str, forged: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    function = EVENTS[name]
    told = arguments(function, forged)
    (line,) = lines(lambda: function(**told))
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert line.isprintable()
    assert line[3:].startswith(name)
    assert "<3>draft_queued interview=x" not in line.split('"')[0]


@given(st.text())
def test_no_text_at_all_makes_a_second_line(text: str) -> None:
    (line,) = lines(lambda: journal.stopping(reason="x" + text))
    assert len(line.splitlines()) == 1


def test_a_line_reads_as_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    shown = lines(
        lambda: journal.draft_queued(
            interview="acme-backend", kind="thank_you", occasion="round-1:dana@acme.example", message_id="<1@hale.example>"
        )
    )
    assert shown == [
        "draft_queued interview=acme-backend kind=thank_you occasion=round-1:dana@acme.example message_id=<1@hale.example>"
    ]


def test_what_has_spaces_stands_in_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    shown = lines(lambda: journal.pass_failed(problem='imap.hale.example: "no"', failures=2, again_seconds=60.0))
    assert shown == [r'pass_failed problem="imap.hale.example: \"no\"" failures=2 again_seconds=60']


def test_what_is_empty_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    shown = lines(lambda: journal.review_asked(number=3, kind="suggestion", message_id=""))
    assert shown == ["review_asked number=3 kind=suggestion"]


def test_the_journal_gets_the_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")

    def tell() -> None:
        journal.pass_began()
        journal.message_set_aside(folder="INBOX", uid=4, problem="ValueError")
        journal.pass_failed(problem="x", failures=1, again_seconds=1)

    assert lines(tell) == [
        "<6>pass_began",
        "<4>message_set_aside folder=INBOX uid=4 problem=ValueError",
        "<3>pass_failed problem=x failures=1 again_seconds=1",
    ]


def test_a_librarys_words_stay_out_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)

    def tell() -> None:
        logging.getLogger("imapclient").warning("cannot read 'Dear Robin, we regret'")
        logging.getLogger("imapclient").info("Dear Robin")

    assert lines(tell) == ["library logger=imapclient level=warning"]
    assert lines(tell, debug=True) == ["message logger=imapclient text=\"cannot read 'Dear Robin, we regret'\""]


def test_a_traceback_shows_only_in_debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")

    def tell() -> None:
        try:
            int("Dear Robin\nwe regret")
        except ValueError:
            logging.getLogger("agent.daemon").exception("it failed")

    assert lines(tell) == ['<3>message logger=agent.daemon text="it failed"']
    shown = lines(tell, debug=True)
    assert len(shown) > 3
    assert [line for line in shown if not line.startswith("<3>")] == []
