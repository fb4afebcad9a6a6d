"""Whom an invitation lists as those who will lead the interview."""

import pytest

from agent.interviews import Contact, ContactRole, Interview
from agent.messages import parse_message
from agent.plan.interviewers import interviewers
from tests.daemon.scene import ME, NOW
from tests.letters import letter

DANA = Contact(name="Dana Cole", email="dana@acme.example", role=ContactRole.RECRUITER)
ACME = Interview(id="acme", company="Acme Robotics", role="Engineer", domains=("acme.example",), contacts=(DANA,))


def invited(
    *attendees: str, organizer: str = "dana@acme.example", method: str = "REQUEST", interview: Interview = ACME
) -> tuple[str, ...]:
    lines = [f"ATTENDEE:mailto:{each}" for each in attendees]
    calendar = "\n".join(
        [
            "BEGIN:VCALENDAR",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            "UID:one@acme.example",
            "DTSTART:20260312T140000Z",
            f"ORGANIZER:mailto:{organizer}",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )
    raw = letter(message_id="<c@acme.example>", at=NOW, sender=organizer, subject="Interview", body="Hello", calendar=calendar)
    return interviewers(parse_message(raw, received_at=NOW), interview)


def test_colleagues_of_the_organizer_are_the_interviewers_and_the_recruiter_is_none() -> None:
    assert invited(ME, "dana@acme.example", "priya@acme.example", "tom@eu.acme.example") == (
        "priya@acme.example",
        "tom@eu.acme.example",
    )


def test_other_candidates_and_machines_are_no_interviewers() -> None:
    assert invited(ME, "another@webmail.example", "noreply@acme.example", "priya@acme.example") == ("priya@acme.example",)


def test_whoever_merely_sent_the_invitation_is_left_out_unless_nobody_else_is_there() -> None:
    assert invited(ME, "ivo@acme.example", "priya@acme.example", organizer="ivo@acme.example") == ("priya@acme.example",)
    assert invited(ME, "ivo@acme.example", organizer="ivo@acme.example") == ("ivo@acme.example",)


def test_a_hiring_manager_who_sends_the_invitation_is_an_interviewer() -> None:
    ivo = Contact(name="Ivo", email="ivo@acme.example", role=ContactRole.HIRING_MANAGER)
    acme = Interview(id="acme", company="Acme Robotics", role="Engineer", contacts=(ivo,))

    found = invited(ME, "ivo@acme.example", "priya@acme.example", organizer="ivo@acme.example", interview=acme)

    assert found == ("ivo@acme.example", "priya@acme.example")


@pytest.mark.parametrize("method", ["CANCEL", "REPLY", "PUBLISH"])
def test_only_an_invitation_says_who_leads(method: str) -> None:
    assert invited(ME, "priya@acme.example", method=method) == ()
