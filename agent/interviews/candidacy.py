"""One tracked interview with everything that is known of it: what policy and drafts look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.interviews.event import Event
from agent.interviews.fold import fold, order
from agent.interviews.interview import Interview
from agent.interviews.status import State
from agent.messages.message import Message
from agent.signals.reading import Reading


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One message that belongs to a candidacy."""

    own: bool
    """True when the user wrote it."""
    message: Message
    reading: Reading


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidacy:
    """One tracked interview, its history and its mail, as of one moment."""

    interview: Interview
    events: tuple[Event, ...]
    """In the order in which they happened."""
    letters: tuple[Letter, ...]
    """In the order of their dates."""
    state: State


def candidacy_of(interview: Interview, events: Sequence[Event], letters: Iterable[Letter], now: datetime) -> Candidacy:
    """Return the candidacy as of `now`: events and letters in order, and the state that follows from them."""
    return Candidacy(
        interview=interview,
        events=tuple(sorted(events, key=order)),
        letters=tuple(sorted(letters, key=lambda letter: (letter.message.date.astimezone(UTC), letter.message.message_id))),
        state=fold(interview, events, now),
    )
