"""When an interview takes place, as the text fixes it."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agent.signals.dates import Clock, Day, Times
from agent.signals.phrasebook import Role
from agent.signals.statements import SentenceReading

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
