"""Times of day and time zones as people write them."""

import datetime as dt

from agent.signals.phrasebook import LanguageBook
from agent.signals.reckoning import Groups, number_of

_LONGEST = 720
"""Minutes; a longer span is no appointment."""


def time_of_day(groups: Groups, book: LanguageBook) -> tuple[dt.time, int | None] | None:
    """Return a time of day and the minutes up to its end where one is named; None for what is no time.

    `half` is `am` or `pm` as written; `am` and `pm` are there where other words say which half of the day it is. `half_to` is
    half an hour before the hour named (German `halb drei` is 2:30), as `quarter_to` is a quarter.
    """
    if "noon" in groups:
        return dt.time(12), None
    if "midnight" in groups:
        return None
    first = _time(groups.get("hour", ""), groups.get("minute"), _half(groups) or groups.get("half2"), book)
    if first is None:
        return None
    first = _shifted(first, groups)
    if "hour2" not in groups:
        return first, None
    last = _time(groups["hour2"], groups.get("minute2"), groups.get("half2") or _half(groups), book)
    if last is None:
        return None
    minutes = (last.hour - first.hour) * 60 + last.minute - first.minute
    if minutes <= 0 and first.hour >= 12:
        first = first.replace(hour=first.hour - 12)
        minutes += _LONGEST
    return first, minutes if 0 < minutes <= _LONGEST else None


def _half(groups: Groups) -> str | None:
    if "pm" in groups:
        return "pm"
    return "am" if "am" in groups else groups.get("half")


def _shifted(at: dt.time, groups: Groups) -> dt.time:
    """Return the time moved by `half past`, `half to` and the quarters; by day where the hour alone leaves both open."""
    minutes = 30 * ("half_past" in groups) - 30 * ("half_to" in groups) + 15 * ("quarter_past" in groups)
    minutes -= 15 * ("quarter_to" in groups)
    if not minutes:
        return at
    total = at.hour * 60 + at.minute + minutes
    if _half(groups) is None and total < 7 * 60 + 30:
        total += _LONGEST
    return dt.time(total // 60 % 24, total % 60)


def _time(hour: str, minute: str | None, half: str | None, book: LanguageBook) -> dt.time | None:
    hours = number_of(hour, book) if hour else None
    minutes = int(minute or 0)
    if hours is None:
        return None
    if half and 1 <= hours <= 12:
        hours = hours % 12 + (12 if half[0] == "p" else 0)
    return dt.time(hours, minutes) if hours < 24 and minutes < 60 else None


def zone_name(groups: Groups, book: LanguageBook) -> str | None:
    """Return the IANA name of a zone, or `UTC+02:00`; None for one that is not known."""
    if "offset" in groups:
        hours = int(groups["offset"])
        minutes = int(groups.get("offset_minutes", "0"))
        if hours > 14 or minutes > 59:
            return None
        return f"UTC{'-' if groups.get('sign') == '-' else '+'}{hours:02}:{minutes:02}"
    return book.zones.get(groups.get("zone", ""))
