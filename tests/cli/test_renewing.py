"""What a reload takes up and what needs a restart; and that no edit of the rules is met half-way."""

import argparse
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.accounts.settings import load_accounts
from agent.cli.renewing import Renewing
from agent.daemon import journal
from agent.daemon.stopping import Bell
from tests.cli.shell import Shell

OWN = ".config/interview-agent/rules"


class Running:
    """The part of a running service that takes up what has changed, and what it has told."""

    def __init__(self, shell: Shell, bell: Bell) -> None:
        config = shell.folder / "config.toml"
        self.bell = bell
        self.nudged = 0
        self.renewing = Renewing(load_accounts(config), argparse.Namespace(config=config, account=None), bell)

    def reload(self) -> None:
        self.bell.ring()
        self.renewing.look(self.nudge)

    def nudge(self) -> None:
        self.nudged += 1


@pytest.fixture
def running(shell: Shell) -> Iterator[Running]:
    with Bell() as bell:
        yield Running(shell, bell)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    root, said = logging.getLogger(), io.StringIO()
    before = root.handlers[:]
    journal.begin(stream=said)
    yield said
    root.handlers[:] = before


def lines(log: io.StringIO) -> list[str]:
    """Return what was told since the last time."""
    found = log.getvalue().splitlines()
    log.seek(0)
    log.truncate()
    return found


def test_a_reload_takes_up_what_is_safe_and_says_what_needs_a_restart(shell: Shell, running: Running, log: io.StringIO) -> None:
    shell.configure(
        user='language = "de"',
        host="imap.other.invalid",
        more='[policy]\npreset = "brief"\n[daemon]\npoll_minutes = 9\n',
    )
    running.reload()
    now = running.renewing.in_force
    assert lines(log) == ['configuration_taken_up tables="daemon, policy"', 'restart_needed tables="account, user"']
    assert now.rules.policies.configured.name == "brief"
    assert now.settings[""].daemon.poll_minutes == 9
    assert now.settings[""].account.host == "imap.nowhere.invalid"
    assert now.settings[""].user.language != "de"
    assert running.nudged == 1


def test_a_configuration_that_cannot_be_read_leaves_the_old_one_in_force(
    shell: Shell, running: Running, log: io.StringIO
) -> None:
    before = running.renewing.in_force.settings
    shell.configure(more="[daemon]\npoll_minutes = 0\n")
    running.reload()
    (line,) = lines(log)
    assert line.startswith("configuration_not_taken_up problem=")
    assert "poll_minutes" in line
    assert running.renewing.in_force.settings == before


def test_a_preset_that_does_not_exist_leaves_the_old_rules_in_force(shell: Shell, running: Running, log: io.StringIO) -> None:
    shell.configure(more='[policy]\npreset = "breif"\n')
    running.reload()
    taken, refused = lines(log)
    assert taken == "configuration_taken_up tables=policy"
    assert refused.startswith('rules_not_taken_up problem="rules/policies/breif.yaml:1:1: there is no policy `breif`')
    assert running.renewing.in_force.rules.policies.configured.name == "default"
    assert "breif" in running.renewing.in_force.warning


def test_broken_rules_are_told_once_and_mended_ones_are_taken_up(shell: Shell, running: Running, log: io.StringIO) -> None:
    before = running.renewing.in_force.rules
    policy = shell.folder / OWN / "policies/mine.yaml"
    policy.parent.mkdir(parents=True)
    policy.write_text("extends: default\nrules:\n  status-check: {aftr: 5 days}\n")
    running.reload()
    (refused,) = lines(log)
    assert f"{policy}:3:18: `rules.status-check.aftr` is not a known key" in refused
    assert running.renewing.in_force.rules is before
    for _ in range(3):
        running.renewing.look(running.nudge)
    assert lines(log) == []
    assert running.nudged == 1

    policy.write_text("extends: default\nrules:\n  status-check: {after: 5 days}\n")
    running.reload()
    assert lines(log) == ['rules_taken_up what="new policies/mine.yaml"']
    assert "mine" in running.renewing.in_force.rules.policies.named
    assert running.renewing.in_force.rules.model is before.model
    assert running.renewing.in_force.warning == ""


def test_what_an_editor_lays_beside_a_file_is_no_rule(shell: Shell, running: Running) -> None:
    folder = shell.folder / OWN / "signals/en"
    folder.mkdir(parents=True)
    (folder / ".#mine.yaml").symlink_to("alex@desk.4711")
    (folder / "#mine.yaml#").write_text("half of")
    (folder / ".mine.yaml.swp").write_bytes(b"\0")
    (folder / "mine.yaml~").write_text("of yesterday")
    running.reload()
    assert running.renewing.in_force.warning == ""


def test_a_configured_folder_that_is_gone_is_not_taken_for_empty(shell: Shell, tmp_path: Path, log: io.StringIO) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    shell.configure(more=f'[rules]\nfolder = "{mine}"\n')
    with Bell() as bell:
        running = Running(shell, bell)
        mine.rmdir()
        running.reload()
    assert "the folder of your own rules is gone" in running.renewing.in_force.warning
