"""One tracked interview with everything that is known of it: what policy and drafts look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from agent.interviews.event import Event
from agent.interviews.fold import fold, order
from agent.interviews.interview import Interview
from agent.interviews.standing import revived, standing
from agent.interviews.status import State
from agent.messages.message import Message
from agent.signals.reading import Label, Reading


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
    """Those that stand (`standing`), in the order in which they happened."""
    letters: tuple[Letter, ...]
    """In the order of their dates."""
    state: State
    unheard: frozenset[str] = frozenset()
    """Message-IDs of the letters whose entry the user took back."""
    revived: frozenset[tuple[str, str]] = frozenset()
    """(kind, occasion) of withdrawn drafts that may be made again, since the user took back what made them pointless."""


def candidacy_of(interview: Interview, events: Sequence[Event], letters: Iterable[Letter], now: datetime) -> Candidacy:
    """Return the candidacy as of `now`: events and letters in order, and the state that follows from them.

    A letter whose entry the user took back belongs to it still, and says nothing any more.
    """
    counting = standing(events)
    silent = {event.message_id for event in events if event.message_id} - {event.message_id for event in counting}
    heard = (
        replace(letter, reading=Reading(label=Label.OTHER, abstained=False)) if letter.message.message_id in silent else letter
        for letter in letters
    )
    return Candidacy(
        interview=interview,
        events=tuple(sorted(counting, key=order)),
        letters=tuple(sorted(heard, key=lambda letter: (letter.message.date.astimezone(UTC), letter.message.message_id))),
        state=fold(interview, events, now),
        unheard=frozenset(silent),
        revived=revived(events),
    )
