"""How things look on a terminal: tables that fold, panels, and few colours that are legible on light and on dark.

Imports rich, and is imported only where stdout is a terminal. rich itself honours NO_COLOR, and asks a dumb terminal for nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.box import ROUNDED
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.panel import Panel
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
_GAP = 2
"""Columns between two cells."""


def console() -> Console:
    """Return what writes on the terminal; numbers and words get no colours of their own."""
    return Console(highlight=False, markup=False, emoji=False)


def status(word: str) -> Text:
    """Return a status as one says it, in its colour."""
    return Text(word.replace("_", " "), style=_STATUS.get(word, ""))


def table(head: Sequence[str], rows: Sequence[Sequence[Text | str]], below: Sequence[Text] = ()) -> list[Text]:
    """Return the lines of a table as wide as its cells; below each row stands its line of `below`, if there are any."""
    cells = [[Text.assemble(cell) for cell in row] for row in rows]
    widths = [max([cell_len(name), *(row[number].cell_len for row in cells)]) for number, name in enumerate(head)]
    lines = [_row([Text(name.upper(), style=QUIET) for name in head], widths)]
    for number, row in enumerate(cells):
        lines.append(_row(row, widths))
        lines += [below[number]] if below else []
    return lines


def width_of(lines: Sequence[Text]) -> int:
    """Return how many columns the lines need."""
    return max(line.cell_len for line in lines)


def _row(cells: Sequence[Text], widths: Sequence[int]) -> Text:
    """Return one line of a table, with nothing after its last word."""
    line = Text()
    for cell, width in zip(cells, widths, strict=True):
        line.append_text(cell)
        line.append(" " * (width - cell.cell_len + _GAP))
    line.rstrip()
    return line


def panel(title: str, lines: Sequence[RenderableType]) -> Panel:
    """Return a frame as wide as running text, with a title."""
    return Panel(
        Group(*lines), title=Text(title, style=LOUD), title_align="left", box=ROUNDED, border_style=QUIET, padding=(0, 1)
    )


def paragraph(*pieces: str | Text | tuple[str, str], indent: int = 0, hanging: int = 0) -> RenderableType:
    """Return running text `indent` columns from the edge, its further lines `hanging` more."""
    return _Paragraph(Text.assemble(*pieces), indent, hanging)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Text broken between words, with nothing after the last word of a line."""

    text: Text
    indent: int
    hanging: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Return the lines."""
        room = max(min(options.max_width, _WIDEST) - self.indent, 10)
        first, *rest = self._lines(self.text, console, room)
        yield Text(" " * self.indent) + first
        if rest:
            more = Text(" ").join(rest)
            for line in self._lines(more, console, room - self.hanging):
                yield Text(" " * (self.indent + self.hanging)) + line

    @staticmethod
    def _lines(text: Text, console: Console, width: int) -> list[Text]:
        lines = list(text.wrap(console, width))
        for line in lines:
            line.rstrip()
        return lines
