"""Reading in windows: what is settled unread, what is read after all, and what an interruption leaves behind."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from agent.daemon import intake
from agent.daemon.account import PassReport
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.interviews import Status
from agent.mailbox import Arrival, FolderRole, Heading
from agent.mailbox.memory import MemoryMailbox
from agent.messages.message import Message
from agent.plan.take_in import Intake, take_in
from agent.store import Fact
from tests.daemon.scene import ACME, BIRCH, FIXES, INVITES, ME, NOW, account, receive
from tests.letters import letter

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OUT = (("List-Unsubscribe", "<https://shop.example/out>"),)


class Stopped(BaseException):
    """The service was asked to end."""


class ReadingMailbox(MemoryMailbox):
    """Remembers whose texts were read, in which requests."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: NOW)
        self.requests: list[list[int]] = []

    def read(self, headings: Any) -> list[Arrival]:
        self.requests.append([each.uid for each in headings])
        return super().read(headings)

    @property
    def texts(self) -> list[int]:
        return [uid for request in self.requests for uid in request]


@pytest.fixture
def mailbox() -> ReadingMailbox:
    return ReadingMailbox()


def newsletter(mailbox: MemoryMailbox, number: int, *, at: datetime, **more: Any) -> None:
    receive(
        mailbox,
        f"<n{number}@shop.example>",
        "Shoes for everybody.",
        at=at,
        **{"sender": "Shop <news@shop.example>", "headers": OUT, "to": ME, **more},
    )


def deliver(mailbox: MemoryMailbox, subject: str, message_id: str, *, at: datetime, role: FolderRole, **more: Any) -> None:
    mailbox.deliver(role, letter(message_id=message_id, at=at, subject=subject, body="See you there.\n", **more), at)


def shoes(mailbox: MemoryMailbox, number: int, *, at: datetime, sender: str = "Shop <news@shop.example>", **more: Any) -> None:
    deliver(mailbox, "Shoes", f"<n{number}@shop.example>", at=at, role=FolderRole.INBOX, sender=sender, headers=OUT, **more)


# What is read


def test_of_what_is_settled_from_its_heading_no_text_is_read(mailbox: ReadingMailbox) -> None:
    acme = account(mailbox, ACME)
    for number in range(5):
        shoes(mailbox, number, at=NOW - 3 * HOUR)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)

    report = run_pass(acme, NOW)

    assert mailbox.texts == [6]
    assert (report.looked_at, report.expected, report.settled, report.read, report.assigned) == (6, 6, 5, 1, 1)
    assert acme.ledger.message("<n0@shop.example>") is None


def test_a_heading_is_judged_by_what_stood_before_it_in_the_same_window(mailbox: ReadingMailbox) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - 2 * HOUR)
    shoes(mailbox, 1, at=NOW - HOUR, in_reply_to="<i@acme.example>")

    report = run_pass(acme, NOW)

    assert mailbox.requests == [[1], [2]]
    assert (report.settled, report.read) == (0, 2)


def test_what_was_settled_is_read_when_it_turns_out_to_belong_to_the_thread(mailbox: ReadingMailbox) -> None:
    acme = account(mailbox, ACME)
    deliver(
        mailbox,
        "Thursday",
        "<mine@mailbox.example>",
        at=NOW - 5 * HOUR,
        role=FolderRole.SENT,
        sender=f"Robin Hale <{ME}>",
        to="somebody@hiring.example",
    )
    assert run_pass(acme, NOW - 4 * HOUR).settled == 1
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR, in_reply_to="<mine@mailbox.example>")

    run_pass(acme, NOW)

    letters = acme.ledger.letters("acme-backend")
    assert [(each.own, each.message.message_id) for each in letters] == [
        (True, "<mine@mailbox.example>"),
        (False, "<i@acme.example>"),
    ]


def test_what_was_settled_is_read_when_it_comes_to_matter_by_what_is_tracked(mailbox: ReadingMailbox) -> None:
    acme = account(mailbox, ACME)
    shoes(mailbox, 1, at=NOW - 3 * HOUR, sender="Birch Analytics <news@sendings.example>")
    shoes(mailbox, 2, at=NOW - 2 * HOUR)
    assert run_pass(acme, NOW - HOUR).settled == 2
    with acme.ledger.transaction():
        acme.ledger.put_interview(BIRCH)
        acme.ledger.note(Fact.REMATCH, "1")

    run_pass(acme, NOW)

    assert mailbox.texts == [1]
    assert acme.ledger.message("<n1@shop.example>") is not None
    assert [each.uid for each in acme.ledger.headings.since(NOW - 9 * HOUR)] == [2]


def test_a_folder_that_was_numbered_anew_is_not_asked_for_old_numbers(mailbox: ReadingMailbox) -> None:
    acme = account(mailbox, ACME)
    shoes(mailbox, 1, at=NOW - 3 * HOUR, sender="Birch Analytics <news@sendings.example>")
    run_pass(acme, NOW - HOUR)
    mailbox.change_uidvalidity(FolderRole.INBOX)

    report = run_pass(acme, NOW)

    (kept,) = acme.ledger.headings.since(NOW - 9 * HOUR)
    assert report.settled == 1
    assert kept.uidvalidity == mailbox.position(FolderRole.INBOX).uidvalidity
    assert (acme.ledger.noted(Fact.RENUMBERED) or "").startswith("inbox|INBOX|2026-03-10")


