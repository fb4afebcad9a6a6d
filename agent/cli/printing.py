"""What commands print: JSON with stable keys, tables and paragraphs that fit the terminal."""

import json
import shutil
import sys
import textwrap
from collections.abc import Collection, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

_WIDEST = 110
"""Columns that a paragraph takes at most: longer lines are hard to read."""


def print_json(value: Any) -> None:
    """Print one JSON document; times are ISO 8601 with their offset, dates ISO 8601."""
    print(_json(value, indent=2))


def print_json_line(value: Any) -> None:
    """Print one JSON document on one line."""
    print(_json(value, indent=None))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, may_go: Collection[str] = ()) -> None:
    """Print a table; in a pipe it is whole.

    On a terminal that is too narrow for it the columns in `may_go` are left out, the first of them first; if that is not enough
    the widest ones are cut.
    """
    if not rows:
        return
    columns = list(range(len(head)))
    widths = [max(len(row[column]) for row in (head, *rows)) for column in columns]
    if sys.stdout.isatty():
        room = _terminal()
        for name in may_go:
            if _width(widths, columns) > room:
                columns.remove(head.index(name))
        while _width(widths, columns) > room and max(widths[column] for column in columns) > 8:
            widths[max(columns, key=lambda column: widths[column])] -= 1
    for row in (tuple(name.upper() for name in head), *rows):
        print("  ".join(_cut(row[column], widths[column]).ljust(widths[column]) for column in columns).rstrip())


def print_paragraph(text: str, *, indent: int = 0, hanging: int = 2, lead: str = "") -> None:
    """Print a paragraph after `lead`, its further lines indented by `hanging` more; in a pipe it stays one line."""
    text = f"{' ' * indent}{lead}{' '.join(text.split())}"
    if sys.stdout.isatty():
        width = min(_terminal(), _WIDEST)
        text = textwrap.fill(
            text, width, subsequent_indent=" " * (indent + hanging), break_long_words=False, break_on_hyphens=False
        )
    print(text)


def counted(number: int, thing: str) -> str:
    """Return a number of things: `1 draft`, `2 drafts`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def shown_time(at: datetime | None, zone: tzinfo) -> str:
    """Return a moment as the user reads it, in their zone: `Tue 10 Mar 14:00`."""
    return at.astimezone(zone).strftime("%a %d %b %H:%M") if at else ""


def shown_day(day: date | None) -> str:
    """Return a day as the user reads it: `Tue 10 Mar`."""
    return day.strftime("%a %d %b") if day else ""


def near_time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a moment as one speaks of it at `now`: `today 14:00`, `Thu 14:00`, `Tue 10 Mar 14:00`."""
    there = at.astimezone(zone)
    clock = there.strftime("%H:%M")
    days = _days_ahead(there.date(), now, zone)
    if named := _NEAR.get(days):
        return f"{named} {clock}"
    return f"{there:%a} {clock}" if 0 < days < _WEEK else f"{_far(there.date(), now, zone)} {clock}"


def near_day(day: date, now: datetime, zone: tzinfo) -> str:
    """Return a day as one speaks of it at `now`: `today`, `tomorrow`, `Thu`, `Tue 10 Mar`."""
    days = _days_ahead(day, now, zone)
    if named := _NEAR.get(days):
        return named
    return f"{day:%a}" if 0 < days < _WEEK else _far(day, now, zone)


def ago(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return how far off a day is, as one speaks of it at `now`: `yesterday`, `3 days ago`, `2 weeks ago`, `in 3 days`."""
    days = _days_ahead(at.astimezone(zone).date(), now, zone)
    if named := _NEAR.get(days):
        return named
    spans = ((_YEAR, _YEAR, "year"), (2 * _MONTH, _MONTH, "month"), (2 * _WEEK, _WEEK, "week"), (0, 1, "day"))
    length, name = next((length, name) for least, length, name in spans if abs(days) >= least)
    far = counted(abs(days) // length, name)
    return f"in {far}" if days > 0 else f"{far} ago"


_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_WEEK, _MONTH, _YEAR = 7, 30, 365


def _days_ahead(day: date, now: datetime, zone: tzinfo) -> int:
    return (day - now.astimezone(zone).date()).days


def _far(day: date, now: datetime, zone: tzinfo) -> str:
    """Return a day with its month, and with its year where that is another one and the day is far."""
    today = now.astimezone(zone).date()
    other_year = day.year != today.year and abs((day - today).days) > _YEAR // 2
    return day.strftime("%a %d %b %Y" if other_year else "%a %d %b")


def _terminal() -> int:
    return shutil.get_terminal_size((80, 25)).columns


def _width(widths: Sequence[int], columns: Sequence[int]) -> int:
    return sum(widths[column] for column in columns) + 2 * (len(columns) - 1)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _json(value: Any, *, indent: int | None) -> str:
    """Return the document in characters that standard output can take; the others are written as JSON escapes."""
    text = json.dumps(value, default=_iso, ensure_ascii=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, default=_iso, indent=indent)
    return text


def _iso(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
