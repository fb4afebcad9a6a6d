"""The rows of the store as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.messages.message import Message
from agent.plan.review import Question
from agent.policy.verdict import DraftKind
from agent.signals.reading import Reading


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRecord:
    """One message that was read."""

    message: Message
    reading: Reading
    own: bool
    """The user wrote it."""
    role: str
    """Role of the folder that it was found in."""
    uidvalidity: int
    uid: int
    interview: str | None
    """The interview that it was assigned to, if any."""
    evidence: tuple[str, ...] = ()
    """Why, for `why`: one line for each piece of evidence."""


class DraftState(StrEnum):
    """Where a draft is in its life."""

    INTENDED = "intended"
    """Decided and committed, not yet known to be in Drafts."""
    QUEUED = "queued"
    """In the Drafts folder."""
    SENT = "sent"
    """The user's own mail answers the occasion."""
    WITHDRAWN = "withdrawn"
    """A later message made it pointless; the agent removed it, or never put it there."""
    EDITED = "edited"
    """The user changed it: it is the user's, and the agent leaves it alone."""
    DELETED = "deleted"
    """The user deleted it: not drafted again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftRecord:
    """One draft, from intention to its end; unique by (interview, kind, occasion) and by Message-ID."""

    interview: str
    kind: DraftKind
    occasion: str
    message_id: str
    state: DraftState
    decided_at: datetime
    queued_at: datetime | None
    rule: str
    requirements: tuple[str, ...]
    reason: str
    to: tuple[str, ...]
    """Addresses."""
    subject: str
    body: str
    in_reply_to: str | None
    references: tuple[str, ...]
    raw: bytes
    """The bytes as they were, or will be, appended."""
    answer: bool = False
    """It answers a mail of theirs, which the weekly limit excepts."""
    uidvalidity: int | None = None
    uid: int | None = None
    """Where it lies in Drafts, once known."""
    uid_before: int | None = None
    """Highest UID of Drafts before the APPEND: what is looked for after a crash lies above it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRecord:
    """One follow-up that was due and that a rule forbade; unique by (interview, kind, occasion)."""

    interview: str
    kind: DraftKind
    occasion: str
    due_at: datetime
    reason: str
    rule: str
    requirements: tuple[str, ...]
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A question in the store."""

    number: int
    question: Question
    resolved_at: datetime | None = None
    resolution: str = ""
    """`accepted`, `dismissed` or empty."""
    interview: str | None = None
    """The interview that an accepted one was given to."""
