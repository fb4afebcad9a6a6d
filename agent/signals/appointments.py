"""When an interview takes place, as the text fixes it."""

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from agent.signals.dates import Clock, Day, Times
from agent.signals.phrasebook import Role
from agent.signals.statements import SentenceReading

_MOST_PROPOSED = 12
_LIST_ITEM = 5
"""Words of a line that may stand below the day that it belongs to."""
_LONGEST_CHOICE = 120
"""Minutes after which a span is a window to choose in and no time."""
_SPAN = re.compile(r"\s*(?:and|to|till|until|und|bis|et|a|y|e|en|tot|i|do|och|[-\u2013\u2014~])\s*")
_WINDOW = 9
"""Sentences (mostly lines: `Date: ...`, `Time: ...`) behind the announcement in which its date is looked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Appointment:
    """A fixed time."""

    at: dt.datetime
    """Aware."""
    minutes: int | None


def fixed_in(read: SentenceReading, times: Times, sent: dt.datetime) -> Appointment | None:
    """Return the one time that a sentence about a meeting fixes: a day and a time of day, nothing to choose from, not behind."""
    if not times.clocks or not read.has(Role.MEETING) or read.has(Role.PAST, Role.CHOICE):
        return None
    if len({day.on for day in _new_days(read, times)}) != 1 or len({clock.at for clock in _new_clocks(read, times)}) != 1:
        return None
    return _joined(_new_days(read, times)[0], _new_clocks(read, times)[0], [times], sent)


def announced(reads: list[SentenceReading], times: list[Times], at: int, sent: dt.datetime) -> Appointment | None:
    """Return the time that the sentence `at`, which announces an interview, or the lines behind it fix.

    A sentence that names both counts; else the first day and the first time of day. The old ones of a moved interview do not
    count, nor does the day of a meeting that is behind. None for a choice or a question.
    """
    window = range(at, min(at + _WINDOW, len(reads)))
    day: Day | None = None
    clock: Clock | None = None
    for number in window:
        if number == at and reads[number].folded.endswith("?"):
            return None
        if reads[number].has(Role.CHOICE) and len(times[number].clocks) > 1:
            return None
        clocks = _new_clocks(reads[number], times[number])
        behind = reads[number].has(Role.PAST) and not clocks
        days = [found for found in _new_days(reads[number], times[number]) if found.precise and not behind]
        if days and clocks and number > at:
            return _joined(days[0], clocks[0], [times[number], *(times[other] for other in window)], sent)
        if day is None and days:
            day = days[0]
        if clock is None and clocks and (day is not None or number > at or not days):
            clock = clocks[0]
        if day and clock:
            return _joined(day, clock, [times[number], *(times[other] for other in window)], sent)
    return None


def only(reads: list[SentenceReading], times: list[Times], sent: dt.datetime) -> Appointment | None:
    """Return the one time that a whole text names, day and time of day in one sentence that asks nothing."""
    fixed = [
        _joined(found.days[0], found.clocks[0], [found], sent)
        for read, found in zip(reads, times, strict=True)
        if len({day.on for day in found.days}) == 1
        and len({clock.at for clock in found.clocks}) == 1
        and found.days[0].precise
        and not read.has(Role.PAST)
        and not read.folded.endswith("?")
    ]
    return fixed[0] if len(fixed) == 1 else None


def proposed(reads: list[SentenceReading], times: list[Times], sent: dt.datetime) -> tuple[dt.datetime, ...]:
    """Return the times that a text lets choose from: each time of day with the day named last before it, else next to it.

    Windows of more than two hours, what is behind, the old time of a moved interview and days that are not precise give none. At
    most `_MOST_PROPOSED`, in the order of time.
    """
    found: set[dt.datetime] = set()
    day: Day | None = None
    for read, here in zip(reads, times, strict=True):
        days = [each for each in _new_days(read, here) if each.precise]
        clocks = _without_spans(read, _new_clocks(read, here))
        if read.has(Role.PAST):
            day = None
            continue
        short = len(read.folded.split()) <= _LIST_ITEM
        for clock in clocks:
            before = [each for each in days if each.start < clock.start]
            named = before[-1] if before else (days[0] if days else day if short else None)
            if named is None or (clock.minutes or 0) > _LONGEST_CHOICE:
                continue
            joined = _joined(named, clock, [here, *times], sent)
            if joined is not None and joined.at > sent:
                found.add(joined.at)
        day = days[-1] if days else day
    return tuple(sorted(found))[:_MOST_PROPOSED]


def _without_spans(read: SentenceReading, clocks: list[Clock]) -> list[Clock]:
    """Return the times of day without the pairs that are the two ends of a span: `between 9:00 and 17:00`."""
    spans = {
        number
        for number, (first, last) in enumerate(pairwise(clocks))
        if _SPAN.fullmatch(read.folded[first.end : last.start]) and first.at < last.at
    }
    return [clock for number, clock in enumerate(clocks) if not spans & {number, number - 1}]


def _new_days(read: SentenceReading, times: Times) -> list[Day]:
    return [day for day in times.days if not _old(read, day.start)]


def _new_clocks(read: SentenceReading, times: Times) -> list[Clock]:
    return [clock for clock in times.clocks if not _old(read, clock.start)]


def _old(read: SentenceReading, start: int) -> bool:
    """Whether what begins at `start` is the time from which an interview is moved."""
    last = None
    for cue in read.cues:
        if cue.start > start:
            break
        if cue.role is Role.MEETING_BEFORE:
            last = cue
        elif cue.role is Role.MEETING_AFTER and last is not None and cue.end > last.end:
            last = None
    return last is not None


def _joined(day: Day, clock: Clock, times: list[Times], sent: dt.datetime) -> Appointment | None:
    zone = next((zone.name for found in times for zone in found.zones), None)
    at = dt.datetime.combine(day.on, clock.at, tzinfo=time_zone(zone) if zone else sent.tzinfo)
    if at < sent - dt.timedelta(days=1):
        return None
    return Appointment(at=at, minutes=clock.minutes)


def time_zone(name: str) -> dt.tzinfo:
    """Return the zone of an IANA name or of `UTC+02:00`."""
    if name.startswith("UTC") and len(name) == 9:
        ahead = dt.timedelta(hours=int(name[4:6]), minutes=int(name[7:9]))
        return dt.timezone(-ahead if name[3] == "-" else ahead)
    return ZoneInfo(name)
