"""The page of the configuration: every table and key, by the models that read them."""

from collections.abc import Collection, Iterator
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from agent.accounts import tables
from agent.accounts.settings import Settings
from tests.project.reference.docstrings import fields, first_sentence, table

_HEAD = """# Configuration

One TOML file: `~/.config/interview-agent/config.toml`, else `/etc/interview-agent/config.toml`, or the one that `--config` names.
`interview-agent init` writes it; `interview-agent check` says whether it works. A key that does not exist is an error, and the
message names the nearest one that does. Paths are absolute or begin with `~/`.

Every key can also come from the environment, which goes first: how it is named stands below each table. Lists and tables are
written as JSON there. An empty default means that the key is needed. No key holds a password: five keys of a table say where
it is.
"""


_SEVERAL = """
## `[accounts.NAME]`

Several mailboxes: instead of `[account]` each gets a table under a name of its own, with the same keys and these.

"""


def page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for name, model in _tables():
        parts.append(f"\n## `[{name}]`\n\n{first_sentence(model)}\n")
        if rows := list(_rows(name, model)):
            parts.append("\n" + table(("key", "what it is", "default", "meaning"), rows))
            parts.append(f"\nIn the environment: `{_variable(name)}__KEY`, with the key in capitals.\n")
    several, one = tables.NamedAccountTable, tables.AccountTable
    own = set(several.model_fields) - set(one.model_fields)
    rows = list(_rows("accounts.NAME", several, only=own))
    rows.append(("`digest`", "a table", "none", fields(several)["digest"]))
    return "".join(parts) + _SEVERAL + table(("key", "what it is", "default", "meaning"), rows)


def _tables() -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in Settings.model_fields.items():
        model = _model(field.annotation)
        if model is not None:
            yield name, model
            for inner, below in model.model_fields.items():
                if (nested := _model(below.annotation)) is not None:
                    yield f"{name}.{inner}", nested


def _rows(table_name: str, model: type[BaseModel], *, only: Collection[str] | None = None) -> Iterator[tuple[str, ...]]:
    told = fields(model)
    for name, field in model.model_fields.items():
        if _model(field.annotation) is None and (only is None or name in only):
            shown = _default(table_name, name, field)
            yield f"`{name}`", _kind(field.annotation, field.metadata), shown, told.get(name, "")


def _variable(name: str) -> str:
    return "INTERVIEW_AGENT__" + name.replace(".", "__").upper()


def _model(annotation: Any) -> type[BaseModel] | None:
    """Return the model of a table, also of one that may be missing."""
    candidates = [annotation, *get_args(annotation)]
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)), None)


def _kind(annotation: Any, metadata: list[Any]) -> str:
    """Return in words what a value is, with its limits."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inner[0], list(inner[1:]))
    if origin in (Union, UnionType):
        return _kind(next(each for each in inner if each is not type(None)), metadata)
    if origin is Literal:
        return " or ".join(f'`"{each}"`' for each in inner)
    if origin is tuple:
        return f"a list: {_kind(inner[0], [])}"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(f'`"{each.value}"`' for each in annotation)
    if annotation is bool:
        return "`true` or `false`"
    if annotation is int:
        limits = [(getattr(each, "ge", None), getattr(each, "le", None)) for each in _flat(metadata)]
        least = next((low for low, _ in limits if low is not None), None)
        most = next((high for _, high in limits if high is not None), None)
        return f"a number, {least} to {most}" if least is not None else "a number"
    if annotation is Path:
        return "a path"
    if annotation is SecretStr:
        return "text"
    name = next((each.__name__ for each in _validators(metadata) if each.__name__ in _BY_VALIDATOR), "")
    return _BY_VALIDATOR.get(name, "text")


_BY_VALIDATOR = {
    "_address": "a mail address",
    "_zone": "a time zone",
    "_country": "two letters of a country",
    "_endpoint": "an https address",
}


def _flat(metadata: list[Any]) -> Iterator[Any]:
    for each in metadata:
        yield each
        yield from getattr(each, "metadata", ())


def _validators(metadata: list[Any]) -> Iterator[Any]:
    for each in metadata:
        if (function := getattr(each, "func", None)) is not None:
            yield function


_FACTORIES = {
    ("state", "folder"): "`~/.local/state/interview-agent`",
    ("rules", "folder"): "`~/.config/interview-agent/rules`, if it is there",
    ("account", "port"): "993, or 143 for `starttls`",
    ("digest.smtp", "port"): "465, or 587 for `starttls`",
}


def _default(table_name: str, name: str, field: FieldInfo) -> str:
    """Return a default as it would stand in the file; empty for a key that is needed."""
    if field.default_factory is not None:
        return _FACTORIES[(table_name, name)]
    value = field.default
    if value is PydanticUndefined:
        return ""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Enum):
        return f'`"{value.value}"`'
    if isinstance(value, str):
        return f'`"{value}"`'
    return f"`{value}`"
