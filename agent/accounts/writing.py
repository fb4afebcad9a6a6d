"""Writing the configuration: what was answered is changed, everything else stays as it stands, comments and order included."""

import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from agent.accounts.problems import ConfigProblem, ConfigurationRefused

Key = tuple[str, ...]
"""A setting by its tables and its name: `("account", "host")`."""
Value = str | int | bool | list[str]

_HEADER = re.compile(r"\s*\[[^\[\]]+\]")
_NEXT = re.compile(r"\s*(# ?)?\[")
_NEW_HEAD = (
    "# Written by `interview-agent init`, which can be run again: it asks for some of these settings and keeps all others, and\n"
    "# whatever you write here by hand.\n"
)
_OLD_HEAD = re.compile(r"# Copy it to .*\n")
_YOURS = re.compile(r"^# Yours: (\w)", re.MULTILINE)


def example() -> str:
    """Return the text of the configuration that explains every setting."""
    package = Path(str(files("agent")))
    inside = package / "config.example.toml"
    return (inside if inside.is_file() else package.parent / "config.example.toml").read_text(encoding="utf-8")


def new_configuration(account: str = "") -> str:
    """Return the text from which a new configuration is made: the example, with the tables of an account that has a name."""
    text = _YOURS.sub(lambda found: f"# {found[1].upper()}", _OLD_HEAD.sub(_NEW_HEAD, example(), count=1))
    if account:
        text = re.sub(r"^((?:# )?\[)account\b", rf"\1accounts.{account}", text, flags=re.MULTILINE)
    return without_table(text, ("digest", "smtp"))


def tables_of(text: str, place: str) -> dict[str, Any]:
    """Return what a configuration says, as plain tables; raises `ConfigurationRefused` where it is not valid TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = " ".join(str(error).split())
    problem = ConfigProblem(
        place=place, key="", what=f"is not valid TOML ({said})", mend="correct this line, then run init again"
    )
    raise ConfigurationRefused([problem])


def value_at(tables: Mapping[str, Any], key: Key) -> Any:
    """Return the value of a setting, or None where it is not set."""
    found: Any = tables
    for name in key:
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def with_answers(text: str, answers: Mapping[Key, Value | None]) -> str:
    """Return the text with these settings; None takes a setting out. What has the value already is not touched.

    A setting that stands there as a comment (`# port = 993`) is set in that line, so that its explanation stays above it. Raises
    `ConfigurationRefused` where the text cannot be changed so that only this changes.
    """
    for key, value in answers.items():
        now = tomllib.loads(text)
        if value_at(now, key) == value:
            continue
        wanted = _changed(now, key, value)
        text = _first_that_gives(wanted, _ways_to_set(text, key, value), key)
    return text


def without_table(text: str, path: Key) -> str:
    """Return the text without a table; its lines become comments, so that they can be taken up again."""
    now = tomllib.loads(text)
    if value_at(now, path) is None:
        return text
    wanted = _changed(now, path, None)

    def commented() -> str:
        lines = text.splitlines(keepends=True)
        begin, end = _section(lines, path)
        return "".join([*lines[:begin], *(_as_comment(line) for line in lines[begin:end]), *lines[end:]])

    return _first_that_gives(wanted, iter([commented, lambda: _edited(text, path, None)]), path)


def write_private(path: Path, text: str, *, keep_mode: bool = False) -> None:
    """Write a file that only its owner can read, wholly or not at all; its folder is made where it is missing.

    A link is followed, so that a configuration that is kept elsewhere stays there. With `keep_mode` a file that exists keeps the
    mode that it has.
    """
    path = path.resolve()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if keep_mode and path.exists() else 0o600
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            os.fchmod(opened.fileno(), mode)
            os.fsync(opened.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _ways_to_set(text: str, key: Key, value: Value | None) -> Iterator[Callable[[], str]]:
    """Yield ways to set a key or to take it out, the nicest first; each gives a text that may turn out to be wrong."""
    path, name = key[:-1], key[-1]
    if value is None:
        yield lambda: _edited(text, key, None)
        return
    written = f"{tomlkit.key(name).as_string()} = {tomlkit.item(value).as_string()}"
    if value_at(tomllib.loads(text), key) is None:
        yield lambda: _uncommented(text, path, name, written)
        yield lambda: _after_header(text, path, written)
    if isinstance(value, list):
        yield lambda: _listed(text, key, value)
    yield lambda: _edited(text, key, value)
    yield lambda: f"{text.rstrip()}\n\n[{'.'.join(tomlkit.key(part).as_string() for part in path)}]\n{written}\n"


def _first_that_gives(wanted: dict[str, Any], ways: Iterator[Callable[[], str]], key: Key) -> str:
    """Return the first text that says what is wanted and nothing else."""
    for way in ways:
        with suppress(_NoSuchPlaceError, TOMLKitError, tomllib.TOMLDecodeError, TypeError, KeyError):
            made = way()
            if tomllib.loads(made) == wanted:
                return made
    what = "cannot be changed without changing more of the file"
    raise ConfigurationRefused([ConfigProblem(place="configuration", key=".".join(key), what=what, mend="change it by hand")])


class _NoSuchPlaceError(Exception):
    """The text has no such line or table."""


def _uncommented(text: str, path: Key, name: str, written: str) -> str:
    """Return the text with the setting in the line in which it stands as a comment."""
    lines = text.splitlines(keepends=True)
    try:
        begin, end = _section(lines, path)
    except _NoSuchPlaceError:
        lines, begin, end = _uncommented_header(lines, path)
    line = re.compile(rf"# ?{re.escape(name)} = ")
    for number in range(begin, end):
        if line.match(lines[number]):
            lines[number] = f"{written}{_ending(lines[number])}"
            return "".join(lines)
    raise _NoSuchPlaceError


def _uncommented_header(lines: list[str], path: Key) -> tuple[list[str], int, int]:
    """Return the lines with the header of a table that stands there as a comment, and where the table begins and ends."""
    header = f"[{'.'.join(path)}]"
    for number, line in enumerate(lines):
        if line.strip() == f"# {header}":
            lines = [*lines[:number], f"{header}{_ending(line)}", *lines[number + 1 :]]
            return lines, *_section(lines, path)
    raise _NoSuchPlaceError


def _after_header(text: str, path: Key, written: str) -> str:
    lines = text.splitlines(keepends=True)
    begin, _ = _section(lines, path)
    lines.insert(begin + 1, f"{written}{_ending(lines[begin])}")
    return "".join(lines)


def _section(lines: list[str], path: Key) -> tuple[int, int]:
    """Return the number of the header's line and of that of the next header, be it one or a comment."""
    begin = next((number for number, line in enumerate(lines) if _names(line, path)), None)
    if begin is None:
        raise _NoSuchPlaceError
    end = next((number for number in range(begin + 1, len(lines)) if _NEXT.match(lines[number])), len(lines))
    return begin, end


