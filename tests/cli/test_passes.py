"""`once` as a script and as a person would call it: what it did on stdout, what went wrong on stderr, and no log in between."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.daemon.lock import alone
from tests.dovecot import Dovecot, MailboxUser
from tests.journeys import search
from tests.journeys.home import Home


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, mailbox_user: MailboxUser) -> Home:
    """Give a home whose mailbox holds the mail of a small search."""
    made = Home(folder=tmp_path, host=dovecot.host, port=dovecot.port, user=mailbox_user.name, ca_file=dovecot.ca_file)
    made.password.write_text(mailbox_user.password)
    made.password.chmod(0o600)
    made.configure()
    made.track(search.INTERVIEWS)
    for _, at, raw in search.messages(datetime.now(UTC)):
        dovecot.deliver(mailbox_user, "INBOX", raw, internaldate=at)
    return made


def test_a_person_reads_what_changed_and_what_lies_in_drafts(home: Home) -> None:
    done = home.run("once")

    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "Read 5 new messages, 3 of them about tracked interviews."
    assert lines[1].startswith("acme-backend: applied → invited: “")
    assert lines[2] == (
        "birch-data: applied → rejected: “Unfortunately, we have decided not to move forward with your application for the "
        "Data Engineer role.”"
    )
    assert lines[3:7] == [
        "Asks 1 new question; see `interview-agent review`.",
        "Put 2 drafts into Drafts.",
        "  acme-backend: reply_invitation to dana@acme.example",
        "  birch-data: reply_rejection to ines@birch.example",
    ]


def test_a_script_reads_json_and_a_developer_each_step(home: Home) -> None:
    done = home.run("once", "--json", "--debug")

    assert done.status == 0
    assert list(done.json) == [
        "began_at", "read", "settled", "assigned", "set_aside", "changes", "queued", "stopped", "withdrawn", "rewritten",
        "review", "answered", "held", "next_at",
    ]  # fmt: skip
    assert (done.json["read"], done.json["review"], len(done.json["queued"])) == (5, [1], 2)
    assert list(done.json["changes"][0]) == ["interview", "before", "after", "quote"]
    assert "pass_began" in done.err.splitlines()
    assert "decided not to move forward" not in done.err


def test_two_at_a_time_are_refused(home: Home) -> None:
    with alone(home.state):
        done = home.run("once")

    assert (done.status, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
