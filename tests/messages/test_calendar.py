import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.messages import Address, CalendarEvent
from agent.messages.calendar import read_calendar
from tests.messages.building import invitation, read

BERLIN = dt.timezone(dt.timedelta(hours=1))


def event(lines: str, method: str = "METHOD:REQUEST\n") -> CalendarEvent:
    found = invitation(
        f"BEGIN:VCALENDAR\nVERSION:2.0\n{method}BEGIN:VEVENT\nUID:one@acme.example\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    ).calendar
    assert len(found) == 1
    return found[0]


def test_an_invitation_is_read() -> None:
    found = event(
        "SEQUENCE:2\nSTATUS:CONFIRMED\nDTSTART;TZID=Europe/Berlin:20261124T140000\nDTEND;TZID=Europe/Berlin:20261124T150000\n"
        "SUMMARY:Interview\\, round 2\nORGANIZER;CN=Dana:MAILTO:Dana@acme.example\nATTENDEE:mailto:sam@home.example\n"
        'ATTENDEE;CN="Kim; Lee":mailto:kim@acme.example\nLOCATION:Room 4'
    )
    assert found == CalendarEvent(
        method="REQUEST",
        uid="one@acme.example",
        sequence=2,
        status="CONFIRMED",
        starts_at=dt.datetime(2026, 11, 24, 14, 0, tzinfo=BERLIN),
        ends_at=dt.datetime(2026, 11, 24, 15, 0, tzinfo=BERLIN),
        zone_certain=True,
        summary="Interview, round 2",
        organizer="dana@acme.example",
        attendees=("sam@home.example", "kim@acme.example"),
        location="Room 4",
        recurrence_id="",
        named=(Address(name="Dana", email="dana@acme.example"), Address(name="Kim; Lee", email="kim@acme.example")),
    )


def test_a_name_that_is_an_address_is_no_name() -> None:
    found = event("DTSTART:20261124T130000Z\nATTENDEE;CN=kim@acme.example:mailto:kim@acme.example")
    assert (found.attendees, found.named) == (("kim@acme.example",), ())


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "REPLY", "COUNTER", "PUBLISH"])
def test_the_method_is_the_calendars(method: str) -> None:
    found = event("DTSTART:20261124T130000Z", f"METHOD:{method}\n")
    assert found.method == method
    assert found.cancels == (method == "CANCEL")


def test_a_request_whose_status_is_cancelled_cancels() -> None:
    assert event("STATUS:CANCELLED\nDTSTART:20261124T130000Z").cancels


def test_a_calendar_without_method_is_a_request() -> None:
    assert event("DTSTART:20261124T130000Z", "").method == "REQUEST"


@pytest.mark.parametrize(
    ("start", "expected", "certain"),
    [
        ("DTSTART:20261124T130000Z", "2026-11-24T13:00:00+00:00", True),
        ("DTSTART;TZID=W. Europe Standard Time:20261124T140000", "2026-11-24T14:00:00+01:00", True),
        ("DTSTART;TZID=Eastern Standard Time:20260701T090000", "2026-07-01T09:00:00-04:00", True),
        ('DTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20261124T090000', "2026-11-24T09:00:00-05:00", False),
        ("DTSTART;TZID=Customized Time Zone:20261124T140000", "2026-11-24T14:00:00+01:00", False),
        ("DTSTART:20261124T140000", "2026-11-24T14:00:00+01:00", False),
        ("DTSTART;VALUE=DATE:20261124", "2026-11-24T00:00:00+01:00", False),
        ("DTSTART;;VALUE=DATE-TIME:20261124T130000Z", "2026-11-24T13:00:00+00:00", True),
    ],
)
def test_times_keep_their_zone_or_say_that_it_is_a_guess(start: str, expected: str, certain: bool) -> None:
    found = event(start)
    assert found.starts_at is not None
    assert (found.starts_at.isoformat(), found.zone_certain) == (expected, certain)


def test_a_zone_that_only_the_calendar_describes_is_used() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Our Zone\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    text = f"BEGIN:VCALENDAR\n{zone}BEGIN:VEVENT\nUID:x\nDTSTART;TZID=Our Zone:20261124T140000\nEND:VEVENT\nEND:VCALENDAR\n"
    found = invitation(text).calendar[0]
    assert found.starts_at == dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)


def test_no_start_and_an_unreadable_one_are_none() -> None:
    assert event("SUMMARY:x").starts_at is None
    assert event("DTSTART:SOON").starts_at is None


def test_an_empty_end_takes_the_duration() -> None:
    found = event("DTSTART:20261124T130000Z\nDURATION:PT45M")
    assert found.ends_at == dt.datetime(2026, 11, 24, 13, 45, tzinfo=dt.UTC)
    assert event("DTSTART:20261124T130000Z\nDTEND:").ends_at is None


def test_a_calendar_cut_off_is_read_and_told() -> None:
    message = invitation("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:cut\nDTSTART:20261124T130000Z\nSUMMARY:Interview")
    assert [found.uid for found in message.calendar] == ["cut"]
    assert "calendar part is cut off" in message.defects


def test_a_calendar_that_the_library_refuses_is_read_line_by_line() -> None:
    message = invitation(
        "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:odd\nno colon here\nDTSTART:20261124T130000Z\n"
        "SUMMARY:A\\, b\nEND:VEVENT\nEND:VTODO\nEND:VCALENDAR"
    )
    found = message.calendar[0]
    assert (found.uid, found.summary, found.cancels) == ("odd", "A, b", True)
    assert found.starts_at == dt.datetime(2026, 11, 24, 13, 0, tzinfo=dt.UTC)


def test_recurrences_are_never_expanded() -> None:
    found = event("DTSTART:20261124T130000Z\nRRULE:FREQ=SECONDLY")
    assert found.starts_at == dt.datetime(2026, 11, 24, 13, 0, tzinfo=dt.UTC)


def test_one_instance_of_a_series_names_itself() -> None:
    assert event("RECURRENCE-ID:20261124T130000Z\nDTSTART:20261125T130000Z").recurrence_id == "20261124T130000Z"


def test_the_same_event_as_part_and_attachment_counts_once() -> None:
    ics = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:x\nDTSTART:20261124T130000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    raw = (
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=x\n\n"
        f"--x\nContent-Type: text/plain\n\nSee you\n--x\nContent-Type: text/calendar; method=REQUEST\n\n{ics}\n--x--\n"
        f'--m\nContent-Type: application/octet-stream; name="invite.ics"\nContent-Disposition: attachment\n\n{ics}\n--m--\n'
    )
    message = read(raw)
    assert len(message.calendar) == 1
    assert message.text == "See you"


@given(st.text(alphabet=st.sampled_from('BEGIN:VCALENDAREVENTDTSTART20261;="\n TZID,\\-'), max_size=300))
def test_no_text_raises(text: str) -> None:
    read_calendar(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{text}\nEND:VEVENT\nEND:VCALENDAR", sender_offset=BERLIN)
