"""When an interview takes place, from text and from calendar parts. The messages are of Wednesday 10 March 2027, 10:00 UTC."""

import datetime as dt

import pytest

from agent.signals import Label
from tests.signals.letters import event, letter, read

FIXED = [
    ("Your interview is confirmed for Tuesday 16 March at 3pm CET.", "2027-03-16T15:00:00+01:00"),
    ("Looking forward to speaking with you on Friday at 10:30.", "2027-03-12T10:30:00+00:00"),
    ("Your interview has been moved from Tuesday at 3pm to Thursday at 4pm.", "2027-03-11T16:00:00+00:00"),
    ("Would Tuesday at 3pm or Wednesday at 10am work for you?", None),
    (
        "Your interview has been scheduled.\n\nDate: Tuesday, March 16, 2027\nTime: 3:00 PM - 3:45 PM EST\nWhere: Zoom",
        "2027-03-16T15:00:00-04:00",
    ),
    ("We need to reschedule Tuesday's interview. The new time is 18 March at 14:00.", "2027-03-18T14:00:00+00:00"),
    ("You're all set for your interview with Dana on Thursday, March 18 at 2:00 PM EST.", "2027-03-18T14:00:00-04:00"),
    ("Let's do Thursday at 4pm instead of Tuesday at 3pm for our interview.", "2027-03-11T16:00:00+00:00"),
    ("Thank you for meeting with us on Tuesday at 3pm.", None),
    ("Your interview is confirmed for Wednesday 17 March at 9.30 and will last 45 minutes.", "2027-03-17T09:30:00+00:00"),
    ("Your interview is confirmed for Wednesday 17 March at 11 Irish time.", "2027-03-17T11:00:00+00:00"),
]


@pytest.mark.parametrize(("text", "expected"), FIXED)
def test_only_a_fixed_time_is_read(text: str, expected: str | None) -> None:
    at = read(letter(text)).interview_at
    assert (at and at.isoformat()) == expected


def test_the_length_follows_from_start_and_end() -> None:
    reading = read(letter("Your interview is confirmed for Tuesday 16 March, 3:00 - 3:45 pm."))
    assert (reading.interview_at, reading.interview_minutes) == (dt.datetime(2027, 3, 16, 15, 0, tzinfo=dt.UTC), 45)


def test_a_time_without_a_zone_is_of_the_sender() -> None:
    sent = dt.datetime(2027, 3, 10, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    at = read(letter("Your interview is confirmed for 16 March at 15:00.", date=sent)).interview_at
    assert at is not None
    assert at.isoformat() == "2027-03-16T15:00:00+02:00"


def test_a_calendar_request_alone_is_an_appointment() -> None:
    reading = read(letter("", calendar=(event(),)))
    assert (reading.label, reading.abstained) == (Label.SCHEDULED, False)
    assert reading.interview_at == dt.datetime(2027, 3, 16, 14, 0, tzinfo=dt.UTC)
    assert reading.interview_minutes == 45


@pytest.mark.parametrize("calendar", [event(method="CANCEL"), event(status="CANCELLED")])
def test_a_cancelled_appointment_gives_no_time(calendar: object) -> None:
    reading = read(letter("", calendar=(calendar,)))  # type: ignore[arg-type]
    assert (reading.label, reading.interview_at) == (Label.CANCELLED, None)


def test_an_answer_to_an_invitation_says_nothing_of_the_candidacy() -> None:
    assert read(letter("", calendar=(event(method="REPLY"),))).label is Label.OTHER


def test_a_dentist_sends_calendar_parts_too() -> None:
    reading = read(letter("", subject="Reminder: dentist appointment", calendar=(event(summary="Dentist appointment"),)))
    assert reading.label is Label.OTHER


def test_a_request_whose_text_says_moved_is_a_move() -> None:
    reading = read(letter("Your interview has been moved to Tuesday.", calendar=(event(),)))
    assert (reading.label, reading.interview_at) == (Label.RESCHEDULED, dt.datetime(2027, 3, 16, 14, 0, tzinfo=dt.UTC))


def test_the_day_of_a_missed_interview_is_not_joined_with_the_time_of_the_new_one() -> None:
    text = "Sorry that we missed each other today. I have moved your interview to Monday, 15 March at 11:00 GMT."
    assert read(letter(text)).interview_at == dt.datetime(2027, 3, 15, 11, 0, tzinfo=dt.UTC)


def test_a_request_with_a_higher_sequence_moves_the_interview() -> None:
    reading = read(letter("", calendar=(event(sequence=2),)))
    assert (reading.label, reading.interview_at) == (Label.RESCHEDULED, dt.datetime(2027, 3, 16, 14, 0, tzinfo=dt.UTC))


def test_what_a_calendar_part_is_about_is_read_from_its_own_words() -> None:
    private = read(letter("", subject="Tuesday", calendar=(event(summary="Dentist appointment"),)))
    assert (private.label, private.interview_at) == (Label.OTHER, None)
    ours = read(letter("", subject="Tuesday", calendar=(event(summary="Interview for Data Analyst at Harbor Labs"),)))
    assert (ours.label, ours.role, ours.company) == (Label.SCHEDULED, "Data Analyst", "Harbor Labs")


PROPOSED = [
    (
        "We would like to invite you to an interview. Would Tuesday 16 March at 14:00 or 16:00, or 17 March at 10:00 suit you?",
        ["2027-03-16T14:00:00+00:00", "2027-03-16T16:00:00+00:00", "2027-03-17T10:00:00+00:00"],
    ),
    (
        "We would like to meet you. Please choose a slot:\n\n- Thursday, 18 March, 9:30 am\n- Tuesday, 16 March, 14:00-15:00\n",
        ["2027-03-16T14:00:00+00:00", "2027-03-18T09:30:00+00:00"],
    ),
    (
        "We have to move our interview of 15 March at 10:00. Could you make Friday 19 March at 11:00 or 22 March at 15:00?",
        ["2027-03-19T11:00:00+00:00", "2027-03-22T15:00:00+00:00"],
    ),
    ("We would like to invite you to an interview. Are you free on Tuesday 16 March between 9:00 and 17:00?", []),
    ("Your interview is confirmed for Tuesday 16 March at 3pm CET.", []),
    ("We would like to invite you to an interview. When would suit you?", []),
]


@pytest.mark.parametrize(("text", "expected"), PROPOSED)
def test_the_times_to_choose_from_are_read(text: str, expected: list[str]) -> None:
    assert [at.isoformat() for at in read(letter(text)).proposed] == expected
