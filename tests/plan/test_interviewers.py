"""Whom an invitation lists, or a text names, as those who will lead the interview."""

from datetime import timedelta

import pytest

from agent.interviews import Contact, ContactRole, Interview, Round
from agent.interviews.candidacy import candidacy_of
from agent.messages import parse_message
from agent.plan.interviewers import interviewers
from agent.signals import read_message
from tests.daemon.scene import ME, NOW, rules
from tests.letters import letter

DANA = Contact(name="Dana Cole", email="dana@acme.example", role=ContactRole.RECRUITER)
ACME = Interview(id="acme", company="Acme Robotics", role="Engineer", domains=("acme.example",), contacts=(DANA,))


def led_by(raw: bytes, interview: Interview) -> tuple[str, ...]:
    message = parse_message(raw, received_at=NOW)
    return interviewers(message, read_message(message, rules()[0]), candidacy_of(interview, (), (), NOW))


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
    return led_by(raw, interview)


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


ERIN = Contact(name="Erin Doyle", email="erin@agency.example", role=ContactRole.RECRUITER)
LUIS = Contact(name="Luis Ortega", email="luis@acme.example", role=ContactRole.HIRING_MANAGER)
NUALA = Contact(name="Nuala Byrne", email="nuala@acme.example", role=ContactRole.INTERVIEWER)
PRIYA = Contact(name="Priya Nair", email="priya@acme.example", role=ContactRole.INTERVIEWER)
TOM = Contact(name="Tom Reed", email="tom@friend.example", role=ContactRole.REFERRER)
STAFFED = Interview(id="acme", company="Acme Robotics", role="Engineer", contacts=(ERIN, LUIS, NUALA, PRIYA, TOM))
FIXED = "Your interview is confirmed for Thursday, 12 March 2026 at 2 pm."


def told(body: str, sender: Contact = ERIN, interview: Interview = STAFFED, calendar: str | None = None) -> tuple[str, ...]:
    address = f"{sender.name} <{sender.email}>"
    raw = letter(message_id="<t@acme.example>", at=NOW, sender=address, subject="Engineer", body=body, calendar=calendar)
    return led_by(raw, interview)


def test_a_recruiter_who_will_call_leads_the_call() -> None:
    assert told("Great, I will call you on Thursday, March 12 at 11 am.\n\nErin\n") == ("erin@agency.example",)


def test_an_interviewer_who_writes_with_me_leads_it() -> None:
    assert told("confirmed: Thursday 12 March at 11:00 with me.\n\nNuala Byrne\n", NUALA) == ("nuala@acme.example",)


def test_whoever_is_named_after_with_leads_it() -> None:
    assert told("Confirmed: Thursday, March 12 at 2 pm with Luis Ortega.\n\nErin\n") == ("luis@acme.example",)


SEVERAL = [
    (f"{FIXED} You will meet Luis Ortega, our Head of Engineering, and Priya Nair.", ("luis", "priya")),
    (f"{FIXED} You will be speaking with our hiring manager Luis Ortega.", ("luis",)),
    (f"{FIXED} Priya Nair and Luis Ortega will join the call.", ("priya", "luis")),
    (f"{FIXED} Luis Ortega, our Head of Engineering, will interview you.", ("luis",)),
    (f"{FIXED} The panel will be Sam Fox, Priya Nair and Luis Ortega.", ("priya", "luis")),
    (f"{FIXED} You will meet Luis M. Ortega.", ("luis",)),
    (
        "Hi,\n\nIhr Gespräch am Donnerstag, 12. März 2026 um 14 Uhr mit Frau Nair und Herrn Ortega ist bestätigt.",
        ("priya", "luis"),
    ),
    ("Votre entretien est confirmé pour le jeudi 12 mars 2026 à 14h avec Luis Ortega et Priya Nair.", ("luis", "priya")),
    ("Tu entrevista está confirmada para el jueves 12 de marzo de 2026 a las 14:00 con Luis Ortega.", ("luis",)),
    ("A sua entrevista está confirmada para quinta-feira, 12 de março, às 14h, com Luis Ortega.", ("luis",)),
    ("Il colloquio è confermato per giovedì 12 marzo alle 14:00 con Luis Ortega.", ("luis",)),
    ("Je gesprek met Priya Nair is bevestigd: donderdag 12 maart om 14.00 uur.", ("priya",)),
]


