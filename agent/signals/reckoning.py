"""How the days that people name are reckoned from the day of the message.

Each reckoning takes the named groups of a date form, the language and when the message was sent, and returns a day, or None
where it cannot be told without guessing. `dates.yaml` of each language says which wording is reckoned how.
"""

import calendar
import datetime as dt
from collections.abc import Callable

from agent.signals.phrasebook import LanguageBook, NumericDates

_FRIDAY = 4
Groups = dict[str, str]
Reckoning = Callable[[Groups, LanguageBook, dt.datetime], dt.date | None]


def reckoning(name: str) -> Reckoning | None:
    """Return the reckoning of this name."""
    return _RECKONINGS.get(name)


def reckonings() -> list[str]:
    """Return the names of all, in order."""
    return sorted(_RECKONINGS)


def number_of(text: str, book: LanguageBook) -> int | None:
    """Return a number in figures or words."""
    if text.isdigit():
        return int(text)
    return book.numbers.get(text)


def _today(_groups: Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    return sent.date()


def _tomorrow(_groups: Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    return sent.date() + dt.timedelta(days=1)


def _day_after_tomorrow(_groups: Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    return sent.date() + dt.timedelta(days=2)


def _weekday(groups: Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return the next such day after today; with `next` that of next week, with `week_after` one week later.

    With `after_next` it is that of the week after next.
    """
    wanted = book.weekdays.get(groups["weekday"])
    if wanted is None:
        return None
    today = sent.date()
    if "next" in groups or "after_next" in groups:
        return _monday(today) + dt.timedelta(days=(7 if "next" in groups else 14) + wanted)
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    if "today" in groups and wanted == today.weekday():
        ahead = 0
    return today + dt.timedelta(days=ahead + (7 if "week_after" in groups else 0))


def _week(groups: Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
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


def _week_of(groups: Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return the Friday of the week that a day lies in."""
    day = _day_month(groups, book, sent)
    return day and _monday(day) + dt.timedelta(days=_FRIDAY)


def _week_number(groups: Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return the Friday of a week by its number (ISO 8601), the next such week from now on."""
    number = int(groups["number"])
    fridays = (dt.date.fromisocalendar(year, number, 5) for year in (sent.isocalendar().year, sent.isocalendar().year + 1))
    return next((friday for friday in fridays if friday >= sent.date()), None)


def _within(groups: Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return a number of days (counted Monday to Friday), weeks or months from today; of a range the later end."""
    if "one_week" in groups or "two_weeks" in groups:
        return sent.date() + dt.timedelta(weeks=1 if "one_week" in groups else 2)
    number = number_of(groups.get("m") or groups.get("n", ""), book)
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


def _month_part(groups: Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
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


def _year_end(_groups: Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    return dt.date(sent.year, 12, 31)


def _quarter_end(groups: Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return the last day of this quarter, of the next with `next`, or of the one of that number."""
    number = int(groups.get("quarter", (sent.month + 2) // 3)) + ("next" in groups)
    if not 1 <= number <= 5:
        return None
    ends = (_plus_months(dt.date(sent.year, 1, 1), 3 * number + 12 * later) - dt.timedelta(days=1) for later in (0, 1))
    return next((end for end in ends if end >= sent.date()), None)


def _holiday(groups: Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return a holiday by its name in the language's table, the next one from the day of the message on."""
    today = sent.date()
    rule = book.holidays.get(groups["holiday"])
    days = (_holiday_in(year, rule) for year in (today.year, today.year + 1)) if rule else ()
    return next((day for day in days if day >= today), None)


def _holiday_in(year: int, rule: str) -> dt.date:
    """Return the day of `MM-DD`, `easter+N`, `easter-N` or `thanksgiving` in a year."""
    if rule == "thanksgiving":
        return _thanksgiving(year)
    if rule.startswith("easter"):
        return _easter(year) + dt.timedelta(days=int(rule.removeprefix("easter") or 0))
    month, day = rule.split("-")
    return dt.date(year, int(month), int(day))


def _thanksgiving(year: int) -> dt.date:
    first = dt.date(year, 11, 1)
    return first + dt.timedelta(days=(3 - first.weekday()) % 7 + 21)


def _easter(year: int) -> dt.date:
    """Return Easter Sunday of the Gregorian calendar, by Butcher's rule."""
    century, in_century = divmod(year, 100)
    epact = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


def _day_month(groups: Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return a day of a named month; without a year the one nearest ahead, or behind by a month at most."""
    month = book.months.get(groups["month"].rstrip("."))
    if month is None:
        return None
    return _in_year(groups, int(groups["day"]), month, sent.date())


def _day_of_month(groups: Groups, _book: LanguageBook, sent: dt.datetime) -> dt.date:
    """Return a bare `the 14th`: of this month, or of the next when it is behind."""
    today = sent.date()
    day = int(groups["day"])
    first = today.replace(day=1)
    return today.replace(day=day) if day >= today.day else _plus_months(first, 1).replace(day=day)


def _numeric(groups: Groups, book: LanguageBook, sent: dt.datetime) -> dt.date | None:
    """Return `14.3.`, `14/03/2027`, `3/14`.

    Where both orders are possible it is the only one that lies near ahead, else the language's, or the sender's (west of the
    Atlantic month first).
    """
    first, second = int(groups["first"]), int(groups["second"])
    today = sent.date()
    orders = [(first, second), (second, first)]
    if "dots" in groups:
        orders = orders[:1]
    elif book.numeric_dates is NumericDates.MONTH_FIRST or (
        book.numeric_dates is NumericDates.BY_SENDER and _of_the_americas(sent)
    ):
        orders.reverse()
    possible = [_in_year(groups, day, month, today) for day, month in orders if 1 <= month <= 12 and 1 <= day <= 31]
    near = [day for day in possible if day and today <= day <= today + dt.timedelta(days=150)]
    return next(iter(near or [day for day in possible if day]), None)


def _of_the_americas(sent: dt.datetime) -> bool:
    return dt.timedelta(hours=-11) < (sent.utcoffset() or dt.timedelta()) < dt.timedelta(hours=-2)


def _iso(groups: Groups, _book: LanguageBook, _sent: dt.datetime) -> dt.date:
    return dt.date(int(groups["year"]), int(groups["month"]), int(groups["day"]))


def _in_year(groups: Groups, day: int, month: int, today: dt.date) -> dt.date | None:
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


def _part(groups: Groups, *, early: int, mid: int, end: int) -> int:
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


_RECKONINGS: dict[str, Reckoning] = {
    "today": _today,
    "tomorrow": _tomorrow,
    "day_after_tomorrow": _day_after_tomorrow,
    "weekday": _weekday,
    "week": _week,
    "week_of": _week_of,
    "week_number": _week_number,
    "within": _within,
    "month_part": _month_part,
    "year_end": _year_end,
    "quarter_end": _quarter_end,
    "holiday": _holiday,
    "day_month": _day_month,
    "day_of_month": _day_of_month,
    "numeric": _numeric,
    "iso": _iso,
}
