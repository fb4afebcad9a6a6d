"""What the agent would not decide alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.interviews.interview import Interview
from agent.interviews.status import Status


class ReviewKind(StrEnum):
    """Why it is asked."""

    MATCH = "match"
    """Which interview the message belongs to is not certain."""
    UNVOUCHED = "unvouched"
    """It would end a candidacy, or says that there is an offer, and nobody vouches for the sender."""
    UNCLEAR = "unclear"
    """The interview is certain; what the message says is not."""
    REFUSED = "refused"
    """The interview and the message are clear, and the table of transitions does not allow the step (an ended state)."""
    BOUNCED = "bounced"
    """What the user sent did not arrive: the user must know, and write to somebody else."""
    DISCOVERED = "discovered"
    """It belongs to nothing that is tracked, and seems to be about a candidacy of the user's."""
    SUGGESTION = "suggestion"
    """The policy suggests a step that only the user can take."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One thing for the user to decide."""

    kind: ReviewKind
    asked_at: datetime
    message_id: str | None
    """The message in question; None for a suggestion."""
    occasion: str
    """Makes it the same question when it is asked again: a dismissed one never returns."""
    reason: str
    """One or two sentences for the user, with what was suspected."""
    candidates: tuple[str, ...]
    """Interview ids, the likeliest first."""
    status: Status | None = None
    """For a suggestion: the status that accepting it sets."""
    proposed: Interview | None = None
    """For a discovery: the interview that accepting it tracks."""

    @property
    def identity(self) -> str:
        """What makes it the same question when it is asked again; a discovery is the same under each of its messages."""
        message = "" if self.kind is ReviewKind.DISCOVERED else self.message_id or ""
        return f"{self.kind}|{message}|{self.occasion}"
