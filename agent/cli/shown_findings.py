"""A finding of `check` on a terminal: its mark and name stand out, the text is wrapped beside them, the remedy below it.

Imports rich, and is imported only where stdout is a terminal.
"""

from pathlib import Path

from rich.table import Table
from rich.text import Text

from agent.cli.finding import Finding, Level
from agent.cli.terminal import LOUD, QUIET, TROUBLE, console

_STYLES = {Level.OK: "green", Level.WARNING: "bold magenta", Level.PROBLEM: TROUBLE}


def show(mark: str, name: str, finding: Finding) -> None:
    """Print one finding."""
    text = Text(_on_one_line(finding.what), style=QUIET if finding.level is Level.OK else "")
    if finding.mend:
        text.append(f"\n→ {_on_one_line(finding.mend)}", style=LOUD)
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(no_wrap=True)
    row.add_column(no_wrap=True, min_width=20)
    row.add_column(overflow="fold", ratio=1)
    row.add_row(Text(mark, style=_STYLES[finding.level]), Text(name, style=LOUD if finding.level is not Level.OK else ""), text)
    console().print(row)


def _on_one_line(text: str) -> str:
    """Return a text with single blanks, and with the home folder as the shell writes it."""
    return " ".join(text.replace(f"{Path.home()}/", "~/").split())
