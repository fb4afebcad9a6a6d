"""`interview-agent completion SHELL`, and what the TAB key asks for: the words of all commands, and what is in the ledger.

Answers while somebody waits with a finger on the key: it imports no command and reads the ledger as plain SQL.
"""

import argparse
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import argcomplete
from argcomplete.completers import DirectoriesCompleter, FilesCompleter
from argcomplete.shell_integration import shellcode

from agent.cli.fingerprint import Place, accounts_of, rules_folders
from agent.cli.words import parser_of, shipped_words

PROG = "interview-agent"
_FILES = {"bash": "~/.bashrc", "zsh": "~/.zshrc", "fish": "~/.config/fish/config.fish"}
"""Shell → its start file."""
_CALL = {
    "bash": 'eval "$(interview-agent completion bash)"',
    "zsh": 'eval "$(interview-agent completion zsh)"',
    "fish": "interview-agent completion fish | source",
}
"""Shell → the line that takes the completion up."""
_EVERYWHERE = (
    {"names": ["--config"], "dest": "config", "nargs": None, "choices": None, "help": "another configuration"},
    {"names": ["--account"], "dest": "account", "nargs": None, "choices": None, "help": "one account of several"},
    {"names": ["--debug"], "dest": "debug", "nargs": 0, "choices": None, "help": "where an error came from"},
    {"names": ["--help"], "dest": "help", "nargs": 0, "choices": None, "help": "what the command takes"},
)
"""Options of every command."""

Completer = Callable[..., Iterable[str]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `completion`."""
    parser.add_argument("shell", choices=list(_FILES), help="the shell that you use")


def run(arguments: argparse.Namespace) -> int:
    """Print what the shell has to know; on a terminal say where it goes."""
    shell = arguments.shell
    print(shellcode([PROG], shell=shell))
    print(f"{PROG}: to have it in every new shell, put this line at the end of {_FILES[shell]}: {_CALL[shell]}", file=sys.stderr)
    return 0


def complete() -> None:
    """Answer the shell, which asks by variables, and end the process."""
    words = shipped_words()
    parser = parser_of(_with_options_of_all(words), PROG)
    _name_completers(parser, is_adding=False)
    argcomplete.autocomplete(parser, always_complete_options=False)


def _with_options_of_all(words: dict[str, Any]) -> dict[str, Any]:
    """Return the words with the options of every command added to each."""
    commands = {name: each | _with_options_of_all(each) for name, each in words["commands"].items()}
    known = {each["dest"] for each in words["arguments"]}
    added = [each for each in _EVERYWHERE if each["dest"] not in known]
    return words | {"arguments": [*words["arguments"], *added], "commands": commands}


def _name_completers(parser: argparse.ArgumentParser, *, is_adding: bool) -> None:
    """Say for each argument what may stand there."""
    for action in parser._actions:  # noqa: SLF001 (argparse has no other way to ask)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, inner in action.choices.items():
                _name_completers(inner, is_adding=name == "add")
        elif action.choices is None and action.nargs != 0:
            completer = _nothing if is_adding and action.dest == "id" else _COMPLETERS.get(action.dest, _nothing)
            action.completer = completer  # type: ignore[attr-defined]  # argcomplete looks there


def _nothing(**_: object) -> list[str]:
    """Return nothing: what stands here only the user knows."""
    return []


def _interviews(*, parsed_args: argparse.Namespace, **_: object) -> dict[str, str]:
    """Return the ids of what is tracked, each with role and company, for the shells that show them."""
    sql = "SELECT id, data ->> 'role', data ->> 'company' FROM interviews ORDER BY id"
    return {ident: f"{role} at {company}" for ident, role, company in _read(parsed_args, sql)}


def _questions(*, parsed_args: argparse.Namespace, **_: object) -> dict[str, str]:
    """Return the numbers of the open questions, each with its reason."""
    sql = "SELECT number, data ->> 'reason' FROM reviews WHERE resolved_at IS NULL ORDER BY number"
    return {str(number): str(reason) for number, reason in _read(parsed_args, sql)}


def _events(*, parsed_args: argparse.Namespace, **_: object) -> dict[str, str]:
    """Return the numbers of the latest entries of all histories."""
    sql = "SELECT id, interview, data ->> 'kind', data ->> 'label' FROM events ORDER BY id DESC LIMIT 30"
    return {str(row[0]): f"{row[1]}: {row[3] or row[2]}" for row in _read(parsed_args, sql)}


def _policies(*, parsed_args: argparse.Namespace, **_: object) -> list[str]:
    """Return the names of the presets, the user's own among them."""
    folders = rules_folders(_config(parsed_args))
    return sorted({file.stem for folder in folders for file in (folder / "policies").glob("*.yaml")})


def _languages(*, parsed_args: argparse.Namespace, **_: object) -> list[str]:
    """Return the languages that there are phrase rules of."""
    folders = rules_folders(_config(parsed_args))
    return sorted({entry.name for folder in folders for entry in (folder / "signals").glob("*") if entry.is_dir()})


def _accounts(*, parsed_args: argparse.Namespace, **_: object) -> list[str]:
    """Return the names of the accounts."""
    return [place.name for place in _places(parsed_args) if place.name]


def _read(given: argparse.Namespace, sql: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of all ledgers, or of the account's that is named; nothing where one cannot be read."""
    for place in _places(given):
        file = place.state / "ledger.sqlite3"
        try:
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=0.1)) as connection:
                connection.execute("PRAGMA query_only = ON")
                yield from connection.execute(sql).fetchall()
        except sqlite3.Error:
            continue


def _places(given: argparse.Namespace) -> list[Place]:
    account = getattr(given, "account", None)
    return [place for place in accounts_of(_config(given)) if account in (None, place.name)]


def _config(given: argparse.Namespace) -> Path | None:
    named = getattr(given, "config", None)
    return Path(named).expanduser() if named else None


_COMPLETERS: dict[str, Completer] = {
    "interview": _interviews,
    "id": _interviews,
    "to": _interviews,
    "number": _questions,
    "event": _events,
    "policy": _policies,
    "preset": _policies,
    "language": _languages,
    "account": _accounts,
    "rules": DirectoriesCompleter(),
    "maildir": DirectoriesCompleter(),
    **dict.fromkeys(
        ("config", "file", "source", "interviews", "ca_file", "smtp_ca_file", "password_file", "client_secret_file"),
        FilesCompleter(),
    ),
}
"""Argument → what completes it."""
