"""The user unit, that for several people, and what launchd reads: as systemd itself reads them."""

import os
import plistlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "systemd/interview-agent.service"
SYSTEM_UNIT = ROOT / "systemd/system/interview-agent@.service"
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


def values(key: str, unit: Path = UNIT) -> list[str]:
    """Return all values of a directive of the unit."""
    return re.findall(rf"(?m)^{key}=(.*)$", unit.read_text(encoding="utf-8"))


def analysed(folder: Path, *words: str) -> str:
    """Return what `systemd-analyze` says, whose user manager would have its home in `folder`."""
    assert ANALYZE is not None, "systemd-analyze is missing, and with CI=true its tests may not be left out"
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run([ANALYZE, *words], capture_output=True, text=True, check=False, env=environment)
    return done.stdout + done.stderr


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
    here, there = "%E/interview-agent", "/etc/credstore"
    assert values("LoadCredential") == [f"{name}.plain:{here}/{name}" for name in names]
    assert values("LoadCredentialEncrypted") == [f"{name}:{here}/{name}.cred" for name in names]
    assert values("LoadCredential", SYSTEM_UNIT) == [f"{name}.plain:{there}/interview-agent.%i.{name}" for name in names]
    assert values("LoadCredentialEncrypted", SYSTEM_UNIT) == [
        f"{name}:{there}.encrypted/interview-agent.%i.{name}" for name in names
    ]


@pytest.mark.parametrize("unit", [UNIT, SYSTEM_UNIT], ids=["user", "system"])
def test_a_missing_credential_does_not_keep_the_unit_from_starting(unit: Path) -> None:
    loaded = [value.partition(":")[0] for key in ("LoadCredential", "LoadCredentialEncrypted") for value in values(key, unit)]
    # systemd takes one credential of a name: the last line would win.
    assert len(loaded) == len(set(loaded))
    assert sorted(values("SetCredential", unit)) == sorted(f"{name}:\\n" for name in loaded)


@NEEDED
@pytest.mark.parametrize(("unit", "manager"), [(UNIT, ["--user"]), (SYSTEM_UNIT, [])], ids=["user", "system"])
def test_the_exposure_is_two_at_most(unit: Path, manager: list[str], tmp_path: Path) -> None:
    said = analysed(tmp_path, "security", "--offline=true", *manager, str(unit))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
    assert found is not None, said
    assert float(found[1]) <= 2.0


@NEEDED
def test_systemd_has_nothing_to_say_against_the_unit_for_several_people(tmp_path: Path) -> None:
    unit = tmp_path / "interview-agent@robin.service"
    unit.write_text(
        re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", SYSTEM_UNIT.read_text(encoding="utf-8")), encoding="utf-8"
    )
    assert analysed(tmp_path, "verify", str(unit)) == ""


def test_each_person_has_a_user_of_their_own() -> None:
    # Without User= systemd names the dynamic user after the unit without its instance: one for all.
    assert values("DynamicUser", SYSTEM_UNIT) == ["yes"]
    assert values("User", SYSTEM_UNIT) == ["interview-agent-%i"]
    assert values("StateDirectory", SYSTEM_UNIT) == ["interview-agent/%i"]


@pytest.mark.parametrize("unit", [UNIT, SYSTEM_UNIT], ids=["user", "system"])
def test_a_reload_is_a_signal_and_only_the_agent_itself_speaks_to_systemd(unit: Path) -> None:
    assert values("ExecReload", unit) == ["kill -HUP $MAINPID"]
    assert values("NotifyAccess", unit) == ["main"]


def test_launchd_can_read_its_list_and_runs_the_same_command() -> None:
    plist = plistlib.loads((ROOT / "service/launchd/interview-agent.plist").read_bytes())
    assert plist["Label"] == "interview-agent"
    assert plist["KeepAlive"] == {"SuccessfulExit": False}
    shell, option, script = plist["ProgramArguments"]
    assert (shell, option) == ("/bin/sh", "-c")
    assert 'exec "$HOME/.local/bin/interview-agent" run' in script
    assert subprocess.run([shell, "-n", option, script], check=False).returncode == 0


def test_commands_and_service_share_one_state_folder() -> None:
    # systemd before 254 puts a user unit's StateDirectory below ~/.config.
    assert values("StateDirectory") == []
