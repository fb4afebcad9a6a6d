"""What one message leads to: an event, a question, or nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.daemon.answering import accept
from agent.daemon.casebook import Casebook
from agent.daemon.desks import desk_of
from agent.interviews import Event, EventKind, Status
from agent.mailbox.memory import MemoryMailbox
from agent.messages import parse_message
from agent.plan.review import Question, ReviewKind
from agent.plan.take_in import Intake, accepted, take_in
from agent.signals import Label
from tests.daemon.scene import ACME, BIRCH, INVITES, NOW, REJECTS, account
from tests.letters import letter

ENDED = Event(
    interview="acme-backend", at=NOW - timedelta(days=2), kind=EventKind.SET, status=Status.REJECTED, rule="set by hand"
)


def taken(body: str, *, sender: str = "Dana Cole <dana@acme.example>", subject: str = "Backend Engineer", **more: str) -> Intake:
    acme = account(MemoryMailbox(), ACME, BIRCH)
    casebook = Casebook(acme.ledger, NOW)
    raw = letter(message_id="<m@acme.example>", at=NOW, sender=sender, subject=subject, body=body, **more)  # type: ignore[arg-type]
    return take_in(parse_message(raw, received_at=NOW), own=False, desk=desk_of(acme, casebook), known=casebook, now=NOW)


def test_a_certain_message_becomes_one_event_with_its_words_and_its_evidence() -> None:
    intake = taken(INVITES)

    (event,) = intake.events
    assert (event.kind, event.label, event.interview) == (EventKind.RECEIVED, Label.INVITATION, "acme-backend")
    assert "invite you to an interview" in event.quote
    assert event.correspondent == "dana@acme.example"
    assert any(line.startswith("contact") for line in intake.evidence)
    assert intake.questions == ()


def test_a_strangers_mail_leads_to_nothing() -> None:
    intake = taken("Our new shoes are here.", sender="Shop <news@shop.example>", subject="Shoes")

    assert (intake.interview, intake.events, intake.questions) == (None, (), ())


def test_a_likely_message_is_asked_about_with_its_candidates() -> None:
    intake = taken(
        "We would like to invite you to an interview for the Backend Engineer role at Acme Robotics.",
        sender="Dana <dana.private@webmail.example>",
        subject="Acme Robotics",
    )

    (question,) = intake.questions
    assert (question.kind, question.candidates) == (ReviewKind.MATCH, ("acme-backend",))
    assert intake.events == ()


def test_a_rejection_for_another_role_is_asked_about_with_both_roles_and_ends_nothing() -> None:
    intake = taken(
        "Thank you for applying for the Data Analyst position. We have decided to move forward with other candidates.",
        subject="Data Analyst",
    )

    (question,) = intake.questions
    assert (intake.interview, intake.events) == (None, ())
    assert (question.kind, question.candidates) == (ReviewKind.MATCH, ("acme-backend",))
    assert question.reason.endswith("It names the role “Data Analyst”; tracked is “Backend Engineer” (acme-backend).")


def test_an_invitation_for_another_role_says_how_it_is_tracked_as_a_new_one() -> None:
    intake = taken(
        "We would like to invite you to an interview for the Data Analyst position at Acme Robotics.", subject="Your interview"
    )

    (question,) = intake.questions
    assert (intake.interview, question.kind) == (None, ReviewKind.MATCH)
    assert question.reason.endswith(
        "It names the role “Data Analyst”; tracked is “Backend Engineer” (acme-backend). "
        "To track it as a new one, accept it with `--new acme-robotics-data-analyst`."
    )


@pytest.mark.parametrize("vouched", ["fail", "none", "temperror"])
def test_an_ending_that_nobody_vouches_for_is_asked_about_and_not_assigned(vouched: str) -> None:
    intake = taken(REJECTS, vouched=vouched)

    assert [question.kind for question in intake.questions] == [ReviewKind.UNVOUCHED]
    assert (intake.interview, intake.events) == (None, ())


def test_an_ending_that_is_vouched_for_is_an_event() -> None:
    assert [event.label for event in taken(REJECTS).events] == [Label.REJECTION]


def test_what_says_two_things_at_once_is_asked_about_and_changes_nothing() -> None:
    intake = taken(
        "Unfortunately, we have decided not to move forward with your application for the Data Engineer role. "
        "We would like to invite you to an interview for the Backend Engineer role."
    )

    assert intake.reading.abstained
    assert [question.kind for question in intake.questions] == [ReviewKind.UNCLEAR]
    assert intake.events == ()


def test_an_invitation_after_the_end_is_kept_and_asked_about() -> None:
    acme = account(MemoryMailbox(), ACME)
    with acme.ledger.transaction():
        acme.ledger.add_event(
            Event(
                interview="acme-backend",
                at=NOW - timedelta(days=2),
                kind=EventKind.SET,
                status=Status.REJECTED,
                rule="set by hand",
            )
        )
    casebook = Casebook(acme.ledger, NOW)
    raw = letter(
        message_id="<m@acme.example>",
        at=NOW,
        sender="Dana Cole <dana@acme.example>",
        subject="Backend Engineer at Acme Robotics",
        body=INVITES,
    )
    message = parse_message(raw, received_at=NOW)

    intake = take_in(message, own=False, desk=desk_of(acme, casebook), known=casebook, now=NOW)

    assert [question.kind for question in intake.questions] in ([ReviewKind.REFUSED], [ReviewKind.MATCH])


def test_an_accepted_message_leaves_an_ended_state() -> None:
    acme = account(MemoryMailbox(), ACME)
    ended = Event(
        interview="acme-backend", at=NOW - timedelta(days=2), kind=EventKind.SET, status=Status.REJECTED, rule="set by hand"
    )
    with acme.ledger.transaction():
        acme.ledger.add_event(ended)
    candidacy = Casebook(acme.ledger, NOW).candidacy("acme-backend")
    intake = taken(INVITES)
    raw = letter(message_id="<m@acme.example>", at=NOW, sender="Dana Cole <dana@acme.example>", subject="x", body=INVITES)

    (event,) = accepted(parse_message(raw, received_at=NOW), intake.reading, candidacy, now=NOW + timedelta(hours=1))
    with acme.ledger.transaction():
        acme.ledger.add_event(replace(event, id=None))

    assert event.kind is EventKind.CONFIRMED
    assert Casebook(acme.ledger, NOW + timedelta(hours=2)).candidacy("acme-backend").state.status is Status.INVITED


def test_accepting_that_a_mail_came_back_changes_nothing_but_the_question() -> None:
    acme = account(MemoryMailbox(), ACME)
    question = Question(
        kind=ReviewKind.BOUNCED,
        asked_at=NOW,
        message_id="<b@acme.example>",
        occasion="",
        reason="It came back.",
        candidates=("acme-backend",),
    )
    with acme.ledger.transaction():
        acme.ledger.ask(question)

    accept(acme.ledger, acme.ledger.reviews()[0], "acme-backend", senders=acme.phrasebook.senders, now=NOW)

    assert (acme.ledger.reviews(), acme.ledger.events()) == ([], [])
