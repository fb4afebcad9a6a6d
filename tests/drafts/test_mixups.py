"""No draft to one employer names another one that is tracked, and none goes to another's contact."""

from dataclasses import replace

import pytest

from agent.drafts import Draft, Refused, compose
from agent.drafts.surroundings import Neighbour, Surroundings
from agent.drafts.templates import Templates
from agent.interviews.candidacy import Candidacy
from agent.messages.message import Address
from agent.policy.verdict import DraftKind
from agent.rulebook.phrases import load_phrasebook
from tests.drafts.scene import INTERVIEW, NOW, USER, candidacy, due, templates
from tests.drafts.test_checks import saying

GLOBEX = Neighbour(
    interview="globex-dev",
    employers=("Globex", "Here"),
    people=("Tom Weber",),
    addresses=frozenset({"tom@globex.example"}),
)


def made(
    found: Candidacy | None = None,
    *,
    to: str = "dana@acme.example",
    using: Templates | None = None,
    strengths: str = "",
    kind: DraftKind = DraftKind.STATUS_CHECK,
) -> Draft | Refused:
    return compose(
        due(kind, to=(Address(name="Dana Cole", email=to),)),
        found or candidacy(),
        user=replace(USER, strengths=strengths),
        templates=using or templates(),
        earlier=(),
        now=NOW,
        around=Surroundings(neighbours=(GLOBEX,), phrasebook=load_phrasebook(None)),
    )


@pytest.mark.parametrize(
    "text",
    ["I would love to work at Globex.", "Tom Weber told me about the team.", "The work at Globex, I hear, is a pleasure."],
)
def test_another_employer_in_the_text_stops_the_draft(text: str) -> None:
    refused = made(using=saying(text))
    assert isinstance(refused, Refused)
    assert refused.check == "wrong_employer"
    assert refused.reason.startswith(("The draft would name Globex", "The draft would name Tom Weber"))


def test_a_note_that_was_put_to_the_wrong_interview_stops_it_too() -> None:
    refused = made(candidacy(replace(INTERVIEW, notes="topic: the plans of Globex")), kind=DraftKind.THANK_YOU)
    assert isinstance(refused, Refused)
    assert refused.check == "wrong_employer"


@pytest.mark.parametrize("text", ["How is the globex of things?", "Here is my question.", "The Globexer is fine."])
def test_other_words_are_no_names(text: str) -> None:
    assert isinstance(made(using=saying(text)), Draft)


def test_a_position_may_be_called_after_another_employer_and_so_may_what_the_user_brings() -> None:
    found = candidacy(replace(INTERVIEW, role="Globex Developer"))
    assert isinstance(made(found, strengths="ten years at Globex"), Draft)


def test_the_contact_of_another_interview_is_not_written_to() -> None:
    refused = made(to="tom@globex.example")
    assert isinstance(refused, Refused)
    assert refused.check == "wrong_employer"
    assert "tom@globex.example (globex-dev)" in refused.reason


def test_a_recruiter_who_works_for_both_is_written_to() -> None:
    contact = replace(INTERVIEW.contacts[0], email="tom@globex.example")
    assert isinstance(made(candidacy(replace(INTERVIEW, contacts=(contact,))), to="tom@globex.example"), Draft)
