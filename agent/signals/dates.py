"""Days and times of day as people write them, reckoned from the day of the message.

The forms stand in the rules (`dates.yaml` of each language): a pattern whose named groups say what the date is made of, and the
name of one of the reckonings below. What cannot be reckoned without guessing gives no date.
"""

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from agent.signals.patterns import Found
from agent.signals.phrasebook import DateForm, LanguageBook

_FRIDAY = 4
_Groups = dict[str, str]


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
                clocks.extend(_clock(match, groups))
            elif form.reckon == "zone":
                zones.extend(_zone(match, groups, book))
            else:
                days.extend(_day(match, groups, form, book, sent))
    return Times(days=_longest(days), clocks=_longest(clocks), zones=_longest(zones))


def is_reckoning(name: str) -> bool:
    """Whether `name` is one that a date form may use."""
    return name in _RECKONINGS or name in ("clock", "zone")


def reckonings() -> list[str]:
    """Return the names that a date form may use."""
    return sorted({*_RECKONINGS, "clock", "zone"})


_Piece = TypeVar("_Piece", Day, Clock, Zone)


def _longest(found: list[_Piece]) -> tuple[_Piece, ...]:
    """Return the finds in order, without those that lie within or overlap a longer one."""
    kept: list[_Piece] = []
    for item in sorted(found, key=lambda item: (item.start - item.end, item.start)):
        if all(item.end <= other.start or item.start >= other.end for other in kept):
            kept.append(item)
    return tuple(sorted(kept, key=lambda item: item.start))


def _day(match: Found, groups: _Groups, form: DateForm, book: LanguageBook, sent: dt.datetime) -> list[Day]:
    try:
        on = _RECKONINGS[form.reckon](groups, book, sent)
    except (ValueError, OverflowError):
        return []
    if on is None:
        return []
    start, end = match.span()
    return [Day(start=start, end=end, on=on, counted=form.reckon == "within", precise=form.reckon in _PRECISE)]


def _number(text: str, book: LanguageBook) -> int | None:
    if text.isdigit():
        return int(text)
    return book.numbers.get(text)


