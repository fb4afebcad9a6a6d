"""One mailbox as a unit of work: all that a pass needs, put together once by whoever starts it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from agent.drafts import Templates, User
from agent.mailbox import FolderRole, Mailbox
from agent.plan.discovery import Discovery
from agent.plan.orders import AnswerWords
from agent.policy import HolidayCalendar, Policies
from agent.signals import Phrasebook, SentenceModel
from agent.store import AnswerRecord, Ledger


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """One person's mailbox, ledger and rules."""

    user: User
    ledger: Ledger
    open_mailbox: Callable[[], Mailbox]
    """Opens the mailbox for one pass; may raise `MailboxProblem`."""
    phrasebook: Phrasebook
    policies: Policies
    templates: Templates
    holidays: HolidayCalendar
    model: SentenceModel | None = None
    """Asked about received mail that the rules are not certain of."""
    authserv_id: str | None = None
    discovery: Discovery = Discovery.ASK
    """What is done about candidacies that nobody tracks."""
    roles: tuple[FolderRole, ...] = (FolderRole.SENT, FolderRole.INBOX, FolderRole.ARCHIVE, FolderRole.JUNK)
    """The folders that are read, where they exist; where there is one of all mail, that one, Sent and the spam."""
    look_back_days: int = 90
    """How far the first look goes back."""
    answers: AnswerWords | None = None
    """By which words the user answers a digest; None where such answers are not read."""
    name: str = ""
    """The name of the account where there are several: it stands in the Message-ID of its digests."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusChange:
    """A candidacy that stands elsewhere than before the pass."""

    interview: str
    before: str
    """Empty for one that has just come to be tracked."""
    after: str
    quote: str


@dataclass(kw_only=True, slots=True)
class PassReport:
    """What one pass did; filled while it runs."""

    began_at: datetime
    looked_at: int = 0
    """Headings that were looked at."""
    expected: int = 0
    """Headings that there are to be looked at, as far as the folders say beforehand."""
    read: int = 0
    """Messages that were new and whose text was read."""
    settled: int = 0
    """New messages that were settled from their heading: they certainly have nothing to do with a candidacy."""
    assigned: int = 0
    set_aside: int = 0
    changes: list[StatusChange] = field(default_factory=list)
    queued: list[str] = field(default_factory=list)
    """Message-IDs of the drafts put into Drafts, or found there after a crash."""
    stopped: list[str] = field(default_factory=list)
    """Message-IDs of intended drafts that the last look stopped."""
    withdrawn: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    """Message-IDs of the drafts that were written anew with what the user noted since."""
    asked: list[int] = field(default_factory=list)
    """Numbers of the new questions in review."""
    answered: list[AnswerRecord] = field(default_factory=list)
    """What the user answered to digests, a line each, and what came of it."""
    held: int = 0
    next_at: datetime | None = None
    """When the clock alone changes something next."""
