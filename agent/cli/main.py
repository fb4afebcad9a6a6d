"""The command line: which commands there are, and how every end becomes one clear line and an exit status.

Exit status: 0 done, 1 the work failed, 2 wrong usage or configuration. Data goes to stdout, everything else to stderr.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Protocol, cast

from agent import __version__
from agent.cli.endings import explained_end
from agent.cli.manual import ABOUT, EVERYWHERE

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("agent.cli.demo", "a job search in progress on an embedded mail server, and what the agent makes of it"),
    "init": ("agent.cli.init", "set up: ask for the mailbox, try it, write the configuration and the service"),
    "sign-in": ("agent.cli.sign_in", "sign the mailbox in with Microsoft, Google or another provider of tokens"),
    "check": ("agent.cli.check", "say what works and what does not: configuration, login, folders, rules, clock, disk"),
    "once": ("agent.cli.passes", "make one pass over the mailbox, then exit"),
    "run": ("agent.cli.service", "run as a service"),
    "status": ("agent.cli.board", "the board: where every interview stands"),
    "why": ("agent.cli.why", "what led to an interview's status, and what is due, held or planned, and why"),
    "review": ("agent.cli.review", "what the agent would not decide alone: list, accept, dismiss"),
    "undo": ("agent.cli.undo", "take an entry of an interview's history back; status and drafts follow"),
    "look-back": ("agent.cli.look_back", "find candidacies to track in the mail that is there already, or in files of mail"),
    "interviews": ("agent.cli.interviews", "what is tracked: add, list, show, edit, note, import, export"),
    "report": ("agent.cli.report", "the job search in pictures, one page; or as a table, a calendar, JSON"),
    "classify": ("agent.cli.classify", "read messages from files and say what they say"),
    "replay": ("agent.cli.replay", "play messages back on a simulated clock, touching no mailbox and no state"),
    "backup": ("agent.cli.backup", "write everything that the agent knows into one file, while it runs"),
    "restore": ("agent.cli.restore", "put a backup in the place of what the agent knows"),
    "rules": ("agent.cli.rules", "check the rules, run the examples beside them, show what an edit would change"),
    "completion": ("agent.cli.completion", "let the TAB key of bash, zsh or fish complete commands, options and ids"),
}
"""Command → the module that carries it out (imported when it is called) and its line in `--help`."""


class Command(Protocol):
    """What a command's module offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own arguments."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Carry the command out; return its exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Carry one command out; return the exit status."""
    if "_ARGCOMPLETE" in os.environ:
        from agent.cli.completion import complete

        complete()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a quote must not fail on a terminal that has no such character
    options, words = _options_of_every_command().parse_known_args(sys.argv[1:] if argv is None else argv)
    with explained_end(debug=options.debug) as end:
        parser, modules = parser_of(words)
        arguments = parser.parse_args(words, options)
        end.status = modules[arguments.command].run(arguments)
    return end.status


class _Parser(argparse.ArgumentParser):
    """A parser, as its sub-commands are too, that takes no option by half its name: scripts would break by a new one."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"allow_abbrev": False} | given)


def _options_of_every_command() -> argparse.ArgumentParser:
    """Return the options that may stand anywhere, also behind an action such as `interviews import`."""
    parser = _Parser(prog="interview-agent", usage=argparse.SUPPRESS, add_help=False)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--account")
    parser.add_argument("--debug", action="store_true")
    return parser


def parser_of(words: Sequence[str]) -> tuple[argparse.ArgumentParser, dict[str, Command]]:
    """Return the parser, and the modules of the commands that stand among `words`: only these are imported."""
    parser = _Parser(
        prog="interview-agent",
        epilog=EVERYWHERE,
        description="Follows a job search in your mailbox and puts follow-ups into Drafts. You send them, it never does.",
    )
    parser.add_argument("--version", action="version", version=f"interview-agent {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    modules: dict[str, Command] = {}
    for name, (module, line) in COMMANDS.items():
        about = ABOUT[name]
        command = commands.add_parser(
            name, help=line, description=about.text, epilog=about.epilog(EVERYWHERE), formatter_class=_Paragraphs
        )
        if name in words:
            modules[name] = cast("Command", import_module(module))
            modules[name].arguments(command)
    return parser, modules


class _Paragraphs(argparse.HelpFormatter):
    """Fills paragraphs, and leaves as they are those that hold lines set in: examples."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.split("\n\n")
        return "\n\n".join(
            each if "\n  " in each else super(_Paragraphs, self)._fill_text(each, width, indent) for each in paragraphs
        )


if __name__ == "__main__":
    sys.exit(main())