def _today(_groups: _Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    return sent.date()


def _tomorrow(_groups: _Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    return sent.date() + dt.timedelta(days=1)


def _day_after_tomorrow(_groups: _Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    return sent.date() + dt.timedelta(days=2)


def _weekday(groups: _Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return the next such day after today; with `next` that of next week, with `week_after` one week later."""
    wanted = book.weekdays.get(groups["weekday"])
    if wanted is None:
        return None
    today = sent.date()
    if "next" in groups:
        return _monday(today) + dt.timedelta(days=7 + wanted)
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    if "today" in groups and wanted == today.weekday():
        ahead = 0
    return today + dt.timedelta(days=ahead + (7 if "week_after" in groups else 0))


def _week(groups: _Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    """Return a day of a week: its Friday, Tuesday for its beginning, Wednesday for its middle.

    It is this week (the coming one when written at a weekend), with `next` the next, with `after_next` the one after.
    """
    today = sent.date()
    monday = _monday(today)
    if "next" in groups:
        monday += dt.timedelta(days=7)
    elif "after_next" in groups:
        monday += dt.timedelta(days=14)
    elif today.weekday() > _FRIDAY:
        monday += dt.timedelta(days=7)
    return monday + dt.timedelta(days=_part(groups, early=1, mid=2, end=_FRIDAY))


def _week_of(groups: _Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return the Friday of the week that a day lies in."""
    day = _day_month(groups, book, sent)
    return day and _monday(day) + dt.timedelta(days=_FRIDAY)


def _within(groups: _Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return a number of days (counted Monday to Friday), weeks or months from today; of a range the later end."""
    number = _number(groups.get("m") or groups.get("n", ""), book)
    if number is None or not 0 < number <= 400:
        return None
    today = sent.date()
    if "hours" in groups:
        return (sent + dt.timedelta(hours=number)).date()
    if "weeks" in groups:
        return today + dt.timedelta(weeks=number)
    if "months" in groups:
        return _plus_months(today, number)
    return business_days_after(today, number)


def _month_part(groups: _Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return a day of this, the next or a named month: its last, the 10th for its beginning, the 15th for its middle."""
    today = sent.date()
    first = today.replace(day=1)
    if "month" in groups:
        month = book.months.get(groups["month"].rstrip("."))
        if month is None:
            return None
        first = dt.date(today.year + (month < today.month), month, 1)
    elif "next" in groups:
        first = _plus_months(first, 1)
    last = calendar.monthrange(first.year, first.month)[1]
    return first.replace(day=_part(groups, early=10, mid=15, end=last))


def _year_end(_groups: _Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    return dt.date(sent.year, 12, 31)


def _holiday(groups: _Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return a holiday by its name, the next one from today on; the last day of those that take several."""
    today = sent.date()
    name = next((name for name in _HOLIDAYS if name in groups), None)
    days = (_HOLIDAYS[name](year) for year in (today.year, today.year + 1)) if name else ()
    return next((day for day in days if day >= today), None)


def _thanksgiving(year: int) -> dt.date:
    first = dt.date(year, 11, 1)
    return first + dt.timedelta(days=(3 - first.weekday()) % 7 + 21)


def _easter_monday(year: int) -> dt.date:
    """Return the day after Easter Sunday of the Gregorian calendar, by Butcher's rule."""
    century, in_century = divmod(year, 100)
    epact = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1) + dt.timedelta(days=1)


_HOLIDAYS: dict[str, Callable[[int], dt.date]] = {
    "thanksgiving": _thanksgiving,
    "christmas": lambda year: dt.date(year, 12, 26),
    "new_year": lambda year: dt.date(year, 1, 1),
    "easter": _easter_monday,
}
"""Named group of a date form → the day in a year."""


def _day_month(groups: _Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return a day of a named month; without a year the one nearest ahead, or behind by a month at most."""
    month = book.months.get(groups["month"].rstrip("."))
    if month is None:
        return None
    return _in_year(groups, int(groups["day"]), month, sent.date())


def _day_of_month(groups: _Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    """Return a bare `the 14th`: of this month, or of the next when it is behind."""
    today = sent.date()
    day = int(groups["day"])
    first = today.replace(day=1)
    return today.replace(day=day) if day >= today.day else _plus_months(first, 1).replace(day=day)


def _numeric(groups: _Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return `14.3.`, `14/03/2027`, `3/14`.

    Where both orders are possible it is the only one that lies near ahead, else the sender's (west of the Atlantic month first).
    """
    first, second = int(groups["first"]), int(groups["second"])
    today = sent.date()
    orders = [(first, second), (second, first)]
    west = sent.utcoffset() is not None and dt.timedelta(hours=-11) < (sent.utcoffset() or dt.timedelta()) < dt.timedelta(
        hours=-2
    )
    if "dots" in groups:
        orders = orders[:1]
    elif west:
        orders.reverse()
    possible = [_in_year(groups, day, month, today) for day, month in orders if 1 <= month <= 12 and 1 <= day <= 31]
    near = [day for day in possible if day and today <= day <= today + dt.timedelta(days=150)]
    return next(iter(near or [day for day in possible if day]), None)


def _iso(groups: _Groups, _book: LanguageBook, _sent: dt.datetime) -> dt.date:
    return dt.date(int(groups["year"]), int(groups["month"]), int(groups["day"]))


def _in_year(groups: _Groups, day: int, month: int, today: dt.date) -> dt.date | None:
    if "year" in groups:
        year = int(groups["year"])
        return dt.date(year + 2000 if year < 100 else year, month, day)
    for year in (today.year, today.year + 1):
        on = _valid(year, month, day)
        if on and on >= today - dt.timedelta(days=31):
            return on
    return None


def _valid(year: int, month: int, day: int) -> dt.date | None:
    return dt.date(year, month, day) if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] else None


def _part(groups: _Groups, *, early: int, mid: int, end: int) -> int:
    return early if "early" in groups else mid if "mid" in groups else end


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _plus_months(day: dt.date, months: int) -> dt.date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def business_days_after(day: dt.date, number: int) -> dt.date:
    """Return the day that is `number` days on, counted Monday to Friday, holidays included."""
    while number > 0:
        day += dt.timedelta(days=1)
        number -= day.weekday() <= _FRIDAY
    return day


_RECKONINGS: dict[str, Callable[[_Groups, LanguageBook, dt.datetime], dt.date | None]] = {
    "today": _today,
    "tomorrow": _tomorrow,
    "day_after_tomorrow": _day_after_tomorrow,
    "weekday": _weekday,
    "week": _week,
    "week_of": _week_of,
    "within": _within,
    "month_part": _month_part,
    "year_end": _year_end,
    "holiday": _holiday,
    "day_month": _day_month,
    "day_of_month": _day_of_month,
    "numeric": _numeric,
    "iso": _iso,
}
_PRECISE = frozenset({"today", "tomorrow", "day_after_tomorrow", "weekday", "day_month", "day_of_month", "numeric", "iso"})


def _clock(match: Found, groups: _Groups) -> list[Clock]:
    start, end = match.span()
    if "noon" in groups:
        return [Clock(start=start, end=end, at=dt.time(12), minutes=None)]
    first = _time(groups.get("hour", ""), groups.get("minute"), groups.get("half") or groups.get("half2"))
    if first is None:
        return []
    minutes = None
    if "hour2" in groups:
        last = _time(groups["hour2"], groups.get("minute2"), groups.get("half2"))
        if last is None:
            return []
        minutes = (last.hour - first.hour) * 60 + last.minute - first.minute
        if minutes <= 0 and first.hour >= 12:
            first = first.replace(hour=first.hour - 12)
            minutes += 720
        if not 0 < minutes <= 720:
            minutes = None
    return [Clock(start=start, end=end, at=first, minutes=minutes)]


def _time(hour: str, minute: str | None, half: str | None) -> dt.time | None:
    if not hour:
        return None
    hours, minutes = int(hour), int(minute or 0)
    if half and 1 <= hours <= 12:
        hours = hours % 12 + (12 if half[0] == "p" else 0)
    return dt.time(hours, minutes) if hours < 24 and minutes < 60 else None


def _zone(match: Found, groups: _Groups, book: LanguageBook) -> list[Zone]:
    start, end = match.span()
    if "offset" in groups:
        hours = int(groups["offset"])
        minutes = int(groups.get("offset_minutes", "0"))
        if hours > 14 or minutes > 59:
            return []
        return [Zone(start=start, end=end, name=f"UTC{'-' if groups.get('sign') == '-' else '+'}{hours:02}:{minutes:02}")]
    name = book.zones.get(groups["zone"])
    return [Zone(start=start, end=end, name=name)] if name else []
