"""How things look on a terminal: tables that fold, panels, and few colours that are legible on light and on dark.

Imports rich, and is imported only where stdout is a terminal. rich itself honours NO_COLOR, and asks a dumb terminal for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.box import ROUNDED
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

QUIET = "dim"
"""Style of what is there to be looked up: ids, rules, what is over."""
LOUD = "bold"
"""Style of what the eye should find first."""
TROUBLE = "bold red"

_STATUS = {
    "offer": "bold green",
    "accepted": "green",
    "scheduled": "cyan",
    "invited": "cyan",
    "assessment": "magenta",
    "declined": QUIET,
    "rejected": QUIET,
    "closed": QUIET,
    "withdrawn": QUIET,
    "moved_on": QUIET,
}
"""Status → style; the others are written plainly. No yellow and no white: one vanishes on paper, the other at night."""

_WIDEST = 110
"""Columns that running text takes at most: longer lines are hard to read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of a table; `whole` ones are never broken into lines."""

    name: str
    whole: bool = False


def console() -> Console:
    """Return what writes on the terminal; numbers and words get no colours of their own."""
    return Console(highlight=False, markup=False, emoji=False)


def status(word: str) -> Text:
    """Return a status as one says it, in its colour."""
    return Text(word.replace("_", " "), style=_STATUS.get(word, ""))


def table(columns: Sequence[Column], rows: Sequence[Sequence[Text | str]]) -> Table:
    """Return a table whose cells are broken between words where the terminal is narrow, and never cut."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=QUIET)
    for column in columns:
        made.add_column(column.name.upper(), no_wrap=column.whole, overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def fits(columns: Sequence[Column], rows: Sequence[Sequence[Text | str]], width: int) -> bool:
    """Whether a table needs at most `width` columns with every cell broken into lines no shorter than its longest word."""
    cells = [[column.name, *(str(row[number]) for row in rows)] for number, column in enumerate(columns)]
    needs = [
        max(len(piece) for cell in column for piece in ([cell] if head.whole else cell.split() or [""]))
        for head, column in zip(columns, cells, strict=True)
    ]
    return sum(needs) + 2 * (len(columns) - 1) <= width


def panel(title: str, lines: Sequence[RenderableType]) -> Panel:
    """Return a frame as wide as running text, with a title."""
    return Panel(
        Group(*lines), title=Text(title, style=LOUD), title_align="left", box=ROUNDED, border_style=QUIET, padding=(0, 1)
    )


def paragraph(*pieces: str | Text | tuple[str, str], indent: int = 0, hanging: int = 0) -> RenderableType:
    """Return running text in a block `indent` columns from the edge, its further lines `hanging` more."""
    text = Text.assemble(*pieces)
    if not hanging:
        return Padding(text, (0, 0, 0, indent))
    return _Hanging(text, indent, hanging)


@dataclass(frozen=True, slots=True)
class _Hanging:
    """Text whose further lines stand further in."""

    text: Text
    indent: int
    hanging: int

    def __rich_console__(self, console: Console, options: object) -> "list[Text]":
        """Return the lines."""
        room = max(min(console.width, _WIDEST) - self.indent - self.hanging, 10)
        first, *rest = self.text.wrap(console, room + self.hanging)
        more = list(Text(" ").join(rest).wrap(console, room)) if rest else []
        return [Text(" " * self.indent) + first, *(Text(" " * (self.indent + self.hanging)) + line for line in more)]
