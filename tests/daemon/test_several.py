"""Several accounts in one process: none notices what befalls another, and one word ends them all."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.daemon import several
from agent.daemon.loop import serve
from agent.daemon.several import serve_all
from agent.daemon.stopping import Stop
from agent.daemon.vitals import Pulse, Vitals
from agent.mailbox import Mailbox, MailboxProblem
from agent.mailbox.memory import MemoryMailbox
from agent.store import Fact, Ledger, StoreProblem
from tests.daemon.manager import Manager
from tests.daemon.scene import ACME, INVITES, NOW, account, receive

REFUSED = MailboxProblem("wrong user name or password for robin at imap.example", permanent=True)
POLL = timedelta(milliseconds=20)


@pytest.fixture
def stop() -> Iterator[Stop]:
    with Stop() as stop:
        yield stop


class Healthy:
    """Serves a mailbox in memory; ends all after so many passes, and keeps what is asked about its ledger."""

    def __init__(self, stop: Stop, *, passes: int, folder: Path) -> None:
        self.stop = stop
        self.left = passes
        self.path = folder / "healthy.sqlite3"
        self.mailbox = MemoryMailbox(clock=lambda: NOW)
        receive(self.mailbox, "<i@acme.example>", INVITES, at=NOW - timedelta(hours=1))

    def __call__(self, pulse: Pulse) -> None:
        ledger = Ledger(self.path)
        try:
            made = account(self.mailbox, ACME, ledger=ledger)
            serve(made, poll=POLL, stop=self.stop, after_pass=self.after_pass, clock=lambda: NOW, pulse=pulse)
        finally:
            ledger.close()

    def after_pass(self, _now: object) -> None:
        self.left -= 1
        if self.left == 0:
            self.stop.set()

    @property
    def drafts(self) -> int:
        ledger = Ledger(self.path)
        try:
            return len(ledger.drafts())
        finally:
            ledger.close()


def crashing(_pulse: Pulse) -> None:
    raise ZeroDivisionError


def full(_pulse: Pulse) -> None:
    raise StoreProblem("ledger.sqlite3: database or disk is full; free some space on that disk")


@pytest.mark.parametrize("other", [crashing, full], ids=["a crash", "a full disk"])
def test_one_that_cannot_even_begin_is_told_and_stops_nobody(
    stop: Stop, manager: Manager, tmp_path: Path, other: Callable[[Pulse], None]
) -> None:
    healthy = Healthy(stop, passes=3, folder=tmp_path)

    serve_all({"home": healthy, "work": other}, stop=stop)

    words = manager.heard()
    assert healthy.drafts == 1
    assert words.count("READY=1") == 1
    assert words[-1] == "STOPPING=1"
    assert any("work: cannot be served, and is tried again in 30 seconds: " in word for word in words)
    assert any(word.startswith("STATUS=home: idle, 1 interview tracked, 0 held") and "; work: " in word for word in words)


def test_a_login_that_is_refused_from_the_first_is_survived_beside_others(stop: Stop, manager: Manager, tmp_path: Path) -> None:
    healthy = Healthy(stop, passes=3, folder=tmp_path)
    noted: list[str | None] = []

    def refused(pulse: Pulse) -> None:
        mailbox = MemoryMailbox()
        mailbox.fail_next("places", REFUSED)
        mailbox.fail_next("folders", REFUSED)
        ledger = Ledger()
        made = account(mailbox, ACME, ledger=ledger)
        serve(made, poll=POLL, stop=stop, pulse=pulse, survives_refusal=True)
        noted.append(ledger.noted(Fact.PROBLEM))
        ledger.close()

    serve_all({"home": healthy, "work": refused}, stop=stop)

    assert healthy.drafts == 1
    assert noted == [str(REFUSED)]
    assert any("work: the last pass failed, the next is at" in word for word in manager.heard())


def test_one_that_was_down_is_begun_anew(stop: Stop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(several, "wait_after_failure", lambda *_arguments, **_named: timedelta(milliseconds=1))
    healthy = Healthy(stop, passes=2, folder=tmp_path)
    tries: list[int] = []

    def idle(_pulse: Pulse) -> None:
        stop.wait()

    def down_at_first(pulse: Pulse) -> None:
        tries.append(len(tries))
        if len(tries) < 3:
            raise ZeroDivisionError
        healthy(pulse)

    serve_all({"home": down_at_first, "work": idle}, stop=stop)

    assert len(tries) == 3
    assert healthy.drafts == 1


def test_where_there_is_one_alone_its_end_is_the_end(stop: Stop) -> None:
    with pytest.raises(ZeroDivisionError):
        serve_all({"": crashing}, stop=stop)

    assert stop.is_set()


def test_one_that_waits_for_a_silent_server_is_freed_and_ends(stop: Stop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "_PATIENCE", 0.05)
    waits, freed, ended = threading.Event(), threading.Event(), threading.Event()

    class Silent(MemoryMailbox):
        def folders(self) -> dict:  # type: ignore[type-arg]
            raise self.waited()

        def places(self) -> dict:  # type: ignore[type-arg]
            raise self.waited()

        def waited(self) -> MailboxProblem:
            waits.set()
            assert freed.wait(10)
            return MailboxProblem("the connection ended", permanent=False)

        def abandon(self) -> None:
            freed.set()

    def hangs(pulse: Pulse) -> None:
        ledger = Ledger()
        made = account(Silent(), ACME, ledger=ledger)
        serve(made, poll=POLL, stop=stop, pulse=pulse)
        assert ledger.noted(Fact.PROBLEM) is None
        ledger.close()
        ended.set()

    def asks(_pulse: Pulse) -> None:
        assert waits.wait(10)
        stop.set()

    serve_all({"home": hangs, "work": asks}, stop=stop)

    assert ended.is_set()


def test_one_that_nothing_frees_is_left_behind(stop: Stop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "_PATIENCE", 0.02)
    monkeypatch.setattr(several, "_LAST_PATIENCE", 0.02)
    waits, released = threading.Event(), threading.Event()

    def hangs(_pulse: Pulse) -> None:
        waits.set()
        released.wait(30)

    def asks(_pulse: Pulse) -> None:
        assert waits.wait(10)
        stop.set()

    began = time.monotonic()
    serve_all({"home": hangs, "work": asks}, stop=stop)

    assert time.monotonic() - began < 10
    released.set()


# The watchdog


def test_the_watchdog_is_fed_only_while_every_account_lives(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "100000000")
    passed = [0.0]
    vitals = Vitals(["home", "work"], monotonic=lambda: passed[0])
    home, work = vitals.pulse("home"), vitals.pulse("work")

    work.waiting()
    home.waiting()
    fed = manager.heard()
    passed[0] += 101
    home.waiting()
    starved = manager.heard()
    work.waiting()
    home.waiting()

    assert fed == ["WATCHDOG=1", "WATCHDOG=1"]
    assert starved == []
    assert manager.heard()[-1] == "WATCHDOG=1"


def test_ready_is_said_once_when_all_are(manager: Manager) -> None:
    vitals = Vitals(["home", "work"])
    home, work = vitals.pulse("home"), vitals.pulse("work")

    home.ready()
    home.ready()
    early = manager.heard()
    work.ready()
    home.ready()

    assert early == []
    assert manager.heard() == ["READY=1"]


def test_the_status_tells_all_of_them_in_one_line(manager: Manager) -> None:
    vitals = Vitals(["home", "work"])

    vitals.pulse("home").status("idle")
    vitals.pulse("home").status("idle")
    vitals.pulse("work").status("the last pass failed")

    assert manager.heard() == ["STATUS=home: idle; work: starting", "STATUS=home: idle; work: the last pass failed"]


def test_what_is_held_open_can_be_seen_by_who_ends_it(stop: Stop) -> None:
    pulse, held = Pulse(), []
    mailbox = MemoryMailbox()

    def after_pass(_now: object) -> None:
        held.append(pulse.mailbox)
        stop.set()

    serve(account(mailbox, ACME), poll=POLL, stop=stop, after_pass=after_pass, pulse=pulse)

    kept: list[Mailbox | None] = [mailbox]
    assert (held, pulse.mailbox) == (kept, None)
