"""`demo`: it shows the whole product, meets nothing of the user's, and leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import Shell


def test_the_demo_shows_board_drafts_what_is_held_and_what_is_asked_and_leaves_nothing(tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    # What configures a real mailbox must not lead the demo there.
    environment = os.environ | {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "INTERVIEW_AGENT__ACCOUNT__HOST": "imap.real.invalid",
        "INTERVIEW_AGENT__STATE__FOLDER": str(home / "state"),
    }

    done = subprocess.run(
        [sys.executable, "-m", "agent", "demo", "--bodies"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    sections = ["THE BOARD", "DRAFTS", "HELD AND PLANNED", "IN REVIEW"]
    places = [done.stdout.find(f"\n{name}") for name in sections]
    assert -1 not in places
    assert places == sorted(places)
    assert "halden-platform" in done.stdout
    assert "    Subject: Re: " in done.stdout
    assert "    | Dear " in done.stdout
    assert "interview-agent demo --keep" in done.stdout
    assert "Traceback" not in done.stderr
    assert list(temporary.iterdir()) == []
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_without_its_mail_server_the_demo_says_what_to_install(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    # A module below pymap that another test has loaded would be found without asking for pymap.
    for name in [name for name in sys.modules if name.partition(".")[0] == "pymap" or name == "agent.demo.server"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pymap", None)

    done = shell.run("demo", config=False)

    assert (done.status, done.out) == (1, "")
    assert "the demo needs pymap" in done.err
    assert "pip install 'interview-agent[demo]'" in done.err
