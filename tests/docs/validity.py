"""Whether a block that is no command is what it looks like: settings that load, rules that are kept, a file that parses."""

import configparser
import csv
import io
import json
import plistlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from agent.accounts.problems import ConfigurationRefused
from agent.accounts.settings import accounts_of
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.policies import load_policy
from agent.rulebook.problems import RulesRefused
from agent.rulebook.templates import load_templates
from agent.rulebook.tracked import read_interviews


def mistakes(language: str, text: str, *, base: dict[str, Any], scratch: Path) -> str | None:
    """Return what is wrong with a block of this language, or None.

    `base` are the tables of a working configuration, which a part of one is laid over; `scratch` is a folder for rules.
    """
    checks: dict[str, Callable[[], object]] = {
        "toml": lambda: _settings(tomllib.loads(text), base),
        "yaml": lambda: _yaml(text, scratch),
        "json": lambda: json.loads(text),
        "csv": lambda: _table(text),
        "ini": lambda: _sections(text),
        "xml": lambda: plistlib.loads(text.encode()),
        "plist": lambda: plistlib.loads(text.encode()),
    }
    try:
        checks[language]()
    except (ValueError, ConfigurationRefused, RulesRefused, configparser.Error, yaml.YAMLError, KeyError) as problem:
        return f"{type(problem).__name__}: {problem}"
    return None


def _settings(tables: dict[str, Any], base: dict[str, Any]) -> None:
    """Load settings as they stand where they are whole; else laid over the base, table by table or key by key."""
    if "user" in tables:
        accounts_of(tables, "block")
        return
    whole = {name: table for name, table in base.items() if not (name == "account" and "accounts" in tables)}
    try:
        accounts_of(whole | tables, "block")
    except ConfigurationRefused:
        accounts_of(_laid_over(whole, tables), "block")


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        merged[name] = _laid_over(below.get(name, {}), value) if isinstance(value, dict) else value
    return merged


def _yaml(text: str, scratch: Path) -> None:
    """Read it as what its keys say: interviews, a policy, templates, else phrase rules."""
    document = yaml.safe_load(text)
    if isinstance(document, list) or "interviews" in document:
        read_interviews(text, "block")
    elif {"extends", "limits", "forbids", "about"} & set(document):
        path = _written(scratch / "policies" / "block.yaml", text)
        load_policy("block", path.parents[1])
    elif {"drafts", "kind", "subject", "wordings"} & set(document):
        path = _written(scratch / "templates" / document.get("language", "en") / "block.yaml", text)
        load_templates(path.parents[2], check_all=True)
    else:
        language = document.get("language", "en")
        head = "" if "language" in document else "language: en\n"
        path = _written(scratch / "signals" / language / "block.yaml", head + text)
        load_phrasebook(path.parents[2], check_all=True, languages={language})


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _table(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text), strict=True))
    if len(rows) < 2 or len({len(row) for row in rows}) != 1:
        raise ValueError("this is no table: every row must have as many cells as the head")


def _sections(text: str) -> None:
    """Parse a unit file or the like: a key may stand several times, and one without a value is a mistake."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
