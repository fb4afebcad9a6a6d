"""What is wrong ends as one clear line and exit status 2, or as a message kept aside: no traceback, nothing lost."""

import base64
import contextlib
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home, Ran
from tests.journeys.test_once import deliver
from tests.letters import letter


def refused(done: Ran, *words: str) -> None:
    assert done.status == 2, done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    last = done.err.strip().splitlines()[-1]
    assert last.startswith("interview-agent: "), done.err
    for word in words:
        assert word in last


def test_a_wrong_password(home: Home) -> None:
    home.password.write_text("not the one")

    refused(home.run("once"), home.user, "password")


def test_an_unknown_host(home: Home) -> None:
    home.configure(host="imap.nowhere.invalid")

    refused(home.run("once"), "imap.nowhere.invalid")


def test_a_certificate_of_another_name(home: Home, mailbox_user: MailboxUser) -> None:
    with Dovecot(names=("imap.other.example",)) as other:
        home.configure(host="localhost", port=other.port, ca_file=other.ca_file)

        refused(home.run("once"), "certificate", "imap.other.example")


def test_a_certificate_that_nobody_signed_for_us(home: Home) -> None:
    text = home.config.read_text()
    home.config.write_text("\n".join(line for line in text.splitlines() if not line.startswith("ca_file")))

    refused(home.run("once"), "certificate", "ca_file")


def test_a_missing_drafts_folder(home: Home) -> None:
    with Dovecot(mailboxes={"Sent": "\\Sent"}) as server:
        home.configure(port=server.port, ca_file=server.ca_file)
        home.track(search.INTERVIEWS)
        for _, at, raw in search.messages(datetime.now(UTC)):
            server.deliver(MailboxUser(name=home.user), "INBOX", raw, internaldate=at)

        refused(home.run("once"), "no drafts folder", "[account.folders]")
        assert home.run("status", "--json").json["interviews"][1]["status"] == "rejected"


def test_a_typo_in_the_configuration(home: Home) -> None:
    home.configure(account='pasword_file = "/x"')

    refused(home.run("once"), str(home.config), "account.pasword_file", "password_file")


def test_a_bad_regular_expression_in_a_rule(home: Home) -> None:
    rules = home.folder / "rules" / "signals" / "en"
    rules.mkdir(parents=True)
    (rules / "mine.yaml").write_text(
        "language: en\nlabel: rejection\nrules:\n  - id: mine\n    says: they wish luck\n    confidence: 0.9\n    any:\n"
        "      - 'no luck (this time'\n    matches: [No luck this time.]\n"
    )
    home.configure(more=f'[rules]\nfolder = "{home.folder / "rules"}"')

    done = home.run("once")

    assert done.status == 2
    assert "Traceback" not in done.err
    assert "mine.yaml:8:" in done.err


def test_a_template_with_an_unknown_field(home: Home) -> None:
    templates = home.folder / "rules" / "templates" / "en"
    templates.mkdir(parents=True)
    shipped = Path(__file__).parents[2] / "rules" / "templates" / "en" / "reply_rejection.yaml"
    (templates / "reply_rejection.yaml").write_text(shipped.read_text().replace("{{ company }}", "{{ compny }}", 1))
    home.configure(more=f'[rules]\nfolder = "{home.folder / "rules"}"')

    done = home.run("once")

    assert done.status == 2
    assert "Traceback" not in done.err
    assert "reply_rejection.yaml:" in done.err
    assert "compny" in done.err


def test_a_password_file_that_others_can_read(home: Home) -> None:
    home.password.chmod(0o644)

    refused(home.run("once"), "chmod 600")


