"""Taking an entry of a history back: a later entry reverses it, nothing is deleted."""

from dataclasses import dataclass, replace
from datetime import datetime

from agent.daemon.casebook import Casebook
from agent.interviews import REVERSIBLE, Event, EventKind, taken_back
from agent.plan.learning import lessons
from agent.plan.take_in import accepted
from agent.signals.senders import SenderBook
from agent.store import Fact, Ledger


class NotUndone(Exception):
    """The entry cannot be taken back; the text says why, and what to do instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone:
    """What was done."""

    reversal: Event
    """The entry that takes the other back."""
    learned: tuple[str, ...] = ()
    """What the other interview learned of the sender, a phrase each."""


def undo(ledger: Ledger, event: Event, *, elsewhere: str | None, senders: SenderBook, now: datetime) -> Undone:
    """Reverse `event`, and give its message to the interview `elsewhere` where one is named.

    What is read of the message stays with it; with the next pass status and drafts are what they would be without the entry. An
    entry that is reversed already, or that only the mail client can undo, raises `NotUndone`.
    """
    number = event.id
    if number is None or event.kind not in REVERSIBLE:
        raise NotUndone("a draft is taken back in the mail client: delete it in Drafts, it is not written again")
    if number in taken_back(ledger.events(event.interview)):
        raise NotUndone("it was taken back already")
    record = ledger.message(event.message_id) if event.message_id else None
    if elsewhere and (record is None or event.kind not in (EventKind.RECEIVED, EventKind.SENT, EventKind.CONFIRMED)):
        raise NotUndone("there is no message behind it that could belong to another interview")
    reversal = Event(
        interview=event.interview, at=max(now, event.at), kind=EventKind.UNDONE, message_id=event.message_id, reverses=number
    )
    learned: tuple[str, ...] = ()
    with ledger.within():
        reversal = ledger.add_event(reversal)
        if elsewhere and record is not None:
            ledger.assign(record.message.message_id, elsewhere, (f"undo: you took it back from {event.interview}",))
            if record.own:
                ledger.add_event(replace(event, id=None, interview=elsewhere))
            else:
                candidacy = Casebook(ledger, now).candidacy(elsewhere)
                for entry in accepted(record.message, record.reading, candidacy, now=now):
                    ledger.add_event(entry)
                taught, learned = lessons(
                    record.message, record.reading, candidacy.interview, others=ledger.interviews(), senders=senders
                )
                ledger.put_interview(taught)
            ledger.note(Fact.REMATCH, "1")
    return Undone(reversal=reversal, learned=learned)
