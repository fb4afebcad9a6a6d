"""One tracked interview with everything that is known of it: what policy and drafts look at."""

from dataclasses import dataclass

from agent.interviews.event import Event
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
