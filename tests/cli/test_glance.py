"""What is kept worked out is shown only where working it out anew would show the same."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.accounts.settings import load_settings
from agent.cli import fingerprint, glance, looking
from agent.cli.keeping import Keeper
from agent.cli.state import open_ledger
from agent.interviews import Event, EventKind, Status
from tests.cli.shell import Shell, configure, read_mail
from tests.journeys import search
from tests.journeys.home import Ran

LOOKS = (("status",), ("status", "--json"), ("why", "acme-backend"), ("why", "birch-data", "--json"))


@pytest.fixture(scope="module")
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def state_after_a_pass(now: datetime, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    read_mail(configure(folder), search.messages(now), now=now, tracked=search.INTERVIEWS)
    return folder / "state"


@pytest.fixture
def kept(shell: Shell, state_after_a_pass: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Give a shell in which the service has worked everything out; files count as settled as soon as they are written."""
    monkeypatch.setattr(fingerprint, "_SETTLED_SECONDS", -1.0)
    shutil.copytree(state_after_a_pass, shell.state)
    with open_ledger(load_settings(shell.folder / "config.toml")) as ledger:
        Keeper(ledger, "", shell.folder / "config.toml").keep(datetime.now(UTC))
    return shell


def without_moments(done: Ran) -> str:
    return "\n".join(line for line in done.out.splitlines() if '"as_of"' not in line and '"forecast_at"' not in line)


def looked(shell: Shell) -> list[str]:
    return [without_moments(shell.run(*words)) for words in LOOKS]


def nothing_is_worked_out(patch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("worked out anew")

    for name in ("board_of", "why_of"):
        patch.setattr(looking, name, refuse)


def test_what_is_kept_is_what_would_be_worked_out(kept: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        nothing_is_worked_out(patch)
        glanced = looked(kept)
    monkeypatch.setattr(glance, "places", lambda _config: None)

    assert glanced == looked(kept)
    assert "acme-backend" in glanced[0]


def test_a_look_is_kept_for_the_next_one(shell: Shell, state_after_a_pass: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "_SETTLED_SECONDS", -1.0)
    shutil.copytree(state_after_a_pass, shell.state)
    first = looked(shell)

    nothing_is_worked_out(monkeypatch)

    assert looked(shell) == first


def note(shell: Shell) -> None:
    with open_ledger(load_settings(shell.folder / "config.toml")) as ledger, ledger.transaction():
        at = datetime.now(UTC) - timedelta(minutes=1)
        ledger.add_event(Event(interview="acme-backend", at=at, kind=EventKind.SET, status=Status.OFFER, rule="set by hand"))


def another_zone(shell: Shell) -> None:
    file = shell.folder / "config.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("Europe/London", "Asia/Tokyo"), encoding="utf-8")


def broken(shell: Shell) -> None:
    with (shell.folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write("\n[user]\n")


def own_rules(shell: Shell) -> None:
    folder = shell.folder / ".config" / "interview-agent" / "rules" / "policies"
    folder.mkdir(parents=True)
    (folder / "default.yaml").write_text("about: nothing\n", encoding="utf-8")


def variable(shell: Shell) -> None:
    shell.patch.setenv("INTERVIEW_AGENT__USER__TIMEZONE", "Asia/Tokyo")


@pytest.mark.parametrize("change", [note, another_zone, broken, own_rules, variable])
def test_whatever_changes_is_seen_at_once(kept: Shell, monkeypatch: pytest.MonkeyPatch, change: Callable[[Shell], None]) -> None:
    before = kept.run("status")
    change(kept)
    after = kept.run("status")
    monkeypatch.setattr(glance, "places", lambda _config: None)
    anew = kept.run("status")

    assert (after.status, after.out, after.err) == (anew.status, anew.out, anew.err)
    assert (after.status, after.out, after.err) != (before.status, before.out, before.err)


def test_a_file_that_was_written_just_now_is_not_trusted(kept: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    config = kept.folder / "config.toml"
    monkeypatch.setattr(fingerprint, "_SETTLED_SECONDS", 3600.0)

    assert fingerprint.program_of(config, "") == ""


def test_the_fingerprint_holds_nothing_of_the_configuration(kept: Shell) -> None:
    config = kept.folder / "config.toml"
    program = fingerprint.program_of(config, "")

    assert len(program) == 64
    assert fingerprint.program_of(config, "") == program
    os.utime(config)
    assert fingerprint.program_of(config, "") != program


def test_a_quiet_service_works_nothing_out_twice(kept: Shell, now: datetime) -> None:
    config = kept.folder / "config.toml"
    asked: list[bool] = []

    def goes_on() -> bool:
        asked.append(True)
        return True

    with open_ledger(load_settings(config)) as ledger:
        keeper = Keeper(ledger, "", config)
        moment = datetime.now(UTC)
        keeper.keep(moment, goes_on=goes_on)
        version = ledger.version()
        keeper.keep(moment, goes_on=goes_on)

        assert (asked, ledger.version()) == ([], version), "all of it was kept before"


def test_what_waits_and_what_does_not_work_is_read_anew_each_time(kept: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_is_worked_out(monkeypatch)
    with open_ledger(load_settings(kept.folder / "config.toml")) as ledger, ledger.transaction():
        ledger.resolve(1, resolution="dismissed", at=datetime.now(UTC))

    assert "in review" not in kept.run("status").out
    assert kept.run("why", "cedar-platform", "--json").json["review"] == []
