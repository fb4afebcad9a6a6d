"""The rows of the store as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.messages.glance import Glance
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
    likely: str | None = None
    """The interview that was asked about, where one was ahead of all others; an answer of the user's confirms it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SettledRecord:
    """One message that was settled from its heading: its text was never read."""

    folder: str
    uidvalidity: int
    uid: int
    role: str
    """Role of the folder that it lies in."""
    received_at: datetime
    """In UTC."""
    size: int
    """Octets on the server."""
    thread: str
    """The provider's own id of the thread; empty when there is none."""
    glance: Glance


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenPlace:
    """How a folder stood when everything in it had been looked at."""

    folder: str
    uidvalidity: int
    last_uid: int
    count: int


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


class Fact(StrEnum):
    """The small facts that a ledger remembers beside its rows; each is text, an empty one is as good as none."""

    LAST_PASS = "last_pass"  # noqa: S105 (no password: a pass over the mailbox)
    """When the last pass that succeeded was made; ISO 8601."""
    LAST_READ = "last_read"
    """When the last pass was made that brought new mail; ISO 8601."""
    PROBLEM = "problem"
    """Why the last pass failed."""
    FAILURES = "failures"
    """How many passes have failed in a row."""
    NEXT_TRY = "next_try"
    """When the last pass failed, and before when none is made again: two ISO 8601 moments. It counts while `PROBLEM` stands."""
    SIGN_IN_ENDS = "sign_in_ends"
    """When the sign-in ends unless the user does something, as `agent.accounts.tokens.Ending` notes it; empty when not known."""
    REMATCH = "rematch"
    """What is tracked has changed: mail that belonged to nothing is to be matched again."""
    RULES = "rules"
    """Fingerprint of the words by which headings are judged: with other words they are judged again."""
    RULES_PROBLEM = "rules_problem"
    """Why the service goes on with the rules from before: those on disk were edited and cannot be used."""
    PRUNED = "pruned"
    """The user's day on which what is too old was forgotten last; ISO 8601."""
    GONE = "gone"
    """Folders that were read before and are gone, a line each: `role|name|since when`, in ISO 8601."""
    EMPTIED = "emptied"
    """Since when the mailbox, which held mail before, is empty; ISO 8601. As long as it is, nothing is concluded or drafted."""
    RENUMBERED = "renumbered"
    """The last folder whose UIDVALIDITY changed, so that it was read anew: `role|name|when`, in ISO 8601."""
    PROVIDER = "authserv_id"
    """The name under which the user's provider writes Authentication-Results, as the mailbox shows it; `-` for none."""
    DRAFTS_SEEN = "drafts_seen"
    """What the last look at Drafts saw: UIDVALIDITY, highest UID, and how many messages lay there when it was not empty last."""
    DIGEST_DAY = "digest_day"
    """The user's day of the last digest; ISO 8601."""
    DIGEST_SINCE = "digest_since"
    """When the first digest was made from this ledger: what answers an earlier one speaks of other questions; ISO 8601."""
    DIGEST_AT = "digest_at"
    """When the last digest was sent; ISO 8601."""
    DIGEST_EVENT = "digest_event"
    """Number of the newest event that a digest has told."""
    DIGEST_HELD = "digest_held"
    """What a check stopped and a digest has told, a line each: `interview|kind|occasion`."""
    DIGEST_ANSWER = "digest_answer"
    """Number of the newest answer of the user's that a digest has told."""
    DIGEST_PLACING = "digest_placing"
    """The digest that is being placed into the inbox: what it tells, and how far the inbox had come, as JSON; empty for none."""
    DIGEST_PROBLEM = "digest_problem"
    """Why the last digest could not be sent."""
    DIGEST_AGAIN = "digest_again"
    """Before when no digest is tried again; ISO 8601."""
