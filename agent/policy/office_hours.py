"""When the other side works: their zone, their days off, their hours, and how long a duration is among them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

_LONGEST_BREAK = 60
"""Days after which a calendar that knows no business day is no longer believed."""


class HolidayCalendar(Protocol):
    """Says which days people work."""

    def is_business_day(self, day: date, country: str | None, region: str | None = None) -> bool:
        """Whether people work on `day` in `country` (ISO 3166 alpha-2) and its `region`; without a country Monday to Friday."""


class CountryHolidays:
    """The calendars of the `holidays` library, weekends included; the library is loaded when a country is first asked for."""

    def __init__(self) -> None:
        """Start with no calendar loaded."""
        self._calendars: dict[tuple[str, str], Any] = {}
        self._mostly_off: dict[tuple[str, date], bool] = {}

    def is_business_day(self, day: date, country: str | None, region: str | None = None) -> bool:
        """Whether people work on `day` in `country` and its `region` (ISO 3166-2 with or without the country).

        Monday to Friday where there is no country or nobody knows it; an unknown region has the days of the country. Without a
        region a day off in more than half of the country's regions counts as one: in the United Kingdom Easter Monday.
        """
        calendar = self._calendar(country.upper(), region or "") if country else None
        if country is None or calendar is None:
            return day.weekday() < 5
        return bool(calendar.is_working_day(day)) and not (region is None and self._off_in_most_regions(country.upper(), day))

    def _off_in_most_regions(self, country: str, day: date) -> bool:
        key = (country, day)
        if key not in self._mostly_off:
            regions = self._calendar(country, "").subdivisions
            off = sum(not self._calendar(country, region).is_working_day(day) for region in regions)
            self._mostly_off[key] = off * 2 > len(regions) > 0
        return self._mostly_off[key]

    def _calendar(self, country: str, region: str) -> Any:
        key = (country, region)
        if key not in self._calendars:
            from holidays import country_holidays

            part = region.strip().upper().removeprefix(f"{country}-") if region else None
            try:
                self._calendars[key] = country_holidays(country, subdiv=part)
            except NotImplementedError:
                self._calendars[key] = self._calendar(country, "") if region else None
        return self._calendars[key]


class Unit(StrEnum):
    """What a duration is counted in."""

    HOUR = "hour"
    """Elapsed hours."""
    DAY = "day"
    """Days of the calendar: over when the clock on the wall and the elapsed hours both say so."""
    BUSINESS_DAY = "business day"
    """The same time of day on the n-th business day after; the first day is not counted."""
    FULL_BUSINESS_DAY = "full business day"
    """Until n business days after the first day have passed from midnight to midnight."""
    ON_THE_DAY = "on the day"
    """No time at all: for a day that a rule counts from, its beginning and not its end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Duration:
    """A number of hours or days; zero means at once."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        if self.unit is Unit.ON_THE_DAY:
            return "on the day"
        return f"{self.amount} {self.unit}{'' if self.amount == 1 else 's'}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """The hours of one employer. All moments that it returns are aware and in UTC."""

    zone: ZoneInfo
    country: str | None
    holidays: HolidayCalendar
    closed: frozenset[date]
    """Days off that no public calendar knows."""
    opens: time
    closes: time
    early: time = time(7)
    """When a day begins for what is to be ready before they open."""
    region: str | None = None

    def is_business_day(self, day: date) -> bool:
        """Whether they work on `day`."""
        return day not in self.closed and self.holidays.is_business_day(day, self.country, self.region)

    def day(self, moment: datetime) -> date:
        """Return the date that their calendar shows at `moment`."""
        return moment.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """Return the moment at which their clock shows `clock` on `day`; a time that summer time skips comes an hour later."""
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def next_open(self, moment: datetime) -> datetime:
        """Return `moment` where it lies in their hours, else the next opening."""
        day = self.day(moment)
        if self.is_business_day(day):
            opening = self.at(day, self.opens)
            if moment < self.at(day, self.closes):
                return max(moment.astimezone(UTC), opening)
        return self.at(self._business_day(day, 1), self.opens)

    def next_early(self, moment: datetime, *, also: date | None = None) -> datetime:
        """Return `moment` where it lies on a business day, or on the day `also`, after `early`; else the next such beginning."""
        day = self.day(moment)
        for _ in range(_LONGEST_BREAK):
            if day == also or self.is_business_day(day):
                return max(moment.astimezone(UTC), self.at(day, self.early))
            day += timedelta(days=1)
            moment = self.at(day, time())
        return moment.astimezone(UTC)

    def closing(self, moment: datetime) -> datetime:
        """Return the end of the hours on the day of `moment`."""
        return self.at(self.day(moment), self.closes)

    def later(self, moment: datetime, duration: Duration) -> datetime:
        """Return the moment at which `duration` has passed since `moment`."""
        match duration.unit:
            case Unit.HOUR:
                return moment.astimezone(UTC) + timedelta(hours=duration.amount)
            case Unit.DAY:
                local = moment.astimezone(self.zone)
                on_the_wall = self.at(local.date() + timedelta(days=duration.amount), local.time())
                return max(on_the_wall, moment.astimezone(UTC) + timedelta(days=duration.amount))
            case Unit.BUSINESS_DAY:
                local = moment.astimezone(self.zone)
                if duration.amount == 0:
                    return moment.astimezone(UTC)
                return self.at(self._business_day(local.date(), duration.amount), local.time())
            case Unit.FULL_BUSINESS_DAY:
                return self.after_date(self.day(moment), duration)
            case Unit.ON_THE_DAY:
                return moment.astimezone(UTC)

    def after_date(self, day: date, duration: Duration) -> datetime:
        """Return the moment at which `duration` has passed since the end of `day`."""
        match duration.unit:
            case Unit.BUSINESS_DAY | Unit.FULL_BUSINESS_DAY:
                last = self._business_day(day, duration.amount) if duration.amount else day
                return self.at(last + timedelta(days=1), time())
            case Unit.ON_THE_DAY:
                return self.at(day, time())
            case _:
                return self.later(self.at(day + timedelta(days=1), time()), duration)

    def _business_day(self, day: date, number: int) -> date:
        """Return the `number`-th business day after `day`."""
        idle = 0
        while number:
            day += timedelta(days=1)
            idle += 1
            if self.is_business_day(day) or idle > _LONGEST_BREAK:
                number, idle = number - 1, 0
        return day


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_in_words(day: date) -> str:
    """Return `day` as `Friday 13 March 2026`, in English whatever the locale."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
