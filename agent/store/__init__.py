"""Edge: what outlives a pass, in one SQLite file: what is tracked, what was read, what was decided, what was intended."""

from agent.store.records import (
    DraftRecord,
    DraftState,
    HeldRecord,
    MessageRecord,
    Review,
)

__all__ = [
    "DraftRecord",
    "DraftState",
    "HeldRecord",
    "MessageRecord",
    "Review",
]
