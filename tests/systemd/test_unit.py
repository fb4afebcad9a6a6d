"""The user unit, as systemd itself reads it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "systemd/interview-agent.service"
ANALYZE = shutil.which("systemd-analyze")
NEEDED = pytest.mark.skipif(
    ANALYZE is None and os.environ.get("CI") != "true", reason="systemd-analyze is not installed (apt install systemd)"
)


def verify(text: str, folder: Path) -> tuple[int, str]:
    """Return the exit status and all words of `systemd-analyze --user verify` on a unit whose program exists."""
    unit = folder / "interview-agent.service"
    unit.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
    assert ANALYZE is not None, "systemd-analyze is missing, and with CI=true its tests may not be left out"
    done = subprocess.run(
        [ANALYZE, "--user", "verify", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        # A user manager's home of its own, so that no unit of this machine is looked at.
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "LC_ALL": "C.UTF-8"},
    )
    return done.returncode, done.stdout + done.stderr


def values(key: str) -> list[str]:
    """Return all values of a directive of the unit."""
    return re.findall(rf"(?m)^{key}=(.*)$", UNIT.read_text(encoding="utf-8"))


@NEEDED
def test_systemd_has_nothing_to_say_against_the_unit(tmp_path: Path) -> None:
    assert verify(UNIT.read_text(encoding="utf-8"), tmp_path) == (0, "")


@NEEDED
@pytest.mark.parametrize(
    "wrong", ["RestrictRealtme=yes", "WatchdogSec=often", "SetCredential=imap-password:", "StateDirectory=/abs"]
)
def test_a_mistake_in_the_unit_would_be_seen(wrong: str, tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8").replace("[Install]", f"{wrong}\n\n[Install]")
    assert verify(text, tmp_path)[1] != ""


def test_the_unit_runs_the_daemon_and_waits_for_its_word() -> None:
    assert values("ExecStart") == ["%h/.local/bin/interview-agent run"]
    assert values("Type") == ["notify"]
    assert values("WatchdogSec") == ["10min"]
    assert values("WantedBy") == ["default.target"]


def test_a_wrong_configuration_is_not_tried_again_and_all_else_is() -> None:
    assert values("Restart") == ["on-failure"]
    assert values("RestartPreventExitStatus") == ["2"]
    assert values("RestartSec") == ["2min"]
    assert values("StartLimitIntervalSec") == ["0"]


def test_the_unit_loads_the_credentials_that_the_configuration_looks_for() -> None:
    from agent.accounts.tables import AccountTable, SmtpTable

    names = [AccountTable.model_fields["credential"].default, SmtpTable.model_fields["credential"].default]
    assert values("LoadCredential") == [f"{name}:%E/interview-agent/{name}" for name in names]


def test_commands_and_service_share_one_state_folder() -> None:
    # systemd before 254 puts a user unit's StateDirectory below ~/.config.
    assert values("StateDirectory") == []
