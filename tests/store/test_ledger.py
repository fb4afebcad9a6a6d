"""What the ledger keeps, and what it refuses."""

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.interviews import Event, EventKind, Interview
from agent.mailbox import Cursor
from agent.messages import parse_message
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.review import Question, ReviewKind
from agent.policy import DraftKind, Held
from agent.signals import Label, Reading, Signal
from agent.store import Ledger, MessageRecord, StoreProblem
from tests.letters import letter

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
ACME = Interview(id="acme", company="Acme Robotics", role="Backend Engineer", applied_on=date(2026, 3, 1))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "state" / "ledger.sqlite3")


def record(message_id: str, *, interview: str | None = None, in_reply_to: str | None = None) -> MessageRecord:
    raw = letter(
        message_id=message_id,
        at=NOW,
        sender="Dana Cole <dana@acme.example>",
        subject="Hello",
        body="We decide soon.",
        in_reply_to=in_reply_to,
    )
    signal = Signal(label=Label.HOLD, confidence=0.9, rule="hold.soon", quote="We decide soon.", start=0, end=15)
    return MessageRecord(
        message=parse_message(raw, received_at=NOW),
        digest="d",
        reading=Reading(label=Label.HOLD, abstained=False, signals=(signal,), promised_by=date(2026, 3, 13)),
        own=False,
        role="inbox",
        uidvalidity=7,
        uid=3,
        interview=interview,
        evidence=("thread: <a@acme.example>",),
    )


def draft(**changes: Any) -> DraftRecord:
    made = DraftRecord(
        interview="acme",
        kind=DraftKind.STATUS_CHECK,
        occasion="after-round-1",
        message_id="<d1@mailbox.example>",
        state=DraftState.INTENDED,
        decided_at=NOW,
        rule="status-check",
        requirements=("A2", "B4"),
        reason="Seven business days have passed.",
        to=("dana@acme.example",),
        subject="Re: Interview",
        body="Hello",
        in_reply_to="<a@acme.example>",
        references=("<a@acme.example>",),
        raw=b"From: me\r\n\r\nHello\r\n",
    )
    return replace(made, **changes)


def test_what_is_kept_is_read_back_the_same_after_closing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    first = Ledger(path)
    kept = record("<m1@acme.example>", interview="acme")
    event = Event(
        interview="acme",
        at=NOW,
        kind=EventKind.RECEIVED,
        message_id="<m1@acme.example>",
        label=Label.HOLD,
        promised_by=date(2026, 3, 13),
    )
    held = Held(
        interview="acme",
        kind=DraftKind.FINAL_NOTE,
        occasion="x",
        due_at=NOW,
        reason="no",
        rule="weekly",
        requirements=("A3",),
        until=NOW,
    )
    with first.transaction():
        first.put_interview(ACME)
        first.add_message(kept)
        first.add_event(event)
        first.intend(draft())
        first.set_held("acme", [held])
        first.set_cursor("INBOX", Cursor(uidvalidity=7, last_uid=3))
    first.close()

    second = Ledger(path)

    assert second.interviews() == [ACME]
    assert second.message("<m1@acme.example>") == kept
    assert second.events("acme") == [replace(event, id=1)]
    assert second.drafts() == [draft()]
    assert second.held() == [held]
    assert second.cursor("INBOX") == Cursor(uidvalidity=7, last_uid=3)
    assert [each.message.message_id for each in second.letters("acme")] == ["<m1@acme.example>"]


def test_the_file_and_its_folder_are_the_users_alone(tmp_path: Path) -> None:
    Ledger(tmp_path / "state" / "ledger.sqlite3").close()

    assert (tmp_path / "state" / "ledger.sqlite3").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_events_can_be_neither_changed_nor_deleted(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.transaction():
        ledger.add_event(Event(interview="acme", at=NOW, kind=EventKind.NOTE, note="as it was"))
    outside = sqlite3.connect(tmp_path / "state" / "ledger.sqlite3")

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        outside.execute("UPDATE events SET data = '{}'")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        outside.execute("DELETE FROM events")

    outside.close()
    assert ledger.events()[0].note == "as it was"


def test_events_come_in_the_order_in_which_they_happened(ledger: Ledger) -> None:
    with ledger.transaction():
        for hours, note in ((2, "later"), (0, "first"), (1, "second")):
            ledger.add_event(Event(interview="acme", at=NOW + timedelta(hours=hours), kind=EventKind.NOTE, note=note))

    assert [event.note for event in ledger.events("acme")] == ["first", "second", "later"]


def test_a_transaction_that_fails_leaves_nothing(ledger: Ledger) -> None:
    def half_way() -> None:
        with ledger.transaction():
            ledger.put_interview(ACME)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_way()

    assert ledger.interviews() == []


def test_writing_outside_a_transaction_is_refused(ledger: Ledger) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="transaction"):
        ledger.put_interview(ACME)


