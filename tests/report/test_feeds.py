"""The table and the calendar, read again by those who read such files."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from agent.interviews import Interview, Round
from agent.plan.intention import DraftState
from agent.policy import DraftKind
from agent.report import Followed, calendar_of, csv_of, figures_of
from agent.report.csv_rows import COLUMNS
from agent.signals import Label
from tests.report.searches import NOW, draft, drawn, followed, mail, planned, search

ACME = Interview(id="acme", company="Acme Robotics", role="Backend Engineer", applied_on=date(2026, 10, 1))


def on(day: int, hour: int = 9, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def table(*found: Followed) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_of(figures_of(search(*found))), newline="")))


def test_each_interview_is_a_row() -> None:
    record, events = draft("acme", DraftKind.STATUS_CHECK, on(20), DraftState.SENT, until=on(21))
    hold = mail("acme", on(24), Label.HOLD, promised_by=date(2026, 11, 20))
    receipt, invited = mail("acme", on(2), Label.ACKNOWLEDGED), mail("acme", on(5, 11), Label.INVITATION)
    (row,) = table(followed(ACME, [receipt, invited, *events, hold], [record]))
    assert row == {
        "account": "",
        "id": "acme",
        "company": "Acme Robotics",
        "role": "Backend Engineer",
        "via": "",
        "status": "on_hold",
        "since": "2026-10-24 10:00",
        "round": "1",
        "applied_on": "2026-10-01",
        "first_reply": "2026-10-05 12:00",  # London is an hour ahead of UTC until 25 October
        "last_message": "2026-10-24 10:00",
        "next_at": "",
        "promised_by": "2026-11-20",
        "turn": "them",
        "days_silent": "25",
        "drafts_waiting": "0",
        "drafts_sent": "1",
        "drafts_deleted": "0",
        "drafts_withdrawn": "0",
        "answers": "2",
        "stages": "applied > invited > open",
    }


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.sampled_from(["=1+1", "+A1", "-A1", "@sum", "\t=1", " =1", "=cmd|' /C calc'!A0", 'a"b,c\nd']), st.text()))
def test_no_text_is_a_formula_and_every_row_stays_one(words: str) -> None:
    interview = replace(ACME, company=words, role=words, id=words or "x")
    text = csv_of(figures_of(search(followed(interview))))
    assert text.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [len(row) for row in rows] == [len(COLUMNS)] * 2
    for cell in rows[1]:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def entries(*found: Followed, now: datetime = NOW) -> dict[str, Any]:
    calendar: Any = Calendar.from_ical(calendar_of(figures_of(search(*found, now=now))))
    return {str(each["summary"]): each for each in calendar.walk("VEVENT")}


def test_interviews_promises_and_follow_ups_stand_in_the_calendar() -> None:
    fixed = mail("acme", on(5), Label.SCHEDULED, interview_at=on(26, 14, 11), interview_minutes=45)
    promised = mail("birch", on(8), Label.TIMELINE, promised_by=date(2026, 11, 27))
    record, events = draft("birch", DraftKind.THANK_YOU, on(17, 9, 11))
    plan = planned("birch", DraftKind.STATUS_CHECK, on(30, 9, 11))
    birch = replace(ACME, id="birch", company="Birch Analytics")
    found = entries(followed(ACME, [fixed]), followed(birch, [promised, *events], [record], planned=[plan]))
    assert {name: str(entry["categories"].to_ical().decode()) for name, entry in found.items()} == {
        "Interview, round 1: Acme Robotics": "Interview",
        "News promised: Birch Analytics": "Promised news",
        "In Drafts: Thank-you: Birch Analytics": "Follow-up",
        "Planned: Status check: Birch Analytics": "Follow-up",
    }
    interview = found["Interview, round 1: Acme Robotics"]
    assert (interview.decoded("dtstart"), interview.decoded("dtend")) == (on(26, 14, 11), on(26, 14, 11) + timedelta(minutes=45))
    assert interview.decoded("dtstamp") == NOW
    assert interview.decoded("last-modified") == on(5)
    news = found["News promised: Birch Analytics"]
    assert (news.decoded("dtstart"), news.decoded("dtend")) == (date(2026, 11, 27), date(2026, 11, 28))
    assert news["transp"] == "TRANSPARENT"
    assert found["Planned: Status check: Birch Analytics"].decoded("dtstart") == date(2026, 11, 30)
    assert not any(entry.subcomponents for entry in found.values())


def test_an_interview_that_is_moved_stays_the_same_entry() -> None:
    fixed = mail("acme", on(5), Label.SCHEDULED, interview_at=on(26, 14, 11))
    moved = mail("acme", on(9), Label.RESCHEDULED, interview_at=on(27, 10, 11))
    (before,), (after,) = (entries(followed(ACME, events)).values() for events in ([fixed], [fixed, moved]))
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after.decoded("dtstart") == on(27, 10, 11)
    assert after.decoded("last-modified") == on(9)


def test_two_sessions_of_a_day_and_two_accounts_are_entries_of_their_own() -> None:
    two = replace(ACME, rounds=(Round(at=on(26, 14, 11)), Round(at=on(26, 16, 11))))
    calendar: Any = Calendar.from_ical(
        calendar_of(figures_of(search(followed(two, account="work"), followed(two, account="home"))))
    )
    assert len({str(each["uid"]) for each in calendar.walk("VEVENT")}) == 4


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_whole_search_is_read_again_without_a_complaint(seed: int) -> None:
    raw = calendar_of(figures_of(drawn(40, seed)))
    calendar: Any = Calendar.from_ical(raw)
    found = list(calendar.walk("VEVENT"))
    assert found
    assert len({str(each["uid"]) for each in found}) == len(found)
    assert not calendar.errors
    assert all(not each.errors for each in found)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


def test_hostile_names_make_no_further_property() -> None:
    evil = replace(ACME, company="Acme\r\nATTACH:https://x.example\r\nEND:VEVENT", rounds=(Round(at=on(26, 14, 11)),))
    (found,) = entries(followed(evil)).values()
    assert "attach" not in found
    assert str(found["summary"]) == "Interview, round 1: Acme ATTACH:https://x.example END:VEVENT"
