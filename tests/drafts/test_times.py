"""Which of the proposed times are free, and how days and times of day are written."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from agent.drafts import compose
from agent.drafts.draft import Draft
from agent.drafts.facts import facts
from agent.drafts.surroundings import Engagement, Surroundings
from agent.drafts.times import answer_by
from agent.interviews.candidacy import Candidacy, Letter
from agent.interviews.interview import Contact, ContactRole
from agent.interviews.status import Status
from agent.policy.office_hours import CountryHolidays, Office
from agent.policy.verdict import DraftKind, Due
from agent.signals.reading import Label
from tests.drafts.scene import DANA, INTERVIEW, NOW, ROUND, USER, candidacy, due, letter, message, state, templates

BERLIN = timezone(timedelta(hours=1))
OFFICE = Office(
    zone=ZoneInfo("Europe/Berlin"), country="DE", holidays=CountryHolidays(), closed=frozenset(), opens=time(9), closes=time(17)
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a time of March 2026 in Berlin."""
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN)


def proposing(*times: datetime, fixed: datetime | None = None) -> Letter:
    found = letter(message("Could you do one of these?"), interview_at=fixed)
    return replace(found, reading=replace(found.reading, proposed=times))


def taken(starts: datetime, minutes: int = 60) -> Surroundings:
    engagement = Engagement(interview="globex", starts_at=starts, ends_at=starts + timedelta(minutes=minutes))
    return Surroundings(engagements=(engagement,), office=OFFICE)


def known(wanted: Due, found: Candidacy | None = None, *, around: Surroundings | None = None) -> dict[str, str]:
    forms = templates().languages["en"].forms
    found = found or candidacy(at=state(Status.INVITED, rounds=()))
    return facts(
        wanted,
        found,
        user=USER,
        sender=USER.address,
        forms=forms,
        earlier=(),
        now=NOW,
        around=around or Surroundings(office=OFFICE),
    )


def invited(*times: datetime, fixed: datetime | None = None) -> Due:
    return due(DraftKind.REPLY_INVITATION, parent=proposing(*times, fixed=fixed), held=None)


def test_free_times_are_written_as_people_do_with_the_last_after_or() -> None:
    wanted = invited(at(17, 14), at(18, 9, 30), at(20, 16))
    assert known(wanted)["free_times"] == "Tuesday, 17 March at 14:00, Wednesday, 18 March at 9:30 or Friday, 20 March at 16:00"
    assert "clashing_times" not in known(wanted)


def test_three_times_are_enough() -> None:
    assert known(invited(*(at(day, 14) for day in (16, 17, 18, 19))))["free_times"].count("March") == 3


@pytest.mark.parametrize(
    ("other", "free"),
    [
        (at(17, 14), False),
        (at(17, 12, 31), False),
        (at(17, 12, 30), True),
        (at(17, 15, 29), False),
        (at(17, 15, 30), True),
    ],
    ids=["the same time", "ends 29 minutes before", "ends half an hour before", "29 minutes after", "half an hour after"],
)
def test_a_time_too_near_to_another_interview_is_not_free(other: datetime, *, free: bool) -> None:
    found = known(invited(at(17, 14)), around=taken(other))
    assert ("free_times" in found) is free
    assert ("clashing_times" in found) is not free


def test_an_interview_of_the_same_candidacy_takes_its_time_too() -> None:
    ahead = replace(ROUND, number=2, starts_at=at(17, 14), ends_at=at(17, 15))
    found = known(invited(at(17, 14), at(18, 14)), candidacy(at=state(rounds=(ROUND, ahead))))
    assert found["free_times"] == "Wednesday, 18 March at 14:00"
    assert found["clashing_times"] == "Tuesday, 17 March at 14:00"


def test_what_is_behind_is_not_offered() -> None:
    assert known(invited(at(9, 14), at(18, 14)))["free_times"] == "Wednesday, 18 March at 14:00"


def test_a_time_keeps_the_zone_in_which_they_wrote_it() -> None:
    new_york = datetime(2026, 3, 17, 14, 0, tzinfo=ZoneInfo("America/New_York"))
    assert known(invited(new_york))["free_times"] == "Tuesday, 17 March at 14:00"
    assert known(invited(datetime(2026, 3, 17, 14, 0, tzinfo=UTC)))["free_times"] == "Tuesday, 17 March at 15:00"


def test_a_fixed_time_that_collides_is_told_and_none_is_chosen() -> None:
    found = known(invited(fixed=at(17, 14)), around=taken(at(17, 14, 30)))
    assert found["next_date"] == "Tuesday, 17 March"
    assert found["next_time"] == "14:00"
    assert found["clashing_times"] == "Tuesday, 17 March at 14:00"
    assert "free_times" not in found


def test_the_appointment_itself_is_no_collision() -> None:
    ahead = replace(ROUND, number=2, starts_at=at(17, 14), ends_at=at(17, 15))
    found = known(invited(fixed=at(17, 14)), candidacy(at=state(Status.SCHEDULED, rounds=(ROUND, ahead))))
    assert "clashing_times" not in found


def test_the_answer_names_the_free_times_and_the_reason_what_they_were_checked_against() -> None:
    made = compose(
        due(DraftKind.REPLY_RESCHEDULE, parent=letter_of_a_move(at(17, 14), at(18, 14)), held=None),
        candidacy(),
        user=USER,
        templates=templates(),
        earlier=(),
        now=NOW,
        around=taken(at(17, 14)),
    )
    assert isinstance(made, Draft)
    assert "Wednesday, 18 March at 14:00" in made.body
    assert "17 March at 14:00" not in made.body
    assert "tracked interviews" in made.reason
    assert "Tuesday, 17 March at 14:00 would collide" in made.reason


def letter_of_a_move(*times: datetime) -> Letter:
    found = letter(message("We have to move it. Could you do one of these?"), Label.RESCHEDULED)
    return replace(found, reading=replace(found.reading, proposed=times))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (date(2026, 3, 11), date(2026, 3, 18)),  # a Wednesday
        (date(2026, 3, 13), date(2026, 3, 20)),  # a Friday
        (date(2026, 3, 14), date(2026, 3, 23)),  # a Saturday
        (date(2026, 3, 27), date(2026, 4, 7)),  # Good Friday and Easter Monday: more than ten days on
    ],
)
def test_a_day_to_answer_by_is_a_business_day_a_good_week_ahead(now: date, day: date) -> None:
    found = answer_by(OFFICE, datetime.combine(now, time(10), tzinfo=UTC))
    assert found == (day if (day - now).days <= 10 else None)


def test_only_the_closing_message_names_a_day_to_answer_by() -> None:
    assert known(due(DraftKind.CLOSE_LOOP), candidacy())["answer_by"] == "Wednesday, 18 March"
    assert "answer_by" not in known(due(DraftKind.STATUS_CHECK), candidacy())


def test_a_call_sheet_knows_the_hours_and_whom_to_call() -> None:
    dana = Contact(name="Dana Cole", email=DANA.email, role=ContactRole.HIRING_MANAGER, phone="+49 30 7654321")
    wanted = replace(due(DraftKind.CALL_SHEET, occasion="agreed-2026-03-17"), person=DANA)
    found = known(wanted, candidacy(replace(INTERVIEW, contacts=(dana,))))
    assert (found["opens"], found["closes"]) == ("9:00", "17:00")
    assert (found["contact_name"], found["contact_phone"]) == ("Dana Cole", "+49 30 7654321")
