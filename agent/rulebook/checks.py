"""What is told of the last checks on a draft: `checks.yaml` turned into the values of `agent.drafts`."""

import string
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent.drafts.checks import CHECKS
from agent.drafts.templates import CheckText
from agent.rulebook.grammar import Line, Requirement
from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused

FILE = "checks.yaml"
_Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
_Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _CheckYaml(_Strict):
    id: _Name
    about: Line
    requires: Annotated[tuple[Requirement, ...], Field(min_length=1)]
    reason: Line
    told: str = ""
    words: dict[_Code, Annotated[tuple[Line, ...], Field(min_length=1)]] = {}


class ChecksFile(_Strict):
    """`checks.yaml`."""

    checks: Annotated[tuple[_CheckYaml, ...], Field(min_length=1)]


def load_checks(user_folder: Path | None = None) -> Mapping[str, CheckText]:
    """Return what is told of each check, by id; the user's file takes the place of the shipped one.

    Raises `RulesRefused` where a check is missing, unknown or told twice, or a sentence has a field that the check does not give.
    """
    file = next(iter(rule_files(FILE, user_folder)))
    document = read_yaml(file.path, file.shown)
    found = validated(document, ChecksFile).checks
    problems = _problems(document, found)
    if problems:
        raise RulesRefused(problems)
    return MappingProxyType(
        {
            each.id: CheckText(
                id=each.id,
                requires=each.requires,
                about=each.about,
                reason=each.reason,
                told=each.told.strip(),
                words={code: tuple(word.casefold() for word in words) for code, words in each.words.items()},
            )
            for each in found
        }
    )


def _problems(document: MarkedYaml, found: tuple[_CheckYaml, ...]) -> list[RuleProblem]:
    problems = []
    seen: set[str] = set()
    for index, each in enumerate(found):
        path = ("checks", index)
        if each.id not in CHECKS:
            problems.append(
                document.problem((*path, "id"), f"there is no check `{each.id}`", f"the checks are {', '.join(CHECKS)}")
            )
            continue
        if each.id in seen:
            problems.append(document.problem((*path, "id"), f"`{each.id}` stands here twice", "keep one of the two"))
        seen.add(each.id)
        strange = _fields(each.reason) - CHECKS[each.id]
        if strange:
            given = ", ".join(f"{{{name}}}" for name in sorted(CHECKS[each.id])) or "none"
            what = f"`{each.id}` gives no field {', '.join(f'`{{{name}}}`' for name in sorted(strange))}"
            problems.append(document.problem((*path, "reason"), what, f"its fields are: {given}"))
    missing = [name for name in CHECKS if name not in seen]
    if missing:
        problems.append(document.problem((), f"`{'`, `'.join(missing)}` is missing", "copy it from the shipped checks.yaml"))
    return problems


def _fields(reason: str) -> set[str]:
    """Return the names in braces; what cannot be read as one is a field that no check has."""
    try:
        parts = list(string.Formatter().parse(reason))
    except ValueError:
        return {"{"}
    return {name for _, name, spec, conversion in parts if name is not None} | {
        f"{name}:{spec}" for _, name, spec, conversion in parts if spec or conversion
    }
