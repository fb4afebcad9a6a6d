"""A draft in whose place the user wrote something else: the agent's own untouched text does not stay behind."""

from datetime import timedelta

import pytest

from agent.daemon.account import Account
from agent.daemon.one_pass import run_pass
from agent.mailbox import FolderRole, MailboxProblem
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftState
from tests.daemon.scene import ACME, INVITES, NOW, account, receive, send

HOUR = timedelta(hours=1)


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(clock=lambda: NOW)


def answered_in_own_words(mailbox: MemoryMailbox) -> Account:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    run_pass(acme, NOW)
    send(
        mailbox,
        "<mine@client.example>",
        "Hi Dana, any afternoon of next week. Robin",
        at=NOW + HOUR,
        to="dana@acme.example",
        in_reply_to="<i@acme.example>",
    )
    return acme


def test_an_untouched_draft_is_taken_out_once_the_user_answered_in_words_of_their_own(mailbox: MemoryMailbox) -> None:
    acme = answered_in_own_words(mailbox)

    run_pass(acme, NOW + 2 * HOUR)

    assert mailbox.messages(FolderRole.DRAFTS) == {}
    assert [draft.state for draft in acme.ledger.drafts()] == [DraftState.SENT]


def test_what_the_user_made_of_it_stays(mailbox: MemoryMailbox) -> None:
    acme = answered_in_own_words(mailbox)
    [(uid, raw)] = mailbox.messages(FolderRole.DRAFTS).items()
    mailbox.remove(FolderRole.DRAFTS, uid)
    mailbox.deliver(FolderRole.DRAFTS, raw + b"and one thing more\r\n", NOW + HOUR)

    run_pass(acme, NOW + 2 * HOUR)
    run_pass(acme, NOW + 3 * HOUR)

    assert list(mailbox.messages(FolderRole.DRAFTS).values()) == [raw + b"and one thing more\r\n"]


def test_a_removal_that_fails_is_made_up_for_by_the_next_pass(mailbox: MemoryMailbox) -> None:
    acme = answered_in_own_words(mailbox)
    mailbox.fail_next("remove_draft", MailboxProblem("the line is down", permanent=False))

    with pytest.raises(MailboxProblem, match="the line is down"):
        run_pass(acme, NOW + 2 * HOUR)
    run_pass(acme, NOW + 3 * HOUR)

    assert mailbox.messages(FolderRole.DRAFTS) == {}
    assert [draft.state for draft in acme.ledger.drafts()] == [DraftState.SENT]
