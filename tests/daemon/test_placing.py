"""The digest placed into the inbox: once, unseen, whatever crashes in between; and it wakes nobody for long."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.daemon.placing import place_when_due
from agent.daemon.troubles import troubles
from agent.mailbox import FolderRole, MailboxProblem
from agent.mailbox.memory import MemoryMailbox
from agent.notify.digest import is_digest_id
from tests.daemon.digests import DAY, HOUR, rejected
from tests.daemon.killable import KillableLedger, KillableMailbox, Killed, Steps
from tests.daemon.scene import ACME, BIRCH, ME, NOW, REJECTS, account, receive

APPENDED = 3
"""The step after which it lies there and nobody knows: one commit that it is tried, one of what is to be placed, the APPEND."""
LATER = timedelta(minutes=31)
"""After which a try that ended somewhere is made again."""


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(clock=lambda: NOW)


def placed(mailbox: MemoryMailbox, role: FolderRole = FolderRole.INBOX) -> list[EmailMessage]:
    """Return the digests that lie in a folder."""
    found = [message_from_bytes(raw, policy=policy.default) for raw in mailbox.messages(role).values()]
    return [each for each in found if isinstance(each, EmailMessage) and is_digest_id(str(each["Message-ID"]), ME)]


def subjects(mailbox: MemoryMailbox) -> list[str]:
    return [str(each["Subject"]) for each in placed(mailbox)]


def test_it_lies_in_the_inbox_once_unseen_and_from_the_user_to_the_user(mailbox: MemoryMailbox) -> None:
    birch = rejected(mailbox)
    tries = [place_when_due(birch, hour=8, now=NOW + minutes * timedelta(minutes=10)) for minutes in range(60)]
    assert tries == [True] + [False] * 59
    (digest,) = placed(mailbox)
    assert (digest["From"], digest["To"], digest["Cc"], digest["Reply-To"]) == (f"Interview Agent <{ME}>", ME, None, None)
    assert subjects(mailbox) == ["1 rejection, 1 draft – Tue 10 March"]
    assert mailbox.flags(FolderRole.INBOX)[2] == frozenset()
    assert not place_when_due(birch, hour=8, now=NOW + DAY)


def test_its_own_coming_is_no_news_and_makes_one_pass_at_most(mailbox: MemoryMailbox) -> None:
    birch = rejected(mailbox)
    casebook = Casebook(birch.ledger, NOW)
    run_pass(birch, NOW + HOUR, casebook=casebook)
    assert place_when_due(birch, hour=8, now=NOW + HOUR)
    woken = run_pass(birch, NOW + HOUR, casebook=casebook)
    assert (woken.read, woken.settled, woken.asked, woken.changes) == (0, 0, [], [])
    # From here on everything stands as the last pass left it.
    assert casebook.rest is not None
    rest = casebook.rest
    run_pass(birch, NOW + HOUR + timedelta(minutes=1), casebook=casebook)
    assert casebook.rest.since == rest.since


def test_an_answer_that_was_lost_is_looked_for_and_not_placed_again(mailbox: MemoryMailbox) -> None:
    birch = rejected(mailbox)
    mailbox.lose_answer_to_next_append()
    assert place_when_due(birch, hour=8, now=NOW)
    assert not place_when_due(birch, hour=8, now=NOW + LATER)
    assert len(placed(mailbox)) == 1


def test_one_that_surely_did_not_come_is_tried_again(mailbox: MemoryMailbox) -> None:
    birch = rejected(mailbox)
    mailbox.drop_next_append()
    assert not place_when_due(birch, hour=8, now=NOW)
    (problem,) = troubles(birch.ledger, open_candidacies=False, now=NOW)
    assert problem.startswith("The last digest could not be sent: the connection ended before the digest was stored")
    assert not place_when_due(birch, hour=8, now=NOW + timedelta(minutes=29))
    assert place_when_due(birch, hour=8, now=NOW + LATER)
    assert len(placed(mailbox)) == 1


def test_a_mailbox_that_cannot_be_opened_is_told(mailbox: MemoryMailbox) -> None:
    birch = rejected(mailbox)

    def closed() -> MemoryMailbox:
        raise MailboxProblem("imap.example cannot be reached", permanent=False, reached=False)

    assert not place_when_due(replace(birch, open_mailbox=closed), hour=8, now=NOW)
    assert "imap.example cannot be reached" in troubles(birch.ledger, open_candidacies=False, now=NOW)[0]
    assert place_when_due(birch, hour=8, now=NOW + LATER)


def told(steps: Steps) -> tuple[Account, KillableMailbox]:
    """Return an account with news, under which the process may be killed at any step."""
    mailbox = KillableMailbox(steps, lambda: NOW)
    birch = account(mailbox, ACME, BIRCH, ledger=KillableLedger(steps))
    receive(mailbox, "<r@birch.example>", REJECTS, at=NOW - HOUR, sender="Ines Moreau <ines@birch.example>")
    run_pass(birch, NOW)
    return birch, mailbox


@pytest.mark.parametrize("meanwhile", ["nothing", "other mail", "archived", "deleted"])
def test_wherever_the_process_is_killed_there_is_one_and_its_news_is_told(meanwhile: str) -> None:
    ends = 0
    for last in range(1, 20):
        steps = Steps()
        birch, mailbox = told(steps)
        steps.count, steps.last = 0, last
        killed = False
        try:
            place_when_due(birch, hour=8, now=NOW)
        except Killed:
            killed = True
        steps.last = None
        had = placed(mailbox)
        if meanwhile == "other mail":
            receive(mailbox, "<x@x.example>", "Hello", at=NOW, sender="Kim <kim@x.example>")
        elif meanwhile in ("archived", "deleted") and had:
            (uid,) = [uid for uid, raw in mailbox.messages(FolderRole.INBOX).items() if b"<digest." in raw]
            if meanwhile == "archived":
                mailbox.deliver(FolderRole.ARCHIVE, mailbox.messages(FolderRole.INBOX)[uid], NOW)
            mailbox.remove(FolderRole.INBOX, uid)
        for again in range(3):
            place_when_due(birch, hour=8, now=NOW + (again + 1) * LATER)
        there = placed(mailbox) + placed(mailbox, FolderRole.ARCHIVE)
        gone = meanwhile == "deleted" and bool(had)
        assert [str(each["Message-ID"])[:16] for each in there] == ([] if gone else ["<digest.20260310"])
        place_when_due(birch, hour=8, now=NOW + DAY)
        # What stood in one that the user has deleted before anybody knew of it is told again the next day.
        assert len(placed(mailbox)) + len(placed(mailbox, FolderRole.ARCHIVE)) == (1 if not gone or last == APPENDED else 0)
        if not killed:
            break
        ends += 1
    assert ends == 4
