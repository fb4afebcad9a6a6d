"""`undo` as a user calls it, over the small search of the board's tests."""

import re
from datetime import UTC, datetime

import pytest

from tests.cli.shell import Shell, refused
from tests.journeys import search


@pytest.fixture
def searched(shell: Shell) -> Shell:
    """Give a shell in which three interviews are tracked and their mail is read."""
    now = datetime.now(UTC).replace(microsecond=0)
    shell.configure()
    shell.track(search.INTERVIEWS)
    shell.read_mail(search.messages(now), now=now)
    return shell


def status(shell: Shell, interview: str) -> str:
    return next(str(row["status"]) for row in shell.run("status", "--json").json["interviews"] if row["id"] == interview)


def test_an_entry_is_taken_back_by_the_number_that_why_shows(searched: Shell) -> None:
    entry = next(entry for entry in searched.run("why", "acme-backend", "--json").json["history"] if entry["status"] == "invited")
    shown = " ".join(searched.run("why", "acme-backend").out.split())
    assert f"({entry['event']})" in shown

    done = searched.run("undo", str(entry["event"]))

    assert (
        done.out.splitlines()[0] == f"{entry['event']}: is taken back. acme-backend is applied. The next pass goes on from there."
    )
    again = re.search(r"To undo this: interview-agent undo (\d+)", done.out)
    assert again is not None
    assert status(searched, "acme-backend") == "applied"
    searched.run("undo", again.group(1))
    assert status(searched, "acme-backend") == "invited"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["999"], "there is no entry 999; `interview-agent why INTERVIEW` shows their numbers"),
        (["1", "--to", "nowhere"], "no interview 'nowhere' is tracked; tracked are: acme-backend, birch-data, cedar-platform"),
    ],
)
def test_what_cannot_be_undone_is_told_in_one_line(searched: Shell, words: list[str], why: str) -> None:
    refused(searched.run("undo", *words), why)
