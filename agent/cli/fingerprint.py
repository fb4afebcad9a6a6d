"""On what an answer rests besides the ledger: the program, the configuration and the rules; imports nothing slow.

The configuration is read as plain TOML and not checked: an answer that is kept under its fingerprint was worked out by somebody
who has checked it. Nothing of it is kept but the fingerprint, a SHA-256.
"""

import hashlib
import json
import os
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH

from agent import __version__
from agent.accounts.locations import config_files, rules_folder, state_folder

VARIABLES = "INTERVIEW_AGENT__"
"""How the names of variables begin that are laid over the configuration; where there is one, nothing is said about it here."""

_SETTLED_SECONDS = 1.0
"""A file that was written so lately may be written again without its time showing it: clocks of file systems tick slowly."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One account as far as it can be known without checking the configuration."""

    name: str
    """Empty for the one of `[account]`."""
    state: Path
    zone: str
    """The user's."""
    program: str
    """Fingerprint of all that is not in the ledger."""


def places(config: Path | None) -> list[Place] | None:
    """Return the accounts of a configuration with their fingerprints; None where anything about it is not plain."""
    if any(name.upper().startswith(VARIABLES) for name in os.environ):
        return None
    try:
        file = _file(config)
        content = file.read_bytes()
        tables = tomllib.loads(content.decode())
        return list(_places(tables, content, file))
    except (OSError, StopIteration, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        return None


def accounts_of(config: Path | None) -> list[Place]:
    """Return the accounts of a configuration, whatever is odd about the rest of it; none where it cannot be read."""
    return places(config) or []


def rules_folders(config: Path | None) -> list[Path]:
    """Return the folder of the shipped rules and the user's, where there is one."""
    try:
        named = tomllib.loads(_file(config).read_text(encoding="utf-8")).get("rules", {}).get("folder")
        own = _absolute(named) if named is not None else rules_folder()
    except (OSError, StopIteration, ValueError, AttributeError, TypeError, RuntimeError):
        own = rules_folder()
    package, *beside = _shipped()
    return [*(beside or [package / "rules"]), *([own] if own else [])]


def program_of(config: Path | None, name: str) -> str:
    """Return the fingerprint of one account; empty where there is none to be had."""
    return next((place.program for place in places(config) or () if place.name == name), "")


def _places(tables: dict[str, Any], content: bytes, file: Path) -> Iterator[Place]:
    rules = tables.get("rules", {}).get("folder")
    folder = _absolute(rules) if rules is not None else rules_folder()
    shared = tables.get("state", {}).get("folder")
    state = _absolute(shared) if shared is not None else state_folder()
    seen = _Seen()
    seen.content(content)
    seen.file(file)
    for text in _texts(tables):
        seen.path(text)
    for each in (folder, *_shipped()):
        seen.folder(each)
    seen.installed()
    zone = tables["user"]["timezone"]
    names = [*tables["accounts"]] if "accounts" in tables else [""]
    for name in names:
        yield Place(name=name, state=state / name if name else state, zone=zone, program=seen.fingerprint(name))


class _Seen:
    """Gathers all that an answer rests on."""

    def __init__(self) -> None:
        self._found: list[object] = [__version__, sys.version]
        self._youngest = 0

    def content(self, content: bytes) -> None:
        """Take in a text, word for word."""
        self._found.append(hashlib.sha256(content).hexdigest())

    def file(self, file: Path) -> None:
        """Take in how a file stands: a change of any kind shows in its size, its number, or when it was changed last."""
        self._take(str(file), file.stat())

    def path(self, text: str) -> None:
        """Take in whether something that looks like a path leads anywhere: settings may ask for it."""
        if text.startswith(("/", "~")):
            path = Path(text).expanduser()
            self._found.append((text, path.is_file(), path.is_dir()))

    def folder(self, folder: Path | None) -> None:
        """Take in how all files of a folder stand."""
        self._found.append(str(folder))
        if folder is not None:
            self._entries(str(folder))

    def installed(self) -> None:
        """Take in which libraries are installed, and which time zones the system knows."""
        for path in (*sys.path, *TZPATH):
            if path.endswith("-packages") or path in TZPATH:
                self._found.append((path, Path(path).stat().st_mtime_ns if Path(path).is_dir() else 0))

    def fingerprint(self, name: str) -> str:
        """Return it for one account; empty where something is so new that it could be changed again without a trace."""
        age = time.time() - self._youngest / 1e9
        if age < _SETTLED_SECONDS:
            return ""
        return hashlib.sha256(json.dumps([name, self._found]).encode()).hexdigest()

    def _entries(self, folder: str) -> None:
        """Take in a folder, its files in the order of their names; what Python makes of its sources is passed over."""
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                if entry.is_dir(follow_symlinks=True):
                    if entry.name != "__pycache__":
                        self._entries(entry.path)
                else:
                    self._take(entry.path, entry.stat())

    def _take(self, path: str, stat: os.stat_result) -> None:
        self._found.append((path, stat.st_size, stat.st_ino, stat.st_ctime_ns))
        self._youngest = max(self._youngest, stat.st_ctime_ns)


def _file(config: Path | None) -> Path:
    """Return the file that is named, else the first of the usual ones that is there; `StopIteration` where none is."""
    return config if config is not None else next(each for each in config_files() if each.exists())


def _shipped() -> list[Path]:
    """Return where the program lies, and its rules where they lie beside it."""
    package = Path(__file__).parent.parent
    beside = package.parent / "rules"
    return [package, *([] if (package / "rules").is_dir() else [beside])]


def _absolute(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_absolute():
        raise ValueError(text)
    return path


def _texts(value: object) -> Iterator[str]:
    """Yield all texts of a table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
