"""Mail is noticed when it comes, whatever the server does meanwhile, and a wait ends when it shall."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.mailbox.connection import Connection, PasswordLogin
from agent.mailbox.idle import InboxWatch, Pace
from agent.mailbox.imap import open_imap
from agent.mailbox.interface import FolderRole, MailboxProblem, Place
from tests.dovecot import PASSWORD, Dovecot, MailboxUser
from tests.mailbox.odd_server import OddServer
from tests.mailbox.scripted import ScriptedServer, Talk
from tests.proxy import Proxy

AS_EXAMINED = Place(uidvalidity=7, last_uid=3, count=3)
MAIL = b"Subject: x\r\n\r\nhi\r\n"


class Stop:
    """A pipe whose reading end can be waited for."""

    def __init__(self) -> None:
        self.read, self._write = os.pipe()

    def set(self) -> None:
        os.write(self._write, b"x")

    def close(self) -> None:
        os.close(self.read)
        os.close(self._write)


@pytest.fixture
def stop() -> Iterator[Stop]:
    with contextlib.closing(Stop()) as pipe:
        yield pipe


def watched(
    server: ScriptedServer | OddServer,
    stop: Stop,
    *,
    seconds: float = 10.0,
    known: Place | None = AS_EXAMINED,
    pace: Pace | None = None,
    wall: Callable[[], float] = time.time,
) -> bool:
    """Wait once, then ask something on the same connection: it must be usable at once."""
    connection = Connection(server.imap, PasswordLogin(secret="secret"))
    try:
        with connection.asking("waiting for mail"):
            return InboxWatch(connection, pace=pace, wall=wall).wait("INBOX", known, seconds, stop=stop.read)
    finally:
        connection.close()


def idling(say: Callable[[Talk], None], *, answer: bytes = b"", exists: int = 3) -> Callable[[Talk], None]:
    """Return a conversation that comes to IDLE, says something, and waits for DONE and a goodbye."""

    def conversation(talk: Talk) -> None:
        talk.log_in("IMAP4rev1 IDLE")
        talk.examine(exists=exists)
        talk.expect("IDLE")
        say(talk)
        talk.expect("DONE")
        talk.send(answer)
        talk.end("OK idle done")
        talk.expect("LOGOUT")

    return conversation


def go_on(data: bytes) -> Callable[[Talk], None]:
    return lambda talk: talk.send(b"+ idling\r\n" + data)


@pytest.mark.parametrize(
    "say",
    [
        go_on(b"* 4 EXISTS\r\n"),
        go_on(b"* 2 EXPUNGE\r\n"),
        go_on(b"* VANISHED 2\r\n"),
        go_on(b"* 3 EXISTS\r\n* 0 RECENT\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* OK still here\r\n* 4 exists\r\n"),
        lambda talk: talk.send(b"* 4 EXISTS\r\n+ idling\r\n"),
        lambda talk: [talk.send(bytes([octet])) for octet in b"+ idling\r\n* 4 EXISTS\r\n"],
        lambda talk: [talk.send(piece) for piece in (b"+ idling\r\n* 4 EX", b"ISTS\r", b"\n")],
        lambda talk: talk.send(b"+\n* 4 EXISTS\n"),
    ],
    ids=["exists", "expunge", "vanished", "after noise", "before +", "octet by octet", "in pieces", "bare line ends"],
)
def test_news_ends_the_wait(say: Callable[[Talk], None], tmp_path: Path, stop: Stop) -> None:
    with ScriptedServer(idling(say), tmp_path) as server:
        assert watched(server, stop) is True


def test_news_that_comes_with_the_answer_to_done_is_news(tmp_path: Path, stop: Stop) -> None:
    with ScriptedServer(idling(go_on(b""), answer=b"* 4 EXISTS\r\n"), tmp_path) as server:
        assert watched(server, stop, seconds=0.05) is True


@pytest.mark.parametrize(
    "noise", [b"* 3 EXISTS\r\n", b"* 2 RECENT\r\n", b"* 1 FETCH (FLAGS (\\Seen))\r\n", b"* OK still here\r\n", b"* 4 EXI"]
)
def test_flags_recent_and_what_is_repeated_are_no_news(noise: bytes, tmp_path: Path, stop: Stop) -> None:
    def say(talk: Talk) -> None:
        talk.send(b"+ idling\r\n" + noise)

    with ScriptedServer(idling(say, answer=b"STS\r\n" if noise.endswith(b"EXI") else b""), tmp_path) as server:
        assert watched(server, stop, seconds=0.05) is noise.endswith(b"EXI")


@pytest.mark.parametrize(
    "known",
    [
        Place(uidvalidity=7, last_uid=2, count=2),
        Place(uidvalidity=7, last_uid=2, count=3),
        Place(uidvalidity=7, last_uid=3, count=4),
        Place(uidvalidity=6, last_uid=3, count=3),
    ],
    ids=["one came", "one came and one went", "one went", "numbered anew"],
)
def test_what_changed_before_the_wait_is_news_at_once_and_only_once(known: Place, tmp_path: Path, stop: Stop) -> None:
    with OddServer(lambda command: None, tmp_path) as server:
        connection = Connection(server.imap, PasswordLogin(secret="secret"))
        watch = InboxWatch(connection)
        assert watch.wait("INBOX", known, 60.0, stop=stop.read) is True
        assert watch.wait("INBOX", known, 0.02, stop=stop.read) is False
        connection.close()


@pytest.mark.parametrize("capability", ["IMAP4rev1 IDLE", "IMAP4rev1"])
def test_a_stop_ends_the_wait_at_once_and_leaves_the_connection_usable(capability: str, tmp_path: Path, stop: Stop) -> None:
    set_at: list[float] = []

    def set_stop() -> None:
        set_at.append(time.monotonic())
        stop.set()

    def conversation(talk: Talk) -> None:
        talk.log_in(capability)
        talk.examine()
        if "IDLE" in capability:
            talk.expect("IDLE")
            talk.send(b"+ idling\r\n")
            set_stop()
            talk.expect("DONE")
            talk.end("OK idle done")
        else:
            set_stop()
        talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path) as server:
        assert watched(server, stop, seconds=60.0) is False
        assert time.monotonic() - set_at[0] < 1.0


def test_a_stop_is_obeyed_although_the_server_fell_silent(tmp_path: Path, stop: Stop) -> None:
    def conversation(talk: Talk) -> None:
        talk.log_in("IMAP4rev1 IDLE")
        talk.examine()
        talk.expect("IDLE")
        talk.send(b"+ idling\r\n")
        stop.set()
        talk.wait_for_end()

    with ScriptedServer(conversation, tmp_path, timeout_seconds=60.0) as server:
        began = time.monotonic()
        assert watched(server, stop, seconds=60.0) is False
        assert time.monotonic() - began < 5.0


def test_a_stop_that_is_set_already_asks_nothing(tmp_path: Path, stop: Stop) -> None:
    stop.set()
    with OddServer(lambda command: None, tmp_path) as server:
        assert watched(server, stop) is False
        assert server.commands == []


def silent_after_plus(talk: Talk) -> None:
    talk.send(b"+ idling\r\n")
    talk.wait_for_end()


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (go_on(b"* BYE Too many simultaneous connections\r\n"), "Too many simultaneous connections"),
        (lambda talk: talk.send(b"* BYE autologout; idle for too long\r\n"), "autologout; idle for too long"),
        (lambda talk: talk.close(), "the server closed it"),
        (lambda talk: (talk.send(b"+ idling\r\n* 4 EXI"), talk.close()), "the server closed it"),
        (lambda talk: (talk.send(b"+ idling\r\n"), talk.reset()), "ended (waiting for mail)"),
        (lambda talk: talk.wait_for_end(), "gave no answer within 0.5 seconds"),
        (silent_after_plus, "gave no answer within 0.5 seconds"),
    ],
    ids=["bye", "bye instead of +", "closed", "closed in a line", "reset", "no +", "no answer to done"],
)
def test_a_connection_that_dies_soon_is_a_clear_problem(
    say: Callable[[Talk], object], said: str, tmp_path: Path, stop: Stop
) -> None:
    def conversation(talk: Talk) -> None:
        talk.log_in("IMAP4rev1 IDLE")
        talk.examine()
        talk.expect("IDLE")
        say(talk)

    with ScriptedServer(conversation, tmp_path, timeout_seconds=0.5) as server:
        with pytest.raises(MailboxProblem) as caught:
            watched(server, stop, seconds=0.1 if say is silent_after_plus else 10.0)
        assert said in str(caught.value)
        assert not caught.value.permanent
        assert caught.value.retry_after == (timedelta(minutes=5) if "Too many" in said else None)
        assert server.connections == 1


def test_a_connection_that_lasted_is_made_anew_and_the_inbox_compared(tmp_path: Path, stop: Stop) -> None:
    def conversation(talk: Talk) -> None:
        talk.log_in("IMAP4rev1 IDLE")
        talk.examine(exists=2 + talk.number, uidnext=3 + talk.number)
        if talk.number == 1:
            talk.expect("IDLE")
            talk.send(b"+ idling\r\n")
            talk.expect("DONE")
            talk.send(b"* BYE shutting down\r\n")
        else:
            talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path) as server:
        assert watched(server, stop, pace=Pace(renewal=0.1, check=0.05)) is True
        assert server.connections == 2


def test_idle_is_renewed_and_the_inbox_looked_at_each_time(tmp_path: Path, stop: Stop) -> None:
    """A server that never says a word in IDLE."""

    def conversation(talk: Talk) -> None:
        talk.log_in("IMAP4rev1 IDLE")
        for exists in (3, 3, 4):
            talk.examine(exists=exists, uidnext=exists + 1)
            if exists == 3:
                talk.expect("IDLE")
                talk.send(b"+ idling\r\n")
                talk.expect("DONE")
                talk.end("OK idle done")
        talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path) as server:
        assert watched(server, stop, pace=Pace(renewal=0.05)) is True


def test_after_the_machine_slept_the_server_is_asked_at_once(tmp_path: Path, stop: Stop) -> None:
    """The connection is half open: what came in is seen over a new one."""
    slept: list[float] = []

    def conversation(talk: Talk) -> None:
        talk.log_in("IMAP4rev1 IDLE")
        talk.examine(exists=2 + talk.number, uidnext=3 + talk.number)
        if talk.number == 1:
            talk.expect("IDLE")
            talk.send(b"+ idling\r\n")
            slept.append(8 * 3600.0)
            talk.expect("DONE")
            talk.wait_for_end()
        talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path, timeout_seconds=0.5) as server:
        wall = lambda: time.time() + sum(slept)  # noqa: E731 - a clock that jumps
        assert watched(server, stop, seconds=60.0, pace=Pace(check=0.05), wall=wall) is True
        assert server.connections == 2


def test_without_idle_the_server_is_asked_now_and_then(tmp_path: Path, stop: Stop) -> None:
    noops: list[str] = []

    def script(command: str) -> str | None:
        if command == "NOOP":
            noops.append(command)
            return "* 4 EXISTS\r\nOK done" if len(noops) == 3 else "* 1 FETCH (FLAGS (\\Seen))\r\nOK done"
        return None

    with OddServer(script, tmp_path) as server:
        assert watched(server, stop, pace=Pace(noop=0.03)) is True
    assert len(noops) == 3


def test_without_idle_what_the_server_says_by_itself_is_news(tmp_path: Path, stop: Stop) -> None:
    def conversation(talk: Talk) -> None:
        talk.log_in("IMAP4rev1")
        talk.examine()
        talk.send(b"* 4 EXISTS\r\n")
        talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path) as server:
        assert watched(server, stop) is True


@pytest.mark.parametrize("answer", ["BAD unknown command", "OK done already"])
def test_idle_that_is_refused_or_ends_by_itself_is_not_tried_again(answer: str, tmp_path: Path, stop: Stop) -> None:
    with OddServer(lambda command: answer if command == "IDLE" else None, tmp_path, capability="IMAP4rev1 IDLE") as server:
        assert watched(server, stop, seconds=0.5, pace=Pace(noop=0.02)) is False
        assert server.commands.count("IDLE") == 1
        assert "NOOP" in server.commands


def test_a_wait_takes_next_to_no_processor_time(tmp_path: Path, stop: Stop) -> None:
    """An hour at the usual pace is 60 checks and 7 renewals: so many here, within a second."""
    renewals: list[int] = []

    def conversation(talk: Talk) -> None:
        talk.log_in("IMAP4rev1 IDLE")
        talk.expect("NOOP")
        talk.end("OK done")
        while len(renewals) < 7:
            talk.examine()
            talk.expect("IDLE")
            talk.send(b"+ idling\r\n")
            talk.expect("DONE")
            talk.end("OK idle done")
            renewals.append(1)
        talk.examine(exists=4, uidnext=5)
        talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path) as server:
        connection = Connection(server.imap, PasswordLogin(secret="secret"))
        connection.client()
        before = time.thread_time()
        watch = InboxWatch(connection, pace=Pace(renewal=0.1, check=0.1 / 9))
        assert watch.wait("INBOX", AS_EXAMINED, 60.0, stop=stop.read) is True
        assert time.thread_time() - before < 0.25
        connection.close()


def test_a_real_server_tells_of_mail_at_once_and_the_mailbox_goes_on(
    dovecot: Dovecot, mailbox_user: MailboxUser, stop: Stop
) -> None:
    mailbox = open_imap(dovecot.server(mailbox_user), PASSWORD)
    mailbox.places()
    delivery = threading.Timer(0.05, dovecot.deliver, (mailbox_user, "INBOX", MAIL))
    delivery.start()
    assert mailbox.wait(20.0, stop=stop.read) is True
    delivery.join()
    assert mailbox.places()[FolderRole.INBOX].count == 1
    assert mailbox.wait(0.02, stop=stop.read) is False
    dovecot.deliver(mailbox_user, "INBOX", MAIL)
    assert mailbox.wait(20.0, stop=stop.read) is True
    mailbox.close()


def test_a_real_connection_that_was_cut_while_nothing_was_asked_is_made_anew(
    dovecot: Dovecot, mailbox_user: MailboxUser, stop: Stop
) -> None:
    with Proxy(dovecot.port) as proxy:
        mailbox = open_imap(dovecot.server(mailbox_user, port=proxy.port), PASSWORD)
        mailbox.places()
        proxy.end_connections()
        dovecot.deliver(mailbox_user, "INBOX", MAIL)
        assert mailbox.wait(20.0, stop=stop.read) is True
        assert proxy.connections == 2
        mailbox.close()