def test_a_message_of_30_megabytes_is_read_without_its_attachment(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    attachment = base64.encodebytes(os.urandom(22_500_000))
    raw = (
        b"From: Ines Moreau <ines@birch.example>\r\nTo: robin.hale@mailbox.example\r\nSubject: Data Engineer\r\n"
        b"Authentication-Results: mx.mailbox.example; dmarc=pass header.from=birch.example\r\n"
        b"Message-ID: <large@birch.example>\r\nDate: " + now.strftime("%a, %d %b %Y %H:%M:%S +0000").encode() + b"\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nDear Robin,\r\n\r\nUnfortunately, we have decided not to move forward with your "
        b"application for the Data Engineer role.\r\n\r\nInes\r\n"
        b"--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + attachment.replace(b"\n", b"\r\n")
        + b"\r\n--b--\r\n"
    )
    dovecot.deliver(mailbox_user, "INBOX", raw)
    home.track(search.INTERVIEWS)

    done = home.run("once", "--json")

    assert done.status == 0, done.err
    assert done.json["read"] == 1
    assert {each["id"]: each["status"] for each in home.run("status", "--json").json["interviews"]}["birch-data"] == "rejected"


@pytest.mark.parametrize(
    "odd",
    [
        b"Content-Type: text/plain; charset=X-UNKNOWN\r\n",
        b"Content-Type: text/plain; charset=ansi_x3.110-1983\r\n",
        b"Cc: undisclosed recipients: ;, a group: one@x.example, two@x.example;\r\n",
    ],
)
def test_messages_that_crash_pythons_parser_are_read_and_the_next_one_too(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser, odd: bytes
) -> None:
    now = datetime.now(UTC)
    raw = (
        b"From: undisclosed: ;\r\nTo: robin.hale@mailbox.example\r\n"
        b"Subject: =?X-UNKNOWN?B?4Pk=?=\r\nMessage-ID: <odd@x.example>\r\n" + odd + b"\r\nhello \xe9\xff\r\n"
    )
    dovecot.deliver(mailbox_user, "INBOX", raw)
    deliver(dovecot, mailbox_user, now)
    home.track(search.INTERVIEWS)

    done = home.run("once", "--json")

    assert done.status == 0, done.err
    assert (done.json["read"], done.json["assigned"]) == (6, 3)


def test_a_full_disk_is_said_and_the_next_pass_goes_on(
    home: Home, dovecot: Dovecot, mailbox_user: MailboxUser, small_disk: Path
) -> None:
    home.configure(state=small_disk / "state")
    home.track(search.INTERVIEWS)
    deliver(dovecot, mailbox_user, datetime.now(UTC))
    filler = small_disk / "filler"
    fill(filler)

    full = home.run("once")

    assert full.status == 1
    assert "Traceback" not in full.err
    assert "full" in full.err.splitlines()[-1] or "No space left" in full.err.splitlines()[-1]
    filler.unlink()
    after = home.run("once", "--json")
    assert after.status == 0, after.err
    assert after.json["assigned"] == 3
    assert len(dovecot.messages(mailbox_user, "Drafts")) == 2


def fill(file: Path) -> None:
    """Write until the disk is full."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(handle, b"\0" * 4096)
    os.close(handle)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of one megabyte; only root can mount one."""
    if os.geteuid() != 0:
        pytest.skip("a small disk can only be mounted by root")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_second_daemon_on_the_same_state_refuses_to_start(home: Home) -> None:
    from agent.daemon.lock import alone

    home.track(search.INTERVIEWS)
    with alone(home.state):
        done = home.run("run")

    assert done.status == 1
    assert f"process {os.getpid()}" in done.err


def test_a_letter_without_a_date_is_dated_by_the_mailbox(home: Home, dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    raw = letter(
        message_id="<undated@birch.example>",
        at=now,
        sender="Ines Moreau <ines@birch.example>",
        subject="Data Engineer",
        body="Unfortunately, we have decided not to move forward with your application.\n",
    )
    without = b"\r\n".join(line for line in raw.split(b"\r\n") if not line.startswith(b"Date:"))
    dovecot.deliver(mailbox_user, "INBOX", without, internaldate=now)
    home.track(search.INTERVIEWS)

    assert home.run("once").status == 0

    (entry,) = home.run("why", "birch-data", "--json").json["history"]
    assert datetime.fromisoformat(entry["at"]) == now
