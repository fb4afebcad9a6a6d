"""What the guides require, by id, and which rule, limit, template, check or feature says that it carries it out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from agent.rulebook.grammar import Id, Line, Requirement
from agent.rulebook.layers import RuleFile, rule_files
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused

FILE = "requirements.yaml"
_CITING = ("policies", "templates", "checks.yaml", FILE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """One place that says that it carries a requirement out."""

    requirement: str
    name: str
    """The file below the rules folder, such as `policies/brief.yaml`."""
    entry: str
    """What in it: `rules.thank-you`, a wording's id, a check's id; empty for the whole file."""
    problem: RuleProblem
    """What to tell if nobody knows the id."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Guide(_Strict):
    preset: Id
    about: Line


class _Feature(_Strict):
    requires: list[Requirement]
    about: Line
    where: Line


class RequirementsFile(_Strict):
    """`requirements.yaml`."""

    guides: dict[str, _Guide]
    requirements: dict[Requirement, Line]
    features: dict[Id, _Feature]


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """What the program does by itself, without a rule."""

    id: str
    requires: tuple[str, ...]
    about: str
    where: str
    """The file of the project in which it is done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirements:
    """All that the guides ask for."""

    asked: dict[str, str]
    """Id → one line, in the order of the guides."""
    features: tuple[Feature, ...]


def load_requirements(user_folder: Path | None = None) -> Requirements:
    """Return what the guides ask for. Raises `RulesRefused`."""
    file = next(iter(rule_files(FILE, user_folder)))
    read = validated(read_yaml(file.path, file.shown), RequirementsFile)
    features = tuple(
        Feature(id=name, requires=tuple(each.requires), about=each.about, where=each.where)
        for name, each in read.features.items()
    )
    return Requirements(asked=dict(read.requirements), features=features)


def citations(user_folder: Path | None = None) -> list[Citation]:
    """Return every place in the rules in force that cites a requirement, by file; a file that is no YAML is left out."""
    found: list[Citation] = []
    for file in (each for folder in _CITING for each in rule_files(folder, user_folder)):
        try:
            document = read_yaml(file.path, file.shown)
        except RulesRefused:
            continue
        found += _cited(file, document, (), document.data)
    return found


def unknown(user_folder: Path | None = None) -> list[RuleProblem]:
    """Return a problem for every id that is cited and that no guide has. Raises `RulesRefused`."""
    asked = load_requirements(user_folder).asked
    return [citation.problem for citation in citations(user_folder) if citation.requirement not in asked]


def _cited(file: RuleFile, document: MarkedYaml, path: tuple[str | int, ...], value: Any) -> Iterator[Citation]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "requires" and isinstance(inner, list):
                for number, each in enumerate(inner):
                    yield Citation(
                        requirement=str(each),
                        name=file.name,
                        entry=_entry(path, document.data),
                        problem=document.problem(
                            (*path, key, number), f"no guide asks for `{each}`", f"cite an id of rules/{FILE}"
                        ),
                    )
            else:
                yield from _cited(file, document, (*path, key), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _cited(file, document, (*path, number), inner)


def _entry(path: tuple[str | int, ...], data: Any) -> str:
    """Return how an entry is called: its keys, and the id of a wording in place of its number."""
    names: list[str] = []
    for step in path:
        data = data[step]
        names.append(str(data.get("id", step)) if isinstance(step, int) and isinstance(data, dict) else str(step))
    return ".".join(names).removeprefix("variants.")
