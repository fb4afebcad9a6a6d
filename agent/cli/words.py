"""The words of all commands as data, so that completing one of them imports none.

`agent/cli/words.json` is written from the commands themselves by `make man`; a test fails when it is not current.
"""

import argparse
import json
from importlib.resources import files
from typing import Any

_FLAG = "store_true"


def words_of(parser: argparse.ArgumentParser) -> dict[str, Any]:
    """Return what a parser takes: its options and arguments, and the same of its commands."""
    arguments: list[dict[str, Any]] = []
    commands: dict[str, Any] = {}
    for action in parser._actions:  # noqa: SLF001 (argparse has no other way to ask)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            helps = {each.dest: each.help for each in action._choices_actions}  # noqa: SLF001
            commands = {name: {"help": helps.get(name)} | words_of(each) for name, each in action.choices.items()}
        elif not isinstance(action, argparse._HelpAction | argparse._VersionAction):  # noqa: SLF001
            arguments.append(
                {
                    "names": action.option_strings or [action.dest],
                    "dest": action.dest,
                    "nargs": action.nargs,
                    "choices": [str(each) for each in action.choices] if action.choices else None,
                    "help": action.help,
                }
            )
    return {"arguments": arguments, "commands": commands}


def parser_of(words: dict[str, Any], prog: str) -> argparse.ArgumentParser:
    """Return a parser that takes these words and does nothing with them."""
    parser = argparse.ArgumentParser(prog=prog, add_help=False, allow_abbrev=False)
    _fill(parser, words)
    return parser


def shipped_words() -> dict[str, Any]:
    """Return the words of all commands of this version."""
    found: dict[str, Any] = json.loads((files("agent.cli") / "words.json").read_text(encoding="utf-8"))
    return found


def _fill(parser: argparse.ArgumentParser, words: dict[str, Any]) -> None:
    for each in words["arguments"]:
        given: dict[str, Any] = {"help": each["help"], "default": argparse.SUPPRESS}
        if each["nargs"] == 0:
            given["action"] = _FLAG
        else:
            given |= {"nargs": each["nargs"], "choices": each["choices"]}
        if each["names"][0].startswith("-"):
            given["dest"] = each["dest"]
        parser.add_argument(*each["names"], **given)
    if words["commands"]:
        commands = parser.add_subparsers()
        for name, inner in words["commands"].items():
            _fill(commands.add_parser(name, help=inner["help"], add_help=False, allow_abbrev=False), inner)
