"""Pure: one tracked candidacy, its append-only history, and the status that follows from it.

`fold` computes a `State` from events; `transitions` is the one table of what may follow what.
"""

from agent.interviews.event import Event, EventKind
from agent.interviews.interview import Contact, ContactRole, Interview, Round
from agent.interviews.status import ENDED, HistoryEntry, State, Status, Turn

__all__ = [
    "ENDED",
    "Contact",
    "ContactRole",
    "Event",
    "EventKind",
    "HistoryEntry",
    "Interview",
    "Round",
    "State",
    "Status",
    "Turn",
]
