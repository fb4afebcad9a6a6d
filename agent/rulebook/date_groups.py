"""Which named groups each way of reckoning a date needs, and which it knows besides."""

from agent.signals.dates import ways

_PARTS = ("early", "mid")
_NEEDS: dict[str, tuple[str, ...]] = {
    "clock": ("hour | noon | midnight",),
    "day_month": ("day", "month"),
    "day_of_month": ("day",),
    "holiday": ("holiday",),
    "iso": ("year", "month", "day"),
    "numeric": ("first", "second"),
    "week_number": ("number",),
    "week_of": ("day", "month"),
    "weekday": ("weekday",),
    "within": ("n | m | one_week | two_weeks",),
    "zone": ("zone | offset",),
}
"""Way of reckoning → groups without which it gives nothing; `a | b` where one of them is enough."""
_KNOWS: dict[str, tuple[str, ...]] = {
    "clock": (
        *("hour", "minute", "half", "hour2", "minute2", "half2", "noon", "midnight", "am", "pm"),
        *("half_to", "half_past", "quarter_to", "quarter_past"),
    ),
    "day_month": ("day", "month", "year"),
    "month_part": (*_PARTS, "month", "next"),
    "numeric": ("first", "second", "year", "dots"),
    "quarter_end": ("quarter", "next"),
    "week": (*_PARTS, "next", "after_next"),
    "week_of": ("day", "month", "year"),
    "weekday": ("weekday", "next", "after_next", "today", "week_after"),
    "within": ("n", "m", "one_week", "two_weeks", "days", "weeks", "months", "hours"),
    "zone": ("zone", "offset", "offset_minutes", "sign"),
}
"""Way of reckoning → all groups that it looks at, where these are more than it needs."""


def missing_groups(reckon: str, groups: set[str]) -> list[str]:
    """Return what a pattern for this way of reckoning lacks, in words such as `day` or `n | m`."""
    return [needed for needed in _NEEDS.get(reckon, ()) if groups.isdisjoint(needed.split(" | "))]


def known_groups(reckon: str) -> set[str]:
    """Return the names of the groups that this way of reckoning looks at."""
    if reckon not in ways():
        return set()
    return set(_KNOWS.get(reckon, _NEEDS.get(reckon, ())))
