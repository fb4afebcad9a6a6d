"""What a tracked interview says of itself."""

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
