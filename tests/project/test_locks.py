"""The lock files hold what pyproject.toml asks for, and nothing of the machine they were made on."""

import re

import pytest
from packaging.requirements import Requirement

from tests.project.locks import ROOT, declared, disagreements, main, wanted

LOCK = """\
apple==1.2.0 \\
    --hash=sha256:00
    # via interview-agent (pyproject.toml)
pear==3.0 ; sys_platform == 'win32' \\
    --hash=sha256:00
    # via apple
"""


def test_the_committed_locks_agree_with_pyproject() -> None:
    assert main() == 0


def test_a_lock_that_answers_is_passed() -> None:
    assert list(disagreements(LOCK, [Requirement("Apple>=1.1,<2")])) == []


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (["apple", "plum>=2"], "plum>=2 is not in it"),
        (["apple>=1.3"], "apple>=1.3 is asked for, 1.2.0 is locked"),
        ([], "apple is locked, but pyproject.toml no longer asks for it"),
    ],
)
def test_each_disagreement_is_named(asked: list[str], problem: str) -> None:
    assert list(disagreements(LOCK, [Requirement(text) for text in asked])) == [problem]


def test_a_pin_without_hash_is_named() -> None:
    assert list(disagreements("apple==1\n    # via pear\n", [])) == ["apple has no hash"]


@pytest.mark.parametrize("name", sorted(wanted()))
def test_a_lock_names_no_registry_and_no_path(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    assert re.findall(r"https?:|file:|--index|--find-links|(?<=\s)/\w+", text) == []


def test_the_demo_can_be_installed_without_what_only_tests_need() -> None:
    demo = {requirement.name for requirement in declared(demo=True, group="build")}
    assert {"pymap", "hatchling", "editables"} <= demo
    assert demo.isdisjoint({"pytest", "mypy", "ruff"})
