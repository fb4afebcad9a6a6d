"""The demo's job search is whole, always of now, and looks like real mail."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

import icalendar
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.demo.search import CANDIDATE, DemoMessage, demo_interviews, demo_messages
from agent.mailbox.interface import FolderRole

WEDNESDAY = datetime(2026, 11, 18, 9, 50, tzinfo=UTC)


@pytest.fixture(scope="module")
def mail() -> dict[str, DemoMessage]:
    return {message.key: message for message in demo_messages(WEDNESDAY)}


def parsed(message: DemoMessage) -> Message:
    return message_from_bytes(message.raw)


def text_of(message: DemoMessage, subtype: str) -> str:
    for part in parsed(message).walk():
        if part.get_content_type() == f"text/{subtype}":
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            return payload.decode()
    return ""


def test_there_are_ten_interviews_and_about_sixty_messages(mail: dict[str, DemoMessage]) -> None:
    interviews = yaml.safe_load(demo_interviews(WEDNESDAY))
    assert len(interviews) == 10
    assert len({interview["id"] for interview in interviews}) == 10
    assert 55 <= len(mail) <= 70


def test_each_folder_but_drafts_holds_mail(mail: dict[str, DemoMessage]) -> None:
    counts = Counter(message.folder for message in mail.values())
    assert counts[FolderRole.INBOX] > 40
    assert counts[FolderRole.SENT] >= 10
    assert counts[FolderRole.JUNK] == 3
    assert counts[FolderRole.DRAFTS] == 0


@settings(max_examples=20, deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_nothing_has_come_from_the_future_and_answers_follow_what_they_answer(now: datetime) -> None:
    messages = demo_messages(now)
    came = {message.message_id: message.received_at for message in messages}
    assert len(came) == len(messages)
    for message in messages:
        assert message.received_at <= now
        answered = parsed(message)["In-Reply-To"]
        assert answered is None or came[answered] < message.received_at


def test_the_same_now_gives_the_same_bytes() -> None:
    assert demo_messages(WEDNESDAY) == demo_messages(WEDNESDAY)


def test_headers_name_sender_date_and_thread(mail: dict[str, DemoMessage]) -> None:
    moved = parsed(mail["coppice-moved"])
    assert moved["From"] == "Leonie Hartwell <leonie@coppicevale.example>"
    assert moved["To"] == "Robin Hale <robin.hale@mailbox.example>"
    assert parsedate_to_datetime(moved["Date"]).date().isoformat() == "2026-11-16"
    assert moved["In-Reply-To"] == mail["coppice-fixed"].message_id
    assert moved["References"].split() == [
        mail["coppice-invite"].message_id,
        mail["coppice-times"].message_id,
        mail["coppice-fixed"].message_id,
    ]


def test_every_received_mail_was_handed_in_by_the_provider_and_no_sent_one(mail: dict[str, DemoMessage]) -> None:
    for message in mail.values():
        assert ("Received" in parsed(message)) == (message.folder is not FolderRole.SENT)


def test_the_provider_vouches_for_the_real_rejection_and_not_for_the_forged_one(mail: dict[str, DemoMessage]) -> None:
    real = parsed(mail["tidewater-rejection"])["Authentication-Results"]
    forged = parsed(mail["marlow-forged"])["Authentication-Results"]
    assert real.startswith(f"{CANDIDATE.provider};")
    assert "dmarc=pass" in real
    assert forged.startswith(f"{CANDIDATE.provider};")
    assert "dmarc=fail" in forged
    assert parsed(mail["marlow-forged"])["From"] == parsed(mail["marlow-promise"])["From"]


def test_an_update_moves_the_appointment_under_the_same_uid(mail: dict[str, DemoMessage]) -> None:
    first, second = (
        icalendar.Calendar.from_ical(text_of(mail[key], "calendar")).events[0] for key in ("coppice-fixed", "coppice-moved")
    )
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert first.start == datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
    assert second.start == datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


def test_a_calendar_part_says_what_it_asks(mail: dict[str, DemoMessage]) -> None:
    part = next(part for part in parsed(mail["coppice-moved"]).walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"


def test_the_interview_with_two_interviewers_ended_three_hours_ago() -> None:
    interviews = {interview["id"]: interview for interview in yaml.safe_load(demo_interviews(WEDNESDAY))}
    held = interviews["larkfield-data"]["rounds"][-1]
    assert held["with"] == ["tomasz.wrona@larkfield.example", "ada.lindqvist@larkfield.example"]
    end = datetime.fromisoformat(held["at"]) + timedelta(minutes=held["minutes"])
    assert timedelta(hours=3) <= WEDNESDAY - end < timedelta(hours=3, minutes=15)


def test_an_old_rejection_stands_only_in_the_quote(mail: dict[str, DemoMessage]) -> None:
    new, _, quote = text_of(mail["halden-again"], "plain").partition("-----Original Message-----")
    assert "Would you like to come and talk to us?" in new
    assert "Unfortunately we have chosen another candidate." in quote


def test_some_mail_is_html_alone(mail: dict[str, DemoMessage]) -> None:
    rejection = mail["tidewater-rejection"]
    assert text_of(rejection, "plain") == ""
    assert "we have decided to move forward with other candidates" in text_of(rejection, "html")


def test_a_date_that_was_promised_has_passed_and_another_is_to_come(mail: dict[str, DemoMessage]) -> None:
    assert "let you know our decision by Wednesday, 11 November" in text_of(mail["osprey-promise"], "plain")
    assert "hear back from us by Tuesday, 24 November" in text_of(mail["marlow-promise"], "plain")


def test_fresh_mail_is_unread_and_old_mail_read(mail: dict[str, DemoMessage]) -> None:
    assert not mail["tidewater-rejection"].seen
    assert mail["tidewater-receipt"].seen
    assert mail["tidewater-thanks"].seen


def test_every_place_in_a_text_was_filled(mail: dict[str, DemoMessage]) -> None:
    for message in mail.values():
        assert b"{{" not in message.raw
    assert "{{" not in demo_interviews(WEDNESDAY)
