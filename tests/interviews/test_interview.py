"""What a tracked interview says of itself."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from agent.interviews import Interview

HOME = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        (None, "Europe/London"),
        ("", "Europe/London"),
        ("Mars/Olympus", "Europe/London"),
        ("../x", "Europe/London"),
    ],
)
def test_the_zone_is_the_employers_else_the_users(named: str | None, expected: str) -> None:
    interview = Interview(id="acme-backend", company="Acme Robotics", role="Backend Engineer", timezone=named)
    assert interview.zone(HOME).key == expected


def test_holidays_are_those_of_the_users_country_only_where_nothing_is_known_of_the_employers() -> None:
    plain = Interview(id="acme", company="Acme", role="Clerk")

    assert plain.office_country("DE") == "DE"
    assert replace(plain, country="FR").office_country("DE") == "FR"
    assert replace(plain, timezone="America/Denver").office_country("DE") is None
    assert plain.office_country(None) is None
