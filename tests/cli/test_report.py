"""`report` as the user calls it: where it writes, in which form, over which accounts."""

import csv
import io
import stat
from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar

from agent.accounts.settings import load_accounts, load_settings
from agent.cli.state import open_ledger
from tests.cli.shell import Shell, refused
from tests.report.searches import drawn, kept_in


@pytest.fixture
def searching(shell: Shell) -> Shell:
    """A user with twelve interviews."""
    shell.configure()
    with open_ledger(load_settings(shell.folder / "config.toml")) as ledger:
        kept_in(ledger, drawn(12, 3, now=datetime.now(UTC)))
    return shell


def test_the_page_lies_in_this_folder_for_its_owner_alone(searching: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(searching.folder)
    done = searching.run("report")
    assert (done.status, done.out) == (0, "")
    assert done.err.startswith("job-search.html: 12 interviews, ")
    page = searching.folder / "job-search.html"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert searching.run("report", "-").out.count('<details class="one"') == 12


def test_the_forms_agree(searching: Shell) -> None:
    found: Any = searching.run("report", "--json").json
    assert found["head"]["all"]["count"] == 12
    rows = list(csv.DictReader(io.StringIO(searching.run("report", "--csv").out)))
    assert sorted(row["id"] for row in rows) == sorted(each["id"] for each in found["interviews"])
    assert {row["id"]: row["status"] for row in rows} == {each["id"]: each["status"] for each in found["interviews"]}
    file = searching.folder / "search.ics"
    assert searching.run("report", "--ics", str(file)).status == 0
    calendar: Any = Calendar.from_ical(file.read_bytes())
    assert any(str(each["categories"].to_ical(), "utf-8") == "Interview" for each in calendar.walk("VEVENT"))


def test_several_accounts_make_one_page_and_one_of_them_its_own(shell: Shell) -> None:
    login = 'host = "imap.nowhere.invalid"\nuser = "robin"\npassword_env = "NOWHERE"\n'
    (shell.folder / "config.toml").write_text(
        '[user]\nname = "Robin Hale"\naddresses = ["robin.hale@mailbox.example"]\ntimezone = "Europe/London"\n'
        f'[accounts.home]\n{login}[accounts.work]\n{login}[state]\nfolder = "{shell.state}"\n',
        encoding="utf-8",
    )
    for settings in load_accounts(shell.folder / "config.toml"):
        with open_ledger(settings) as ledger:
            kept_in(ledger, drawn(2 if settings.name == "work" else 3, 3, now=datetime.now(UTC)))
    both: Any = shell.run("report", "--json").json
    assert both["head"]["all"]["count"] == 5
    assert set(both["head"]["all"]["interviews"]) == {
        *(f"home/interview-00{number}" for number in range(3)),
        *(f"work/interview-00{number}" for number in range(2)),
    }
    assert "<code>interview-000</code> in work" in shell.run("report", "-").out
    one: Any = shell.run("report", "--json", "--account", "work").json
    assert set(one["head"]["all"]["interviews"]) == {"interview-000", "interview-001"}


def test_a_place_that_cannot_be_written_to_is_told(searching: Shell) -> None:
    refused(searching.run("report", str(searching.folder)), "is a folder", "job-search.html")
    refused(searching.run("report", str(searching.folder / "nowhere" / "page.html")), "there is no folder")
    refused(searching.run("report", "--open", "-"), "a browser opens files")


def test_without_an_interview_the_page_says_how_to_begin(shell: Shell) -> None:
    shell.configure()
    assert "Nothing is tracked yet." in shell.run("report", "-").out


def test_with_broken_rules_it_tells_all_but_what_is_due(searching: Shell) -> None:
    (searching.folder / "rules" / "policies").mkdir(parents=True)
    (searching.folder / "rules" / "policies" / "default.yaml").write_text("rules: nonsense\n", encoding="utf-8")
    searching.configure(more=f'[rules]\nfolder = "{searching.folder / "rules"}"')
    page = searching.run("report", "-").out
    assert "What is due next cannot be told, for the rules cannot be read:" in page
    assert page.count('<details class="one"') == 12
