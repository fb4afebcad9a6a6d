"""What the user's answer to a question sets free."""

from dataclasses import replace
from datetime import timedelta

from agent.daemon.answering import accept, dismiss
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.interviews import Status
from agent.mailbox.memory import MemoryMailbox
from agent.policy import DraftKind
from agent.store import Ledger
from tests.daemon.scene import ACME, NOW, account, held_round, receive, rules

LATER = NOW + timedelta(days=8)
"""Wednesday 18 March, 10:00: a status check after the interview of Friday the 6th is due since Tuesday the 17th."""

UNREAD = "Hei Robin,\n\nkiitos perjantaisesta keskustelusta, siitä oli meille kaikille paljon iloa ja hyötyä.\n\nDana\n"


def unread(mailbox: MemoryMailbox, ledger: Ledger) -> None:
    """Let an interview be held, and a mail in a language that is not read come in after it; make a pass when a check is due."""
    acme = account(mailbox, replace(ACME, rounds=(held_round(NOW - timedelta(days=4), "dana@acme.example"),)), ledger=ledger)
    receive(mailbox, "<u@acme.example>", UNREAD, at=NOW)
    run_pass(acme, LATER)
    assert [held.rule for held in ledger.held() if held.kind is DraftKind.STATUS_CHECK] == ["unread"]


def checks(ledger: Ledger) -> int:
    return sum(draft.kind is DraftKind.STATUS_CHECK for draft in ledger.drafts())


def test_a_dismissed_question_about_an_unread_mail_lets_the_status_check_go() -> None:
    mailbox, ledger = MemoryMailbox(clock=lambda: NOW), Ledger()
    unread(mailbox, ledger)
    (review,) = ledger.reviews()

    dismiss(ledger, review, now=LATER)
    run_pass(account(mailbox, ledger=ledger), LATER + timedelta(hours=1))

    assert checks(ledger) == 1
    assert ledger.reviews() == []


def test_an_accepted_question_about_an_unread_mail_changes_no_status_and_lets_the_status_check_go() -> None:
    mailbox, ledger = MemoryMailbox(clock=lambda: NOW), Ledger()
    unread(mailbox, ledger)
    (review,) = ledger.reviews()

    accept(ledger, review, "acme-backend", senders=rules()[0].senders, now=LATER)
    run_pass(account(mailbox, ledger=ledger), LATER + timedelta(hours=1))

    assert checks(ledger) == 1
    assert Casebook(ledger, LATER).candidacy("acme-backend").state.status is Status.AWAITING
