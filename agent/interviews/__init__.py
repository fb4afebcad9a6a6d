"""Pure: one tracked candidacy, its append-only history, and the status that follows from it.

`fold` computes a `State` from events; `transitions` is the one table of what may follow what.
"""

from agent.interviews.candidacy import Candidacy, Letter, candidacy_of
from agent.interviews.event import Event, EventKind
from agent.interviews.fold import fold
from agent.interviews.interview import Contact, ContactRole, Interview, Round
from agent.interviews.standing import REVERSIBLE, standing, taken_back
from agent.interviews.status import ENDED, HeldRound, HistoryEntry, State, Status, Turn
from agent.interviews.transitions import Refusal, step

__all__ = [
    "ENDED",
    "REVERSIBLE",
    "Candidacy",
    "Contact",
    "ContactRole",
    "Event",
    "EventKind",
    "HeldRound",
    "HistoryEntry",
    "Interview",
    "Letter",
    "Refusal",
    "Round",
    "State",
    "Status",
    "Turn",
    "candidacy_of",
    "fold",
    "standing",
    "step",
    "taken_back",
]
