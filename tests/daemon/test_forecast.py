"""The weeks to come as the plan has them: each date was worked out by hand from the shipped policy."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.forecast import Forecast
from agent.daemon.one_pass import run_pass
from agent.interviews import Status
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftState
from agent.plan.outlook import Expected
from agent.policy import DraftKind
from agent.rulebook.policies import load_policies
from tests.daemon.scene import ACME, BIRCH, ME, NOW, PROMISES, REJECTS, account, held_round, receive, send

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(clock=lambda: NOW)


def outlook(on: Account, now: datetime, interview: str = "acme-backend") -> tuple[Expected, ...]:
    casebook = Casebook(on.ledger, now)
    return Forecast(on, casebook, now).outlook(casebook.candidacy(interview))


def course(expected: tuple[Expected, ...]) -> list[tuple[str, datetime]]:
    return [(each.kind or f"suggest {each.status}", each.due_at) for each in expected]


def utc(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_after_an_interview_the_whole_chain_is_foreseen(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, replace(ACME, rounds=(held_round(utc(12, 14), "dana@acme.example"),)))

    debrief, *found = outlook(acme, NOW)

    assert (debrief.kind, debrief.due_at, debrief.to) == (DraftKind.DEBRIEF, utc(12, 15), (ME,))
    # Over on Thursday 12 March at 15:00; seven business days later is Monday 23 March; a week each after that, from the
    # 29th on at British Summer Time: 15:00 in London is 14:00 in UTC, and a day has twenty-four hours all the same.
    assert course(tuple(found[:2])) == [(DraftKind.THANK_YOU, utc(12, 17)), (DraftKind.STATUS_CHECK, utc(23, 15))]
    assert [(each.kind, each.due_at.date()) for each in found[2:]] == [
        (DraftKind.FINAL_NOTE, date(2026, 3, 30)),
        (None, date(2026, 4, 6)),
    ]
    assert found[3].status is Status.MOVED_ON
    assert [each.depends for each in found] == [
        "if nothing happens before",
        "if nothing happens before",
        "if you send the status check and nobody answers",
        "if you send the final note and nobody answers",
    ]
    assert [each.rule for each in found] == ["thank-you", "status-check", "final-note", "moved-on"]
    assert all("dana@acme.example" in each.to for each in found[:3])
    assert "B7" in found[2].requirements
    assert "30 March 2026" in found[3].reason


def test_a_draft_that_lies_in_drafts_is_imagined_as_sent_today(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, replace(ACME, rounds=(held_round(NOW - 12 * DAY),)))
    run_pass(acme, NOW)
    assert DraftKind.STATUS_CHECK in {draft.kind for draft in acme.ledger.drafts(DraftState.QUEUED)}

    assert course(outlook(acme, NOW)) == [
        (DraftKind.FINAL_NOTE, NOW + 7 * DAY),
        ("suggest moved_on", NOW + 14 * DAY),
    ]


def test_a_promised_day_moves_the_chain_behind_it(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, replace(ACME, rounds=(held_round(NOW - DAY, "dana@acme.example"),)))
    send(
        mailbox, "<t@mine.example>", "Hi Dana,\n\nthank you for your time.\n\nRobin\n", at=NOW - 20 * HOUR, to="dana@acme.example"
    )
    receive(mailbox, "<p@acme.example>", PROMISES, at=NOW - HOUR)
    run_pass(acme, NOW)

    first, second, third = outlook(acme, NOW)

    # By Friday 13 March; Monday is the full business day after it, Tuesday at nine the office opens.
    assert (first.kind, first.rule, first.due_at) == (DraftKind.STATUS_CHECK, "status-check-after-promise", utc(17, 9))
    assert (second.kind, second.due_at) == (DraftKind.FINAL_NOTE, utc(24, 9))
    assert (third.status, third.due_at.date()) == (Status.MOVED_ON, date(2026, 3, 31))


def test_calls_are_foreseen_week_after_week_and_then_the_closing_message(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, replace(ACME, rounds=(held_round(NOW - 8 * DAY, "dana@acme.example"),)))
    acme = replace(acme, policies=load_policies("close-the-loop", None))

    found = [each for each in outlook(acme, NOW) if each.kind in (DraftKind.CALL_SHEET, DraftKind.CLOSE_LOOP)]

    assert [each.kind for each in found] == [DraftKind.CALL_SHEET] * 4 + [DraftKind.CLOSE_LOOP]
    assert all(each.to == (ME,) for each in found[:4])
    assert {each.depends for each in found[1:]} == {"if you make the call and nobody answers"}
    weeks = [later.due_at.date() - earlier.due_at.date() for earlier, later in pairwise(found)]
    assert all(timedelta(days=7) <= each <= timedelta(days=8) for each in weeks)


def test_what_an_employer_cannot_be_sent_is_not_expected(mailbox: MemoryMailbox) -> None:
    nobody = account(mailbox, replace(ACME, contacts=(), rounds=(held_round(NOW - DAY),)))

    assert [each.kind for each in outlook(nobody, NOW)] == [DraftKind.DEBRIEF]


def test_an_ended_candidacy_expects_its_one_reply_and_nothing_more(mailbox: MemoryMailbox) -> None:
    birch = account(mailbox, BIRCH)
    receive(mailbox, "<r@birch.example>", REJECTS, at=NOW - HOUR, sender="Ines Moreau <ines@birch.example>")
    run_pass(birch, NOW)

    assert outlook(birch, NOW, "birch-data") == ()


def test_to_look_ahead_changes_nothing(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, replace(ACME, rounds=(held_round(NOW - 12 * DAY),)))
    run_pass(acme, NOW)
    before = (acme.ledger.events(), acme.ledger.drafts(), acme.ledger.held(), acme.ledger.reviews())

    assert outlook(acme, NOW) == outlook(acme, NOW)

    assert (acme.ledger.events(), acme.ledger.drafts(), acme.ledger.held(), acme.ledger.reviews()) == before
    assert len(mailbox.messages(FolderRole.DRAFTS)) == 1


def test_what_happens_as_foreseen_was_foreseen(mailbox: MemoryMailbox) -> None:
    """The chain is what the passes then do, when each draft is sent at once and nobody answers."""
    acme = account(mailbox, replace(ACME, rounds=(held_round(NOW + HOUR, "dana@acme.example"),)))
    *steps, last = outlook(acme, NOW)
    assert [each.kind for each in steps] == ["debrief", "thank_you", "status_check", "final_note"]

    for step in steps:
        run_pass(acme, step.due_at)
        (draft,) = [each for each in acme.ledger.drafts(DraftState.QUEUED) if each.kind == step.kind]
        assert (draft.occasion, draft.to, draft.rule) == (step.occasion, step.to, step.rule)
        assert step.draft is not None
        assert draft.body == step.draft.body
        if step.kind is not DraftKind.DEBRIEF:
            mailbox.deliver(FolderRole.SENT, draft.raw, step.due_at)
            run_pass(acme, step.due_at)
    run_pass(acme, last.due_at)
    (review,) = acme.ledger.reviews()
    assert review.question.status is last.status


def test_the_limits_count_what_goes_to_the_same_employer_elsewhere(mailbox: MemoryMailbox) -> None:
    backend = replace(ACME, rounds=(held_round(NOW - 12 * DAY),))
    acme = account(mailbox, backend, replace(backend, id="acme-data", role="Data Engineer"))
    run_pass(acme, NOW)
    (waiting,) = acme.ledger.drafts(DraftState.QUEUED)
    assert waiting.interview == "acme-backend"

    assert course(outlook(acme, NOW, "acme-data"))[:2] == [
        (DraftKind.STATUS_CHECK, NOW + 7 * DAY),
        (DraftKind.FINAL_NOTE, NOW + 14 * DAY),
    ]
