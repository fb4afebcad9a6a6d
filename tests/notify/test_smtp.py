"""Handing the digest in to a real server: always verified, only to the user, tried again where that can help."""

import logging
import socket
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from agent.accounts.settings import Settings
from agent.notify.digest import digest_message
from agent.notify.smtp import NotifyProblem, send_digest
from tests.notify.conftest import PASSWORD, USER, Server

ME = "robin@hale.example"
Serve = Callable[..., Server]


def settings(port: int, ca_file: Path | None, **changes: object) -> Settings:
    smtp = {"host": "localhost", "port": port, "user": USER, "ca_file": ca_file, "timeout_seconds": 10, **changes}
    return Settings.model_validate(
        {
            "user": {"name": "Robin Hale", "addresses": [ME, "r.hale@work.example"], "timezone": "UTC"},
            "account": {"host": "imap.hale.example", "user": "robin"},
            "digest": {"enabled": True, "smtp": smtp},
        }
    )


def digest(address: str = ME) -> EmailMessage:
    return digest_message(
        address=address,
        sender=None,
        subject="Interview Agent, 2026-11-23: 1 change",
        body="They wrote: “no”\n",
        now_local=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    )


def send(told: Settings, message: EmailMessage | None = None, secret: str = PASSWORD) -> None:
    send_digest(told, secret, message if message is not None else digest(), pause_seconds=0)


def content(server: Server) -> bytes:
    """Return the one message that the server took."""
    (envelope,) = server.answers.accepted
    assert isinstance(envelope.content, bytes)
    return envelope.content


def problem(told: Settings, secret: str = PASSWORD) -> NotifyProblem:
    """Return why the digest could not be sent, after a look at all that a log could show of it."""
    with pytest.raises(NotifyProblem) as raised:
        send(told, secret=secret)
    shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    assert secret not in shown
    assert "\n" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_digest_arrives_encrypted_at_the_users_main_address(security: str, serve: Serve, ca_file: Path) -> None:
    server = serve(security)
    send(settings(server.port, ca_file, security=security))
    (envelope,) = server.answers.accepted
    assert envelope.rcpt_tos == [ME]
    assert envelope.mail_from == ME
    assert b"Auto-Submitted: auto-generated" in content(server)
    assert digest()["Message-ID"].encode() in content(server)
    assert server.answers.encrypted == [True]


