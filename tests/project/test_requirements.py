"""Every requirement of the guides is carried out by something, and the table says by what."""

import re
from pathlib import Path

import pytest

from agent.rulebook.requirements import load_requirements, unknown
from tests.project.requirements import DOCUMENT, ROOT, carried_out, table

GUIDES = {"A": 15, "B": 11, "C": 6, "D": 11, "E": 7}
IDS = [f"{letter}{number}" for letter, last in GUIDES.items() for number in range(1, last + 1)]


def test_all_fifty_requirements_are_known() -> None:
    assert list(load_requirements().asked) == IDS


@pytest.mark.parametrize("requirement", IDS)
def test_something_carries_it_out(requirement: str) -> None:
    assert carried_out(requirement)


def test_the_table_is_the_one_that_the_rules_give() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == table(), "run `make requirements`"


def test_a_feature_names_a_file_that_is_there() -> None:
    assert [each.where for each in load_requirements().features if not (ROOT / each.where).is_file()] == []


def test_an_id_that_no_guide_has_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    text = (ROOT / "rules" / "policies" / "default.yaml").read_text(encoding="utf-8")
    (tmp_path / "policies" / "mine.yaml").write_text(text.replace("requires: [A2, ", "requires: [A99, ", 1), encoding="utf-8")

    (problem,) = unknown(tmp_path)

    line = text[: text.index("requires: [A2, ")].count("\n") + 1
    assert re.fullmatch(
        rf".*mine\.yaml:{line}:\d+: no guide asks for `A99`; cite an id of rules/requirements\.yaml", str(problem)
    )
