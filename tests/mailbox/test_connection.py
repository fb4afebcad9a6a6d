"""What the user reads when the mailbox cannot be opened: one line that says what, where and how to mend it."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from agent.mailbox.connection import Connection, Opened, PasswordLogin
from agent.mailbox.deadline import allow
from agent.mailbox.folders import list_folders
from agent.mailbox.imap import ImapMailbox, open_imap
from agent.mailbox.interface import FolderRole, MailboxProblem
from agent.mailbox.problems import login_refused, refused, turned_away
from agent.mailbox.server import ImapServer
from tests.dovecot import PASSWORD, Dovecot, MailboxUser
from tests.mailbox.odd_server import OddServer
from tests.mailbox.scenes import arrivals
from tests.mailbox.scripted import ScriptedServer, Talk
from tests.proxy import Proxy

WRONG = "not-the-secret-31337"


def refusal(server: ImapServer, secret: str = PASSWORD) -> MailboxProblem:
    with pytest.raises(MailboxProblem) as caught:
        open_imap(server, secret)
    text = str(caught.value)
    assert "\n" not in text
    assert secret not in text
    return caught.value


@pytest.fixture(autouse=True)
def _no_pause_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: None)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Give a port whose connections are taken by the kernel and answered by nobody."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_wrong_password_is_named_with_user_and_host(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    problem = refusal(dovecot.server(mailbox_user), WRONG)
    assert str(problem).startswith(f"wrong user name or password for {mailbox_user.name} at localhost")
    assert problem.permanent
    assert problem.__cause__ is None


def test_a_host_that_does_not_exist_is_named() -> None:
    problem = refusal(ImapServer(host="imap.nowhere.invalid", user="me"))
    assert "imap.nowhere.invalid" in str(problem)
    assert "`host`" in str(problem)


def test_a_port_where_nothing_listens_is_named() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        problem = refusal(ImapServer(host="localhost", port=port, user="me"))
    assert str(problem) == f"nothing listens at localhost:{port}: check `host` and `port`, or the server is down"
    assert not problem.permanent


def test_a_server_that_never_greets_is_given_up_in_time(silent_port: int) -> None:
    problem = refusal(ImapServer(host="localhost", port=silent_port, user="me", timeout_seconds=0.2))
    assert "does not answer" in str(problem)
    assert not problem.permanent


@pytest.mark.dovecot
def test_a_certificate_of_another_name_is_refused_and_its_name_told(mailbox_user: MailboxUser) -> None:
    with Dovecot(names=["mail.other.example"]) as server:
        for security, port in (("tls", server.port), ("starttls", server.starttls_port)):
            problem = refusal(server.server(mailbox_user, security=security, port=port, host="localhost"))
            assert str(problem) == (
                f"the certificate of localhost:{port} is not for localhost; it is for mail.other.example: set `host` to that name"
            )
            assert problem.permanent
        assert "Login:" not in server.log()


def test_a_private_authority_is_refused_until_its_file_is_named(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    problem = refusal(dovecot.server(mailbox_user, ca_file=None))
    assert "`ca_file`" in str(problem)
    assert problem.permanent
    open_imap(dovecot.server(mailbox_user), PASSWORD).close()


def test_a_certificate_of_another_authority_is_refused(dovecot: Dovecot, mailbox_user: MailboxUser, tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    problem = refusal(dovecot.server(mailbox_user, ca_file=str(tmp_path / "other.pem")))
    assert "authority" in str(problem)
    assert problem.permanent


@pytest.mark.dovecot
def test_an_expired_certificate_is_refused(mailbox_user: MailboxUser) -> None:
    with Dovecot(not_after=datetime(2020, 1, 1, tzinfo=UTC)) as server:
        problem = refusal(server.server(mailbox_user))
    assert "has expired" in str(problem)
    assert problem.permanent


@pytest.mark.parametrize(
    ("content", "said"), [(None, "there is no such file"), ("no certificate", "cannot be read as PEM certificates")]
)
def test_a_bad_ca_file_is_named(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content, encoding="ascii")
    problem = refusal(ImapServer(host="localhost", user="me", ca_file=str(path)))
    assert str(problem) == f"ca_file {path}{':' if content is None else ''} {said}"
    assert problem.permanent


def test_tls_on_the_port_without_it_says_what_to_set(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    problem = refusal(dovecot.server(mailbox_user, port=dovecot.starttls_port))
    assert '`security = "starttls"`' in str(problem) or "does not speak TLS" in str(problem)
    assert problem.permanent


def test_starttls_is_verified_and_works(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    uid = dovecot.deliver(mailbox_user, "INBOX", b"Subject: x\r\n\r\nhi\r\n")
    mailbox = open_imap(dovecot.server(mailbox_user, security="starttls", port=dovecot.starttls_port), PASSWORD)
    assert mailbox.position(FolderRole.INBOX).last_uid == uid
    mailbox.close()


@pytest.mark.dovecot
@pytest.mark.parametrize("password", ["grün-und-blau-π", 'quo"te back\\slash', "with space {3}"])
def test_a_password_of_any_characters_logs_in(password: str) -> None:
    with Dovecot(password=password) as server:
        for name in ("ann@mail.example", "jürgen kraus@mail.example"):
            mailbox = open_imap(server.server(MailboxUser(name=name)), password)
            assert mailbox.position(FolderRole.INBOX).last_uid == 0
            mailbox.close()


def test_a_line_break_in_the_password_is_refused_before_it_is_sent(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    problem = refusal(dovecot.server(mailbox_user), "secret\r\na LOGOUT")
    assert "control character" in str(problem)
    assert problem.permanent


def test_a_server_that_falls_silent_is_a_clear_problem_and_the_next_call_connects_anew(
    dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    with Proxy(dovecot.port) as proxy:
        mailbox = open_imap(dovecot.server(mailbox_user, port=proxy.port, timeout_seconds=0.5), PASSWORD)
        mailbox.folders()
        proxy.stall()
        with pytest.raises(MailboxProblem) as caught:
            mailbox.position(FolderRole.INBOX)
        assert "gave no answer within 0.5 seconds" in str(caught.value)
        assert not caught.value.permanent
        proxy.flow()
        assert mailbox.position(FolderRole.INBOX).last_uid == 0
        assert proxy.connections == 2
        mailbox.close()


def test_a_connection_that_breaks_is_made_anew(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    with Proxy(dovecot.port) as proxy:
        mailbox = open_imap(dovecot.server(mailbox_user, port=proxy.port), PASSWORD)
        mailbox.folders()
        proxy.cut_after(1)
        with pytest.raises(MailboxProblem, match="the connection to localhost ended"):
            mailbox.position(FolderRole.INBOX)
        assert mailbox.position(FolderRole.INBOX).last_uid == 0
        mailbox.close()


def test_closing_a_dead_connection_is_no_error(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    with Proxy(dovecot.port) as proxy:
        mailbox = open_imap(dovecot.server(mailbox_user, port=proxy.port, timeout_seconds=0.5), PASSWORD)
        proxy.stall()
        mailbox.close()


def test_no_secret_and_no_mail_reaches_a_log(
    dovecot: Dovecot, mailbox_user: MailboxUser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    dovecot.deliver(mailbox_user, "INBOX", b"Subject: x\r\n\r\nprivate words\r\n")
    mailbox = open_imap(dovecot.server(mailbox_user), PASSWORD)
    list(arrivals(mailbox, FolderRole.INBOX, None, since=datetime(2026, 1, 1, tzinfo=UTC)))
    mailbox.append_draft(b"Subject: y\r\n\r\nprivate words too\r\n")
    mailbox.close()
    assert "private words" not in caplog.text
    assert PASSWORD not in caplog.text
    assert PASSWORD not in repr(mailbox.__dict__)


def test_the_mailbox_shows_no_secret_of_its_login(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    mailbox: ImapMailbox = open_imap(dovecot.server(mailbox_user), PASSWORD)
    assert PASSWORD not in repr(mailbox._connection._login)
    mailbox.close()


def test_a_wrong_password_is_tried_once_only(tmp_path: Path) -> None:
    with OddServer(lambda command: "NO [AUTHENTICATIONFAILED] no" if command.startswith("LOGIN") else None, tmp_path) as server:
        refusal(server.imap, "secret")
        assert server.commands.count('LOGIN me "secret"') == 1


def test_a_login_that_is_refused_for_the_moment_is_left_to_the_next_pass(tmp_path: Path) -> None:
    with OddServer(lambda command: "NO [UNAVAILABLE] busy" if command.startswith("LOGIN") else None, tmp_path) as server:
        problem = refusal(server.imap, "secret")
        assert not problem.permanent
        assert problem.retry_after is None
        assert server.commands.count('LOGIN me "secret"') == 1


def test_a_server_that_repeats_the_password_does_not_bring_it_into_the_problem(tmp_path: Path) -> None:
    with OddServer(lambda command: f"BAD what is {command}" if command.startswith("LOGIN") else None, tmp_path) as server:
        assert "***" in str(refusal(server.imap, "hunter2-hunter2"))


@pytest.mark.parametrize(
    ("said", "start", "permanent"),
    [
        ("[AUTHENTICATIONFAILED] Invalid credentials (Failure)", "wrong user name or password for me at imap.example", True),
        ("LOGIN failed.", "wrong user name or password for me at imap.example", True),
        ("[ALERT] Your account is not enabled for IMAP use.", "IMAP is switched off for me at imap.example", True),
        ("IMAP access is disabled for your domain.", "IMAP is switched off for me at imap.example", True),
        (
            "[ALERT] Application-specific password required: see support",
            "me at imap.example: the provider does not take this",
            True,
        ),
        ("AuthFailed:LogonDenied-BasicAuthBlocked", "me at imap.example: the provider does not take this password", True),
        (
            "[ALERT] Too many simultaneous connections. (Failure)",
            "the server does not let me at imap.example in at present",
            False,
        ),
        ("[UNAVAILABLE] Temporary authentication failure.", "the server does not let me at imap.example in at present", False),
        ("User is authenticated but not connected.", "the server does not let me at imap.example in at present", False),
        ("[AUTHENTICATIONFAILED] [SYS/TEMP] Try again later", "the server does not let me at imap.example in at present", False),
        ("[SERVERBUG] LOGIN Server error - Please try again later", "the server does not let me at imap.example in", False),
        ("[EXPIRED] Your password has expired", "the password for me at imap.example has expired", True),
        ("[ALERT] Please log in via your web browser", "me at imap.example: the provider wants you to sign in on its web", True),
        ("Your account is locked", "me at imap.example: the provider wants you to sign in on its web page first", True),
        ("[AUTHENTICATIONFAILED] (#AUTH012) Incorrect username or password", "wrong user name or password for me", True),
    ],
)
def test_what_servers_say_to_a_login_is_told_apart(said: str, start: str, permanent: bool) -> None:
    problem = login_refused(ImapServer(host="imap.example", user="me"), said, "secret")
    assert str(problem).startswith(start)
    assert problem.permanent is permanent


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("[ALERT] Too many simultaneous connections. (Failure)", 5),
        ("[UNAVAILABLE] Maximum number of connections from user+IP exceeded", 5),
        ("[LIMIT] Too many sessions", 5),
        ("User is authenticated but not connected.", 5),
        ("Server Unavailable. 15", 5),
        ("[INUSE] mailbox in use", 5),
        ("[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", 60),
        ("[OVERQUOTA] over it", 60),
        ("[LIMIT] LOGIN Rate limit hit.", 60),
        ("[THROTTLED] slow down", 60),
        ("[AUTHENTICATIONFAILED] Too many invalid login attempts", 60),
        ("account is temporarily locked", 60),
        ("Request is throttled. Suggested Backoff Time: 29999 milliseconds", 5),
        ("Request is throttled. Suggested Backoff Time: 1200000 milliseconds", 20),
        ("Request is throttled. Suggested Backoff Time: 999999999 milliseconds", 24 * 60),
    ],
)
def test_a_provider_that_was_asked_for_too_much_is_left_in_peace(said: str, minutes: int) -> None:
    server = ImapServer(host="imap.example", user="me")
    for problem in (login_refused(server, said, "secret"), refused(server, "reading", said), turned_away(server, said)):
        assert problem.retry_after == timedelta(minutes=minutes)
        assert not problem.permanent


@pytest.mark.parametrize(
    "said",
    [
        "[AUTHENTICATIONFAILED] Invalid credentials",
        "[UNAVAILABLE] Temporary failure",
        "[NONEXISTENT] Unknown Mailbox",
        "System Error",
    ],
)
def test_another_refusal_asks_for_no_peace(said: str) -> None:
    server = ImapServer(host="imap.example", user="me")
    assert login_refused(server, said, "secret").retry_after is None
    assert refused(server, "reading", said).retry_after is None


def test_what_exchange_says_of_a_mailbox_that_is_switched_off_names_that_too() -> None:
    problem = login_refused(ImapServer(host="imap.example", user="me"), "User is authenticated but not connected.", "secret")
    assert "look whether IMAP is switched on for this mailbox" in str(problem)


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
