"""YAML with the place of every value, read as strictly as rules want it.

PyYAML alone keeps the last of two equal keys, turns `no` into False and follows anchors without end; here equal keys and anchors
are refused and a plain scalar is a string unless it is a number, `true`, `false` or `null`.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from agent.rulebook.problems import RuleProblem, RulesRefused

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

_Model = TypeVar("_Model", bound="BaseModel")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkedYaml:
    """One YAML document as plain values, and where each of them stands."""

    file: str
    data: Any
    places: dict[tuple[str | int, ...], tuple[int, int]]
    """Path of keys and indices → (line, column), both 1-based; for a mapping entry the place of its key."""
    text: str = ""
    """The document as written."""

    def problem(self, path: tuple[str | int, ...], what: str, mend: str) -> RuleProblem:
        """Return a problem at `path`, or at the nearest enclosing value that has a place."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return RuleProblem(file=self.file, line=line, column=column, what=what, mend=mend)


def read_yaml(file: Path, shown_as: str | None = None) -> MarkedYaml:
    """Return the document in `file`; raise `RulesRefused` when it cannot be read, and with every problem of its syntax."""
    shown = shown_as or str(file)
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        what = "the file is not UTF-8 text"
        raise RulesRefused([RuleProblem(file=shown, line=line, column=1, what=what, mend="save it as UTF-8")]) from None
    except OSError as error:
        what = f"the file cannot be read: {error.strerror}"
        raise RulesRefused([RuleProblem(file=shown, line=1, column=1, what=what, mend="check its permissions")]) from None
    return parse_yaml(text, shown)


def parse_yaml(text: str, file: str) -> MarkedYaml:
    """Return the document in `text`; raise `RulesRefused` when it is no YAML, or uses anchors, or repeats a key."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RulesRefused(
            [
                RuleProblem(
                    file=file,
                    line=mark.line + 1 if mark else 1,
                    column=mark.column + 1 if mark else 1,
                    what=f"this is not YAML: {error.problem or error.context}",
                    mend="check the indentation, and quote values that hold ': ' or start with a special character",
                )
            ]
        ) from None
    except yaml.YAMLError as error:
        raise RulesRefused(
            [RuleProblem(file=file, line=1, column=1, what=f"this is not YAML: {error}", mend="save the file as UTF-8 text")]
        ) from None
    walk = _Walk(file)
    data = walk.value(node, ()) if node is not None else None
    if walk.problems:
        raise RulesRefused(walk.problems)
    return MarkedYaml(file=file, data=data, places=walk.places, text=text)


def validated(document: MarkedYaml, model: type[_Model]) -> _Model:
    """Return `document` as `model`; raise `RulesRefused` with all that does not fit, each at its place."""
    from pydantic import ValidationError  # whoever has a model has pydantic; whoever only reads YAML need not load it

    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise RulesRefused([_as_problem(document, detail) for detail in error.errors()]) from None


def _as_problem(document: MarkedYaml, detail: "ErrorDetails") -> RuleProblem:
    path = tuple(detail["loc"])
    name = ".".join(str(part) for part in path) or "the file"
    match detail["type"]:
        case "extra_forbidden":
            return document.problem(path, f"`{name}` is not a known key", "correct its spelling or remove it")
        case "model_type" | "dict_type" | "list_type" if detail["input"] is None:
            return document.problem(path, f"{name if path else 'the file'} is empty", "fill it in, or remove it")
        case "missing":
            return document.problem(path, f"`{name}` is missing", "add it")
        case "string_type" if isinstance(detail["input"], dict):
            what = f"`{name}`: YAML takes this for a key and its value, because of the colon in it"
            return document.problem(path, what, "put the text into single quotes, with a ' in it written twice")
        case _:
            message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
            return document.problem(
                path, f"`{name}`: {message[:1].lower()}{message[1:]}", f"this stands here now: {detail['input']!r:.60}"
            )


class _Walk:
    """Turns nodes into values, noting places and problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[tuple[str | int, ...], tuple[int, int]] = {}
        self.problems: list[RuleProblem] = []
        self.seen: set[int] = set()

    def refuse(self, node: yaml.Node, what: str, mend: str) -> None:
        mark = node.start_mark
        self.problems.append(RuleProblem(file=self.file, line=mark.line + 1, column=mark.column + 1, what=what, mend=mend))

    def value(self, node: yaml.Node, path: tuple[str | int, ...]) -> Any:
        self.places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
        if id(node) in self.seen:
            self.refuse(node, "anchors and aliases (& and *) are not used in rules", "write the value out again")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        return _scalar(node)

    def mapping(self, node: yaml.MappingNode, path: tuple[str | int, ...]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse(key_node, "a key must be a word", "write `name: value`")
                continue
            key = key_node.value
            if key in result:
                self.refuse(key_node, f"`{key}` stands here twice", "keep one of the two")
            self.places[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            result[key] = self.value(value_node, (*path, key))
        return result


def _scalar(node: yaml.Node) -> str | int | float | bool | None:
    text: str = node.value
    if getattr(node, "style", None):  # quoted or a block; a plain one is '' to the C loader and None to the other
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text
