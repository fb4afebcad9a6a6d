"""The digest end to end: a real Dovecot, a real SMTP server over TLS, and the ledger between them."""

import argparse
import email
import email.policy
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from agent.cli.opening import account_of
from agent.cli.service import _digest
from agent.cli.state import open_ledger, settings_of
from agent.daemon.one_pass import run_pass
from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home
from tests.journeys.test_once import deliver
from tests.letters import letter
from tests.notify import conftest as smtp

# The fixtures of the tests of `notify`.
authority = smtp.authority
ca_file = smtp.ca_file
start_smtp = smtp.serve

ME = "robin.hale@mailbox.example"
NOW = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
"""Noon of today: what Dovecot dates itself is near, and the hour of the digest has come in London."""
DAY = timedelta(days=1)


@pytest.fixture
def server(home: Home, start_smtp: Callable[..., smtp.Server], ca_file: Path) -> smtp.Server:
    """Give an SMTP server over TLS that the configuration names for the digest; the home tracks a search."""
    server = start_smtp()
    secret = home.folder / "smtp-password"
    secret.write_text(smtp.PASSWORD)
    secret.chmod(0o600)
    home.configure(more=table(home, server, ca_file))
    home.track(search.INTERVIEWS)
    return server


def table(home: Home, server: smtp.Server, ca_file: Path) -> str:
    """Return the part of the configuration that is about the digest."""
    return f"""
[digest]
enabled = true
hour = 8
sender = "agent@mailbox.example"
[digest.smtp]
host = "localhost"
port = {server.port}
user = "{smtp.USER}"
password_file = "{home.folder / "smtp-password"}"
ca_file = "{ca_file}"
"""


@contextmanager
def passing(home: Home) -> Iterator[Callable[[datetime], None]]:
    """Give a function that makes a pass and what `run` does after it, as of a moment."""
    settings = settings_of(argparse.Namespace(config=home.config))
    with open_ledger(settings) as ledger:
        account = account_of(settings, ledger)

        def make(now: datetime) -> None:
            run_pass(account, now)
            _digest(settings, account, now)

        yield make


def mails(server: smtp.Server) -> list[EmailMessage]:
    """Return the digests that the server took, after a look at whom they went to and that they were encrypted."""
    found = []
    for envelope, encrypted in zip(server.answers.accepted, server.answers.encrypted, strict=True):
        assert envelope.rcpt_tos == [ME]
        assert encrypted
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


