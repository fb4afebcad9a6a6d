"""What is installed from the wheel has all that a checkout has."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.project.links import ROOT

QUESTION = """
import sys
sys.path.insert(0, sys.argv[1])
from agent.rulebook.layers import rule_files, shipped_rules
print(shipped_rules())
print(*(file.name for file in rule_files("", None)), sep="\\n")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and return a folder that holds what it installs."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_rules_lie_inside_the_package_and_are_found_there(installed: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-I", "-B", "-c", QUESTION, str(installed)], check=True, capture_output=True, text=True, cwd=installed
    )
    where, *names = answer.stdout.splitlines()
    assert where == str(installed / "agent" / "rules")
    assert names == sorted(path.relative_to(ROOT / "rules").as_posix() for path in (ROOT / "rules").rglob("*.yaml"))


@pytest.mark.parametrize(
    "name",
    [
        "config.example.toml",
        "systemd/interview-agent.service",
        "systemd/system/interview-agent@.service",
        "service/launchd/interview-agent.plist",
        "service/Containerfile",
        "LICENSE",
        "agent/learned/weights.npz",
        "agent/learned/card.md",
    ],
)
def test_the_other_files_come_along(installed: Path, name: str) -> None:
    (inside,) = installed.rglob(name)
    assert inside.read_bytes() == (ROOT / name).read_bytes()


def test_the_demo_has_its_mail(installed: Path) -> None:
    mail = sorted(path.name for path in (ROOT / "agent" / "demo" / "mail").iterdir())
    assert sorted(path.name for path in (installed / "agent" / "demo" / "mail").iterdir()) == mail


def test_neither_tests_nor_machine_made_files_come_along(installed: Path) -> None:
    assert {path.name for path in installed.iterdir() if path.suffix not in (".dist-info", ".data")} == {"agent"}
    (shared,) = installed.glob("*.data")
    assert [path.relative_to(shared).as_posix() for path in shared.rglob("*.1")] == ["data/share/man/man1/interview-agent.1"]
    assert sum(path.is_file() for path in shared.rglob("*")) == 1
    assert list(installed.rglob("__pycache__")) == []
