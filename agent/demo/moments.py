"""Moments told from now, so that the demo is always of today: `-3b 10:15`, `+4b`, `-4h`."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
"""Where the demo's candidate lives; all times of day in the demo's files are in this zone."""

_MOMENT = re.compile(r"([+-]?\d+)([dbh])(?: (\d\d):(\d\d))?")
_PLACE = re.compile(r"\{\{([^|{}]+)(?:\|([^{}]+))?\}\}")
_FRIDAY = 4
_AFTERNOON = (time(14), time(16))


def moment(text: str, now: datetime) -> datetime:
    """Return the aware moment that e.g. `-3b 10:15` names, in the demo's zone.

    `d` counts days, `b` business days (Monday to Friday; `0b` is today, or the Friday before a weekend) and `h` hours, put back
    to the quarter of an hour. Days without a time of day mean noon. Raises `ValueError` for anything else.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None or (match[2] == "h" and match[3]):
        raise ValueError(f"no moment: {text!r}; write e.g. -3b 10:15, +4b or -4h")
    count, unit = int(match[1]), match[2]
    here = now.astimezone(ZONE)
    if unit == "h":
        then = (here.astimezone(UTC) + timedelta(hours=count)).astimezone(ZONE)
        return then.replace(minute=then.minute // 15 * 15, second=0, microsecond=0)
    day = here.date() + timedelta(days=count) if unit == "d" else business_day(here.date(), count)
    return datetime.combine(day, time(int(match[3] or 12), int(match[4] or 0)), ZONE)


def office_moment(now: datetime) -> datetime:
    """Return `now` if it is a business day's afternoon (two to four), else three o'clock on the latest business day before it.

    The demo's clock: at night or on a Sunday half of its follow-ups would wait for the office to open.
    """
    here = now.astimezone(ZONE)
    if here.weekday() <= _FRIDAY and _AFTERNOON[0] <= here.time() <= _AFTERNOON[1]:
        return now
    three = datetime.combine(business_day(here.date(), 0), time(15), ZONE)
    if three > here:
        three = datetime.combine(business_day(here.date(), -1), time(15), ZONE)
    return three.astimezone(UTC)


def business_day(today: date, count: int) -> date:
    """Return the day `count` business days after `today`, or before it where `count` is negative; never a Saturday or Sunday."""
    day = today
    if count <= 0:
        while day.weekday() > _FRIDAY:
            day -= timedelta(days=1)
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= day.weekday() <= _FRIDAY
    return day


def fill(text: str, now: datetime) -> str:
    """Return the text with every `{{-3b 10:15}}` written out as e.g. `Thursday, 19 November`.

    `{{-3b 10:15|%H:%M}}` gives the form, in strftime's letters and `%-d` for a day of the month without a leading zero.
    """

    def written(match: re.Match[str]) -> str:
        then = moment(match[1], now)
        return then.strftime((match[2] or "%A, %-d %B").replace("%-d", str(then.day)))

    return _PLACE.sub(written, text)
