"""What does not work is said (design, promise 9): a mailbox fallen silent, mail that could not be read."""

from datetime import timedelta

from agent.daemon.one_pass import run_pass
from agent.daemon.troubles import troubles
from agent.mailbox.memory import MemoryMailbox
from agent.store import Ledger
from tests.daemon.scene import ACME, INVITES, NOW, account, receive

DAY = timedelta(days=1)


def test_a_mailbox_that_brings_nothing_for_days_is_a_problem_while_candidacies_are_open() -> None:
    mailbox = MemoryMailbox(clock=lambda: NOW)
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - DAY)
    run_pass(acme, NOW)
    for day in (4, 8):
        run_pass(acme, NOW + day * DAY)

    assert troubles(acme.ledger, open_candidacies=True, now=NOW + 7 * DAY) == []
    (said,) = troubles(acme.ledger, open_candidacies=True, now=NOW + 8 * DAY)
    assert said.startswith("No new mail has come for 8 days")
    assert troubles(acme.ledger, open_candidacies=False, now=NOW + 8 * DAY) == []


def test_a_message_that_was_kept_aside_is_told_with_its_place() -> None:
    ledger = Ledger()
    with ledger.transaction():
        ledger.set_aside("INBOX", 1, 42, at=NOW, problem="the server gives nothing for it")

    (said,) = troubles(ledger, open_candidacies=True, now=NOW)

    assert "UID 42 in INBOX: the server gives nothing for it" in said
    ledger.close()
