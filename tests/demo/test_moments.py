"""Moments told from now: business days never fall on a weekend, and texts show them as a person writes them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.demo.moments import business_day, fill, moment, office_moment

WEDNESDAY = datetime(2026, 11, 18, 9, 50, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 9, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("-3b 10:15", WEDNESDAY, datetime(2026, 11, 13, 10, 15, tzinfo=UTC)),
        ("+3b 15:30", WEDNESDAY, datetime(2026, 11, 23, 15, 30, tzinfo=UTC)),
        ("0b 08:00", SUNDAY, datetime(2026, 11, 20, 8, 0, tzinfo=UTC)),
        ("-1b 08:00", SUNDAY, datetime(2026, 11, 19, 8, 0, tzinfo=UTC)),
        ("+1b 08:00", SUNDAY, datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("-150d", WEDNESDAY, datetime(2026, 6, 21, 11, 0, tzinfo=UTC)),
        ("-4h", WEDNESDAY, datetime(2026, 11, 18, 5, 45, tzinfo=UTC)),
    ],
)
def test_a_moment_is_counted_from_now(text: str, now: datetime, expected: datetime) -> None:
    assert moment(text, now) == expected


@pytest.mark.parametrize("text", ["yesterday", "-3", "3w 10:00", "-4h 10:00", "-3b 10"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"no moment: .*write e\.g\. -3b 10:15"):
        moment(text, WEDNESDAY)


def test_hours_are_counted_across_the_change_of_the_clocks() -> None:
    now = datetime(2026, 10, 25, 3, 0, tzinfo=UTC)
    assert moment("-4h", now) == datetime(2026, 10, 24, 23, 0, tzinfo=UTC)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-60, 60))
def test_a_business_day_is_never_at_a_weekend(today: date, count: int) -> None:
    assert business_day(today, count).weekday() < 5


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-60, 59))
def test_more_business_days_are_later(today: date, count: int) -> None:
    assert business_day(today, count) < business_day(today, count + 1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 18, 14, 20, tzinfo=UTC), datetime(2026, 11, 18, 14, 20, tzinfo=UTC)),
        (datetime(2026, 11, 18, 19, 0, tzinfo=UTC), datetime(2026, 11, 18, 15, 0, tzinfo=UTC)),
        (datetime(2026, 11, 18, 9, 50, tzinfo=UTC), datetime(2026, 11, 17, 15, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 9, 50, tzinfo=UTC), datetime(2026, 11, 20, 15, 0, tzinfo=UTC)),
        (datetime(2026, 11, 21, 14, 30, tzinfo=UTC), datetime(2026, 11, 20, 15, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), datetime(2026, 11, 20, 15, 0, tzinfo=UTC)),
        (datetime(2026, 7, 15, 13, 30, tzinfo=UTC), datetime(2026, 7, 15, 13, 30, tzinfo=UTC)),
    ],
)
def test_the_demo_plays_in_the_afternoon_of_a_business_day(now: datetime, expected: datetime) -> None:
    assert office_moment(now) == expected


def test_a_text_shows_the_day_and_the_time() -> None:
    assert fill("On {{-4b}} at {{-4b 16:00|%H:%M}}, {{+2b|%-d %b}}.", WEDNESDAY) == "On Thursday, 12 November at 16:00, 20 Nov."
