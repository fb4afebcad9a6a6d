"""The words for where a candidacy stands, and the value that `fold` computes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Status(StrEnum):
    """Where a candidacy stands; the contract's list, word for word."""

    APPLIED = "applied"
    """Nothing but the application."""
    INVITED = "invited"
    """Asked for an interview, no time fixed."""
    SCHEDULED = "scheduled"
    """A future time is fixed."""
    ASSESSMENT = "assessment"
    """A task is set."""
    AWAITING = "awaiting"
    """An interview or task is behind, it is their turn."""
    ON_HOLD = "on_hold"
    """They delay or freeze."""
    OFFER = "offer"
    """They made an offer."""
    ACCEPTED = "accepted"
    """The user took it."""
    DECLINED = "declined"
    """The user declined it."""
    REJECTED = "rejected"
    """They said no."""
    CLOSED = "closed"
    """The role is gone."""
    WITHDRAWN = "withdrawn"
    """The user withdrew."""
    MOVED_ON = "moved_on"
    """The user stopped waiting."""


ENDED = frozenset(
    {
        Status.ACCEPTED,
        Status.DECLINED,
        Status.REJECTED,
        Status.CLOSED,
        Status.WITHDRAWN,
        Status.MOVED_ON,
    }
)
"""States that are left again only through review."""


_STEPS = (
    frozenset({Status.APPLIED}),
    frozenset({Status.INVITED}),
    frozenset({Status.ASSESSMENT, Status.SCHEDULED}),
    frozenset({Status.AWAITING, Status.ON_HOLD}),
    frozenset({Status.OFFER}),
    ENDED,
)


def further(status: Status, than: Status) -> bool:
    """Whether a status lies further on than another; two ends are equally far."""

    def step(of: Status) -> int:
        return next(number for number, statuses in enumerate(_STEPS) if of in statuses)

    return step(status) > step(than)


class Turn(StrEnum):
    """Whose move it is."""

    US = "us"
    """The user's."""
    THEM = "them"
    """The employer's."""
    NONE = "none"
    """Nobody's: it has ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryEntry:
    """One line of the history that `replay` and `why` show: an event that was read, and where it led."""

    at: datetime
    status: Status
    """The status after it."""
    message_id: str | None
    label: str
    rule: str
    quote: str
    refused: str = ""
    """Why it changed nothing: the table of transitions refused it, or the user took it back."""
    event: int | None = None
    """Number of the event, by which it can be undone; None for what the clock did."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRound:
    """One interview that took place or is fixed, as the events tell it."""

    number: int
    starts_at: datetime
    ends_at: datetime
    with_: tuple[str, ...]
    """Addresses of the interviewers, when known."""
    message_id: str | None
    """The message that fixed it: its thread is where a follow-up belongs (B5)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """Where one candidacy stands at `now`, computed from its events and never stored."""

    status: Status
    since: datetime | None
    """When the status was reached."""
    round: int | None
    """Number of the current round; None before the first invitation."""
    next_at: datetime | None
    """Start of the next fixed interview."""
    promised_by: date | None
    """The last day by which they said that news will come, when it still stands."""
    promised_in: str | None
    """Message-ID of the message that promised it."""
    turn: Turn
    rounds: tuple[HeldRound, ...]
    """All fixed interviews, past and future, in order; called-off ones are left out."""
    history: tuple[HistoryEntry, ...]
