"""Folders that are gone, empty or numbered anew: noticed, told, and survived without a second draft."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from agent.daemon.folders import Standing, alike
from agent.daemon.one_pass import run_pass
from agent.mailbox import Cursor, FolderRole, Place
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftState
from agent.store import Fact
from tests.daemon.scene import ACME, INVITES, NOW, account, receive, send

HOUR = timedelta(hours=1)


class PoorMailbox(MemoryMailbox):
    """A mailbox whose folders come and go, and that may seem to be empty."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: NOW)
        self.away: set[FolderRole] = set()
        self.seems_empty = False

    def folders(self) -> dict[FolderRole, str]:
        return {role: name for role, name in super().folders().items() if role not in self.away}

    def places(self) -> dict[FolderRole, Place]:
        found = {role: place for role, place in super().places().items() if role not in self.away}
        return {role: Place(uidvalidity=9, last_uid=0, count=0) for role in found} if self.seems_empty else found


@pytest.fixture
def mailbox() -> PoorMailbox:
    mailbox = PoorMailbox()
    for number in range(12):
        send(mailbox, f"<s{number}@mailbox.example>", "See you.", at=NOW - 5 * HOUR, to="kim@friends.example")
    return mailbox


def test_while_sent_is_gone_nothing_new_is_put_into_drafts(mailbox: PoorMailbox) -> None:
    acme = account(mailbox, ACME)
    run_pass(acme, NOW - 2 * HOUR)
    mailbox.away.add(FolderRole.SENT)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)

    run_pass(acme, NOW)
    told = acme.ledger.noted(Fact.GONE)
    run_pass(acme, NOW + HOUR)
    still = acme.ledger.noted(Fact.GONE)
    lying = len(mailbox.messages(FolderRole.DRAFTS))
    mailbox.away.clear()
    run_pass(acme, NOW + 2 * HOUR)

    assert told == still == "sent|Sent|2026-03-10T10:00:00+00:00"
    assert lying == 0
    assert acme.ledger.noted(Fact.GONE) == ""
    assert len(mailbox.messages(FolderRole.DRAFTS)) == 1


def test_without_a_sent_folder_from_the_beginning_drafts_are_written(mailbox: PoorMailbox) -> None:
    mailbox.away.add(FolderRole.SENT)
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)

    run_pass(acme, NOW)

    assert not acme.ledger.noted(Fact.GONE)
    assert len(mailbox.messages(FolderRole.DRAFTS)) == 1


def test_a_mailbox_that_is_suddenly_empty_is_believed_in_nothing(mailbox: PoorMailbox) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    run_pass(acme, NOW)
    run_pass(acme, NOW + HOUR)
    mailbox.seems_empty = True

    for hours in range(2, 6):
        run_pass(acme, NOW + hours * HOUR)
    told = acme.ledger.noted(Fact.EMPTIED)
    mailbox.seems_empty = False
    run_pass(acme, NOW + 6 * HOUR)
    report = run_pass(acme, NOW + 7 * HOUR)

    assert told == "2026-03-10T12:00:00+00:00"
    assert acme.ledger.noted(Fact.EMPTIED) == ""
    assert [draft.state for draft in acme.ledger.drafts()] == [DraftState.QUEUED]
    assert len(mailbox.messages(FolderRole.DRAFTS)) == 1
    assert report.read == 0


def test_a_mailbox_that_was_empty_from_the_beginning_is_nothing_strange() -> None:
    mailbox = PoorMailbox()
    acme = account(mailbox, ACME)

    run_pass(acme, NOW)
    run_pass(acme, NOW + HOUR)

    assert not acme.ledger.noted(Fact.EMPTIED)


def test_folders_that_are_numbered_anew_give_no_second_draft(mailbox: PoorMailbox) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    run_pass(acme, NOW)
    for role in (FolderRole.INBOX, FolderRole.SENT):
        mailbox.change_uidvalidity(role)

    for hours in range(1, 4):
        run_pass(acme, NOW + hours * HOUR)

    assert acme.ledger.noted(Fact.RENUMBERED) == "sent|Sent|2026-03-10T11:00:00+00:00"
    assert len(mailbox.messages(FolderRole.DRAFTS)) == 1


@pytest.mark.parametrize(
    ("place", "through"),
    [
        (Place(uidvalidity=1, last_uid=7, count=7), True),
        (Place(uidvalidity=1, last_uid=8, count=7), False),
        (Place(uidvalidity=2, last_uid=7, count=7), False),
        (Place(uidvalidity=1, last_uid=0, count=7), False),
    ],
)
def test_a_folder_is_read_through_where_its_highest_number_was_dealt_with(place: Place, through: bool) -> None:
    names: Mapping[FolderRole, str] = {FolderRole.INBOX: "INBOX"}
    standing = Standing(names=names, places={FolderRole.INBOX: place}, gone=frozenset(), emptied=False)

    assert standing.read_through(FolderRole.INBOX, Cursor(uidvalidity=1, last_uid=7)) is through
    assert not standing.read_through(FolderRole.INBOX, None)


def test_flags_alone_are_no_news() -> None:
    one = {FolderRole.INBOX: Place(uidvalidity=1, last_uid=7, count=7, modseq=3)}
    other = {FolderRole.INBOX: Place(uidvalidity=1, last_uid=7, count=7, modseq=4)}

    assert alike(one, other)
    assert not alike(one, {FolderRole.INBOX: Place(uidvalidity=1, last_uid=7, count=6)})
    assert not alike(one, {})
