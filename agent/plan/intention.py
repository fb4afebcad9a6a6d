"""A draft from the decision to write it to the end of its life, as the agent knows it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.policy.verdict import DraftKind


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
    """It is no longer in Drafts: not drafted again."""


WAITING = (DraftState.INTENDED, DraftState.QUEUED, DraftState.EDITED)
"""States in which a message to the employer is on its way or lies ready: the limits count it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftRecord:
    """One draft, from intention to its end; unique by (interview, kind, occasion) and by Message-ID."""

    interview: str
    kind: DraftKind
    occasion: str
    message_id: str
    state: DraftState
    decided_at: datetime
    queued_at: datetime | None = None
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
    seen_event: int = 0
    """Number of the newest event of the interview when it was decided: what has a higher one is news to it."""
    uidvalidity: int | None = None
    uid: int | None = None
    """Where it lies in Drafts, once known; `uid` is None where the server did not say it."""
    append_after: tuple[int, int] | None = None
    """UIDVALIDITY and highest UID of Drafts right before it was appended: it lies above, if anywhere."""
    words: str = ""
    """Digest of the user's text in Drafts as it was last read (`draft_life.words_digest`); empty while it is the agent's own."""
    missing_since: datetime | None = None
    """Since when it is missing in Drafts; None while it is there."""
    overtaken: str = ""
    """Why the user's edited draft may be needed no more: the agent leaves it where it is."""
    supersedes: str = ""
    """Digest of the bytes that lie in Drafts and that this new text is to replace (`draft_life.digest_of`)."""
    taking_out: bool = False
    """The agent has begun to take it out, or what it supersedes: if that is gone, it was by the agent's hand."""
    left_over: bool = False
    """It counts as sent because the user wrote something else in its place: untouched it may still lie in Drafts."""

    @property
    def key(self) -> tuple[str, DraftKind, str]:
        """What makes it the only one: interview, kind, occasion."""
        return self.interview, self.kind, self.occasion
