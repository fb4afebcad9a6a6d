"""What the user reads when the mailbox cannot be opened: one line that says what, where and how to mend it."""

import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from agent.mailbox.imap import ImapMailbox, open_imap
from agent.mailbox.interface import FolderRole, MailboxProblem
from agent.mailbox.problems import login_refused, refused, turned_away
from agent.mailbox.server import ImapServer
from tests.dovecot import PASSWORD, Dovecot, MailboxUser
from tests.mailbox.odd_server import OddServer
from tests.mailbox.refusals import no_pause_between_tries, refusal  # noqa: F401 - a fixture is named, not called
from tests.mailbox.scenes import arrivals
from tests.proxy import Proxy

pytestmark = pytest.mark.usefixtures("no_pause_between_tries")

WRONG = "not-the-secret-31337"


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