def body(message: EmailMessage) -> str:
    content = message.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_a_day_with_news_brings_one_mail_to_the_user_and_the_next_day_only_what_waits(
    home: Home, server: smtp.Server, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    deliver(dovecot, mailbox_user, NOW)

    with passing(home) as make:
        make(NOW)
        make(NOW + timedelta(minutes=10))
        (first,) = mails(server)
        make(NOW + DAY)
        _, second = mails(server)
        number = home.run("review", "--json").json[0]["number"]
        assert home.run("review", "dismiss", str(number)).status == 0
        make(NOW + 2 * DAY)
        assert len(mails(server)) == 2

    assert (first["To"], first["Cc"], first["Bcc"]) == (ME, None, None)
    assert first["From"] == "Interview Agent <agent@mailbox.example>"
    assert first["Subject"] == f"1 invitation, 1 rejection, 1 question, 2 drafts – {NOW:%a} {NOW.day} {NOW:%B}"
    told = body(first)
    assert "[birch-data] Birch Analytics, Data Engineer\nRejected (was: applied)" in told
    assert "we have decided not to move forward with your application for the Data Engineer role.”" in told
    assert "[acme-backend] Acme Robotics, Backend Engineer\nInvited (was: applied)" in told
    assert "[acme-backend] Acme Robotics, Backend Engineer\nAnswer to the invitation to dana@acme.example\nWhy: " in told
    assert "from tom@cedar.example, “Platform Engineer”" in told
    assert f"Answer {number} " in told
    assert second["Subject"] == f"1 question – {NOW + DAY:%a} {(NOW + DAY).day} {NOW + DAY:%B}"
    assert "Birch" not in body(second)


def test_what_a_rule_holds_back_is_told_with_the_reason(
    home: Home, server: smtp.Server, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    raw = letter(
        message_id="<i@birch.example>",
        at=NOW - timedelta(hours=3),
        sender="Birch Careers <no-reply@birch.example>",
        subject="Data Engineer",
        body="Dear Robin,\n\nwe would like to invite you to an interview. Could you let me know your availability?\n",
    )
    dovecot.deliver(mailbox_user, "INBOX", raw, internaldate=NOW - timedelta(hours=3))

    with passing(home) as make:
        make(NOW)

    (told,) = mails(server)
    assert "DUE, AND HELD BACK BY A RULE\n\n[birch-data] Birch Analytics, Data Engineer\nAnswer to the invitation" in body(told)


def test_the_digest_that_comes_back_is_not_read_as_mail(
    home: Home, server: smtp.Server, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    deliver(dovecot, mailbox_user, NOW)
    with passing(home) as make:
        make(NOW)
    (envelope,) = server.answers.accepted
    assert isinstance(envelope.content, bytes)
    asked = home.run("review", "--json").json
    for folder in ("INBOX", "Sent"):
        dovecot.deliver(mailbox_user, folder, b"Received: from localhost by mx.mailbox.example\r\n" + envelope.content)

    done = home.run("once", "--json")

    assert done.status == 0, done.err
    assert (done.json["read"], done.json["assigned"], done.json["review"]) == (0, 0, [])
    assert home.run("review", "--json").json == asked


def test_a_refusal_is_told_by_check_and_not_tried_at_each_poll(
    home: Home, server: smtp.Server, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    deliver(dovecot, mailbox_user, NOW)
    server.answers.rcpt.append("550 5.7.1 not from here")

    with passing(home) as make:
        for minutes in range(0, 60, 10):
            make(NOW + timedelta(minutes=minutes))
        assert server.answers.connections == 1
        check = home.run("check", "--json")
        make(NOW + DAY)

    (problem,) = [each["text"] for each in check.json if "digest" in each["text"]]
    assert check.status == 1
    assert problem.startswith(f"The last digest could not be sent: mail server localhost:{server.port} refused the digest: 550")
    (told,) = mails(server)
    assert "[birch-data] Birch Analytics, Data Engineer\nRejected (was: applied)" in body(told)


def test_a_password_that_cannot_be_read_does_not_end_the_service(
    home: Home, server: smtp.Server, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    deliver(dovecot, mailbox_user, NOW)
    (home.folder / "smtp-password").unlink()

    with passing(home) as make:
        make(NOW)
        make(NOW + timedelta(minutes=10))

    texts = [each["text"] for each in home.run("check", "--json").json if not each["ok"]]
    assert any("The last digest could not be sent: digest.smtp.password_file: there is no file" in text for text in texts)


def test_passes_that_fail_are_told_though_the_mailbox_cannot_be_reached_at_all(
    home: Home, server: smtp.Server, ca_file: Path
) -> None:
    assert home.run("once").status == 0
    home.password.write_text("not the one")
    home.configure(more=table(home, server, ca_file).replace("hour = 8", "hour = 0"))

    said = until_the_digest(home)

    assert "pass_failed" in said
    (told,) = mails(server)
    assert told["Subject"].startswith("1 problem – ")
    assert f"The last pass over your mailbox failed: wrong user name or password for {home.user}" in body(told)
    assert "not the one" not in body(told) + said


def test_the_service_sends_it_after_a_pass(
    home: Home, server: smtp.Server, dovecot: Dovecot, mailbox_user: MailboxUser, ca_file: Path
) -> None:
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    home.configure(more=table(home, server, ca_file).replace("hour = 8", "hour = 0"))

    said = until_the_digest(home)

    (told,) = mails(server)
    assert "Rejected (was: applied)" in body(told)
    assert f" message_id={told['Message-ID']}" in said


def until_the_digest(home: Home) -> str:
    """Run the service until it says that the digest was sent; return what it said."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("INTERVIEW_AGENT", "XDG_", "NOTIFY_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "agent", "run", "--config", str(home.config)],
        env=environment | {"HOME": str(home.folder)},
        stderr=subprocess.PIPE,
        text=True,
    )
    said = ""
    with process:
        assert process.stderr is not None
        for line in process.stderr:
            said += line
            if line.startswith("digest_"):
                process.terminate()
    assert process.returncode == 0, said
    return said
