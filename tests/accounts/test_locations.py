"""Where state lies, and who can read it."""

import stat
from pathlib import Path

import pytest

from agent.accounts.locations import make_state_folder, rules_folder, state_folder


def test_the_state_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = make_state_folder(tmp_path / "deep/down/interview-agent")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_state_folder_that_is_there_is_kept(tmp_path: Path) -> None:
    folder = make_state_folder(tmp_path / "state")
    (folder / "ledger").touch()
    assert list(make_state_folder(folder).iterdir()) == [folder / "ledger"]


def test_the_state_folder_follows_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/srv/state")
    assert state_folder() == Path("/srv/state/interview-agent")


def test_there_is_no_rules_folder_until_the_user_makes_one(home: Path) -> None:
    assert rules_folder() is None
    (home / ".config/interview-agent/rules").mkdir(parents=True)
    assert rules_folder() == home / ".config/interview-agent/rules"
