"""The rows of the store as values."""

from dataclasses import dataclass
from datetime import datetime

from agent.messages.message import Message
from agent.plan.review import Question
from agent.signals.reading import Reading


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRecord:
    """One message that was read."""

    message: Message
    """As read, but without `text`: only what is new in a mail is kept, and of mere noise not even that."""
    digest: str
    """Tells another mail under the same Message-ID from the same mail in another folder."""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Aside:
    """A message that could not be read."""

    folder: str
    uidvalidity: int
    uid: int
    at: datetime
    """When it was set aside, in UTC."""
    problem: str
    """Why, in words for the user."""


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
