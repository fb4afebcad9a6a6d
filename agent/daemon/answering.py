"""Carrying out the user's answer to a question in review."""

from datetime import datetime

from agent.daemon.casebook import Casebook
from agent.interviews import Event, EventKind
from agent.plan.review import ReviewKind
from agent.plan.take_in import accepted
from agent.store import Fact, Ledger, Review


def accept(ledger: Ledger, review: Review, interview: str, *, now: datetime) -> None:
    """Do what was asked about: give the message to the interview as it was read, or take the suggested step.

    A mail that came back is no more than taken note of.
    """
    question = review.question
    candidacy = Casebook(ledger, now).candidacy(interview)
    record = ledger.message(question.message_id) if question.message_id else None
    with ledger.transaction():
        if question.kind is ReviewKind.SUGGESTION and question.status:
            ledger.add_event(
                Event(
                    interview=interview, at=now, kind=EventKind.SET, status=question.status, note=question.reason, rule="review"
                )
            )
        elif record and question.kind is not ReviewKind.BOUNCED:
            ledger.assign(
                record.message.message_id, interview, (*record.evidence, f"review: you accepted question {review.number}")
            )
            for event in accepted(record.message, record.reading, candidacy, now=now):
                ledger.add_event(event)
            ledger.note(Fact.REMATCH, "1")
        ledger.resolve(review.number, resolution="accepted", at=now, interview=interview)


def dismiss(ledger: Ledger, review: Review, *, now: datetime) -> None:
    """Note that the answer is no; the same question is never put again.

    Where the question was what a message says, the history tells that the user has looked at it: it holds back nothing any more.
    """
    question = review.question
    record = ledger.message(question.message_id) if question.message_id else None
    with ledger.transaction():
        ledger.resolve(review.number, resolution="dismissed", at=now)
        if question.kind is ReviewKind.UNCLEAR and record is not None and record.interview is not None:
            ledger.add_event(
                Event(interview=record.interview, at=now, kind=EventKind.NOTE, message_id=question.message_id, rule="review")
            )
