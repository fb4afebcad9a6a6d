"""Fixed interviews that are moved, called off, missed or told again, and calendar parts in odd zones."""

from datetime import UTC, datetime

import pytest

from tests.hard_cases.story import Story, acme, at, calendar


def fixed() -> Story:
    story = Story(acme())
    story.theirs(
        "ics",
        "03-09 10:00",
        "Hi Robin,\n\nyour interview is confirmed, see the invitation.\n\nDana\n",
        calendar=calendar("DTSTART:20260312T140000Z", "DTEND:20260312T150000Z", sequence=1),
    )
    return story


def test_an_update_with_a_higher_sequence_moves_the_interview() -> None:
    story = fixed()
    story.theirs(
        "update", "03-10 10:00", "\n", calendar=calendar("DTSTART:20260316T110000Z", "DTEND:20260316T120000Z", sequence=2)
    )

    told = story.told("03-13 12:00")

    assert told.status() == "scheduled"
    assert told.state().next_at == at("03-16 11:00")
    assert told.state().round == 1
    assert told.made("thank_you") == []


def test_an_older_version_that_arrives_late_changes_nothing() -> None:
    story = fixed()
    story.theirs("old", "03-10 10:00", "\n", calendar=calendar("DTSTART:20260311T090000Z", "DTEND:20260311T100000Z", sequence=0))

    told = story.told("03-10 12:00")

    assert told.status() == "scheduled"
    assert told.state().next_at == at("03-12 14:00")


CANCELLED = {
    "by-method-cancel": calendar("DTSTART:20260312T140000Z", "DTEND:20260312T150000Z", method="CANCEL", sequence=2),
    "by-status-cancelled-in-a-request": calendar(
        "DTSTART:20260312T140000Z", "DTEND:20260312T150000Z", "STATUS:CANCELLED", sequence=2
    ),
}


@pytest.mark.parametrize("part", CANCELLED.values(), ids=CANCELLED)
def test_a_cancelled_appointment_is_off_and_the_candidacy_lives(part: str) -> None:
    story = fixed()
    story.theirs("off", "03-11 10:00", "\n", subject="Canceled: Interview Robin Hale", calendar=part)

    told = story.told("03-13 17:00")

    assert told.status() == "invited"
    assert told.state().next_at is None
    assert told.made("thank_you") == []


@pytest.mark.parametrize(
    ("lines", "zones"),
    [
        pytest.param(
            ("DTSTART;TZID=W. Europe Standard Time:20260312T150000", "DTEND;TZID=W. Europe Standard Time:20260312T160000"),
            (),
            id="windows-zone",
        ),
        pytest.param(
            ("DTSTART;TZID=Berlin office:20260312T150000", "DTEND;TZID=Berlin office:20260312T160000"),
            (
                "BEGIN:VTIMEZONE",
                "TZID:Berlin office",
                "BEGIN:STANDARD",
                "DTSTART:19961027T030000",
                "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
                "TZOFFSETFROM:+0200",
                "TZOFFSETTO:+0100",
                "END:STANDARD",
                "BEGIN:DAYLIGHT",
                "DTSTART:19810329T020000",
                "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
                "TZOFFSETFROM:+0100",
                "TZOFFSETTO:+0200",
                "END:DAYLIGHT",
                "END:VTIMEZONE",
            ),
            id="vtimezone-only",
        ),
    ],
)
def test_a_zone_that_only_windows_or_the_mail_itself_knows_is_understood(lines: tuple[str, ...], zones: tuple[str, ...]) -> None:
    story = Story(acme())
    story.theirs("ics", "03-09 10:00", "\n", calendar=calendar(*lines, zones=zones))

    told = story.told("03-11 12:00")

    assert told.status() == "scheduled"
    assert told.state().next_at == datetime(2026, 3, 12, 14, 0, tzinfo=UTC)


def test_a_floating_time_is_taken_in_the_zone_of_the_mail() -> None:
    # The mail's Date is in UTC here; nothing better is known.
    story = Story(acme())
    story.theirs("ics", "03-09 10:00", "\n", calendar=calendar("DTSTART:20260312T140000", "DTEND:20260312T150000"))

    told = story.told("03-11 12:00")

    assert told.status() == "scheduled"
    assert told.state().next_at == at("03-12 14:00")


def test_the_users_own_acceptance_and_a_room_s_reply_say_nothing_new() -> None:
    story = fixed()
    story.theirs(
        "room",
        "03-09 10:01",
        "\n",
        sender="Room 4 <room4@acme.example>",
        subject="Accepted: Interview Robin Hale",
        calendar=calendar("DTSTART:20260312T140000Z", "DTEND:20260312T150000Z", method="REPLY", sequence=1),
    )

    told = story.told("03-11 12:00")

    assert told.status() == "scheduled"
    assert told.state().next_at == at("03-12 14:00")
    assert told.drafts() == []


def test_an_interview_that_was_missed_and_is_made_up_is_thanked_for_once() -> None:
    story = fixed()
    story.theirs(
        "missed",
        "03-12 14:40",
        "Hi Robin,\n\nso sorry that we missed each other today, our line was down. I have moved your "
        "interview to Monday, 16 March at "
        "11:00 GMT.\n\nDana\n",
        answers="ics",
    )

    told = story.told("03-16 15:00")

    assert told.status() == "awaiting"
    assert told.state().round == 1
    assert told.made("thank_you") == ["03-16 14:00"]


def test_a_reminder_of_a_fixed_interview_changes_nothing() -> None:
    story = fixed()
    story.theirs(
        "reminder",
        "03-11 14:00",
        "Hi Robin,\n\na quick reminder of your interview tomorrow at 14:00 GMT. We look forward to seeing you!\n\nDana\n",
    )

    told = story.told("03-11 15:00")

    assert (told.status(), told.state().round, told.state().next_at) == ("scheduled", 1, at("03-12 14:00"))
    assert told.drafts() == []


NOT_MOVED = {
    "not-moving-it": "Hi Robin,\n\nDana is back in time, so we will not be moving the interview. See you then!\n\nLea\n",
    "do-not-miss-it": "Hi Robin,\n\nwe would not want you to miss your interview tomorrow, so here is the address again.\n\nDana\n",
}


@pytest.mark.parametrize("body", NOT_MOVED.values(), ids=NOT_MOVED)
def test_an_interview_that_is_said_to_stand_stands(body: str) -> None:
    story = fixed()
    story.theirs("stands", "03-11 14:00", body)

    told = story.told("03-11 15:00")

    assert (told.status(), told.state().next_at) == ("scheduled", at("03-12 14:00"))
