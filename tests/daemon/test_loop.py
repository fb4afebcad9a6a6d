"""The service in this process, on a mailbox in memory: what systemd hears, what ends it, and what it outlives."""

import io
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.accounts.problems import SecretRefused
from agent.daemon import journal, loop, progress, vitals
from agent.daemon.account import Account
from agent.daemon.stopping import Stop
from agent.mailbox import Arrival, Cursor, FolderRole, Heading, Mailbox, MailboxProblem
from agent.mailbox.memory import MemoryMailbox
from agent.notify import systemd
from agent.store import Fact, Ledger, StoreProblem
from tests.daemon.manager import Manager
from tests.daemon.scene import ACME, INVITES, NOW, account, receive

REFUSED = MailboxProblem("wrong user name or password for robin at imap.example", permanent=True)
NO_HOST = MailboxProblem("the host imap.example is unknown", permanent=True, reached=False)
BROKEN = MailboxProblem("the connection to imap.example ended", permanent=False)
NO_SECRET = SecretRefused("account.password_command: secret-tool failed with exit status 1; run it by hand to see why")
SOON = timedelta(milliseconds=1)
IDLE = "STATUS=idle, 1 interview tracked, 0 held"


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(clock=lambda: NOW)


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep how long the service would wait out of these tests; `test_waiting` tests it."""
    monkeypatch.setattr(loop, "wait_after_failure", lambda *_arguments, **_named: SOON)


class Opener:
    """Opens the mailbox, or raises what comes next; an event sets `stop` after so many passes."""

    def __init__(self, mailbox: Mailbox, *problems: Exception | None) -> None:
        self.mailbox = mailbox
        self.problems = list(problems)
        self.times = 0

    def __call__(self) -> Mailbox:
        self.times += 1
        problem = self.problems.pop(0) if self.problems else None
        if problem is not None:
            raise problem
        return self.mailbox


def serve(served: Account, *, passes: int, each: Callable[[int], None] = lambda _number: None, stop: Stop | None = None) -> None:
    """Serve for so many passes; `each` is called after each one with its number."""
    stop = stop or Stop()
    made = 0

    def after_pass(_now: datetime) -> None:
        nonlocal made
        made += 1
        each(made)
        if made == passes:
            stop.set()

    loop.serve(served, poll=SOON, stop=stop, after_pass=after_pass, clock=lambda: NOW)


# What systemd hears


def test_systemd_hears_the_start_the_work_the_sleep_and_the_end(
    mailbox: MemoryMailbox, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vitals, "_FEED_SECONDS", 3600.0)
    monkeypatch.setattr(progress, "_PATIENCE", 3600.0)
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - timedelta(hours=1))

    serve(acme, passes=1)

    words = manager.heard()
    assert [word for word in words if word != "WATCHDOG=1"] == [
        "STATUS=reading the mailbox",
        "READY=1",
        IDLE,
        "STOPPING=1",
    ]
    # Progress is told, and not more often than it should be.
    assert words[2:4] == ["WATCHDOG=1", IDLE]


def test_progress_is_told_while_a_pass_goes_on(mailbox: MemoryMailbox, manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals, "_FEED_SECONDS", 0.0)
    acme = account(mailbox, ACME)
    for number in range(20):
        receive(mailbox, f"<{number}@acme.example>", INVITES, at=NOW - timedelta(hours=1))

    serve(acme, passes=1)

    words = manager.heard()
    during = words[words.index("READY=1") + 1 : words.index(IDLE)]
    assert set(during) == {"WATCHDOG=1"}
    # One when the mailbox is open, one for each message, and those of the plan and the draft.
    assert len(during) > 21


def test_a_manager_that_does_not_listen_does_not_stop_the_service(
    mailbox: MemoryMailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systemd, "_PATIENCE", 0.01)
    monkeypatch.setattr(vitals, "_FEED_SECONDS", 0.0)
    acme = account(mailbox, ACME)
    for number in range(30):
        receive(mailbox, f"<{number}@acme.example>", INVITES, at=NOW - timedelta(hours=1))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "deaf"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "deaf"))

        serve(acme, passes=1)

    assert len(acme.ledger.drafts()) == 1


def test_a_pass_that_hangs_feeds_no_watchdog(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals, "_FEED_SECONDS", 0.0)

    class Hanging(MemoryMailbox):
        def headings(self, role: FolderRole, cursor: Cursor | None, *, since: datetime) -> Iterator[Heading]:
            manager.heard()
            hangs.set()
            assert released.wait(10)
            return super().headings(role, cursor, since=since)

    hangs, released = threading.Event(), threading.Event()
    told: list[list[str]] = []

    def watch() -> None:
        hangs.wait(10)
        told.append(manager.hears_within(0.3))
        released.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    serve(account(Hanging(clock=lambda: NOW), ACME), passes=1)
    watcher.join(10)

    assert told == [[]]
    assert "WATCHDOG=1" in manager.heard()


def test_while_it_sleeps_the_watchdog_is_fed_in_time(
    mailbox: MemoryMailbox, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "40000")
    stop, sleeping = Stop(), threading.Event()
    fed: list[str] = []

    def listen() -> None:
        sleeping.wait(10)
        fed.extend(manager.hears_within(5, number=3))
        stop.set()

    def after_pass(_now: datetime) -> None:
        manager.heard()
        sleeping.set()

    listener = threading.Thread(target=listen)
    listener.start()
    loop.serve(account(mailbox, ACME), poll=timedelta(hours=1), stop=stop, after_pass=after_pass, clock=lambda: NOW)
    listener.join(10)

    assert fed == ["WATCHDOG=1"] * 3


def test_the_status_says_what_failed_and_when_the_next_pass_is(mailbox: MemoryMailbox, manager: Manager) -> None:
    acme = replace(account(mailbox, ACME), open_mailbox=Opener(mailbox, BROKEN))

    serve(acme, passes=1)

    assert "STATUS=the last pass failed, the next is at 10:00: the connection to imap.example ended" in manager.heard()


# What ends it at the start


@pytest.mark.parametrize("problem", [REFUSED, NO_SECRET], ids=["login", "secret"])
def test_what_never_worked_ends_the_service_at_its_first_pass(
    mailbox: MemoryMailbox, manager: Manager, problem: Exception
) -> None:
    opener = Opener(mailbox, problem)
    acme = replace(account(mailbox, ACME), open_mailbox=opener)

    with pytest.raises(type(problem)) as raised:
        serve(acme, passes=1)

    assert raised.value is problem
    assert opener.times == 1
    assert acme.ledger.noted(Fact.PROBLEM) == str(problem)
    assert "READY=1" not in manager.heard()


def test_a_missing_drafts_folder_ends_it_too_before_a_pass_has_succeeded(mailbox: MemoryMailbox) -> None:
    missing = MailboxProblem("the mailbox has no drafts folder that can be recognised", permanent=True)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - timedelta(hours=1))
    mailbox.fail_next("append_draft", missing)

    with pytest.raises(MailboxProblem, match="no drafts folder"):
        serve(account(mailbox, ACME), passes=1)


# What it outlives


@pytest.mark.parametrize("problem", [NO_HOST, BROKEN], ids=["unknown host", "broken connection"])
def test_a_start_without_network_is_survived(mailbox: MemoryMailbox, manager: Manager, problem: MailboxProblem) -> None:
    acme = replace(account(mailbox, ACME), open_mailbox=Opener(mailbox, problem, problem))

    serve(acme, passes=3)

    assert manager.heard().count("READY=1") == 1
    assert acme.ledger.noted(Fact.LAST_PASS) == NOW.isoformat()


@pytest.mark.parametrize("problem", [REFUSED, NO_SECRET, NO_HOST, BROKEN], ids=["login", "secret", "host", "connection"])
def test_once_a_pass_has_succeeded_no_problem_ends_it_and_success_takes_the_problem_back(
    mailbox: MemoryMailbox, problem: Exception
) -> None:
    acme = replace(account(mailbox, ACME), open_mailbox=Opener(mailbox, None, problem, problem, None))
    mailbox.fail_next("wait", BROKEN)
    noted = []

    serve(
        acme,
        passes=4,
        each=lambda _number: noted.append((acme.ledger.noted(Fact.PROBLEM) or "", acme.ledger.noted(Fact.FAILURES) or "")),
    )

    assert noted == [("", ""), (str(problem), "1"), (str(problem), "2"), ("", "2")]


def test_a_restart_with_a_password_that_worked_before_is_survived(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)
    serve(acme, passes=1)

    serve(replace(acme, open_mailbox=Opener(mailbox, REFUSED)), passes=2)

    assert acme.ledger.noted(Fact.PROBLEM) == ""


def test_a_problem_that_an_earlier_run_left_is_taken_back(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)
    with acme.ledger.transaction():
        acme.ledger.note(Fact.PROBLEM, "an old story")

    serve(acme, passes=1)

    assert acme.ledger.noted(Fact.PROBLEM) == ""


@pytest.mark.parametrize(
    ("problem", "refused"),
    [(REFUSED, True), (NO_SECRET, True), (NO_HOST, False), (BROKEN, False)],
    ids=lambda each: str(each)[:9],
)
def test_only_what_the_user_must_mend_waits_half_an_hour_at_once(
    mailbox: MemoryMailbox, monkeypatch: pytest.MonkeyPatch, problem: Exception, refused: bool
) -> None:
    asked: list[tuple[int, bool]] = []

    def wait(failures: int, *, refused: bool, **_more: object) -> timedelta:
        asked.append((failures, refused))
        return SOON

    monkeypatch.setattr(loop, "wait_after_failure", wait)
    acme = replace(account(mailbox, ACME), open_mailbox=Opener(mailbox, None, problem, problem))
    mailbox.fail_next("wait", BROKEN)

    serve(acme, passes=3)

    assert asked == [(1, refused), (2, refused)]


def test_a_store_that_is_full_is_told_and_the_next_pass_goes_on(mailbox: MemoryMailbox, manager: Manager) -> None:
    full = StoreProblem("ledger.sqlite3: database or disk is full; free some space on that disk")

    class Full(Ledger):
        """Cannot write while `is_full`."""

        is_full = False

        def transaction(self):  # type: ignore[no-untyped-def]
            if self.is_full:
                raise full
            return super().transaction()

    ledger = Full()
    acme = account(mailbox, ACME, ledger=ledger)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - timedelta(hours=1))
    ledger.is_full = True
    log = io.StringIO()
    journal.begin(stream=log)

    def free(_number: int) -> None:
        ledger.is_full = False

    serve(acme, passes=2, each=free)

    words = manager.heard()
    assert any("disk is full" in word for word in words)
    assert words[-1] == "STOPPING=1"
    assert log.getvalue().count("pass_failed") == 1
    assert [draft.interview for draft in ledger.drafts()] == ["acme-backend"]


# How it stops


def test_it_stops_in_the_middle_of_reading_and_the_rest_is_read_the_next_time(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)
    for number in range(60):
        receive(mailbox, f"<{number}@acme.example>", INVITES, at=NOW - timedelta(hours=1, minutes=60 - number))
    stop = Stop()
    asked: list[int] = []

    class Stopping(MemoryMailbox):
        def headings(self, role: FolderRole, cursor: Cursor | None, *, since: datetime) -> Iterator[Heading]:
            return mailbox.headings(role, cursor, since=since)

        def read(self, headings: Sequence[Heading]) -> list[Arrival]:
            asked.append(len(headings))
            if len(asked) == 2:
                stop.set()
            return mailbox.read(headings)

    loop.serve(replace(acme, open_mailbox=Stopping), poll=SOON, stop=stop, clock=lambda: NOW)

    assert acme.ledger.message("<0@acme.example>") is not None
    assert acme.ledger.message("<59@acme.example>") is None
    assert acme.ledger.drafts() == []
    assert acme.ledger.noted(Fact.LAST_PASS) is None
    serve(acme, passes=1)
    assert acme.ledger.message("<59@acme.example>") is not None
    assert len(acme.ledger.drafts()) == 1


def test_it_closes_the_mailbox_when_it_stops_in_the_middle_of_a_pass(mailbox: MemoryMailbox) -> None:
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - timedelta(hours=1))
    stop = Stop()

    def open_mailbox() -> Mailbox:
        stop.set()
        return mailbox

    loop.serve(replace(account(mailbox, ACME), open_mailbox=open_mailbox), poll=SOON, stop=stop, clock=lambda: NOW)

    assert mailbox.closed
    assert mailbox.messages(FolderRole.DRAFTS) == {}


def test_mail_that_comes_while_it_sleeps_is_read_at_the_next_poll(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)

    def deliver(number: int) -> None:
        if number == 1:
            receive(mailbox, "<i@acme.example>", INVITES, at=NOW)

    serve(acme, passes=2, each=deliver)

    assert len(mailbox.messages(FolderRole.DRAFTS)) == 1