def test_what_is_temporary_is_tried_again_with_the_same_message_id(
    serve: Serve, ca_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve()
    server.answers.data = ["451 4.3.0 try later"]
    server.answers.rcpt = ["450 4.2.1 busy"]
    with caplog.at_level(logging.WARNING):
        send(settings(server.port, ca_file))
    assert server.answers.connections == 3
    assert digest()["Message-ID"].encode() in content(server)
    said = [record.getMessage() for record in caplog.records if record.name == "agent.notify.smtp"]
    assert [message.partition(":")[0] for message in said] == [
        "the digest could not be sent, try 1 of 3",
        "the digest could not be sent, try 2 of 3",
    ]


def test_after_three_temporary_refusals_it_is_given_up(serve: Serve, ca_file: Path) -> None:
    server = serve()
    server.answers.data = ["451 4.3.0 try later"] * 9
    found = problem(settings(server.port, ca_file))
    assert not found.permanent
    assert str(found) == (
        f"mail server localhost:{server.port} refused the digest for now: 451 4.3.0 try later; it will be tried again"
    )
    assert server.answers.connections == 3
    assert server.answers.accepted == []


@pytest.mark.parametrize("at", ["data", "rcpt"])
def test_what_is_permanent_is_tried_once(at: str, serve: Serve, ca_file: Path) -> None:
    server = serve()
    setattr(server.answers, at, ["554 5.7.1 not wanted"] * 9)
    found = problem(settings(server.port, ca_file))
    assert found.permanent
    assert str(found) == (
        f"mail server localhost:{server.port} refused the digest: 554 5.7.1 not wanted; ask the provider, or check digest.sender"
    )
    assert server.answers.connections == 1


def test_a_server_that_repeats_the_password_does_not_make_it_known(serve: Serve, ca_file: Path) -> None:
    server = serve()
    server.answers.data = [f"554 {PASSWORD} is a poor password"]
    assert "554 *** is a poor password" in str(problem(settings(server.port, ca_file)))


def test_a_wrong_password_is_told_once_and_not_tried_again(serve: Serve, ca_file: Path) -> None:
    server = serve()
    found = problem(settings(server.port, ca_file), secret="another-secret")
    assert found.permanent
    assert str(found) == (
        f"mail server localhost:{server.port} refused the login of robin (535); check digest.smtp.user and its password"
    )
    assert server.answers.connections == 1


def test_a_login_that_fails_for_now_is_tried_again(serve: Serve, ca_file: Path) -> None:
    server = serve()
    server.answers.login = ["454 4.7.0 temporary authentication failure"] * 2
    send(settings(server.port, ca_file))
    assert len(server.answers.accepted) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_for_another_name_is_refused(security: str, serve: Serve, ca_file: Path) -> None:
    server = serve(security, name="mail.other.example")
    found = problem(settings(server.port, ca_file, security=security))
    assert found.permanent
    assert str(found).startswith(
        f"mail server localhost:{server.port}: its certificate is not valid for this name (Hostname mismatch"
    )
    assert server.answers.accepted == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_an_unknown_ca_is_refused(security: str, serve: Serve) -> None:
    server = serve(security)
    found = problem(settings(server.port, None, security=security))
    assert found.permanent
    assert "name the CA of the server in digest.smtp.ca_file" in str(found)
    assert server.answers.accepted == []


def test_a_server_without_starttls_gets_neither_password_nor_digest(serve: Serve, ca_file: Path) -> None:
    server = serve("none")
    found = problem(settings(server.port, ca_file, security="starttls"))
    assert found.permanent
    assert str(found) == (
        f"mail server localhost:{server.port} cannot take the digest (SMTP STARTTLS extension not supported by server.); "
        "check digest.smtp.security and digest.smtp.port"
    )
    assert server.answers.accepted == []


def test_a_server_that_does_not_speak_tls_is_told(serve: Serve, ca_file: Path) -> None:
    server = serve("none")
    found = problem(settings(server.port, ca_file))
    assert found.permanent
    assert str(found) == (
        f"mail server localhost:{server.port} does not speak TLS as asked for; check digest.smtp.port and digest.smtp.security"
    )


def test_a_server_that_is_not_there_is_told(ca_file: Path) -> None:
    with socket.socket() as bound:  # bound and not listening: nobody else can take the port meanwhile
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        found = problem(settings(port, ca_file, host="127.0.0.1"))
    assert not found.permanent
    assert str(found).startswith(f"mail server 127.0.0.1:{port} cannot be reached (")
    assert str(found).endswith("); check the network, digest.smtp.host and digest.smtp.port")


def test_a_ca_file_that_holds_no_certificate_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate\n", encoding="utf-8")
    found = problem(settings(465, broken))
    assert found.permanent
    assert str(found).startswith(f"digest.smtp.ca_file: {broken} cannot be used as certificates (")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cc", "dana@acme.example"),
        ("Bcc", "dana@acme.example"),
        ("Resent-To", "dana@acme.example"),
        ("Cc", ME),
    ],
)
def test_a_second_recipient_is_a_broken_contract(header: str, value: str, serve: Serve, ca_file: Path) -> None:
    server = serve()
    message = digest()
    message[header] = value
    with pytest.raises(ValueError, match="nobody else"):
        send(settings(server.port, ca_file), message)
    assert server.answers.connections == 0


@pytest.mark.parametrize("address", ["dana@acme.example", "r.hale@work.example"])
def test_another_recipient_is_a_broken_contract(address: str, serve: Serve, ca_file: Path) -> None:
    server = serve()
    with pytest.raises(ValueError, match="nobody else"):
        send(settings(server.port, ca_file), digest(address))
    assert server.answers.connections == 0


def test_a_message_without_a_recipient_is_a_broken_contract(serve: Serve, ca_file: Path) -> None:
    message = digest()
    del message["To"]
    with pytest.raises(ValueError, match="nobody else"):
        send(settings(serve().port, ca_file), message)


def test_a_server_that_drags_on_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotifyProblem, match=r"within 0\.2 seconds") as raised:
        send_digest(settings(silent.getsockname()[1], None), PASSWORD, digest(), longest_seconds=0.2)
    assert not raised.value.permanent
