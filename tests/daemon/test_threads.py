"""Threads whose messages come to be assigned out of their order."""

from datetime import timedelta

import pytest

from agent.daemon.one_pass import run_pass
from agent.interviews import Interview
from agent.mailbox.memory import MemoryMailbox
from agent.store import Fact, Ledger, MessageRecord, StoreProblem
from tests.daemon.scene import ACME, FIXES, INVITES, NOW, account, receive, send

HOUR = timedelta(hours=1)
NUMBERED = Interview(id="acme-backend", company="Acme Robotics", role="Backend Engineer", requisition="R-4711")


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(clock=lambda: NOW)


def ask_and_be_answered(mailbox: MemoryMailbox) -> None:
    """Let the user write to an address that nobody knows, and the answer name the requisition."""
    send(
        mailbox,
        "<first@mailbox.example>",
        "I would like to ask about the position.",
        at=NOW - 3 * HOUR,
        to="jobs@unknown.example",
    )
    receive(
        mailbox,
        "<answer@acme.example>",
        "Dear Robin,\n\nthank you for your application, requisition R-4711. We have received it.\n",
        at=NOW - HOUR,
        in_reply_to="<first@mailbox.example>",
    )


def test_the_users_first_mail_joins_when_the_answer_to_it_is_assigned(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, NUMBERED)
    ask_and_be_answered(mailbox)

    run_pass(acme, NOW)

    assert [each.message.message_id for each in acme.ledger.letters("acme-backend")] == [
        "<first@mailbox.example>",
        "<answer@acme.example>",
    ]


class CutShort(Ledger):
    """A ledger whose process ends right after a message was assigned, before its thread is looked at."""

    cut = True

    def unassigned_kin(self, message_id: str) -> list[MessageRecord]:
        """End the first time."""
        if self.cut:
            self.cut = False
            raise StoreProblem("cut short")
        return super().unassigned_kin(message_id)


def test_a_pass_cut_short_between_a_message_and_its_thread_loses_neither(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, NUMBERED, ledger=CutShort())
    ask_and_be_answered(mailbox)
    with pytest.raises(StoreProblem):
        run_pass(acme, NOW)

    run_pass(acme, NOW + HOUR)

    assert [each.message.message_id for each in acme.ledger.letters("acme-backend")] == [
        "<first@mailbox.example>",
        "<answer@acme.example>",
    ]


def test_a_thread_that_is_matched_again_enters_the_history_once(mailbox: MemoryMailbox) -> None:
    empty = account(mailbox)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - 3 * HOUR)
    receive(mailbox, "<f@acme.example>", FIXES, at=NOW - 2 * HOUR, in_reply_to="<i@acme.example>")
    run_pass(empty, NOW)
    with empty.ledger.transaction():
        empty.ledger.put_interview(ACME)
        empty.ledger.note(Fact.REMATCH, "1")

    run_pass(empty, NOW + HOUR)

    assert [event.message_id for event in empty.ledger.events("acme-backend")] == ["<i@acme.example>", "<f@acme.example>"]
