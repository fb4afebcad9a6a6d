"""A mail about another role at the same employer: the tracked candidacy must not end by it."""

import pytest

from agent.matching import Certainty, Member
from agent.messages import CalendarEvent
from agent.signals.reading import Label
from tests.matching.post import NOW, interview, mail, matched, says, tracked

DANA = "Dana Cole <dana@acme.example>"
BACKEND = tracked(interview("backend", contacts=(DANA,), domains=("acme.example",), requisition="R-1234"))
OVER = "Thank you for applying for the {} position. We have decided to move forward with other candidates."


@pytest.mark.parametrize("role", ["Data Analyst", "Office Manager", "Buchhalter", "Frontend Engineer", "Responsable marketing"])
def test_a_contact_who_writes_of_another_role_is_asked_about(role: str) -> None:
    found = matched(mail(DANA, role, OVER.format(role)), BACKEND, says(Label.REJECTION, role=role))

    assert (found.certainty, found.interview) == (Certainty.LIKELY, "backend")


@pytest.mark.parametrize(
    "role",
    [
        "Backend Engineer",
        "Senior Backend Engineer",
        "Backend Engineer (m/w/d)",
        "Backend Developer",
        "Software Engineer, Backend",
        "Backend-Entwickler",
        "Engineer",
        "Software Developer",
        None,
    ],
)
def test_the_same_role_in_other_words_stays_certain(role: str | None) -> None:
    found = matched(mail(DANA, "Your application", OVER.format(role)), BACKEND, says(Label.REJECTION, role=role))

    assert (found.certainty, found.interview) == (Certainty.CERTAIN, "backend")


def test_an_answer_in_its_thread_that_names_another_role_is_asked_about_only_where_it_would_end_it() -> None:
    thread = (Member(message_id="<a@x>", interview="backend", own=True),)
    answer = mail(DANA, "Re: Hello", "We also have an opening as Data Analyst.", parents=("<a@x>",))

    ends = matched(answer, BACKEND, says(Label.REJECTION, role="Data Analyst"), members=thread)
    goes_on = matched(answer, BACKEND, says(Label.INVITATION, role="Data Analyst"), members=thread)

    assert ends.certainty is Certainty.LIKELY
    assert (goes_on.certainty, goes_on.interview) == (Certainty.CERTAIN, "backend")


def test_the_requisition_ties_it_whatever_the_role_is_called() -> None:
    found = matched(mail(DANA, "R-1234", OVER.format("Data Analyst")), BACKEND, says(Label.REJECTION, role="Data Analyst"))

    assert (found.certainty, found.interview) == (Certainty.CERTAIN, "backend")


@pytest.mark.parametrize("number", ["R-1234", "1234", "r1234"])
def test_a_requisition_in_other_letters_is_the_same(number: str) -> None:
    found = matched(mail(DANA, "Your application"), BACKEND, says(Label.REJECTION, requisition=number))

    assert (found.certainty, found.interview, found.names) == (Certainty.CERTAIN, "backend", "")


def test_another_requisition_is_asked_about_though_the_title_is_the_same() -> None:
    letter = mail(DANA, "Backend Engineer R-5678", OVER.format("Backend Engineer"))
    found = matched(letter, BACKEND, says(Label.REJECTION, role="Backend Engineer", requisition="R-5678"))

    assert (found.certainty, found.interview, found.names) == (Certainty.LIKELY, "backend", "R-5678")


def test_a_subject_that_is_another_title_is_asked_about() -> None:
    letter = mail(DANA, "Data Analyst", "We have decided to move forward with other candidates.")

    found = matched(letter, BACKEND, says(Label.REJECTION))

    assert (found.certainty, found.names) == (Certainty.LIKELY, "Data Analyst")


def test_the_tracked_title_in_the_text_ties_it_whatever_was_read_as_the_role() -> None:
    letter = mail(DANA, "News", "You once asked about the Data Analyst position. This is about the Backend Engineer position.")

    found = matched(letter, BACKEND, says(Label.REJECTION, role="Data Analyst"))

    assert (found.certainty, found.interview) == (Certainty.CERTAIN, "backend")


def test_a_contact_of_one_of_two_tracked_roles_who_writes_of_a_third_is_asked_about() -> None:
    both = tracked(interview("backend", contacts=(DANA,)), interview("designer", role="Designer", domains=("acme.example",)))

    found = matched(mail(DANA, "News", OVER.format("Data Analyst")), both, says(Label.REJECTION, role="Data Analyst"))

    assert (found.certainty, found.names) == (Certainty.LIKELY, "Data Analyst")


def test_the_thread_of_the_provider_holds_like_any_other() -> None:
    last = Member(message_id="<a@x>", interview="backend", own=False)
    answer = mail(DANA, "Hello", "We also have an opening as Data Analyst.")

    found = matched(answer, BACKEND, says(Label.INVITATION, role="Data Analyst"), provider=last)

    assert (found.certainty, found.interview) == (Certainty.CERTAIN, "backend")


def test_a_fixed_appointment_holds_whatever_the_role_is_called() -> None:
    event = CalendarEvent(
        method="REQUEST",
        uid="u1",
        sequence=0,
        status="CONFIRMED",
        starts_at=NOW,
        ends_at=None,
        zone_certain=True,
        summary="Data Analyst",
        organizer="",
        attendees=(),
        location="",
        recurrence_id="",
    )
    letter = mail(DANA, "Data Analyst", "See you there.", calendar=(event,))

    found = matched(letter, BACKEND, says(Label.SCHEDULED, role="Data Analyst"), calendar_members={"u1": "backend"})

    assert (found.certainty, found.interview) == (Certainty.CERTAIN, "backend")
