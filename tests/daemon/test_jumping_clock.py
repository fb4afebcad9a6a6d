"""Passes by a clock that jumps: by hours and years, forth and back, and over the changes of summer time."""

import email
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.daemon.account import Account
from agent.daemon.one_pass import run_pass
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftState
from agent.policy import DraftKind
from tests.daemon.scene import ACME, BIRCH, INVITES, NOW, PROMISES, account, held_round, receive

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
WRONG = [-10 * YEAR, -YEAR, -30 * DAY, -5 * HOUR, -HOUR, HOUR, 5 * HOUR, 2 * DAY, 30 * DAY, YEAR, 10 * YEAR]
AT_ONCE = {DraftKind.DEBRIEF, DraftKind.THANK_YOU, DraftKind.REPLY_INVITATION}


def scene() -> tuple[MemoryMailbox, Account]:
    """An interview was held four hours ago, and an invitation of somebody else came an hour ago."""
    mailbox = MemoryMailbox(clock=lambda: NOW)
    rounds = (held_round(NOW - 4 * HOUR, "dana@acme.example"),)
    begun = account(mailbox, replace(ACME, rounds=rounds), BIRCH)
    invites = INVITES.replace(ACME.role, BIRCH.role)
    receive(mailbox, "<i@birch.example>", invites, at=NOW - HOUR, sender="Ines Moreau <ines@birch.example>")
    return mailbox, begun


def dates(mailbox: MemoryMailbox) -> list[datetime]:
    found = [email.message_from_bytes(raw)["Date"] for raw in mailbox.messages(FolderRole.DRAFTS).values()]
    return [parsedate_to_datetime(str(each)) for each in found]


@pytest.mark.parametrize("wrong", [-10 * YEAR, -YEAR, -5 * HOUR, YEAR, 10 * YEAR], ids=str)
def test_a_first_pass_by_a_clock_that_is_far_off_makes_nothing_that_the_right_time_does_not_mend(wrong: timedelta) -> None:
    mailbox, begun = scene()

    run_pass(begun, NOW + wrong)
    assert dates(mailbox) == []
    run_pass(begun, NOW)

    assert {draft.kind for draft in begun.ledger.drafts(DraftState.QUEUED)} == AT_ONCE
    assert dates(mailbox) == [NOW, NOW, NOW]


@pytest.mark.parametrize("wrong", [-10 * YEAR, -YEAR, -5 * HOUR, HOUR, 5 * HOUR], ids=str)
def test_drafts_that_lie_there_outlast_a_jump(wrong: timedelta) -> None:
    mailbox, begun = scene()
    run_pass(begun, NOW)
    before = mailbox.messages(FolderRole.DRAFTS)

    run_pass(begun, NOW + wrong)
    run_pass(begun, NOW)

    assert mailbox.messages(FolderRole.DRAFTS) == before


def test_a_jump_ahead_takes_back_what_is_over_and_makes_no_second_one_of_it() -> None:
    mailbox, begun = scene()
    run_pass(begun, NOW)

    run_pass(begun, NOW + YEAR)
    for hours in range(3):
        run_pass(begun, NOW + hours * HOUR)

    assert Counter(draft.kind for draft in begun.ledger.drafts()) == Counter(AT_ONCE)
    assert {draft.kind for draft in begun.ledger.drafts(DraftState.QUEUED)} == AT_ONCE - {DraftKind.DEBRIEF}
    assert dates(mailbox) == [NOW, NOW]


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from([timedelta(0), HOUR, DAY]), st.sampled_from([timedelta(0), *WRONG])), max_size=8))
def test_no_order_of_jumps_doubles_a_draft_or_dates_one_by_another_time_than_that_of_its_pass(
    moves: list[tuple[timedelta, timedelta]],
) -> None:
    mailbox, begun = scene()
    right, moments = NOW, {NOW}
    for number, (passes, wrong) in enumerate(moves):
        right += passes
        receive(mailbox, f"<p{number}@acme.example>", PROMISES, at=right)
        moments |= {right, right + wrong}
        run_pass(begun, right + wrong)
    run_pass(begun, right)
    report = run_pass(begun, right)

    assert (report.read, report.queued, report.rewritten) == (0, [], [])
    lying = [str(email.message_from_bytes(raw)["Message-ID"]) for raw in mailbox.messages(FolderRole.DRAFTS).values()]
    assert all(times == 1 for times in Counter(lying).values())
    assert all(times == 1 for times in Counter(draft.key for draft in begun.ledger.drafts()).values())
    assert set(dates(mailbox)) <= moments
    for number in range(len(moves)):
        assert begun.ledger.message(f"<p{number}@acme.example>") is not None


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, 1, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, 0, tzinfo=UTC)], ids=str)
def test_the_hour_that_summer_time_leaves_out_or_repeats_makes_no_difference(change: datetime) -> None:
    """The user's and the employer's clocks are London's, where both changes are at one o'clock UTC."""
    mailbox = MemoryMailbox(clock=lambda: change)
    begun = account(mailbox, replace(ACME, rounds=(held_round(change - 12 * HOUR, "dana@acme.example"),)))
    now = change - DAY
    while now < change + 2 * DAY:
        report = run_pass(begun, now)
        assert report.next_at is None or report.next_at > now
        now += timedelta(minutes=30)

    assert Counter(draft.kind for draft in begun.ledger.drafts()) == Counter([DraftKind.DEBRIEF, DraftKind.THANK_YOU])
    assert len(mailbox.messages(FolderRole.DRAFTS)) == 2
