"""What one digest tells, as values; how it is worded is for `agent.notify.digest` to say."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """One interview whose status changed."""

    interview: str
    company: str
    role: str
    before: str
    after: str
    """Status before and after."""
    quote: str
    """The words that led to it; empty where none did: the user set it by hand, or time went by."""
    by: str = ""
    """Who wrote them; where nobody did, in a sentence what led to it."""
    at: datetime | None = None
    """When they were written, in the user's zone."""
    event: int | None = None
    """The entry of the history, by which it can be taken back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafted:
    """One follow-up that lies in the Drafts folder since the last digest."""

    interview: str
    company: str
    role: str
    kind: str
    reason: str
    to: tuple[str, ...] = ()
    """Addresses that it goes to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One answer that a question can be given."""

    answer: str
    """As the user writes it: `2 yes`."""
    means: str
    """What it does, without a full stop."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """One open question of the review."""

    number: int
    reason: str
    choices: tuple[Choice, ...] = ()
    mail: str = ""
    """When the mail in question came, from whom, and its subject, on one line; empty when it is about none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """One line of what the user answered to an earlier digest."""

    words: str
    """As they were written; empty where nothing could be read."""
    told: str
    """What was done, or why nothing was and which words would do."""
    done: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """An interview, or a promised answer, of the next days."""

    interview: str
    company: str
    role: str
    on: date
    at: datetime | None = None
    """When an interview begins, in the user's zone; None for a promised day."""
    round: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldBack:
    """One follow-up that is due and that a rule forbids."""

    interview: str
    company: str
    role: str
    kind: str
    reason: str
    until: date | None = None
    rule: str = ""
    """Id of the policy rule, or `check` and the id of the check that stopped the text."""
    stopped: bool = False
    """A check stopped it since the last digest: that is news."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestNews:
    """All that one digest tells; the lists in the order in which they are shown."""

    day: date
    """The user's day."""
    changed: tuple[Changed, ...] = ()
    drafted: tuple[Drafted, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    answered: tuple[Answered, ...] = ()
    coming: tuple[Coming, ...] = ()
    held: tuple[HeldBack, ...] = ()
    problems: tuple[str, ...] = ()
    """What does not work, with its remedy, one line each (promise 9)."""