def test_one_occasion_has_one_draft_and_one_question(ledger: Ledger) -> None:
    question = Question(
        kind=ReviewKind.MATCH, asked_at=NOW, message_id="<m1@acme.example>", occasion="", reason="Which?", candidates=("acme",)
    )
    with ledger.transaction():
        assert ledger.intend(draft()) is True
        assert ledger.intend(draft(body="another text")) is False
        assert ledger.ask(question) == 1
        assert ledger.ask(replace(question, reason="Which one?")) is None
        ledger.resolve(1, resolution="dismissed", at=NOW)
        assert ledger.ask(question) is None

    assert [each.body for each in ledger.drafts()] == ["Hello"]
    assert ledger.reviews() == []
    assert [(each.number, each.resolution) for each in ledger.reviews(resolved=True)] == [(1, "dismissed")]


def test_a_message_is_kept_once_whatever_folder_it_lies_in(ledger: Ledger) -> None:
    with ledger.transaction():
        assert ledger.add_message(record("<m1@acme.example>", interview="acme")) is True
        assert ledger.add_message(replace(record("<m1@acme.example>"), role="archive", uid=9)) is False

    assert len(ledger.letters("acme")) == 1


def test_the_kin_of_a_message_are_those_it_answers_and_those_that_answer_it(ledger: Ledger) -> None:
    with ledger.transaction():
        ledger.add_message(record("<grandparent@acme.example>"))
        ledger.add_message(record("<parent@acme.example>", in_reply_to="<grandparent@acme.example>"))
        ledger.add_message(record("<child@acme.example>", in_reply_to="<parent@acme.example>"))
        ledger.add_message(record("<stranger@acme.example>"))

    kin = [each.message.message_id for each in ledger.unassigned_kin("<parent@acme.example>")]

    assert sorted(kin) == ["<child@acme.example>", "<grandparent@acme.example>"]


def test_drafts_of_the_agent_are_members_of_a_thread_as_the_users_own(ledger: Ledger) -> None:
    with ledger.transaction():
        ledger.intend(draft())
        ledger.add_message(record("<m1@acme.example>", interview="acme"))

    members = ledger.members(["<d1@mailbox.example>", "<m1@acme.example>", "<unknown@acme.example>"])

    assert {key: (member.interview, member.own) for key, member in members.items()} == {
        "<d1@mailbox.example>": ("acme", True),
        "<m1@acme.example>": ("acme", False),
    }


def test_a_ledger_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    Ledger(path).close()
    outside = sqlite3.connect(path)
    outside.execute("PRAGMA user_version = 99")
    outside.close()

    with pytest.raises(StoreProblem, match="newer interview-agent"):
        Ledger(path)


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"this is no database, however long one looks at it" * 100)

    with pytest.raises(StoreProblem, match="damaged"):
        Ledger(path)


def test_a_message_set_aside_is_noted_once_with_its_first_moment(ledger: Ledger) -> None:
    with ledger.transaction():
        assert ledger.set_aside("INBOX", 7, 3, at=NOW, problem="broken") is True
        assert ledger.set_aside("INBOX", 7, 3, at=NOW + timedelta(days=1), problem="still broken") is False

    (aside,) = ledger.aside()
    assert (aside.uid, aside.at, aside.problem) == (3, NOW, "broken")


def test_a_provider_thread_knows_its_latest_message_that_belongs_to_an_interview(ledger: Ledger) -> None:
    def kept(message_id: str, interview: str | None, hours: int) -> MessageRecord:
        found = record(message_id, interview=interview)
        message = replace(found.message, provider_thread="gmail:7", date=NOW + timedelta(hours=hours))
        return replace(found, message=message)

    with ledger.transaction():
        ledger.add_message(kept("<1@x.example>", "acme", 0))
        ledger.add_message(kept("<2@x.example>", "birch", 1))
        ledger.add_message(kept("<3@x.example>", None, 2))

    member = ledger.provider_member("gmail:7")
    assert member is not None
    assert (member.message_id, member.interview) == ("<2@x.example>", "birch")
    assert ledger.provider_member("gmail:8") is None


def test_interviews_are_found_by_the_base_subject_of_their_mail(ledger: Ledger) -> None:
    with ledger.transaction():
        ledger.add_message(record("<1@x.example>", interview="acme"))
        ledger.add_message(record("<2@x.example>"))
        ledger.assign("<2@x.example>", "birch", ("by hand",))

    assert ledger.interviews_of_subject("AW: Re: hello (fwd)") == ("acme", "birch")
    assert ledger.interviews_of_subject("Goodbye") == ()
    assert ledger.interviews_of_subject("Re: ") == ()
