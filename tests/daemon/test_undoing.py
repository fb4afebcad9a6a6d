"""An entry that the user takes back: status and drafts are what they would be without it, and the history keeps both."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.daemon.undoing import NotUndone, undo
from agent.interviews import Event, EventKind, Status
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftState
from agent.policy import DraftKind
from agent.signals.senders import SenderBook
from agent.store import Ledger
from tests.daemon.scene import ACME, BIRCH, NOW, REJECTS, account, held_round, receive

SENDERS = SenderBook()
LATER = NOW + timedelta(days=1)
CHECK = NOW + timedelta(days=8)
"""Wednesday 18 March: a status check after the interview of Friday the 6th is due."""


def rejected() -> tuple[MemoryMailbox, Ledger, Event]:
    """Let a rejection come in and be read, with the answer to it drafted; return its entry."""
    mailbox, ledger = MemoryMailbox(clock=lambda: NOW), Ledger()
    receive(mailbox, "<r@acme.example>", REJECTS, at=NOW)
    run_pass(account(mailbox, ACME, BIRCH, ledger=ledger), LATER)
    (event,) = [event for event in ledger.events("acme-backend") if event.kind is EventKind.RECEIVED]
    return mailbox, ledger, event


def status(ledger: Ledger, interview: str = "acme-backend") -> Status:
    return Casebook(ledger, LATER).candidacy(interview).state.status


def states(ledger: Ledger) -> list[DraftState]:
    return [draft.state for draft in ledger.drafts() if draft.kind is DraftKind.REPLY_REJECTION]


def test_a_rejection_taken_back_gives_the_status_back_and_takes_its_draft_out_of_drafts() -> None:
    mailbox, ledger, event = rejected()
    assert (status(ledger), states(ledger)) == (Status.REJECTED, [DraftState.QUEUED])

    undo(ledger, event, elsewhere=None, senders=SENDERS, now=LATER)
    run_pass(account(mailbox, ledger=ledger), LATER + timedelta(minutes=5))

    assert (status(ledger), states(ledger)) == (Status.APPLIED, [DraftState.WITHDRAWN])


def test_the_history_keeps_what_was_taken_back_and_says_so() -> None:
    _, ledger, event = rejected()
    undo(ledger, event, elsewhere=None, senders=SENDERS, now=LATER)

    history = Casebook(ledger, LATER).candidacy("acme-backend").state.history

    assert [(entry.event, entry.label, entry.refused) for entry in history] == [(event.id, "rejection", "You took this back.")]
    assert EventKind.RECEIVED in [each.kind for each in ledger.events("acme-backend")]


def test_undoing_the_undoing_makes_the_entry_count_again() -> None:
    _, ledger, event = rejected()
    undone = undo(ledger, event, elsewhere=None, senders=SENDERS, now=LATER)

    undo(ledger, undone.reversal, elsewhere=None, senders=SENDERS, now=LATER)

    assert status(ledger) is Status.REJECTED


def test_a_message_of_another_interview_is_given_to_it() -> None:
    mailbox, ledger, event = rejected()

    undo(ledger, event, elsewhere="birch-data", senders=SENDERS, now=LATER)
    run_pass(account(mailbox, ledger=ledger), LATER + timedelta(minutes=5))

    assert (status(ledger), status(ledger, "birch-data")) == (Status.APPLIED, Status.REJECTED)
    record = ledger.message("<r@acme.example>")
    assert record is not None
    assert record.interview == "birch-data"


def test_an_entry_is_taken_back_once() -> None:
    _, ledger, event = rejected()
    undo(ledger, event, elsewhere=None, senders=SENDERS, now=LATER)

    with pytest.raises(NotUndone, match="taken back already"):
        undo(ledger, event, elsewhere=None, senders=SENDERS, now=LATER)


def test_a_draft_is_taken_back_in_the_mail_client() -> None:
    _, ledger, _ = rejected()
    (drafted,) = [event for event in ledger.events("acme-backend") if event.kind is EventKind.DRAFTED]

    with pytest.raises(NotUndone, match="delete it in Drafts"):
        undo(ledger, drafted, elsewhere=None, senders=SENDERS, now=LATER)


def test_a_draft_that_the_wrong_news_had_withdrawn_comes_back_once() -> None:
    mailbox, ledger = MemoryMailbox(clock=lambda: NOW), Ledger()
    acme = account(mailbox, replace(ACME, rounds=(held_round(NOW - timedelta(days=4), "dana@acme.example"),)), ledger=ledger)
    run_pass(acme, CHECK)
    receive(mailbox, "<r@acme.example>", REJECTS, at=CHECK)
    run_pass(acme, CHECK + timedelta(hours=1))
    assert [draft.state for draft in ledger.drafts() if draft.kind is DraftKind.STATUS_CHECK] == [DraftState.WITHDRAWN]
    (event,) = [event for event in ledger.events("acme-backend") if event.kind is EventKind.RECEIVED]

    undo(ledger, event, elsewhere=None, senders=SENDERS, now=CHECK + timedelta(hours=2))
    for hours in (3, 4):
        run_pass(account(mailbox, ledger=ledger), CHECK + timedelta(hours=hours))

    (check,) = [draft for draft in ledger.drafts() if draft.kind is DraftKind.STATUS_CHECK]
    assert check.state is DraftState.QUEUED
    assert len(mailbox.find(FolderRole.DRAFTS, check.message_id)) == 1
