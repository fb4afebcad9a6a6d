"""Mail that was read before, read again: the history that another reading of it would have given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from agent.interviews import Event, EventKind, Interview
from agent.interviews.candidacy import Letter, candidacy_of
from agent.interviews.fold import order
from agent.matching import Certainty, Evidence, Match
from agent.matching.evidence import Kind, candidate, piece
from agent.messages.message import Message
from agent.plan.agreed import agreed
from agent.plan.desk import Desk
from agent.plan.review import Question
from agent.plan.take_in import event_of, their_mail
from agent.signals import Reading

_READ = frozenset({EventKind.RECEIVED, EventKind.SENT, EventKind.CONFIRMED})
"""Entries that say what a message says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reread:
    """One message of a candidacy, with what it was read as and what it is read as now."""

    message: Message
    own: bool
    recorded: Reading
    reading: Reading
    evidence: tuple[str, ...] = ()
    """Why it belongs to the candidacy, a line each, as the ledger keeps it."""
    own_thread: bool = False
    """The user, or the agent for the user, wrote in its thread."""

    @property
    def changed(self) -> bool:
        """Whether it says something else now."""
        return says(self.recorded) != says(self.reading)


@dataclass(frozen=True, kw_only=True, slots=True)
class Retold:
    """One candidacy as another reading of its mail would have it."""

    events: tuple[Event, ...]
    letters: tuple[Letter, ...]
    questions: tuple[Question, ...]
    """What would have been asked about the messages that are read differently."""


def says(reading: Reading) -> tuple[object, ...]:
    """Return all of a reading that the history of a candidacy or its policy makes something of."""
    primary = reading.primary
    return (
        reading.label,
        reading.abstained,
        tuple(dict.fromkeys(signal.label for signal in reading.signals)),
        primary.rule if primary else "",
        primary.quote if primary else "",
        reading.round,
        reading.interview_at,
        reading.interview_minutes,
        reading.promised_by,
        reading.not_before,
        reading.proposed,
        reading.with_writer,
        reading.meets,
        reading.leads,
        reading.returns_on,
    )


def retold(interview: Interview, events: Sequence[Event], mail: Iterable[Reread], *, desk: Desk) -> Retold:
    """Return the history of one candidacy had its `mail` been read as it is read now.

    An entry for a message that is read as before stays as it is; another gets what is read now, in its place and under its
    number, or is left out where the message would have waited in review. What the user set, confirmed, wrote down or took back
    stays, and so does the life of the drafts.
    """
    kept = list(events)
    letters: list[Letter] = []
    questions: list[Question] = []
    for each in sorted(mail, key=lambda each: (each.message.date, each.message.message_id)):
        if each.changed:
            entry = next((event for event in kept if event.kind in _READ and event.message_id == each.message.message_id), None)
            kept, asked = _again(interview, kept, letters, each, entry, desk)
            questions += asked
        letters.append(Letter(own=each.own, message=each.message, reading=each.reading))
    return Retold(events=tuple(sorted(kept, key=order)), letters=tuple(letters), questions=tuple(questions))


def _again(
    interview: Interview, events: list[Event], before: list[Letter], each: Reread, entry: Event | None, desk: Desk
) -> tuple[list[Event], tuple[Question, ...]]:
    """Return the events with what one message says now, and what would have been asked about it."""
    message = each.message
    if entry is not None and (each.own or entry.kind is EventKind.CONFIRMED):
        new = event_of(entry.kind, message, each.reading, interview.id)
        if each.own:
            new = replace(new, interview_at=agreed(message, each.reading, before, desk.phrasebook))
        return [_in_place_of(entry, new) if event is entry else event for event in events], ()
    if each.own or any(event.message_id == message.message_id and event.kind is EventKind.NOTE for event in events):
        return events, ()  # the user has looked at it and let it be
    at = entry.at if entry else message.date
    past = [event for event in events if event is not entry and event.at < at]
    stood = candidacy_of(interview, past, before, at)
    intake = their_mail(
        message, each.reading, _match(interview, each.evidence), stood, desk=desk, own_thread=each.own_thread, now=at
    )
    rest = [event for event in events if event is not entry]
    new_events = [_in_place_of(entry, event) if entry else event for event in intake.events]
    return [*rest, *new_events], intake.questions


def _in_place_of(entry: Event, new: Event) -> Event:
    return replace(new, id=entry.id, at=entry.at, with_=entry.with_, note=entry.note)


def _match(interview: Interview, evidence: Iterable[str]) -> Match:
    """Return the match that the ledger keeps in words."""
    found = candidate(interview.id, _pieces(evidence))
    return Match(certainty=Certainty.CERTAIN, interview=interview.id, candidates=(found,))


def _pieces(evidence: Iterable[str]) -> Iterable[Evidence]:
    known = set(Kind)
    for line in evidence:
        kind, _, detail = line.partition(": ")
        if kind in known:
            yield piece(Kind(kind), detail)
