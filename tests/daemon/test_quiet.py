"""A pass that finds everything as the last one left it does nothing, and notices whatever is not so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.daemon.account import Account, PassReport
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftState
from agent.store import Fact, Ledger
from tests.daemon.scene import ACME, BIRCH, INVITES, NOW, PROMISES, account, held_round, receive, send

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
_QUESTIONS = ("folders", "places", "headings", "read", "position", "listing", "fetch", "find", "append_draft", "remove_draft")


class AskedMailbox(MemoryMailbox):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: NOW)
        self.asked: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if name in _QUESTIONS:
            self.asked.append(name)
        return super().__getattribute__(name)


class Service:
    """Makes passes with the same casebook, as the service does."""

    def __init__(self, account: Account, mailbox: AskedMailbox) -> None:
        self.account, self.mailbox, self.now = account, mailbox, NOW
        self.casebook = Casebook(account.ledger, NOW)

    def passes(self, after: timedelta) -> PassReport:
        self.now += after
        self.mailbox.asked.clear()
        return run_pass(self.account, self.now, casebook=self.casebook)

    def is_quiet(self, after: timedelta = MINUTE) -> bool:
        self.passes(after)
        return self.mailbox.asked == ["places"]


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """A service that has put a draft into Drafts and has come to rest."""
    mailbox = AskedMailbox()
    acme = account(mailbox, ACME, ledger=Ledger(tmp_path / "ledger.sqlite"))
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    begun = Service(acme, mailbox)
    for _ in range(3):
        begun.passes(MINUTE)
    return begun


@pytest.fixture
def waiting() -> Service:
    """A service that waits for a day by which they have promised to decide."""
    mailbox = AskedMailbox()
    acme = account(mailbox, replace(ACME, rounds=(held_round(NOW - 24 * HOUR, "dana@acme.example"),)))
    receive(mailbox, "<p@acme.example>", PROMISES, at=NOW - HOUR)
    send(mailbox, "<ty@mailbox.example>", "Thank you for the interview.", at=NOW - 2 * HOUR, to="dana@acme.example")
    begun = Service(acme, mailbox)
    for _ in range(3):
        begun.passes(MINUTE)
    return begun


def test_a_quiet_pass_asks_only_how_the_folders_stand(service: Service) -> None:
    assert [service.is_quiet() for _ in range(3)] == [True, True, True]


def test_a_quiet_pass_tells_the_same_as_the_one_before(waiting: Service) -> None:
    before = waiting.passes(MINUTE)
    after = waiting.passes(MINUTE)

    assert waiting.mailbox.asked == ["places"]
    assert before.next_at is not None
    assert (after.next_at, after.held) == (before.next_at, before.held)


def test_a_quiet_pass_is_written_down_now_and_then(service: Service) -> None:
    service.passes(5 * MINUTE)
    noted, version = service.account.ledger.noted(Fact.LAST_PASS), service.account.ledger.version()
    service.passes(MINUTE)

    assert noted == service.now.replace(minute=service.now.minute - 1).isoformat()
    assert service.account.ledger.version() == version


def mail_comes(service: Service) -> None:
    receive(service.mailbox, "<k@friends.example>", "Hello", at=service.now, sender="Kim <kim@friends.example>")


def draft_is_deleted(service: Service) -> None:
    (uid,) = service.mailbox.messages(FolderRole.DRAFTS)
    service.mailbox.remove(FolderRole.DRAFTS, uid)


def command_writes(service: Service) -> None:
    where = Path(service.account.ledger.where)
    other = Ledger(where)
    with other.transaction():
        other.put_interview(BIRCH)
    other.close()


def same_process_writes(service: Service) -> None:
    with service.account.ledger.transaction():
        service.account.ledger.put_interview(BIRCH)


@pytest.mark.parametrize("happens", [mail_comes, draft_is_deleted, command_writes, same_process_writes])
def test_whatever_changes_is_noticed_at_once(service: Service, happens: Callable[[Service], None]) -> None:
    assert service.is_quiet()

    happens(service)

    assert not service.is_quiet()


def test_an_interview_that_a_command_tracked_is_known_to_the_kept_casebook(service: Service) -> None:
    command_writes(service)
    service.passes(MINUTE)

    assert [each.id for each in service.casebook.interviews()] == ["acme-backend", "birch-data"]


def test_a_draft_that_the_user_deleted_is_told_in_the_end(service: Service) -> None:
    draft_is_deleted(service)
    for _ in range(4):
        service.passes(10 * MINUTE)

    assert [draft.state for draft in service.account.ledger.drafts()] == [DraftState.DELETED]


def test_the_clock_ends_the_rest_on_its_moment_and_not_before(waiting: Service) -> None:
    service = waiting
    upcoming = service.passes(MINUTE).next_at
    assert upcoming is not None
    service.passes(upcoming - service.now - 30 * MINUTE)
    service.passes(MINUTE)

    assert service.is_quiet(upcoming - service.now - MINUTE)
    assert not service.is_quiet(MINUTE)


def test_a_new_day_and_a_clock_that_goes_back_end_the_rest(service: Service) -> None:
    assert not service.is_quiet(timedelta(days=1))
    service.passes(MINUTE)
    assert not service.is_quiet(-HOUR)


def test_a_folder_into_which_nothing_came_is_not_opened(service: Service) -> None:
    mail_comes(service)
    service.passes(MINUTE)

    assert service.mailbox.asked.count("headings") == 1
