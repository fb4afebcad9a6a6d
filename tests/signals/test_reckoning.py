"""How named days and times of day are reckoned; the messages are of Wednesday 2026-03-04, 09:00 in Berlin."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from agent.signals.clocks import time_of_day
from agent.signals.phrasebook import LanguageBook, NumericDates
from agent.signals.reckoning import reckoning

SENT = dt.datetime(2026, 3, 4, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
BOOK = LanguageBook(
    language="xx",
    numbers={"drei": 3, "zwei": 2},
    weekdays={"freitag": 4},
    months={"maerz": 3, "3月": 3},
    holidays={
        "ostern": "easter+1",
        "pfingsten": "easter+50",
        "aschermittwoch": "easter-46",
        "einheit": "10-03",
        "danktag": "thanksgiving",
    },
)

DAYS = [
    ("weekday", {"weekday": "freitag"}, "2026-03-06"),
    ("weekday", {"weekday": "freitag", "next": "x"}, "2026-03-13"),
    ("weekday", {"weekday": "freitag", "after_next": "x"}, "2026-03-20"),
    ("week_number", {"number": "12"}, "2026-03-20"),
    ("week_number", {"number": "8"}, "2027-02-26"),
    ("within", {"two_weeks": "14 tagen"}, "2026-03-18"),
    ("within", {"one_week": "acht tage"}, "2026-03-11"),
    ("within", {"n": "zwei", "m": "drei", "days": "x"}, "2026-03-09"),
    ("within", {"n": "zwei", "weeks": "x"}, "2026-03-18"),
    ("quarter_end", {}, "2026-03-31"),
    ("quarter_end", {"next": "x"}, "2026-06-30"),
    ("quarter_end", {"quarter": "4"}, "2026-12-31"),
    ("holiday", {"holiday": "ostern"}, "2026-04-06"),
    ("holiday", {"holiday": "pfingsten"}, "2026-05-25"),
    ("holiday", {"holiday": "aschermittwoch"}, "2027-02-10"),
    ("holiday", {"holiday": "einheit"}, "2026-10-03"),
    ("holiday", {"holiday": "danktag"}, "2026-11-26"),
    ("day_month", {"day": "9", "month": "3月"}, "2026-03-09"),
    ("numeric", {"first": "5", "second": "4"}, "2026-04-05"),
]


@pytest.mark.parametrize(("name", "groups", "day"), DAYS)
def test_a_day_is_reckoned_from_that_of_the_message(name: str, groups: dict[str, str], day: str) -> None:
    reckon = reckoning(name)
    assert reckon is not None
    assert reckon(groups, BOOK, SENT) == dt.date.fromisoformat(day)


def test_a_language_may_put_the_month_first() -> None:
    book = LanguageBook(language="xx", numeric_dates=NumericDates.MONTH_FIRST)
    reckon = reckoning("numeric")
    assert reckon is not None
    assert reckon({"first": "5", "second": "4"}, book, SENT) == dt.date(2026, 5, 4)


TIMES = [
    ({"hour": "14", "minute": "30"}, dt.time(14, 30), None),
    ({"hour": "2", "pm": "nachmittags"}, dt.time(14, 0), None),
    ({"hour": "12", "am": "morgens"}, dt.time(0, 0), None),
    ({"hour": "drei", "half_to": "halb"}, dt.time(14, 30), None),
    ({"hour": "10", "half_to": "halb"}, dt.time(9, 30), None),
    ({"hour": "10", "quarter_past": "viertel nach"}, dt.time(10, 15), None),
    ({"hour": "drei", "quarter_to": "viertel vor"}, dt.time(14, 45), None),
    ({"hour": "2", "half_past": "y media", "pm": "de la tarde"}, dt.time(14, 30), None),
    ({"hour": "14", "hour2": "15", "minute2": "30"}, dt.time(14, 0), 90),
    ({"hour": "2", "hour2": "3", "pm": "de la tarde"}, dt.time(14, 0), 60),
    ({"noon": "mittags"}, dt.time(12, 0), None),
]


@pytest.mark.parametrize(("groups", "at", "minutes"), TIMES)
def test_a_time_of_day_is_read_in_its_half_of_the_day(groups: dict[str, str], at: dt.time, minutes: int | None) -> None:
    assert time_of_day(groups, BOOK) == (at, minutes)


@pytest.mark.parametrize("groups", [{"midnight": "x"}, {"hour": "25"}, {"hour": "zehn"}, {"hour": "9", "minute": "75"}])
def test_what_is_no_time_of_an_interview_is_none(groups: dict[str, str]) -> None:
    assert time_of_day(groups, BOOK) is None
