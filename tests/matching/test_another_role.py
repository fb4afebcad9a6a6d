"""A mail about another role at the same employer: the tracked candidacy must not end by it."""

import pytest

from agent.matching import Certainty, Member
from agent.signals.reading import Label
from tests.matching.post import interview, mail, matched, says, tracked

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
