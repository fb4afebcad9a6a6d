"""What is told of the checks is data: the ids are those of the program, and a mistake is told with its place."""

from pathlib import Path

import pytest

from agent.drafts.checks import CHECKS
from agent.rulebook import RulesRefused
from agent.rulebook.checks import load_checks
from agent.rulebook.layers import shipped_rules
from agent.rulebook.templates import load_templates
from tests.drafts.scene import templates

SHIPPED = (shipped_rules() / "checks.yaml").read_text(encoding="utf-8")


def test_the_checks_that_are_told_of_are_those_that_are_made() -> None:
    told = load_checks()
    assert set(told) == set(CHECKS)
    for check in told.values():
        assert check.requires, check.id
        assert check.about.endswith("."), check.id
        fields = {name: f"‹{name}›" for name in CHECKS[check.id]}
        assert check.reason.format_map(fields).endswith("."), check.id


def test_every_language_with_templates_knows_the_words_of_an_ultimatum() -> None:
    assert set(templates().languages) <= set(load_checks()["ultimatum"].words)


def test_a_users_file_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "checks.yaml").write_text(SHIPPED.replace("The template gives an empty text.", "Nothing."), encoding="utf-8")
    assert load_templates(tmp_path).checks["empty_text"].reason == "Nothing."


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("id: no_reply", "id: noreply", "there is no check `noreply`"),
        ("id: no_reply", "id: no_reply\n    id: no_reply", "`id` stands here twice"),
        ("{address} takes no mail", "{adress} takes no mail", "`no_reply` gives no field `{adress}`"),
        ("{address} takes no mail", "{address!r} takes no mail", "`no_reply` gives no field"),
        ("{address} takes no mail", "{address takes no mail", "`no_reply` gives no field"),
        ("  - id: salary\n", "  - id: tone\n", "`tone` stands here twice"),
        ("  - id: salary\n", "  - id: tone\n", "`salary` is missing"),
        ("requires: [B1]", "requires: [X1]", "`checks.19.requires.0`"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert old in SHIPPED
    (tmp_path / "checks.yaml").write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesRefused) as caught:
        load_checks(tmp_path)
    assert any(f": {what}" in str(problem) for problem in caught.value.problems), caught.value
