"""The page of the commands: every one with its arguments and options, from the parsers themselves."""

import argparse
from collections.abc import Iterator
from importlib import import_module

from agent.cli.main import COMMANDS
from tests.project.reference.docstrings import one_line, table

_HEAD = """# Commands

Every command also takes `--config FILE` (another configuration), `--account NAME` (one account of several) and `--debug` (where
an error came from). `interview-agent COMMAND --help` shows what stands here. Data goes to standard output, everything else to
standard error; the [exit status](exits-and-files.md) says how it ended.
"""


def page() -> str:
    """Return the page."""
    parts = [
        _HEAD,
        "\n" + table(("command", ""), [(f"[`{name}`](#{_anchor(name)})", line) for name, (_, line) in COMMANDS.items()]),
    ]
    for name, (module, line) in COMMANDS.items():
        parser = argparse.ArgumentParser(prog=f"interview-agent {name}", description=f"{line[:1].upper()}{line[1:]}.")
        import_module(module).arguments(parser)
        parts.extend(_told(name, parser, level=2))
    return "".join(parts)


def _told(name: str, parser: argparse.ArgumentParser, *, level: int) -> Iterator[str]:
    """Yield what there is to say of a command, and then of its actions."""
    yield f"\n{'#' * level} `{name}`\n"
    if parser.description:
        yield f"\n{' '.join(parser.description.split())}\n"
    rows = [
        (_names(action), one_line(_help(action, parser)))
        for action in parser._actions
        if action.help != argparse.SUPPRESS and not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)
    ]
    if rows:
        yield "\n" + table(("", ""), rows)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            lines = {each.dest: each.help or "" for each in action._choices_actions}
            for below, inner in action.choices.items():
                inner.description = inner.description or _sentence(lines.get(below, ""))
                yield from _told(f"{name} {below}", inner, level=level + 1)


def _names(action: argparse.Action) -> str:
    """Return an argument or option as one writes it."""
    value = _value(action)
    if not action.option_strings:
        return f"`{value}`"
    shown = ", ".join(f"`{each}`" for each in action.option_strings)
    return f"{shown} `{value}`" if value else shown


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if action.choices is not None:
        word = "{" + ",".join(str(each) for each in action.choices) + "}"
    elif isinstance(action.metavar, tuple):
        return " ".join(action.metavar)
    else:
        word = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    return {"?": f"[{word}]", "*": f"[{word} ...]", "+": f"{word} ..."}.get(str(action.nargs), word)


def _help(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    text = (action.help or "") % (vars(action) | {"prog": parser.prog})
    return f"{text} (needed)" if action.option_strings and action.required else text


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _anchor(name: str) -> str:
    return name
