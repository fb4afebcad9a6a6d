"""`senders.yaml` turned into the `SenderBook`: the domains that many senders share."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent.rulebook.grammar import Line
from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.signals.senders import Platform, PlatformKind, SenderBook

_Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Platform(_Strict):
    name: Line
    kind: PlatformKind
    domains: Annotated[list[_Domain], Field(min_length=1)]


class _File(_Strict):
    platforms: list[_Platform]


def load_senders(user_folder: Path | None) -> SenderBook:
    """Return the platforms in force; raise `RulesRefused` for what cannot be read, and for a domain that stands twice."""
    found: dict[str, Platform] = {}
    problems: list[RuleProblem] = []
    for file in rule_files("senders.yaml", user_folder):
        document = read_yaml(file.path, file.shown)
        for index, platform in enumerate(validated(document, _File).platforms):
            for place, domain in enumerate(platform.domains):
                if domain in found:
                    path = ("platforms", index, "domains", place)
                    problems.append(document.problem(path, f"the domain `{domain}` stands twice", "keep one of them"))
                found[domain] = Platform(domain=domain, name=platform.name, kind=platform.kind)
    if problems:
        raise RulesRefused(problems)
    return SenderBook(platforms=tuple(found.values()))
