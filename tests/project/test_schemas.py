"""The schemas that editors use: each shipped file names its own, fits it, and they say what the models say."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from agent.rulebook.layers import shipped_rules
from agent.rulebook.marked_yaml import parse_yaml, read_yaml
from agent.rulebook.schemas import heading, kind_of, kinds, schema
from tests.project.schemas import FOLDER, text

FILES = sorted(path.relative_to(shipped_rules()).as_posix() for path in shipped_rules().rglob("*.yaml"))


def validator(kind: str) -> Any:
    found = schema(kind)
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def test_the_schemas_are_those_that_the_models_give() -> None:
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()} == {
        f"{kind}.json": text(kind) for kind in kinds()
    }, "run `make schemas`"


def test_each_shipped_file_names_its_schema_in_its_first_line() -> None:
    without = [name for name in FILES if (shipped_rules() / name).read_text(encoding="utf-8").partition("\n")[0] != heading(name)]
    assert without == [], "run `make schemas`"


def test_the_named_schema_is_there() -> None:
    for name in FILES:
        assert ((shipped_rules() / name).parent / heading(name).partition("=")[2]).resolve() == FOLDER / f"{kind_of(name)}.json"


@pytest.mark.parametrize("kind", kinds())
def test_each_shipped_file_fits_its_schema(kind: str) -> None:
    check = validator(kind)
    for name in (each for each in FILES if kind_of(each) == kind):
        data = read_yaml(shipped_rules() / name, name).data
        assert [f"{name}: {error.message}" for error in check.iter_errors(data)] == []


@pytest.mark.parametrize(
    ("kind", "written", "fits"),
    [
        ("policy", "extends: default\nrules:\n  status-check: {after: 5 business days}\n  final-note: off\n", True),
        ("policy", "extends: default\nrules:\n  status-check: {after: soon}\n", False),
        ("policy", "rules:\n  status-check: {colour: red}\n", False),
        ("template", "subject: Thanks\nmax_words: 90\nvariants:\n  - {id: plain, body: Thank you.}\n", True),
        ("template", "subject: Thanks\nmax_words: many\nvariants:\n  - {id: plain, body: Thank you.}\n", False),
        ("interviews", "- {id: acme, company: Acme, role: Clerk, policy: brief}\n", True),
        ("interviews", "- {id: acme, company: Acme, role: Clerk, polcy: brief}\n", False),
    ],
)
def test_what_a_user_writes_is_told_apart(kind: str, written: str, fits: bool) -> None:
    assert validator(kind).is_valid(parse_yaml(written, "mine.yaml").data) is fits


def test_a_schema_is_plain_json_that_names_its_dialect() -> None:
    for path in sorted(Path(FOLDER).iterdir()):
        assert json.loads(path.read_text(encoding="utf-8"))["$schema"] == "https://json-schema.org/draft/2020-12/schema"
