"""The service as a process of its own, against a real Dovecot: how it starts, works, fails and ends."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.cli.opening import account_of
from agent.cli.state import open_ledger, settings_of
from agent.daemon.account import Account
from agent.daemon.lock import alone
from agent.daemon.loop import serve
from agent.daemon.one_pass import run_pass
from agent.daemon.stopping import Stop
from agent.store import Fact
from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home
from tests.journeys.test_once import deliver
from tests.proxy import Proxy


@dataclass(kw_only=True, slots=True)
class Service:
    """A running `interview-agent run`, and the socket on which it tells systemd what it does."""

    process: subprocess.Popen[str]
    manager: socket.socket

    def hears(self, beginning: str) -> list[str]:
        """Wait for a word that begins so; return all words up to it."""
        words: list[str] = []
        while not words or not words[-1].startswith(beginning):
            words.append(self.manager.recv(4096).decode())
        return words

    def ended(self, seconds: float = 60) -> tuple[int, str]:
        """Wait for the end; return exit status and what was said on stderr."""
        _, said = self.process.communicate(timeout=seconds)
        return self.process.returncode, said


@contextmanager
def running(home: Home) -> Iterator[Service]:
    """Start the service in this home, with a socket of systemd's kind beside it; end it when it has not ended itself."""
    path = home.folder / "notify"
    path.unlink(missing_ok=True)
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("INTERVIEW_AGENT", "XDG_", "PYTHONUNBUFFERED"))
    }
    environment |= {"HOME": str(home.folder), "NOTIFY_SOCKET": str(path)}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.settimeout(100)
        process = subprocess.Popen(
            [sys.executable, "-m", "agent", "run", "--config", str(home.config)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield Service(process=process, manager=manager)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=10)


@contextmanager
def opened(home: Home) -> Iterator[Account]:
    """Give the account of this home in this process, as `run` puts it together."""
    settings = settings_of(argparse.Namespace(config=home.config))
    with open_ledger(settings) as ledger:
        yield account_of(settings, ledger)


def recipients(dovecot: Dovecot, user: MailboxUser) -> list[str]:
    """Return to whom the drafts in Drafts go."""
    found = [line for raw in dovecot.messages(user, "Drafts").values() for line in raw.splitlines() if line.startswith(b"To: ")]
    return sorted(line.decode() for line in found)


# Start, work, end


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_says_when_it_is_ready_makes_drafts_and_ends_at_once_when_asked_to(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser, number: signal.Signals
) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.track(search.INTERVIEWS)

    with running(home) as service:
        start = service.hears("STATUS=idle")
        drafts = recipients(dovecot, mailbox_user)
        asked = time.monotonic()
        service.process.send_signal(number)
        end = service.hears("STOPPING=1")
        status, said = service.ended(60)
        took = time.monotonic() - asked

    assert [word for word in start if word != "WATCHDOG=1"][:2] == ["STATUS=reading the mailbox", "READY=1"]
    assert start.index("READY=1") < start.index("WATCHDOG=1")
    assert start[-1].startswith("STATUS=idle, 3 interviews tracked, 0 held")
    assert drafts == ["To: Dana Cole <dana@acme.example>", "To: Ines Moreau <ines@birch.example>"]
    assert end[-1] == "STOPPING=1"
    assert (status, took < 2) == (0, True)
    assert "Traceback" not in said
    assert said.splitlines()[-1] == 'stopping reason="asked to"'
    with alone(home.state):
        pass


def test_a_second_one_refuses_and_names_the_first(home: Home) -> None:
    with running(home) as service:
        service.hears("STATUS=idle")

        second = home.run("run")

        assert second.status == 1
        assert second.err.splitlines()[-1] == (
            f"interview-agent: {home.state}: another interview-agent (process {service.process.pid}) works on this state; "
            "stop it first, or name another [state] folder"
        )
        assert service.process.poll() is None


def test_it_ends_within_seconds_while_the_server_says_nothing(home: Home, dovecot: Dovecot) -> None:
    with Proxy(dovecot.port) as proxy:
        proxy.stall()
        home.configure(port=proxy.port)
        with running(home) as service:
            service.hears("STATUS=reading")
            asked = time.monotonic()
            service.process.terminate()
            status, said = service.ended(10)
            took = time.monotonic() - asked

    assert status == 0
    assert took < 4
    assert "Traceback" not in said


# What ends it, and what does not


def test_a_wrong_password_at_the_first_start_ends_it_with_one_line(home: Home) -> None:
    home.password.write_text("not the one")

    with running(home) as service:
        words = service.hears("STOPPING=1")
        status, said = service.ended()

    assert status == 2
    assert "READY=1" not in words
    assert said.splitlines()[-1].startswith(f"interview-agent: wrong user name or password for {home.user} at localhost")
    assert said.count("pass_began") == 1
    assert "Traceback" not in said


def test_a_missing_password_file_at_the_first_start_ends_it_with_one_line(home: Home) -> None:
    home.password.unlink()

    with running(home) as service:
        status, said = service.ended()

    assert status == 2
    assert said.splitlines()[-1].startswith(f"interview-agent: account.password_file: there is no file {home.password}")


def test_a_password_that_is_refused_later_is_told_and_not_tried_again_at_once(home: Home) -> None:
    with opened(home) as account:
        run_pass(account, datetime.now(UTC))
    home.password.write_text("not the one")

    with running(home) as service:
        told = service.hears("STATUS=the last pass failed")[-1]
        board = home.run("status", "--json").json
        check = home.run("check", "--json")
        service.process.terminate()
        status, said = service.ended()

    assert f"wrong user name or password for {home.user}" in told
    assert f"wrong user name or password for {home.user}" in board["problem"]
    assert check.status == 1
    assert any(each["name"] == "passes" and not each["ok"] for each in check.json)
    assert status == 0
    (failed,) = [line for line in said.splitlines() if line.startswith("pass_failed")]
    assert int(failed.rpartition("again_seconds=")[2]) >= 1800
    home.password.write_text("correct-horse-7")
    with opened(home) as account:
        run_pass(account, datetime.now(UTC))
        assert account.ledger.noted(Fact.PROBLEM) == ""


def test_an_unknown_host_does_not_end_it(home: Home) -> None:
    home.configure(host="imap.nowhere.invalid")

    with running(home) as service:
        words = service.hears("STATUS=the last pass failed")
        alive = service.process.poll() is None
        service.process.terminate()
        status, _ = service.ended()

    assert "READY=1" in words
    assert alive
    assert status == 0


# In this process, to look at each pass


def passes(account: Account, *each: Callable[[], None]) -> None:
    """Serve as many passes as there are calls, each of which is made after its pass."""
    stop = Stop()
    left = list(each)

    def after_pass(_now: datetime) -> None:
        left.pop(0)()
        if not left:
            stop.set()

    serve(account, poll=timedelta(milliseconds=20), stop=stop, after_pass=after_pass)


def test_mail_that_comes_while_it_sleeps_is_read_at_the_next_poll(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    home.track(search.INTERVIEWS)
    drafts: list[list[str]] = []

    def look() -> None:
        drafts.append(recipients(dovecot, mailbox_user))

    def look_and_deliver() -> None:
        look()
        deliver(dovecot, mailbox_user, datetime.now(UTC))

    with opened(home) as account:
        passes(account, look_and_deliver, look)

    assert drafts == [[], ["To: Dana Cole <dana@acme.example>", "To: Ines Moreau <ines@birch.example>"]]


@pytest.mark.parametrize("octets", [900, 1400, 2000, 3000])
def test_connections_that_end_in_the_middle_of_a_pass_cost_nothing(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser, monkeypatch: pytest.MonkeyPatch, octets: int
) -> None:
    monkeypatch.setattr("agent.daemon.waiting._FIRST_WAIT", timedelta(milliseconds=20))
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.track(search.INTERVIEWS)
    noted: list[str] = []
    with Proxy(dovecot.port) as proxy:
        home.configure(port=proxy.port)
        with opened(home) as account:

            def look() -> None:
                noted.append(account.ledger.noted(Fact.PROBLEM) or "")

            def look_and_cut() -> None:
                look()
                proxy.cut_after(octets)

            def look_and_let_flow() -> None:
                look()
                proxy.cut_after(1_000_000_000)

            proxy.cut_after(octets)
            passes(account, look_and_cut, look_and_cut, look_and_let_flow, look)
        connections = proxy.connections
    # A connection that breaks fails the pass, or is made anew within it.
    assert any(noted) or connections > 1
    assert noted[-1] == ""
    assert recipients(dovecot, mailbox_user) == ["To: Dana Cole <dana@acme.example>", "To: Ines Moreau <ines@birch.example>"]


def test_a_server_that_is_down_for_a_while_is_waited_for(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.daemon.waiting._FIRST_WAIT", timedelta(milliseconds=20))
    monkeypatch.setattr("agent.mailbox.dialing._ATTEMPTS", 1)
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.track(search.INTERVIEWS)
    noted: list[str] = []
    with socket.socket() as bound, opened(home) as account:
        bound.bind(("127.0.0.1", 0))
        home.configure(port=bound.getsockname()[1])
        with opened(home) as down:
            doors = [down.open_mailbox, down.open_mailbox, account.open_mailbox]

            def look() -> None:
                noted.append(account.ledger.noted(Fact.PROBLEM) or "")

            passes(replace(account, open_mailbox=lambda: doors.pop(0)()), look, look, look)

    assert ["nothing listens at localhost" in each for each in noted] == [True, True, False]
    assert noted[2] == ""
    assert len(recipients(dovecot, mailbox_user)) == 2


# News, and several accounts


def test_mail_is_read_as_soon_as_the_server_tells_of_it(home: Home, dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    home.track(search.INTERVIEWS)

    with running(home) as service:
        service.hears("STATUS=idle")
        deliver(dovecot, mailbox_user, datetime.now(UTC))
        while len(recipients(dovecot, mailbox_user)) < 2:
            service.hears("STATUS=idle")
        service.process.terminate()
        status, said = service.ended()

    # The next poll would have been five minutes away.
    assert said.count("pass_began") > 1
    assert status == 0


_ANOTHER = """
[accounts.{name}]
host = "{host}"
port = {port}
user = "{user}"
password_file = "{password}"
ca_file = "{ca_file}"
"""


def test_a_wrong_password_and_a_silent_server_stop_neither_the_third_account_nor_the_end(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    wrong = home.folder / "wrong"
    wrong.write_text("not the one")
    wrong.chmod(0o600)
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    with Proxy(dovecot.port) as proxy:
        proxy.stall()
        both = {"host": home.host, "user": home.user, "ca_file": home.ca_file}
        second = _ANOTHER.format(name="second", port=home.port, password=wrong, **both)
        third = _ANOTHER.format(name="third", port=proxy.port, password=home.password, **both)
        home.configure(more=second + third)
        home.config.write_text(home.config.read_text().replace("[account]", "[accounts.first]"))
        assert home.run("interviews", "import", "-", "--account", "first", stdin=search.INTERVIEWS).status == 0

        with running(home) as service:
            told = ""
            while not (told.startswith("STATUS=first: idle") and "wrong user name" in told):
                told = service.hears("STATUS=")[-1]
            drafts = recipients(dovecot, mailbox_user)
            asked = time.monotonic()
            service.process.terminate()
            status, said = service.ended()
            took = time.monotonic() - asked
        boards = home.run("status", "--json").json

    assert drafts == ["To: Dana Cole <dana@acme.example>", "To: Ines Moreau <ines@birch.example>"]
    assert "; second: the last pass failed, the next is at" in told
    assert "; third: " in told
    assert (status, took < 10) == (0, True)
    assert "Traceback" not in said
    assert any(line.startswith("pass_failed") and line.endswith(" account=second") for line in said.splitlines())
    assert [bool(each["problem"]) for each in boards][:2] == [False, True]
