"""What was worked out is kept with what it rests on, and nothing that could be stale ever holds."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.interviews import Event, EventKind, Interview
from agent.plan.intention import DraftRecord, DraftState
from agent.policy import DraftKind, Held
from agent.store import Ledger
from agent.store.kept import ALL, Answer, Basis, answers, counts

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACME = Interview(id="acme", company="Acme Robotics", role="Backend Engineer")
DRAFT = DraftRecord(
    interview="acme",
    kind=DraftKind.STATUS_CHECK,
    occasion="round-1",
    message_id="<one@mailbox.example>",
    state=DraftState.INTENDED,
    decided_at=NOW,
    rule="status-check",
    requirements=(),
    reason="",
    to=(),
    subject="",
    body="",
    in_reply_to=None,
    references=(),
    raw=b"",
)
HELD = Held(interview="acme", kind=DraftKind.STATUS_CHECK, occasion="x", due_at=NOW, reason="", rule="", requirements=())


def answer(*, program: str = "p1", times: int = 3, beside: str = "", until: datetime = NOW + HOUR) -> Answer:
    basis = Basis(program=program, counts={"acme": times, ALL: 1}, beside=beside)
    return Answer(interview="acme", basis=basis, since=NOW, until=until, data='{"status": "applied"}')


def test_an_answer_holds_as_long_as_all_that_it_rests_on_is_so() -> None:
    counted = {"acme": 3, ALL: 1, "birch": 7}

    assert answer().holds(NOW, "p1", counted)
    assert answer().holds(NOW + HOUR - timedelta(microseconds=1), "p1", counted | {"birch": 8})
    assert not answer().holds(NOW + HOUR, "p1", counted)
    assert not answer().holds(NOW - timedelta(microseconds=1), "p1", counted), "the clock was set back"
    assert not answer().holds(NOW, "p2", counted)
    assert not answer().holds(NOW, "p1", counted | {"acme": 4})
    assert not answer().holds(NOW, "p1", counted | {ALL: 2})
    assert not answer().holds(NOW, "p1", counted, "another")
    assert not answer().holds(NOW, "p1", {})


def test_it_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    with ledger.transaction():
        ledger.put_interview(ACME)

    ledger.kept.keep("row", [answer(beside="all")], moment=ledger.kept.moment())

    assert answers(ledger.kept.read, "row") == {"acme": answer(beside="all")}
    assert answers(ledger.kept.read, "why") == {}


@pytest.mark.parametrize(
    ("write", "counted"),
    [
        (lambda ledger: ledger.put_interview(ACME), ALL),
        (lambda ledger: ledger.add_event(Event(interview="acme", at=NOW, kind=EventKind.NOTE)), "acme"),
        (lambda ledger: ledger.intend(DRAFT), "acme"),
        (lambda ledger: ledger.update_draft(DRAFT), "acme"),
        (lambda ledger: ledger.set_held("acme", [HELD]), "acme"),
    ],
)
def test_every_write_is_counted(write: Callable[[Ledger], object], counted: str) -> None:
    ledger = Ledger()
    with ledger.transaction():
        ledger.put_interview(ACME)
        ledger.intend(DRAFT)
    before = counts(ledger.kept.read)
    with ledger.transaction():
        ledger.update_draft(DRAFT)
        write(ledger)
    after = counts(ledger.kept.read)

    assert {name for name in after if after[name] != before.get(name)} == {"acme", counted}


def test_a_write_by_anybody_else_is_counted_as_well(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    ledger = Ledger(file)
    with ledger.transaction():
        ledger.put_interview(ACME)
        ledger.intend(DRAFT)
        ledger.set_held("acme", [HELD])
    before = counts(ledger.kept.read)["acme"]

    with sqlite3.connect(file) as other:
        other.execute("UPDATE drafts SET state = 'sent'")
        other.execute("DELETE FROM held")
        other.execute("DELETE FROM drafts")
        other.execute("INSERT INTO messages VALUES ('<1@acme.example>', NULL, 0, '', '{}')")
        other.execute("UPDATE messages SET interview = 'acme'")
        other.execute("DELETE FROM messages")
        other.execute("DELETE FROM interviews")
    other.close()

    assert counts(ledger.kept.read) == {"acme": before + 5, ALL: 2}


def test_nothing_is_kept_where_anybody_wrote_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    ledger, other = Ledger(file), Ledger(file)
    with ledger.transaction():
        ledger.put_interview(ACME)
    moment = ledger.kept.moment()
    with other.transaction():
        other.add_event(Event(interview="acme", at=NOW, kind=EventKind.NOTE))

    assert ledger.kept.keep("row", [answer()], moment=moment) == moment
    assert answers(ledger.kept.read, "row") == {}

    moment = ledger.kept.moment()
    with ledger.transaction():
        ledger.add_event(Event(interview="acme", at=NOW, kind=EventKind.NOTE))
    ledger.kept.keep("row", [answer()], moment=moment)
    assert answers(ledger.kept.read, "row") == {}


def test_one_may_keep_on_keeping() -> None:
    ledger = Ledger()
    with ledger.transaction():
        ledger.put_interview(ACME)

    moment = ledger.kept.keep("row", [answer()], moment=ledger.kept.moment())
    ledger.kept.keep("why", [answer()], moment=moment)

    assert list(answers(ledger.kept.read, "why")) == ["acme"]


def test_a_busy_ledger_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    ledger, other = Ledger(file), Ledger(file)
    with other.transaction():
        moment = ledger.kept.moment()
        assert ledger.kept.keep("row", [answer()], moment=moment) == moment
    assert answers(ledger.kept.read, "row") == {}


def test_what_is_tracked_no_more_is_not_kept() -> None:
    ledger = Ledger()

    ledger.kept.keep("row", [answer()], moment=ledger.kept.moment())

    assert answers(ledger.kept.read, "row") == {}
