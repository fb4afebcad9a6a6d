"""Rules are read strictly, and every mistake is told with its place and how to mend it."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from agent.rulebook.marked_yaml import parse_yaml, read_yaml, validated
from agent.rulebook.problems import RulesRefused


class Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    confidence: float


class Rules(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rules: list[Rule]


def problems(text: str) -> list[str]:
    with pytest.raises(RulesRefused) as refused:
        validated(parse_yaml(text, "rules/some.yaml"), Rules)
    return [str(problem) for problem in refused.value.problems]


def test_values_are_read_as_they_are_written() -> None:
    data = parse_yaml("a: no\nb: 007\nc: 12\nd: 0.5\ne: true\nf: ~\ng: '12'\nh: 2027-03-10\n", "x").data
    assert data == {"a": "no", "b": "007", "c": 12, "d": 0.5, "e": True, "f": None, "g": "12", "h": "2027-03-10"}


def test_an_empty_file_has_no_data() -> None:
    assert parse_yaml("# nothing\n", "x").data is None


def test_a_file_that_is_no_yaml_is_told_with_its_place() -> None:
    with pytest.raises(RulesRefused, match=r"^rules/some\.yaml:3:1: this is not YAML"):
        parse_yaml("a: 1\nb: [1, 2\n", "rules/some.yaml")


def test_control_characters_are_refused_not_crashed_on() -> None:
    with pytest.raises(RulesRefused, match="this is not YAML"):
        parse_yaml("a: \x00", "rules/some.yaml")


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesRefused, match="the file cannot be read: Is a directory"):
        read_yaml(tmp_path)


def test_bytes_that_are_no_text_are_refused_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "some.yaml"
    file.write_bytes(b"a: \xff\xfe")
    with pytest.raises(RulesRefused, match=r"some\.yaml:1:1: .*UTF-8"):
        read_yaml(file)


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(RulesRefused, match=r"x:3:1: `a` stands here twice; keep one of the two"):
        parse_yaml("a: 1\nb: 2\na: 3\n", "x")


def test_anchors_are_refused() -> None:
    with pytest.raises(RulesRefused, match="anchors and aliases"):
        parse_yaml("a: &x [1]\nb: *x\n", "x")


def test_an_unknown_key_is_told_where_it_stands() -> None:
    assert problems("rules:\n  - id: one\n    confidence: 0.5\n    confidnece: 0.9\n") == [
        "rules/some.yaml:4:5: `rules.0.confidnece` is not a known key; correct its spelling or remove it"
    ]


def test_all_mistakes_are_told_at_once() -> None:
    told = problems("rules:\n  - id: one\n  - id: two\n    confidence: high\n")
    assert told[0] == "rules/some.yaml:2:5: `rules.0.confidence` is missing; add it"
    assert told[1].startswith("rules/some.yaml:4:5: `rules.1.confidence`: input should be a valid number")


def test_a_deep_nest_is_refused_not_crashed_on() -> None:
    with pytest.raises(RulesRefused):
        parse_yaml("[" * 20_000, "x")


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert problems("") == ["rules/some.yaml:1:1: the file is empty; fill it in, or remove it"]
