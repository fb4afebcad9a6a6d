from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.policy.office_hours import CountryHolidays, Duration, Office, Unit, day_in_words

HOLIDAYS = CountryHolidays()
ZONES = ["Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu", "America/St_Johns", "UTC", "Pacific/Apia"]


def office(zone: str = "Europe/Berlin", country: str | None = None, *closed: date) -> Office:
    return Office(
        zone=ZoneInfo(zone), country=country, holidays=HOLIDAYS, closed=frozenset(closed), opens=time(9), closes=time(17)
    )


@pytest.mark.parametrize(
    ("day", "country", "works"),
    [
        (date(2025, 10, 3), "DE", False),
        (date(2025, 10, 3), "US", True),
        (date(2025, 10, 3), None, True),
        (date(2026, 11, 26), "US", False),
        (date(2026, 11, 26), "DE", True),
        (date(2026, 11, 22), None, False),
        (date(2026, 11, 22), "IL", True),  # a Sunday
        (date(2026, 11, 20), "IL", False),  # a Friday
        (date(2026, 11, 20), "ZZ", True),
        (date(2026, 11, 21), "ZZ", False),
        (date(2026, 12, 25), "gb", False),
    ],
)
def test_business_days_are_those_of_the_country(day: date, country: str | None, works: bool) -> None:
    assert HOLIDAYS.is_business_day(day, country) is works


def test_a_full_business_day_after_friday_is_over_on_tuesday_at_midnight() -> None:
    moment = office().after_date(date(2026, 3, 13), Duration(amount=1, unit=Unit.FULL_BUSINESS_DAY))
    assert moment == datetime(2026, 3, 16, 23, 0, tzinfo=UTC)
    assert office().next_open(moment) == datetime(2026, 3, 17, 8, 0, tzinfo=UTC)


def test_a_promise_for_a_sunday_is_checked_from_tuesday() -> None:
    moment = office().after_date(date(2026, 3, 15), Duration(amount=1, unit=Unit.FULL_BUSINESS_DAY))
    assert office().next_open(moment) == datetime(2026, 3, 17, 8, 0, tzinfo=UTC)


def test_a_promise_for_christmas_eve_waits_for_the_holidays_and_the_bridge_day() -> None:
    berlin = office("Europe/Berlin", "DE", date(2026, 12, 28))
    moment = berlin.after_date(date(2026, 12, 24), Duration(amount=1, unit=Unit.FULL_BUSINESS_DAY))
    assert berlin.next_open(moment) == datetime(2026, 12, 30, 8, 0, tzinfo=UTC)  # Tuesday 29 is the full day


def test_after_closing_time_the_next_opening_is_on_the_next_business_day() -> None:
    friday_evening = datetime(2026, 3, 13, 16, 0, tzinfo=UTC)  # 17:00 in Berlin, closed
    assert office().next_open(friday_evening) == datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
    assert office().next_open(datetime(2026, 3, 13, 15, 59, tzinfo=UTC)) == datetime(2026, 3, 13, 15, 59, tzinfo=UTC)


def test_a_calendar_without_business_days_does_not_hang() -> None:
    class Never:
        def is_business_day(self, day: date, country: str | None, region: str | None = None) -> bool:
            return False

    never = Office(zone=ZoneInfo("UTC"), country=None, holidays=Never(), closed=frozenset(), opens=time(9), closes=time(17))
    assert never.next_open(datetime(2026, 3, 13, tzinfo=UTC)) > datetime(2026, 3, 13, tzinfo=UTC)


def test_days_are_written_out_in_english() -> None:
    assert day_in_words(date(2026, 3, 13)) == "Friday 13 March 2026"


moments = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
durations = st.builds(Duration, amount=st.integers(0, 30), unit=st.sampled_from([*{*Unit} - {Unit.ON_THE_DAY}]))


@given(moments, durations, st.sampled_from(ZONES), st.sampled_from([None, "DE", "US", "IL"]))
def test_a_duration_never_ends_before_it_begins(moment: datetime, duration: Duration, zone: str, country: str | None) -> None:
    theirs = office(zone, country)
    later = theirs.later(moment, duration)
    assert later >= moment
    if duration.unit is Unit.DAY:
        assert later - moment >= duration.amount * (datetime(2026, 1, 2) - datetime(2026, 1, 1))  # noqa: DTZ001
    longer = Duration(amount=duration.amount + 1, unit=duration.unit)
    assert theirs.later(moment, longer) > later


@given(moments, st.sampled_from(ZONES), st.sampled_from([None, "DE", "US", "IL"]))
def test_the_next_opening_lies_in_the_hours(moment: datetime, zone: str, country: str | None) -> None:
    theirs = office(zone, country)
    opening = theirs.next_open(moment)
    local = opening.astimezone(theirs.zone)
    assert opening >= moment
    assert theirs.is_business_day(local.date())
    assert time(9) <= local.time() < time(17)
    assert theirs.next_open(opening) == opening
    assert theirs.closing(opening) > opening


@pytest.mark.parametrize(
    ("country", "region", "day", "works"),
    [
        ("GB", None, date(2026, 4, 6), False),  # Easter Monday, everywhere but in Scotland
        ("GB", "SCT", date(2026, 4, 6), True),
        ("DE", None, date(2026, 1, 6), True),  # Epiphany, in three of sixteen
        ("DE", "BY", date(2026, 1, 6), False),
        ("DE", None, date(2026, 4, 6), False),
    ],
)
def test_without_a_region_the_days_off_of_most_regions_count(country: str, region: str | None, day: date, works: bool) -> None:
    assert CountryHolidays().is_business_day(day, country, region) is works
