"""What a connection meets from the greeting to the last octet of an answer, as servers of all kinds end it."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.mailbox.connection import Connection, Opened, PasswordLogin
from agent.mailbox.deadline import allow
from agent.mailbox.folders import list_folders
from agent.mailbox.imap import open_imap
from agent.mailbox.interface import FolderRole, MailboxProblem
from tests.mailbox.odd_server import OddServer
from tests.mailbox.refusals import no_pause_between_tries, refusal  # noqa: F401 - a fixture is named, not called
from tests.mailbox.scripted import ScriptedServer, Talk

pytestmark = pytest.mark.usefixtures("no_pause_between_tries")


def greets(first: bytes) -> Callable[[Talk], None]:
    def conversation(talk: Talk) -> None:
        talk.send(first)
        talk.wait_for_end()

    return conversation


def preauthenticated(talk: Talk) -> None:
    talk.send(b"* PREAUTH welcome\r\n")
    talk.expect("CAPABILITY")
    talk.send(b"* CAPABILITY IMAP4rev1\r\n")
    talk.end("OK done")
    assert talk.read(1) == b""


@pytest.mark.parametrize(
    ("conversation", "said", "calls"),
    [
        (greets(b"* BYE down for maintenance\r\n"), "turned the connection away: down for maintenance", 3),
        (greets(b"* BYE [ALERT] Too many simultaneous connections\r\n"), "turned the connection away: [ALERT] Too many", 1),
        (greets(b"+OK POP3 ready\r\n"), "does not greet as an IMAP server: check `host` and `port`", 3),
        (greets(b"220 smtp.localhost ESMTP\r\n"), "does not greet as an IMAP server", 3),
        (greets(b"<html>secret page</html>\r\n"), "does not greet as an IMAP server", 3),
        (greets(b"\x00\xff\xfe\r\n"), "does not greet as an IMAP server", 3),
        (greets(b"* NO way\r\n"), "does not greet as an IMAP server", 3),
        (preauthenticated, "as if someone were logged in already", 1),
        (lambda talk: talk.close(), "turned the connection away", 3),
        (lambda talk: talk.reset(), "localhost:", 3),
        (lambda talk: talk.wait_for_end(), "does not answer", 3),
        (lambda talk: talk.drip(b"* OK" + b"x" * 1000), "does not answer", 3),
    ],
    ids=[
        "bye",
        "bye, too many",
        "pop3",
        "smtp",
        "web page",
        "octets",
        "no",
        "preauth",
        "closed",
        "reset",
        "nothing",
        "dripping",
    ],
)
def test_whatever_comes_instead_of_a_greeting_is_a_clear_problem_in_time(
    conversation: Callable[[Talk], None], said: str, calls: int, tmp_path: Path
) -> None:
    with ScriptedServer(conversation, tmp_path, timeout_seconds=0.2) as server:
        problem = refusal(server.imap, "hunter2-hunter2")
        assert said in str(problem)
        assert "secret page" not in str(problem)
        assert problem.permanent is ("already" in said)
        assert server.connections == calls


def test_a_greeting_that_is_refused_at_first_is_asked_for_again(tmp_path: Path) -> None:

    def conversation(talk: Talk) -> None:
        if talk.number < 3:
            talk.send(b"* BYE one moment\r\n")
            return
        talk.log_in()
        talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path) as server:
        open_imap(server.imap, "secret").close()
        assert server.connections == 3


def greeted_for_starttls(talk: Talk) -> None:
    talk.send(b"* OK ready\r\n")
    talk.expect("CAPABILITY")
    talk.send(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n")
    talk.end("OK done")
    talk.expect("STARTTLS")


def test_what_was_said_before_tls_is_forgotten(tmp_path: Path) -> None:
    """Someone on the way can slip responses in behind the go-ahead; the password is not sent the way they propose."""

    def conversation(talk: Talk) -> None:
        greeted_for_starttls(talk)
        talk.send(
            b"* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN\r\n"
            + talk.tag.encode()
            + b" OK begin\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN\r\n* BYE go away\r\n"
        )
        talk.start_tls()
        for command in ("CAPABILITY", "CAPABILITY", "CAPABILITY", "LOGIN"):
            said = talk.expect(command)
            if command == "CAPABILITY":
                talk.send(b"* CAPABILITY IMAP4rev1\r\n")
            talk.end("OK done")
        assert said == 'LOGIN me "secret"'
        talk.expect("CAPABILITY")
        talk.send(b"* CAPABILITY IMAP4rev1 IDLE\r\n")
        talk.end("OK done")
        talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path, security="starttls") as server:
        open_imap(server.imap, "secret").close()


@pytest.mark.parametrize("status", ["NO not today", "BAD what"])
def test_starttls_that_is_refused_sends_no_password(status: str, tmp_path: Path) -> None:
    def conversation(talk: Talk) -> None:
        greeted_for_starttls(talk)
        talk.end(status)
        assert talk.read(1) == b""

    with ScriptedServer(conversation, tmp_path, security="starttls") as server:
        problem = refusal(server.imap, "secret")
        assert "refuses STARTTLS" in str(problem)
        assert problem.permanent
        assert not problem.reached


@pytest.mark.parametrize("answer", [b"* OK no starttls here\r\n", b"* PREAUTH welcome\r\n"], ids=["not offered", "preauth"])
def test_without_starttls_no_password_is_sent(answer: bytes, tmp_path: Path) -> None:
    """The network itself may have taken it out, so that it is no proof of a wrong configuration."""

    def conversation(talk: Talk) -> None:
        talk.send(answer)
        talk.expect("CAPABILITY")
        talk.send(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
        talk.end("OK done")
        assert talk.read(1) == b""

    with ScriptedServer(conversation, tmp_path, security="starttls") as server:
        problem = refusal(server.imap, "secret")
        assert problem.permanent
        assert not problem.reached


def test_tls_that_fails_in_the_handshake_sends_no_password(tmp_path: Path) -> None:

    def conversation(talk: Talk) -> None:
        greeted_for_starttls(talk)
        talk.end("OK begin")
        talk.send(b"* BYE no TLS after all\r\n")
        assert b"LOGIN" not in talk.read(2000)

    with ScriptedServer(conversation, tmp_path, security="starttls", timeout_seconds=1.0) as server:
        assert not refusal(server.imap, "secret").reached


def up_to_login(talk: Talk) -> None:
    talk.send(b"* OK ready\r\n")
    talk.expect("CAPABILITY")
    talk.send(b"* CAPABILITY IMAP4rev1\r\n")
    talk.end("OK done")
    talk.expect("LOGIN")


@pytest.mark.parametrize(
    "instead",
    [
        lambda talk: talk.close(),
        lambda talk: talk.reset(),
        lambda talk: talk.send(b"* BYE restarting\r\n"),
        lambda talk: talk.send(b"* BYE cannot LOGIN me hunter2-hunter2\r\n"),
        lambda talk: talk.send(b"what? LOGIN me hunter2-hunter2\r\n"),
        lambda talk: talk.wait_for_end(),
        lambda talk: talk.drip(b"* OK still here\r\n"),
    ],
    ids=["closed", "reset", "bye", "bye with the password", "garbage with the password", "silent", "dripping"],
)
def test_a_login_whose_answer_does_not_come_is_no_wrong_password_and_not_repeated(
    instead: Callable[[Talk], None], tmp_path: Path
) -> None:
    def conversation(talk: Talk) -> None:
        up_to_login(talk)
        instead(talk)

    with ScriptedServer(conversation, tmp_path, timeout_seconds=0.5) as server:
        problem = refusal(server.imap, "hunter2-hunter2")
        assert "(logging in)" in str(problem)
        assert not problem.permanent
        assert server.connections == 1


@pytest.mark.parametrize(
    "said", [b"* CAPABILITY IMAP4rev1 IDLE\r\n%s OK done\r\n", b"%s OK [CAPABILITY IMAP4rev1 IDLE] done\r\n", b"%s OK done\r\n"]
)
def test_what_a_server_can_after_the_login_is_taken_up(said: bytes, tmp_path: Path) -> None:
    def conversation(talk: Talk) -> None:
        up_to_login(talk)
        talk.send(said % talk.tag.encode())
        if b"IDLE" not in said:
            talk.expect("CAPABILITY")
            talk.send(b"* CAPABILITY IMAP4rev1 IDLE\r\n")
            talk.end("OK done")
        talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path) as server:
        connection = Connection(server.imap, PasswordLogin(secret="secret"))
        assert connection.client().has_capability("IDLE")
        connection.close()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda talk: talk.wait_for_end(), "gave no answer within 0.5 seconds"),
        (lambda talk: talk.drip(b"* OK still working on it\r\n"), "gave no answer within 0.5 seconds"),
        (lambda talk: talk.drip(b"* OK [" + b"x" * 100_000), "gave no answer within 0.5 seconds"),
        (lambda talk: (talk.send(b"* LIST () {1000}\r\n"), talk.drip(b"x")), "gave no answer within 0.5 seconds"),
        (lambda talk: (talk.send(b"* LIST () {1000}\r\nxx"), talk.close()), "the connection to localhost ended"),
        (lambda talk: talk.reset(), "the connection to localhost ended"),
        (lambda talk: talk.send(b"* BYE bye\r\n"), "the connection to localhost ended"),
        (lambda talk: (talk.send(b"A999 OK done\r\n"), talk.wait_for_end()), "gave an answer that cannot be read"),
        (lambda talk: (talk.send(b"<html>\r\n"), talk.wait_for_end()), "gave an answer that cannot be read"),
    ],
    ids=[
        "silent",
        "dripping lines",
        "dripping a line",
        "dripping a literal",
        "cut in a literal",
        "reset",
        "bye",
        "another's answer",
        "garbage",
    ],
)
def test_whatever_comes_instead_of_an_answer_ends_in_time_and_the_next_call_connects_anew(
    answer: Callable[[Talk], None], said: str, tmp_path: Path
) -> None:
    def conversation(talk: Talk) -> None:
        talk.log_in()
        if talk.number == 1:
            talk.expect("LIST")
            answer(talk)
        else:
            talk.examine()
            talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path, timeout_seconds=0.5) as server:
        mailbox = open_imap(server.imap, "secret")
        began = time.monotonic()
        with pytest.raises(MailboxProblem, match=said) as caught:
            mailbox.folders()
        assert time.monotonic() - began < 10.0
        assert not caught.value.permanent
        assert mailbox._connection.examine("INBOX").exists == 3
        mailbox.close()


def test_a_long_answer_over_a_slow_line_is_waited_for(tmp_path: Path) -> None:
    """Octets put the deadline off: one second for each 4 KiB."""
    names = b"".join(b'* LIST () "/" folder%05d\r\n' % number for number in range(800))

    def conversation(talk: Talk) -> None:
        talk.log_in()
        talk.expect("LIST")
        for start in range(0, len(names), 1000):
            talk.send(names[start : start + 1000])
            talk.pause(0.03)
        talk.end("OK done")
        talk.expect("LOGOUT")

    with ScriptedServer(conversation, tmp_path) as server:
        connection = Connection(server.imap, PasswordLogin(secret="secret"))
        allow(connection.client().socket(), 0.5)
        assert len(list_folders(connection.client())) == 800
        connection.close()


def test_what_select_says_twice_or_wrongly_is_taken_as_it_is_meant(tmp_path: Path) -> None:
    said = (
        "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT soon] x\r\n* OK [HIGHESTMODSEQ 90] x\r\n"
        "* 4 EXISTS\r\n* OK [UIDNEXT 5] x\r\n* OK [UNSEEN 99999999999999999999999] x\r\nOK done"
    )
    with OddServer(lambda command: said if command.startswith("EXAMINE") else None, tmp_path) as server:
        connection = Connection(server.imap, PasswordLogin(secret="secret"))
        assert connection.examine("INBOX") == Opened(folder="INBOX", uidvalidity=7, uidnext=5, exists=4, modseq=90)
        connection.close()


def test_a_stall_on_opening_a_folder_is_temporary(tmp_path: Path) -> None:
    with OddServer(lambda command: "NO System Error (Failure)" if command.startswith("EXAMINE") else None, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        with pytest.raises(MailboxProblem, match="System Error") as caught:
            mailbox.position(FolderRole.INBOX)
        assert not caught.value.permanent
        mailbox.close()


def test_a_server_that_takes_no_passwords_is_told_before_one_is_sent(tmp_path: Path) -> None:
    with OddServer(lambda command: None, tmp_path, capability="IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2") as server:
        problem = refusal(server.imap, "secret")
        assert "takes no passwords" in str(problem)
        assert problem.permanent
        assert not [command for command in server.commands if command.startswith(("LOGIN", "AUTHENTICATE"))]
