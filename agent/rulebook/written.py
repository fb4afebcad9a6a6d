"""Phrase rules as their author wrote them, each part with its place: what findings about rules point at."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml
from agent.rulebook.problems import RuleProblem

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One rule, frame, cue, date form or name of one file."""

    section: str
    """`rules`, `frames`, `cues`, `dates` or `names`."""
    document: MarkedYaml
    path: Path_
    data: dict[str, Any]

    @property
    def language(self) -> str:
        """The language of its file."""
        return str(self.document.data["language"])

    @property
    def label(self) -> str | None:
        """For a rule: its label, its own or that of the file."""
        label = self.data.get("label") or self.document.data.get("label")
        return str(label) if label else None

    @property
    def rule_id(self) -> str:
        """For a rule: the id that readings name it by."""
        return f"{self.language}.{self.label}.{self.data['id']}"

    def problem(self, *below: str | int, what: str, mend: str) -> RuleProblem:
        """Return a problem at a place below the entry."""
        return self.document.problem((*self.path, *below), what, mend)


def signal_documents(user_folder: Path | None, languages: Collection[str]) -> list[MarkedYaml]:
    """Return the files of phrase rules in force, in the order in which they are loaded; they must be known to be valid."""
    return [read_yaml(file.path, file.shown) for name in sorted(languages) for file in rule_files(f"signals/{name}", user_folder)]


def entries(document: MarkedYaml, section: str) -> Iterator[Entry]:
    """Yield the entries of one section of a document, in order."""
    for index, data in enumerate(document.data.get(section) or []):
        yield Entry(section=section, document=document, path=(section, index), data=data)
