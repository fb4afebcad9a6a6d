"""Days and times as people and spreadsheets write them in a table; what may be two days is decided by the table or asked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from agent.rulebook.columns import plain

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_NUMERIC = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?!\d)")
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s-]*(?:de |of )?)?([^\W\d_]{3,})\.?,?[\s-]*(?:de |of )?(.*)\Z", re.DOTALL
)
_DAY_AND_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_YEAR = re.compile(r"(\d{4}|'?\d{2})(?!\d)")
_WEEKDAY = re.compile(r"[^\W\d_]+\.?,?\s+(?=\d)|[^\W\d_]+,\s+|[^\W\d_]{2,}\.?\s+(?=[^\W\d_]{3,}\.?\s+\d{1,2},?\s+\d{4})")
_CJK = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_TIME = re.compile(
    r"(?:^|[\sT,]|at |um )(\d{1,2})[:h.](\d{2})(?::\d{2}(?:\.\d+)?)?\s*(am|pm|uhr)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?\Z")
_DAY_ZERO = date(1899, 12, 30)
"""Of Excel, LibreOffice and Google Sheets."""
_FIRST, _LAST = 1990, 2100


class Order(StrEnum):
    """Which number of `3/4/2026` is the day."""

    DMY = "dmy"
    """The first: 3 April."""
    MDY = "mdy"
    """The second: 4 March."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A day that a cell names, and the time of day where it names one."""

    day: date
    at: time | None = None
    """With an offset where the cell has one."""


class NoDate(ValueError):
    """The cell is no date; its text says why, in words for the user."""


class Ambiguous(ValueError):
    """The cell is one of two days, and nothing says which."""


def order_of(cells: Iterable[str]) -> Order | None:
    """Return the order that the cells of a table show; None where none of them does, or they contradict each other."""
    shown = set()
    for cell in cells:
        found = _NUMERIC.match(_without_weekday(cell))
        if found is None:
            continue
        first, mark, second = int(found[1]), found[2], int(found[3])
        if first > 12 >= second:
            shown.add(Order.DMY)
        elif second > 12 >= first:
            shown.add(Order.MDY)
        elif mark == "." and first != second:
            shown.add(Order.DMY)  # with points nobody writes the month first
    return shown.pop() if len(shown) == 1 else None


def read_moment(cell: str, months: Mapping[str, int], order: Order | None) -> Moment:
    """Return the day, and the time, that a cell names.

    Raises `NoDate`, and `Ambiguous` where the day depends on an `order` that is not known. Years of two digits are of this
    century.
    """
    text = _without_weekday(" ".join(cell.split()))
    if found := _SERIAL.fullmatch(text):
        return _of_serial(int(found[1]), float(f"0.{found[2]}") if found[2] else None)
    day, rest = _day(text, months, order)
    if not _FIRST <= day.year <= _LAST:
        raise NoDate("its year is not one of our days")
    return Moment(day=day, at=_time(rest))


def _without_weekday(text: str) -> str:
    """Return a text without the weekday that begins it: `Wed, 4 March 2026`, `Mi. 4.3.2026`, `Wednesday, March 4, 2026`."""
    found = _WEEKDAY.match(text)
    return text[found.end() :] if found and found.end() < len(text) and not _is_month_first(text, found) else text


def _is_month_first(text: str, found: re.Match[str]) -> bool:
    """Whether what looks like a weekday is the month of `March 4, 2026`."""
    return bool(_DAY_AND_YEAR.match(text[found.end() :]))


def _day(text: str, months: Mapping[str, int], order: Order | None) -> tuple[date, str]:
    if found := _ISO.match(text) or _CJK.match(text) or _COMPACT.match(text):
        return _made(int(found[1]), int(found[2]), int(found[3])), text[found.end() :]
    if found := _NUMERIC.match(text):
        return _numeric(int(found[1]), found[2], int(found[3]), _year(found[4]), order), text[found.end() :]
    if found := _NAMED.match(text):
        month = months.get(plain(found[2]))
        rest = found[3]
        if month is not None and found[1] and (year := _YEAR.match(rest)):
            return _made(_year(year[1]), month, int(found[1])), rest[year.end() :]
        if month is not None and not found[1] and (both := _DAY_AND_YEAR.match(rest)):
            return _made(int(both[2]), month, int(both[1])), rest[both.end() :]
        if month is not None:
            raise NoDate("it names no day, or no year")
    raise NoDate("this is no date that is known; write it as 2026-09-01")


def _numeric(first: int, mark: str, second: int, year: int, order: Order | None) -> date:
    if first > 12 or mark == ".":
        return _made(year, second, first)
    if second > 12 or first == second:
        return _made(year, first, second)
    if order is None:
        raise Ambiguous
    return _made(year, second, first) if order is Order.DMY else _made(year, first, second)


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoDate("there is no such day") from None


def _year(text: str) -> int:
    year = int(text.strip("'"))
    return year if year > 99 else 2000 + year


def _time(rest: str) -> time | None:
    found = _TIME.search(rest)
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if half in ("am", "pm"):
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        return None
    zone = (found[4] or "").upper().replace("Z", "+00:00")
    return time.fromisoformat(f"{hour:02}:{minute:02}{zone if ':' in zone or not zone else f'{zone[:3]}:{zone[3:]}'}")


def _of_serial(days: int, part: float | None) -> Moment:
    day = _DAY_ZERO + timedelta(days=days)
    if not _FIRST <= day.year <= _LAST:
        raise NoDate("this is a number and no date")
    minutes = round(part * 24 * 60) if part else 0
    at = time(minutes // 60, minutes % 60) if 0 < minutes < 24 * 60 else None
    return Moment(day=day, at=at)
