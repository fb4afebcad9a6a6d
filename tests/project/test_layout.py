"""The plan of the house: every room has its place, the middle is pure, files stay small, the way through a room is named."""

import ast
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.project.links import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {contract["id"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}
LONGEST = 400
CLOCKS_AND_FILES = {"now", "today", "utcnow", "open", "print", "input", "read_text", "read_bytes", "write_text", "write_bytes"}


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def called(path: Path) -> set[str]:
    """Return the bare names of all that a file calls: `now` for `datetime.now(...)`."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            names.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
    return names


def test_no_python_file_is_longer_than_400_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files("agent", "tests")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_room_says_in_its_first_line_what_it_is() -> None:
    rooms = sorted(path for path in (ROOT / "agent").iterdir() if (path / "__init__.py").is_file())
    assert len(rooms) > 10
    silent = [room.name for room in rooms if not ast.get_docstring(ast.parse((room / "__init__.py").read_text()))]
    assert silent == []


def test_the_pure_rooms_read_no_clock_and_no_file() -> None:
    pure = [room.replace(".", "/") for room in CONTRACTS["pure"]["source_modules"]]
    found = {str(path.relative_to(ROOT)): called(path) & CLOCKS_AND_FILES for path in python_files(*pure)}
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_a_room_is_pure_or_an_edge_and_the_order_knows_both() -> None:
    order = [room.strip() for layer in CONTRACTS["order"]["layers"] for room in layer.split("|")]
    pure = [room.removeprefix("agent.") for room in CONTRACTS["pure"]["source_modules"]]
    assert set(order[-len(pure) :]) == set(pure)
    assert CONTRACTS["order"]["exhaustive"] is True


@pytest.mark.parametrize("name", ["run", "venv", "dovecot", "cyrus", "systemd", "apt-install"])
def test_the_scripts_can_be_run_and_are_well_formed(name: str) -> None:
    script = ROOT / ".ci" / name
    assert script.stat().st_mode & stat.S_IXUSR
    assert "set -euo pipefail" in script.read_text()
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_ci_runs_the_test_command_of_the_readme_last() -> None:
    lines = (ROOT / ".ci" / "run").read_text().split("\n")
    assert [line for line in lines if line][-1] == "make test"
    assert "make test" in (ROOT / "README.md").read_text()
    assert "make demo" in (ROOT / "README.md").read_text()


def test_every_dependency_stands_in_the_page_about_dependencies() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["demo"]]
    for group in PROJECT["dependency-groups"].values():
        asked += [entry for entry in group if isinstance(entry, str)]
    names = sorted({entry.split(">=")[0].split("==")[0] for entry in asked})
    assert [name for name in names if f"| `{name}` |" not in page] == []
    assert page.count("\n| `") == len(names)
