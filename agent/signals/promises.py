"""By when the writer says that news will come, or from when on."""

import datetime as dt
from dataclasses import dataclass

from agent.signals.dates import Day, Times
from agent.signals.phrasebook import Role
from agent.signals.reading import Label
from agent.signals.statements import FoundCue, SentenceReading

_NEAR = 3
"""Characters that may stand between a date and the words that belong to it."""
_RIGHT_BEHIND = 16
"""Characters between a verb and a date that belongs to it whatever introduces it ('let you know no later than Friday')."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A last day by which news will come."""

    by: dt.date
    start: int
    """Where the date stands in the folded sentence."""


def promise(read: SentenceReading, times: Times, sent: dt.datetime) -> Promise | None:
    """Return the latest day by which the sentence promises news without a condition.

    A date belongs to the last verb before it, else to the first one behind it; one that belongs to a request
    is a deadline for the reader and no promise.
    """
    if not times.days or not read.has(Role.PROMISE) or read.has(Role.NO_PROMISE):
        return None
    verbs = [
        cue for cue in read.cues if cue.role is Role.DEMAND or (cue.role is Role.PROMISE and not _introduces(read, times, cue))
    ]
    found: Promise | None = None
    for day in times.days:
        before = [cue for cue in verbs if cue.start < day.start]
        behind = [cue for cue in verbs if cue.start >= day.end]
        verb = before[-1] if before else behind[0] if behind else None
        if verb is None or verb.role is not Role.PROMISE or read.silenced(Label.TIMELINE, verb.start):
            continue
        if not before and not limited(read, day):
            continue
        if reckoned_otherwise(read, day) or day.on < sent.date():
            continue
        if found is None or day.on > found.by:
            found = Promise(by=day.on, start=day.start)
    return found


def earliest(read: SentenceReading, times: Times, sent: dt.datetime) -> dt.date | None:
    """Return the latest day before which, as the sentence says, no news will come; None when it names none that lies ahead."""
    found: dt.date | None = None
    for day in times.days:
        before = _cue_before(read, day, Role.NO_NEWS_BEFORE)
        if before is None and read.has(Role.PROMISE) and not read.has(Role.NO_PROMISE, Role.DEMAND):
            before = _cue_before(read, day, Role.NOT_UNTIL)
        if before is None or read.silenced(Label.TIMELINE, before.start) or day.on <= sent.date():
            continue
        found = max(found, day.on) if found else day.on
    return found


def _cue_before(read: SentenceReading, day: Day, role: Role) -> FoundCue | None:
    """Return the cue of this role right before a date."""
    near = (cue for cue in read.cues if cue.role is role and cue.start < day.start and day.start - _NEAR <= cue.end <= day.end)
    return next(near, None)


def limited(read: SentenceReading, day: Day) -> bool:
    """Whether the words right before a date, or its form, make it a last day."""
    return day.counted or any(cue.role is Role.LIMIT and day.start - _NEAR <= cue.end <= day.end for cue in read.cues)


def _introduces(read: SentenceReading, times: Times, verb: FoundCue) -> bool:
    """Whether the words only introduce what they tell (`just to let you know that`), and no last day stands right behind them."""
    told = any(cue.role is Role.TELLING and cue.start <= verb.start and verb.end <= cue.end for cue in read.cues)
    return told and not any(0 <= day.start - verb.end <= _RIGHT_BEHIND and limited(read, day) for day in times.days)


def reckoned_otherwise(read: SentenceReading, day: Day) -> bool:
    """Whether the words around a date make it an earliest day, a day behind, or one counted from something else."""
    return _cue_before(read, day, Role.NOT_UNTIL) is not None or any(
        (cue.role is Role.COUNTED_FROM and day.counted and day.end <= cue.start <= day.end + _NEAR) for cue in read.cues
    )
