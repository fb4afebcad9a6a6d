"""Carrying out the user's answer to a question in review."""

from datetime import datetime

from agent.daemon.casebook import Casebook
from agent.interviews import Event, EventKind, Interview
from agent.plan.learning import lessons
from agent.plan.review import ReviewKind
from agent.plan.take_in import accepted
from agent.signals.senders import SenderBook
from agent.store import Fact, Ledger, Review

_TEACHES = frozenset({ReviewKind.MATCH, ReviewKind.DISCOVERED})
"""Questions whose answer says to whom a sender belongs."""


def accept(ledger: Ledger, review: Review, interview: str, *, senders: SenderBook, now: datetime) -> tuple[str, ...]:
    """Do what was asked about: give the message to the interview as it was read, or take the suggested step.

    Returns what was learned of the sender, a phrase each. A mail that came back is no more than taken note of.
    """
    question = review.question
    learned: tuple[str, ...] = ()
    with ledger.within():
        record = ledger.message(question.message_id) if question.message_id else None
        if question.kind is ReviewKind.SUGGESTION and question.status:
            ledger.add_event(
                Event(
                    interview=interview, at=now, kind=EventKind.SET, status=question.status, note=question.reason, rule="review"
                )
            )
        elif record and question.kind is not ReviewKind.BOUNCED:
            candidacy = Casebook(ledger, now).candidacy(interview)
            ledger.assign(
                record.message.message_id, interview, (*record.evidence, f"review: you accepted question {review.number}")
            )
            for event in accepted(record.message, record.reading, candidacy, now=now):
                ledger.add_event(event)
            if question.kind in _TEACHES:
                taught, learned = lessons(
                    record.message, record.reading, candidacy.interview, others=ledger.interviews(), senders=senders
                )
                ledger.put_interview(taught)
            ledger.note(Fact.REMATCH, "1")
        ledger.resolve(review.number, resolution="accepted", at=now, interview=interview)
    return learned


def track(ledger: Ledger, review: Review, interview: Interview, *, senders: SenderBook, now: datetime) -> tuple[str, ...]:
    """Track a new `interview` and give it the message in question; returns what was learned of the sender beyond it."""
    with ledger.within():
        ledger.put_interview(interview)
    return accept(ledger, review, interview.id, senders=senders, now=now)


def dismiss(ledger: Ledger, review: Review, *, now: datetime) -> None:
    """Note that the answer is no; the same question is never put again.

    Where the question was what a message says, the history tells that the user has looked at it: it holds back nothing any more.
    """
    question = review.question
    record = ledger.message(question.message_id) if question.message_id else None
    with ledger.within():
        ledger.resolve(review.number, resolution="dismissed", at=now)
        if question.kind is ReviewKind.UNCLEAR and record is not None and record.interview is not None:
            ledger.add_event(
                Event(interview=record.interview, at=now, kind=EventKind.NOTE, message_id=question.message_id, rule="review")
            )
