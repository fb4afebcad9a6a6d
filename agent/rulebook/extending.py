"""A policy file laid over the one that it `extends`: it names only what it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.rulebook.layers import RuleFile, rule_files, shipped_rules
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml
from agent.rulebook.problems import RuleProblem, RulesRefused

EXTENDS = "extends"
"""The key that names the policy below."""
MERGED = ("rules", "limits", "forbids")
"""Keys whose entries are laid over those of the policy below, one by one and key by key; others take its place."""
OFF = "off"
"""What removes an entry, or a key of it."""

_Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Layered(MarkedYaml):
    """Several documents as one: every value is told at its place in the file that it stands in."""

    files: Mapping[_Path, str]

    def problem(self, path: _Path, what: str, mend: str) -> RuleProblem:
        """Return a problem at `path`, or at the nearest enclosing value, in the file in which that stands."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return RuleProblem(file=self.files.get(path, self.file), line=line, column=column, what=what, mend=mend)


def extended(name: str, user_folder: Path | None) -> MarkedYaml:
    """Return the policy `name` as one document, with all that it extends; raises `RulesRefused`.

    A file of the user's that extends its own name means the shipped one. The key `extends` is gone from what is returned.
    """
    files = {Path(file.name).stem: file for file in rule_files("policies", user_folder)}
    if name not in files:
        place = RuleProblem(file=f"rules/policies/{name}.yaml", line=1, column=1, what=f"there is no policy `{name}`", mend="")
        raise RulesRefused([_choose(place, files)])
    return _whole(name, files[name], files, ())


def _whole(name: str, file: RuleFile, files: Mapping[str, RuleFile], above: Sequence[RuleFile]) -> MarkedYaml:
    document = read_yaml(file.path, file.shown)
    if not isinstance(document.data, dict) or EXTENDS not in document.data:
        return document
    below = document.data[EXTENDS]
    found = _below(name, file, below, files)
    if found is None:
        raise RulesRefused([_choose(document.problem((EXTENDS,), f"there is no policy `{below}` to extend", ""), files)])
    chain = [*above, file]
    if any(found.path == each.path for each in chain):
        round_ = " extends ".join(f"`{Path(each.name).stem}`" for each in [*chain, found])
        raise RulesRefused([document.problem((EXTENDS,), f"{round_} without end", "let one of them extend none, or another")])
    return _laid_over(_whole(below, found, files, chain), document)


def _below(name: str, file: RuleFile, below: Any, files: Mapping[str, RuleFile]) -> RuleFile | None:
    if not isinstance(below, str):
        return None
    if below != name or not file.own:
        return files.get(below)
    path = shipped_rules() / "policies" / f"{below}.yaml"
    return RuleFile(name=file.name, path=path, own=False) if path.is_file() else None


def _choose(problem: RuleProblem, files: Mapping[str, RuleFile]) -> RuleProblem:
    mend = f"choose one of: {', '.join(sorted(files)) or 'none is there'}"
    return RuleProblem(file=problem.file, line=problem.line, column=problem.column, what=problem.what, mend=mend)


def _laid_over(below: MarkedYaml, above: MarkedYaml) -> MarkedYaml:
    laying = _Laying(below, above)
    data = dict(below.data) if isinstance(below.data, dict) else {}
    for key, value in above.data.items():
        if key == EXTENDS:
            continue
        if key in MERGED and isinstance(value, dict) and isinstance(data.get(key), dict):
            data[key] = laying.merged((key,), data[key], value)
        else:
            data[key] = laying.replaced((key,), value)
    if laying.problems:
        raise RulesRefused(laying.problems)
    laying.places[()], laying.files[()] = above.places.get((), (1, 1)), above.file
    return _Layered(file=above.file, data=data, places=laying.places, files=laying.files)


class _Laying:
    """Lays one document over another and keeps the places."""

    def __init__(self, below: MarkedYaml, above: MarkedYaml) -> None:
        self.above = above
        self.places = dict(below.places)
        self.files: dict[_Path, str] = (
            dict(below.files) if isinstance(below, _Layered) else dict.fromkeys(below.places, below.file)
        )
        self.problems: list[RuleProblem] = []

    def merged(self, path: _Path, below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
        """Return the mapping `below` with the keys of `above` laid over it."""
        result = dict(below)
        self.mark(path)
        for key, value in above.items():
            here = (*path, key)
            if value == OFF:
                if key not in result:
                    what = f"`{'.'.join(map(str, here))}` is switched off, and what is extended has no such entry"
                    self.problems.append(self.above.problem(here, what, f"choose one of: {', '.join(sorted(below))}"))
                self.forget(here)
                result.pop(key, None)
            elif isinstance(value, dict) and isinstance(result.get(key), dict):
                result[key] = self.merged(here, result[key], value)
            else:
                result[key] = self.replaced(here, value)
        return result

    def replaced(self, path: _Path, value: Any) -> Any:
        """Note the places of `value`, which takes the place of what was there."""
        self.forget(path)
        for each in self.above.places:
            if each[: len(path)] == path:
                self.mark(each)
        return value

    def mark(self, path: _Path) -> None:
        if path in self.above.places:
            self.places[path], self.files[path] = self.above.places[path], self.above.file

    def forget(self, path: _Path) -> None:
        for each in [each for each in self.places if each[: len(path)] == path]:
            del self.places[each]
            self.files.pop(each, None)
