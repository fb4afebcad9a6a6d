"""What the code says of itself: the docstrings that stand below fields, members and constants."""

import ast
import inspect
from collections.abc import Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from types import ModuleType


def fields(kind: type) -> dict[str, str]:
    """Return what is written below each field or member of a class, its bases included."""
    found: dict[str, str] = {}
    for each in reversed(kind.__mro__):
        if each.__module__.startswith("agent."):
            found |= _of_class(Path(inspect.getfile(each)), each.__name__)
    return found


def members(kind: type[Enum]) -> list[tuple[str, str]]:
    """Return value and meaning of each member of an enumeration, in its order."""
    told = fields(kind)
    return [(str(member.value), told.get(name, "")) for name, member in kind.__members__.items()]


def first_sentence(thing: object) -> str:
    """Return the first paragraph of a docstring on one line."""
    return one_line((inspect.getdoc(thing) or "").split("\n\n")[0])


def functions(module: ModuleType) -> list[ast.FunctionDef]:
    """Return the public functions of a module as they are written."""
    tree = _tree(Path(inspect.getfile(module)))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def one_line(text: str) -> str:
    """Return a text on one line that may stand in a cell of a table."""
    return " ".join(text.replace("`` ", "` ").split()).replace("|", "\\|")


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _of_class(file: Path, name: str) -> dict[str, str]:
    node = next((each for each in _tree(file).body if isinstance(each, ast.ClassDef) and each.name == name), None)
    if node is None:
        return {}
    found = {}
    for here, after in zip(node.body, node.body[1:], strict=False):
        target = here.target if isinstance(here, ast.AnnAssign) else here.targets[0] if isinstance(here, ast.Assign) else None
        if not isinstance(target, ast.Name) or not isinstance(after, ast.Expr) or not isinstance(after.value, ast.Constant):
            continue
        if isinstance(after.value.value, str):
            found[target.id] = one_line(inspect.cleandoc(after.value.value))
    return found
