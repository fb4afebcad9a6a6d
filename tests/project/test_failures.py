"""The page of failures knows each of the forty-two, and names only tests that are there and say that they play them."""

import ast
import re

import pytest

from tests.project.links import ROOT

PAGE = (ROOT / "docs" / "failures.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[a-z_/]+\.py): (test_[a-z_]+)`")
LINES = {int(line.split("|")[1]): line for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)}
NOT_PLAYED = {38, 40}
"""What shows on a client's screen only, and the sign-in that the agent does not know."""


def numbers_of(file: str) -> dict[str, set[int]]:
    """Return the failures that each test of a file says in its docstring that it plays."""
    found: dict[str, set[int]] = {}
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            said = re.search(r"Failures? ((?:\d+|, | and )+)", ast.get_docstring(node) or "")
            found[node.name] = {int(number) for number in re.findall(r"\d+", said[1])} if said else set()
    return found


def test_all_are_there_and_played() -> None:
    assert list(LINES) == list(range(1, 43))
    assert {number for number, line in LINES.items() if not TEST.search(line)} == NOT_PLAYED


@pytest.mark.parametrize("file", sorted({file for file, _ in TEST.findall(PAGE)}))
def test_what_the_page_names_is_there(file: str) -> None:
    assert {name for named, name in TEST.findall(PAGE) if named == file} <= numbers_of(file).keys()


@pytest.mark.parametrize(
    "file", ["tests/journeys/test_failures.py", "tests/journeys/test_failures_gmail.py", "tests/mailbox/test_failures.py"]
)
def test_a_test_that_says_which_failures_it_plays_is_named_there_and_nowhere_else(file: str) -> None:
    for name, said in numbers_of(file).items():
        named = {number for number, line in LINES.items() if (file, name) in TEST.findall(line)}
        assert named == said, name
