"""Days and times of day as people write them, reckoned from the day of the message.

The forms stand in the rules (`dates.yaml` of each language): a pattern whose named groups say what the date is made of, and the
name of one of the reckonings below. What cannot be reckoned without guessing gives no date.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar

from agent.signals.clocks import time_of_day, zone_name
from agent.signals.patterns import Found
from agent.signals.phrasebook import DateForm, LanguageBook
from agent.signals.reckoning import Groups, reckoning, reckonings

_PRECISE = frozenset({"today", "tomorrow", "day_after_tomorrow", "weekday", "day_month", "day_of_month", "numeric", "iso"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One day that a sentence names."""

    start: int
    end: int
    """Place in the folded sentence."""
    on: dt.date
    counted: bool
    """True when it was counted in days, weeks or months from the message."""
    precise: bool
    """True when it is that day and no other: a day of the month, a weekday, today, tomorrow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """One time of day that a sentence names."""

    start: int
    end: int
    at: dt.time
    minutes: int | None
    """Length of the appointment when the sentence names its end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Zone:
    """One time zone that a sentence names."""

    start: int
    end: int
    name: str
    """IANA name, or `UTC+02:00`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """All days, times of day and zones of one sentence, each in order."""

    days: tuple[Day, ...] = ()
    clocks: tuple[Clock, ...] = ()
    zones: tuple[Zone, ...] = ()


def times(folded: str, hits: tuple[int, ...], book: LanguageBook, sent: dt.datetime) -> Times:
    """Return the dates of one folded sentence; `hits` are the patterns of the book's index that match it, `sent` is aware."""
    days: list[Day] = []
    clocks: list[Clock] = []
    zones: list[Zone] = []
    for hit in hits:
        form = book.index.date_forms.get(hit)
        if form is None:
            continue
        for match in book.index.patterns[hit].finditer(folded):
            groups = {name: text.strip() for name, text in match.groupdict().items() if text}
            if form.reckon == "clock":
                clocks.extend(_clock(match, groups, book))
            elif form.reckon == "zone":
                zones.extend(_zone(match, groups, book))
            else:
                days.extend(_day(match, groups, form, book, sent))
    return Times(days=_longest(days), clocks=_longest(clocks), zones=_longest(zones))


def ways() -> list[str]:
    """Return the names that `reckon:` of a date form may have."""
    return sorted([*reckonings(), "clock", "zone"])


_Piece = TypeVar("_Piece", Day, Clock, Zone)


def _longest(found: list[_Piece]) -> tuple[_Piece, ...]:
    """Return the finds in order, without those that lie within or overlap a longer one."""
    kept: list[_Piece] = []
    for item in sorted(found, key=lambda item: (item.start - item.end, item.start)):
        if all(item.end <= other.start or item.start >= other.end for other in kept):
            kept.append(item)
    return tuple(sorted(kept, key=lambda item: item.start))


def _day(match: Found, groups: Groups, form: DateForm, book: LanguageBook, sent: dt.datetime) -> list[Day]:
    reckon = reckoning(form.reckon)
    try:
        on = reckon(groups, book, sent) if reckon else None
    except (KeyError, ValueError, OverflowError):  # a KeyError is a group that the pattern has, and that took no part
        return []
    if on is None:
        return []
    start, end = match.span()
    return [Day(start=start, end=end, on=on, counted=form.reckon == "within", precise=form.reckon in _PRECISE)]


def _clock(match: Found, groups: Groups, book: LanguageBook) -> list[Clock]:
    start, end = match.span()
    try:
        found = time_of_day(groups, book)
    except ValueError:
        return []
    return [Clock(start=start, end=end, at=found[0], minutes=found[1])] if found else []


def _zone(match: Found, groups: Groups, book: LanguageBook) -> list[Zone]:
    start, end = match.span()
    name = zone_name(groups, book)
    return [Zone(start=start, end=end, name=name)] if name else []