@pytest.mark.parametrize(("body", "names"), SEVERAL)
def test_all_contacts_who_will_be_met_lead_it(body: str, names: tuple[str, ...]) -> None:
    assert told(f"{body}\n") == tuple(f"{name}@acme.example" for name in names)


def test_those_who_are_named_and_the_writer_lead_it_together() -> None:
    body = f"{FIXED} The panel will be Priya Nair, Luis Ortega and me.\n\nNuala\n"
    assert told(body, NUALA) == ("priya@acme.example", "luis@acme.example", "nuala@acme.example")


NOBODY = [
    f"{FIXED}\n\nErin Doyle\nAgency\n",
    f"{FIXED} Luis Ortega will decide by the end of the month.\n",
    f"{FIXED} Please stay in touch with Luis Ortega.\n",
    f"{FIXED} I have copied Luis Ortega.\n",
    f"{FIXED} You will meet Sam Fox.\n",
    f"{FIXED} You will meet Luis Becker.\n",
    f"{FIXED} You will meet Luis Ortega's team.\n",
    f"{FIXED} You will be speaking with Tom Reed.\n",
    f"{FIXED}\n\nBest regards\n\n--\nLuis Ortega\nHead of Engineering\n",
    f"{FIXED}\n\nOn Mon, 9 Mar 2026 at 10:00, Robin Hale wrote:\n> Will it be with Luis Ortega on Thursday 12 March at 2 pm?\n",
]


@pytest.mark.parametrize("body", NOBODY)
def test_whoever_will_not_be_met_or_is_no_contact_leads_nothing(body: str) -> None:
    assert told(body) == ()


def test_a_first_name_that_two_contacts_have_is_nobody_s() -> None:
    other = Contact(name="Luis Becker", email="becker@acme.example", role=ContactRole.INTERVIEWER)
    both = Interview(id="acme", company="Acme Robotics", role="Engineer", contacts=(ERIN, LUIS, other))

    assert told(f"{FIXED} You will meet Luis.\n") == ("luis@acme.example",)
    assert told(f"{FIXED} You will meet Luis.\n", interview=both) == ()
    assert told(f"{FIXED} You will meet Luis Becker.\n", interview=both) == ("becker@acme.example",)


def test_an_interviewer_who_fixes_a_time_and_names_nobody_leads_it() -> None:
    assert told(f"{FIXED}\n", NUALA) == ("nuala@acme.example",)
    assert told(f"{FIXED} It will be with Sam Fox.\n", NUALA) == ()


def test_an_interviewer_who_moves_a_time_leaves_it_with_those_who_are_known_to_lead_it() -> None:
    known = Round(at=NOW + timedelta(days=1), with_=("priya@acme.example",))
    staffed = Interview(id="acme", company="Acme Robotics", role="Engineer", contacts=(NUALA, PRIYA), rounds=(known,))

    assert told("Your interview has been moved to Thursday, 12 March 2026 at 2 pm.\n", NUALA, staffed) == ()


def test_a_referrer_leads_nothing() -> None:
    assert told("I will call you on Thursday, 12 March 2026 at 11 am.\n", TOM) == ()


def test_a_colleague_who_is_no_contact_and_says_with_me_leads_it_and_a_machine_does_not() -> None:
    sam = Contact(name="Sam Fox", email="sam@acme.example")
    machine = Contact(name="Acme", email="noreply@acme.example")

    assert told("Confirmed: Thursday, 12 March 2026 at 2 pm with me.\n", sam) == ("sam@acme.example",)
    assert told("Confirmed: Thursday, 12 March 2026 at 2 pm with me.\n", machine) == ()
