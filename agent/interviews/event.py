"""One dated entry in an interview's append-only history."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from agent.interviews.status import Status
from agent.signals.reading import Label

IMPORTED = "set by import"
"""Rule of a SET that another tracker's status made: it moves a candidacy forward only, so that what mail says is not undone."""


class EventKind(StrEnum):
    """What happened."""

    RECEIVED = "received"
    """A message of theirs was read and assigned; `label` says what it says."""
    SENT = "sent"
    """The user's own mail was read and assigned; `label` is one of `sent_*`."""
    CONFIRMED = "confirmed"
    """The user accepted a review: as RECEIVED, and it may leave an ended state."""
    SET = "set"
    """The user set the status by hand (`status`)."""
    NOTE = "note"
    """The user wrote something down (`note`)."""
    DEBRIEFED = "debriefed"
    """The user answered a debrief in Drafts (`note`: a line an answer, `round`, `occasion`); a later answer takes its place."""
    DRAFTED = "drafted"
    """The agent put a draft into the Drafts folder (`draft_kind`, `occasion`)."""
    DRAFT_SENT = "draft_sent"
    """The user sent a draft of the agent, edited or not."""
    DRAFT_WITHDRAWN = "draft_withdrawn"
    """The agent took its own untouched draft back."""
    DRAFT_DELETED = "draft_deleted"
    """The user deleted a draft of the agent: it waits no more, and is not made again."""
    UNDONE = "undone"
    """The user took an entry back (`reverses`), which then counts as if it had not happened."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One dated entry; fields that do not belong to its kind are None or empty."""

    interview: str
    at: datetime
    """When it happened (the message's date, not the moment of reading); aware."""
    kind: EventKind
    id: int | None = None
    """Number in the store; None before it is stored."""
    message_id: str | None = None
    label: Label | None = None
    labels: tuple[Label, ...] = ()
    """All labels of the message, the primary one first."""
    rule: str = ""
    quote: str = ""
    round: int | None = None
    interview_at: datetime | None = None
    interview_minutes: int | None = None
    calendar_uid: str = ""
    calendar_sequence: int = 0
    with_: tuple[str, ...] = ()
    """Addresses of those who will lead the interview, as its calendar entry lists them; empty where it does not say."""
    promised_by: date | None = None
    returns_on: date | None = None
    status: Status | None = None
    correspondent: str = ""
    """Address of the other side, lower case."""
    note: str = ""
    draft_kind: str = ""
    occasion: str = ""
    reverses: int | None = None
    """For UNDONE: the number of the entry that is taken back."""
