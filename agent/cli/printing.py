"""What commands print: JSON with stable keys, and plain tables that fit the terminal."""

import json
import shutil
import sys
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any


def print_json(value: Any) -> None:
    """Print one JSON document; times are ISO 8601 with their offset, dates ISO 8601."""
    json.dump(value, sys.stdout, default=_iso, ensure_ascii=False, indent=2)
    print()


def print_json_line(value: Any) -> None:
    """Print one JSON document on one line."""
    print(json.dumps(value, default=_iso, ensure_ascii=False))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; on a terminal that is too narrow the widest columns are cut, in a pipe nothing is."""
    if not rows:
        return
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    room = shutil.get_terminal_size((120, 25)).columns - 2 * (len(head) - 1)
    while sys.stdout.isatty() and sum(widths) > room and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    for row in (tuple(name.upper() for name in head), *rows):
        cells = (_cut(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def shown_time(at: datetime | None, zone: tzinfo) -> str:
    """Return a moment as the user reads it, in their zone: `Tue 10 Mar 14:00`."""
    return at.astimezone(zone).strftime("%a %d %b %H:%M") if at else ""


def shown_day(day: date | None) -> str:
    """Return a day as the user reads it: `Tue 10 Mar`."""
    return day.strftime("%a %d %b") if day else ""


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _iso(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
