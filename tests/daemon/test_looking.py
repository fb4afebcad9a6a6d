"""What a look at Drafts costs, and what it leaves alone."""

from datetime import timedelta

import pytest

from agent.daemon.one_pass import run_pass
from agent.mailbox import FolderRole, MailboxProblem
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftState
from tests.daemon.scene import ACME, INVITES, ME, NOW, account, receive
from tests.letters import letter

HOUR = timedelta(hours=1)


@pytest.fixture
def mailbox() -> MemoryMailbox:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    for number in range(500):
        add_own(mailbox, number)
    return mailbox


def add_own(mailbox: MemoryMailbox, number: int) -> None:
    raw = letter(
        message_id=f"<own{number}@mailbox.example>",
        at=NOW,
        sender=ME,
        to="kim@friends.example",
        subject="Holidays",
        body=f"Dear Kim, this is letter number {number}.\n",
        vouched=None,
    )
    mailbox.deliver(FolderRole.DRAFTS, raw, NOW)


def forbid(mailbox: MemoryMailbox, method: str) -> None:
    """Let a pass fail that asks for this."""
    mailbox.fail_next(method, MailboxProblem(f"{method} was asked for", permanent=False))


def test_without_a_draft_of_the_agents_nobody_looks_into_drafts(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)
    forbid(mailbox, "listing")

    run_pass(acme, NOW)


def test_drafts_that_were_there_before_are_never_read(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    run_pass(acme, NOW)
    forbid(mailbox, "fetch")

    for hours in range(1, 4):
        run_pass(acme, NOW + hours * HOUR)

    assert [draft.state for draft in acme.ledger.drafts()] == [DraftState.QUEUED]


def test_a_new_draft_of_the_users_is_read_once(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    run_pass(acme, NOW)
    add_own(mailbox, 500)
    forbid(mailbox, "fetch")

    with pytest.raises(MailboxProblem, match="fetch was asked for"):
        run_pass(acme, NOW + HOUR)
    run_pass(acme, NOW + HOUR)
    forbid(mailbox, "fetch")
    run_pass(acme, NOW + 2 * HOUR)

    assert len(mailbox.messages(FolderRole.DRAFTS)) == 502
