"""`titles.yaml`: what it refuses."""

from pathlib import Path

import pytest

from agent.rulebook.problems import RulesRefused
from agent.rulebook.title_words import load_title_words
from tests.rulebook.folder import user_rules

OWN = """fields:
  wine: [wine, sommelier]
may_be:
  wine: [bread]
crafts:
  baker: [baker]
ranks: [manager]
"""


def test_a_field_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(RulesRefused) as refused:
        load_title_words(user_rules(tmp_path, OWN, "titles.yaml"))

    (problem,) = refused.value.problems
    assert (problem.line, problem.what, problem.mend) == (4, "there is no field `bread`", "add it to `fields`")


def test_a_users_file_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    found = load_title_words(user_rules(tmp_path, OWN.replace("bread", "wine"), "titles.yaml"))

    assert (found.fields, found.crafts, found.ranks) == (
        (("wine", ("wine", "sommelier")),),
        (("baker", ("baker",)),),
        ("manager",),
    )


def test_the_shipped_file_has_the_form_that_it_is_checked_for() -> None:
    assert dict(load_title_words(None, check_all=True).crafts)["analyst"][0] == "analyst"
