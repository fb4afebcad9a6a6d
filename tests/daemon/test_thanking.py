"""The way to a thank-you in whole passes: when it is written, for whom, and what does not stand in its way."""

import email
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.daemon.one_pass import run_pass
from agent.interviews import Contact, ContactRole
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftState
from agent.policy import DraftKind
from tests.daemon.scene import ACME, FIXES, INVITES, ME, NOW, account, held_round, receive
from tests.letters import letter

HOUR = timedelta(hours=1)


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(clock=lambda: NOW)


def drafts_in(mailbox: MemoryMailbox) -> list[str]:
    """Return the recipients of what lies in Drafts, the debrief to the user left out."""
    recipients = [email.message_from_bytes(raw)["To"] for raw in mailbox.messages(FolderRole.DRAFTS).values()]
    return [each for each in recipients if each != ME]


def test_a_thank_you_is_written_two_hours_after_the_interview_and_not_before(mailbox: MemoryMailbox) -> None:
    held = replace(ACME, rounds=(held_round(NOW - 2 * HOUR, "dana@acme.example"),))
    acme = account(mailbox, held)

    early = run_pass(acme, NOW)
    assert drafts_in(mailbox) == []
    assert early.next_at == NOW + HOUR

    run_pass(acme, NOW + HOUR)

    assert drafts_in(mailbox) == ["Dana Cole <dana@acme.example>"]
    assert [draft.kind for draft in acme.ledger.drafts()] == [DraftKind.DEBRIEF, DraftKind.THANK_YOU]


INVITES_BY_CALENDAR = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:one@acme.example
DTSTART:20260312T140000Z
DTEND:20260312T150000Z
ORGANIZER;CN=Dana Cole:mailto:dana@acme.example
ATTENDEE:mailto:robin.hale@mailbox.example
ATTENDEE;CN=Priya Nair:mailto:priya@acme.example
SUMMARY:Interview
END:VEVENT
END:VCALENDAR
"""


def test_the_thank_you_goes_to_whom_the_invitation_lists_and_not_to_whoever_sent_it(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<c@acme.example>", "Please see the invitation.", at=NOW - HOUR, calendar=INVITES_BY_CALENDAR)
    run_pass(acme, NOW)

    run_pass(acme, NOW + timedelta(days=2, hours=8))

    assert drafts_in(mailbox) == ["Priya Nair <priya@acme.example>"]
    (draft,) = (each for each in acme.ledger.drafts() if each.kind is DraftKind.THANK_YOU)
    assert draft.body.startswith("Dear Priya,")


ACCEPTS_THE_TIME = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//EN
METHOD:REPLY
BEGIN:VEVENT
UID:one@acme.example
DTSTAMP:20260310T100000Z
DTSTART:20260312T140000Z
ATTENDEE;PARTSTAT=ACCEPTED:mailto:robin.hale@mailbox.example
ORGANIZER:mailto:dana@acme.example
END:VEVENT
END:VCALENDAR
"""


def test_neither_a_drafted_answer_nor_a_click_in_the_calendar_holds_the_thank_you_back(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, ACME)
    receive(mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    run_pass(acme, NOW)
    (raw,) = mailbox.messages(FolderRole.DRAFTS).values()
    edited = raw.replace(b"Message-ID: <", b"Message-ID: <client-").replace(
        b"\r\n\r\n", b"\r\n\r\nThank you for our chat.\r\n\r\n", 1
    )
    mailbox.deliver(FolderRole.SENT, edited, NOW + HOUR)
    receive(mailbox, "<f@acme.example>", FIXES, at=NOW + 2 * HOUR)
    accepts = letter(
        message_id="<accepted@mailbox.example>",
        at=NOW + 3 * HOUR,
        sender=ME,
        to="dana@acme.example",
        subject="Accepted: Interview",
        body="",
        vouched=None,
        calendar=ACCEPTS_THE_TIME,
    )
    mailbox.deliver(FolderRole.SENT, accepts, NOW + 3 * HOUR)
    run_pass(acme, NOW + 4 * HOUR)

    run_pass(acme, NOW + timedelta(days=2, hours=8))

    assert [draft.kind for draft in acme.ledger.drafts(DraftState.QUEUED)] == [DraftKind.DEBRIEF, DraftKind.THANK_YOU]
    assert acme.ledger.held() == []


LUIS = Contact(name="Luis Ortega", email="luis@acme.example", role=ContactRole.HIRING_MANAGER)
ERIN = Contact(name="Erin Doyle", email="erin@acme.example", role=ContactRole.RECRUITER)
NUALA = Contact(name="Nuala Byrne", email="nuala@acme.example", role=ContactRole.INTERVIEWER)
LED_BY = [
    (ERIN, "Great, I will call you on Thursday, March 12 at 2 pm.\n\nErin\n", "Erin Doyle <erin@acme.example>"),
    (NUALA, "Confirmed: Thursday 12 March at 14:00 with me.\n\nNuala Byrne\n", "Nuala Byrne <nuala@acme.example>"),
    (ERIN, "Confirmed: Thursday, March 12 at 2 pm with Nuala Byrne.\n\nErin\n", "Nuala Byrne <nuala@acme.example>"),
    (ERIN, "Your interview is confirmed for Thursday, March 12 at 2 pm.\n\nErin\n", "Luis Ortega <luis@acme.example>"),
]


@pytest.mark.parametrize(("writer", "body", "thanked"), LED_BY)
def test_the_thank_you_goes_to_whom_the_text_says_the_interview_is_with(
    mailbox: MemoryMailbox, writer: Contact, body: str, thanked: str
) -> None:
    acme = account(mailbox, replace(ACME, contacts=(ERIN, LUIS, NUALA)))
    receive(mailbox, "<t@acme.example>", f"Hi Robin,\n\n{body}", at=NOW - HOUR, sender=f"{writer.name} <{writer.email}>")
    run_pass(acme, NOW)

    run_pass(acme, NOW + timedelta(days=2, hours=8))

    assert drafts_in(mailbox) == [thanked]


def test_a_move_that_names_nobody_keeps_those_who_lead_the_interview(mailbox: MemoryMailbox) -> None:
    acme = account(mailbox, replace(ACME, contacts=(ERIN, LUIS, NUALA)))
    fixes = "Hi Robin,\n\nConfirmed: Wednesday, March 11 at 2 pm with Nuala Byrne.\n\nErin\n"
    moves = "Hi Robin,\n\nYour interview has been moved to Thursday, 12 March 2026 at 2 pm.\n\nLuis\n"
    receive(mailbox, "<t@acme.example>", fixes, at=NOW - 2 * HOUR, sender="Erin Doyle <erin@acme.example>")
    receive(mailbox, "<m@acme.example>", moves, at=NOW - HOUR, sender="Luis Ortega <luis@acme.example>")
    run_pass(acme, NOW)

    run_pass(acme, NOW + timedelta(days=2, hours=8))

    thanks = [draft.occasion for draft in acme.ledger.drafts() if draft.kind is DraftKind.THANK_YOU]
    assert thanks == ["round-1:nuala@acme.example"]