def test_what_is_older_than_the_look_back_is_forgotten(mailbox: ReadingMailbox) -> None:
    acme = account(mailbox, ACME)
    shoes(mailbox, 1, at=NOW - HOUR)
    receive(mailbox, "<k@friends.example>", "Shall we go swimming?", at=NOW - HOUR, sender="Kim <kim@friends.example>")
    run_pass(acme, NOW)

    run_pass(acme, NOW + timedelta(days=91))
    there = acme.ledger.message("<k@friends.example>")
    run_pass(acme, NOW + timedelta(days=182))

    assert list(acme.ledger.headings.since(NOW - 9 * HOUR)) == []
    assert there is not None
    assert acme.ledger.message("<k@friends.example>") is None


def test_where_there_is_a_folder_of_all_mail_the_archive_is_not_read() -> None:
    class AllMail(ReadingMailbox):
        def folders(self) -> dict[FolderRole, str]:
            return {**super().folders(), FolderRole.ALL: "All Mail"}

        def headings(self, role: FolderRole, cursor: Any, *, since: datetime) -> Any:
            self.asked = [*getattr(self, "asked", []), role]
            return super().headings(FolderRole.ARCHIVE if role is FolderRole.ALL else role, cursor, since=since)

    mailbox = AllMail()
    acme = account(mailbox, ACME)
    run_pass(acme, NOW)

    assert set(mailbox.asked) <= {FolderRole.ALL, FolderRole.SENT, FolderRole.JUNK, FolderRole.INBOX}
    assert FolderRole.ARCHIVE not in mailbox.asked


# What an interruption leaves behind


def history(mailbox: MemoryMailbox, count: int) -> None:
    """An invitation, a confirmation and private mail, in turns."""
    for number in range(count):
        at = NOW - (count - number) * MINUTE
        receive(mailbox, f"<k{number}@friends.example>", "Shall we swim?", at=at, sender=f"Kim <kim{number}@friends.example>")
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - 30 * MINUTE)
    receive(mailbox, "<f@acme.example>", FIXES, at=NOW - 10 * MINUTE, in_reply_to="<i@acme.example>")


@pytest.mark.parametrize("after", [1, 13, 50, 51, 55, 62])
def test_a_pass_that_is_stopped_anywhere_loses_nothing_and_repeats_nothing(mailbox: ReadingMailbox, after: int) -> None:
    acme = account(mailbox, ACME)
    history(mailbox, 60)
    casebook, calls = Casebook(acme.ledger, NOW), 0

    def alive() -> None:
        nonlocal calls
        calls += 1
        if calls == after:
            raise Stopped

    with pytest.raises(Stopped):
        run_pass(acme, NOW, alive=alive, casebook=casebook)
    read = {record.message.message_id for record in acme.ledger.unassigned(NOW - HOUR * 9)}
    assert casebook.candidacy("acme-backend").state == Casebook(acme.ledger, NOW).candidacy("acme-backend").state
    report = run_pass(acme, NOW, casebook=casebook)

    assert len(read) + len([each for each in acme.ledger.letters("acme-backend") if not each.own]) - 2 + report.read >= 60
    assert len(acme.ledger.unassigned(NOW - 9 * HOUR)) == 60
    assert [event.message_id for event in acme.ledger.events("acme-backend")][:2] == ["<i@acme.example>", "<f@acme.example>"]
    assert casebook.candidacy("acme-backend").state.status is Status.SCHEDULED


def test_a_message_that_nobody_foresaw_is_set_aside_and_the_others_of_its_window_are_not(
    mailbox: ReadingMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(message: Message, **known: Any) -> Intake:
        if message.message_id == "<k3@friends.example>":
            raise KeyError(message.message_id)
        return take_in(message, **known)

    monkeypatch.setattr(intake, "take_in", cannot)
    acme = account(mailbox, ACME)
    history(mailbox, 6)

    report = run_pass(acme, NOW)

    assert [(each.folder, each.uid) for each in acme.ledger.aside()] == [("INBOX", 4)]
    assert (report.set_aside, report.assigned) == (1, 2)
    assert len(acme.ledger.unassigned(NOW - 9 * HOUR)) == 5


def test_nothing_is_told_of_what_was_rolled_back(mailbox: ReadingMailbox) -> None:
    acme = account(mailbox, ACME)
    history(mailbox, 3)
    reports: list[PassReport] = []
    calls = 0

    def alive() -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise Stopped

    with pytest.raises(Stopped):
        run_pass(acme, NOW, alive=alive, progress=reports.append)

    assert reports == []
    assert acme.ledger.cursor("INBOX") is None


def test_a_message_that_is_gone_when_its_text_is_asked_for_is_passed_over(mailbox: ReadingMailbox) -> None:
    acme = account(mailbox, ACME)
    history(mailbox, 1)
    read = mailbox.read

    def late(headings: list[Heading]) -> list[Arrival]:
        if 1 in mailbox.messages(FolderRole.INBOX):
            mailbox.remove(FolderRole.INBOX, 1)
        return read(headings)

    mailbox.read = late  # type: ignore[method-assign]

    report = run_pass(acme, NOW)

    assert (report.read, report.assigned) == (2, 2)
