"""From what pydantic found to lines that a user can act on: the key, what is wrong, how to mend it."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from agent.accounts.problems import ConfigProblem

ENV_PREFIX = "INTERVIEW_AGENT__"

_PASSWORDS = frozenset({"password", "passwd", "pass", "secret", "token"})
_VERIFYING = ("verify", "insecure", "check_hostname", "skip_tls")

_MEND = (
    ("int_", "write a whole number, without quotes"),
    ("bool_", "write true or false, without quotes"),
    ("string_type", "write it in quotes"),
    ("string_too_short", "fill it in, or take it out where it is optional"),
    ("tuple_type", 'write a list, such as ["one", "two"]'),
    ("too_short", "write at least one"),
    ("path_type", "write a path in quotes"),
    ("model_", "write a table with its settings"),
    ("string_pattern_mismatch", "see config.example.toml for the form"),
    ("string_too_long", "shorten it"),
)
"""How to mend what pydantic's own error types say; found by the beginning of the type."""


def variable(loc: tuple[str | int, ...]) -> str:
    """Return the environment variable that sets the key at `loc`."""
    return ENV_PREFIX + "__".join(str(part) for part in loc).upper()


def mistakes(errors: list[ErrorDetails], model: type[BaseModel], file: str, environ: Mapping[str, str]) -> list[ConfigProblem]:
    """Return one problem for each error of a validation of `model`, in the order of the keys."""
    set_by_environment = {name.upper() for name in environ}
    found = []
    for error in errors:
        loc = error["loc"]
        if error["type"] == "default_factory_not_called":
            continue  # a default that follows from another key, which has its own error
        source = variable(loc)
        place = f"environment variable {source}" if source in set_by_environment else file
        if error["type"] == "extra_forbidden":
            found.append(unknown_key(model, loc, place))
        elif error["type"] == "missing":
            found.append(ConfigProblem(place=file, key=dotted(loc), what="is missing", mend=_add(model, loc)))
        else:
            what, mend = _refusal(error)
            found.append(ConfigProblem(place=place, key=dotted(loc), what=what, mend=mend))
    return found


def unknown_variables(model: type[BaseModel], environ: Mapping[str, str]) -> list[ConfigProblem]:
    """Return one problem for each variable with the prefix whose table does not exist: pydantic-settings skips those."""
    found = []
    for name in sorted(environ):
        first = name[len(ENV_PREFIX) :].lower().split("__")[0]
        if name.upper().startswith(ENV_PREFIX) and first not in model.model_fields:
            found.append(unknown_key(model, (first,), f"environment variable {name}"))
    return found


def unknown_key(model: type[BaseModel], loc: tuple[str | int, ...], place: str) -> ConfigProblem:
    """Return the problem of a key that does not exist, with the nearest one that does."""
    name = str(loc[-1])
    table = _table(model, loc[:-1])
    known = list(table.model_fields) if table is not None else []
    problem = ConfigProblem(place=place, key=dotted(loc), what="there is no such setting", mend="take it out")
    plain = name.lower()
    if plain in _PASSWORDS or plain.endswith("_password"):
        what = "a password has no place in the configuration"
        mend = (
            "put it into a file that only you can read and name that in password_file, "
            "or use password_command, password_env or a systemd credential"
        )
    elif any(word in plain for word in _VERIFYING):
        what = "the server's certificate is always verified"
        mend = "take this out; for a server with a certificate of your own, name its CA in ca_file"
    elif elsewhere := _elsewhere(model, plain):
        what, mend = problem.what, f"did you mean {elsewhere!r}?"
    elif near := get_close_matches(plain, known, n=1, cutoff=0.6):
        what, mend = problem.what, f"did you mean {near[0]!r}?"
    elif known:
        what, mend = problem.what, f"known here: {', '.join(known)}"
    else:
        return problem
    return ConfigProblem(place=place, key=dotted(loc), what=what, mend=mend)


def dotted(loc: tuple[str | int, ...]) -> str:
    """Return a place as a dotted key; entries of a list are counted from 1."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def keys(model: type[BaseModel], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return all settings below a model as paths of names, in the order of the tables, without the tables themselves."""
    found: list[tuple[str, ...]] = []
    for name in model.model_fields:
        below = _table(model, (name,))
        found.extend(keys(below, (*above, name)) if below is not None else [(*above, name)])
    return found


def _table(model: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel] | None:
    """Return the model of the table at `loc`, or None when there is no table. The tables of several accounts have names."""
    parts = iter(loc)
    for part in parts:
        field = model.model_fields.get(str(part))
        if field is None:
            return None
        if get_origin(field.annotation) is dict and next(parts, None) is None:
            return None
        choices = [field.annotation, *get_args(field.annotation)]
        tables = [choice for choice in choices if isinstance(choice, type) and issubclass(choice, BaseModel)]
        if not tables:
            return None
        model = tables[0]
    return model


def _elsewhere(model: type[BaseModel], name: str) -> str | None:
    """Return the dotted key of the first setting of this name in another table."""
    return next((".".join(path) for path in keys(model) if path[-1] == name), None)


def _add(model: type[BaseModel], loc: tuple[str | int, ...]) -> str:
    """Return how to add a key that is missing."""
    if _table(model, loc) is not None:
        return f"add the table [{dotted(loc)}]"
    return f"add {loc[-1]} = ... to the table [{dotted(loc[:-1])}]"


def _refusal(error: ErrorDetails) -> tuple[str, str]:
    """Return what is wrong with a value, without the value, and how to mend it."""
    context: dict[str, Any] = error.get("ctx", {})
    if error["type"] == "refused":
        return str(context["what"]), str(context["mend"])
    if error["type"] == "literal_error":
        return f"is not {context['expected']}", "write one of these; a connection without encryption is not possible"
    text = re.sub(r"^(Input|String|Value|Tuple|List) ", "", error["msg"])
    mend = next((mend for start, mend in _MEND if error["type"].startswith(start)), "see config.example.toml")
    return text[:1].lower() + text[1:], mend