def _names(line: str, path: Key) -> bool:
    """Whether a line is the header of this table; quoted names and blanks around the dots are read as TOML reads them."""
    if _HEADER.match(line) is None:
        return False
    try:
        tables: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    named = []
    while tables:
        ((name, tables),) = tables.items()
        named.append(name)
    return named == list(path)


def _edited(text: str, key: Key, value: Value | None) -> str:
    """Return the text as the library changes it: it keeps comments, and knows inline tables and dotted keys."""
    document = tomlkit.parse(text)
    table: Any = document
    for name in key[:-1]:
        if name not in table:
            table[name] = tomlkit.table()
        table = table[name]
    if value is None:
        del table[key[-1]]
    else:
        table[key[-1]] = value
    return tomlkit.dumps(document)


def _listed(text: str, key: Key, wanted: list[str]) -> str:
    """Return the text with entries taken out of a list and put at its end; those that stay keep their comments."""
    document = tomlkit.parse(text)
    entries: Any = document
    for name in key:
        entries = entries[name]
    for entry in [entry for entry in entries if entry not in wanted]:
        entries.remove(entry)
    for entry in wanted:
        if entry not in entries:
            entries.append(entry)
    return tomlkit.dumps(document)


def _changed(tables: dict[str, Any], key: Key, value: Value | None) -> dict[str, Any]:
    """Return the tables with one setting changed."""
    changed = deepcopy(tables)
    table = changed
    for name in key[:-1]:
        table = table.setdefault(name, {})
    if value is None:
        del table[key[-1]]
    else:
        table[key[-1]] = value
    return changed


def _as_comment(line: str) -> str:
    return line if not line.strip() or line.lstrip().startswith("#") else f"# {line}"


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :] or "\n"
