"""A policy as a value: the grammar of `rules/policies/*.yaml`, word for word."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from agent.interviews.status import Status, Turn
from agent.policy.office_hours import Duration
from agent.policy.verdict import DraftKind
from agent.signals.reading import Label


class Anchor(StrEnum):
    """The moment that a rule counts from."""

    EACH_INTERVIEW = "each interview"
    """The end of every interview of the candidacy."""
    LAST_INTERVIEW = "last interview"
    """The end of the last one, those that are fixed ahead included."""
    PROMISED_DATE = "promised date"
    """The last day by which they said that news will come."""
    AGREED_DATE = "agreed date"
    """The day that the user noted as agreed for the next contact (E1)."""
    LAST_FOLLOW_UP = "last follow-up"
    """The moment at which the user last asked how things stand, with or without the agent's draft."""
    LAST_ATTEMPT = "last attempt"
    """The same, or the last call that a call sheet was made for: the agent cannot hear a phone (E4)."""
    LAST_CONTACT = "last contact"
    """The last message of either side."""
    LAST_MESSAGE = "last message"
    """Their latest message that `says` one of the labels."""
    FIRST_MESSAGE = "first message"
    """Their first such message since the present status was reached."""
    OUTCOME = "outcome"
    """The moment at which the present status was reached, where it is one of `when.status`."""
    PROMISED_MATERIAL = "promised material"
    """The moment at which the user promised to send something, which nothing has dealt with yet (D5)."""


class Recipient(StrEnum):
    """Whom a rule writes to."""

    EACH_INTERVIEWER = "each interviewer"
    """Everyone who led the interview, each with a draft of their own."""
    HIRING_MANAGER = "hiring manager"
    """The contact of that role."""
    PRIMARY_CONTACT = "primary contact"
    """The one person whom all follow-ups of a candidacy go to (B9)."""
    SENDER = "sender"
    """Whoever an answer to the message goes to: Reply-To, else From."""
    EACH_REFERRER = "each referrer"
    """Every contact who put in a word, each with a draft of their own (A15)."""
    USER = "user"
    """The user's own main address: no contact with the employer."""


class Thread(StrEnum):
    """Which conversation a draft continues."""

    INVITATION = "invitation"
    """That of the message that fixed the interview (B5), or else of the one that promised the date."""
    SHARED_INVITATION = "shared invitation"
    """The same, but only where the recipient takes part in it."""
    MESSAGE = "message"
    """That of the message which is answered."""
    FOLLOW_UP = "follow-up"
    """That of the user's own last follow-up, else of the invitation."""
    NEW = "new"
    """None: it begins one."""


class Unless(StrEnum):
    """What makes a rule needless."""

    THANKED = "thanked"
    """The user thanked the recipient after this interview."""
    ANSWERED = "answered"
    """The user answered the message, in its thread or to its sender, or has set the status by hand since."""
    WRITTEN = "written"
    """The user wrote anything to the employer about this candidacy since then."""
    TOLD = "told"
    """The user wrote to the recipient since then."""
    DECIDED = "decided"
    """The user sent an acceptance or a decline since then."""


class Promise(StrEnum):
    """Whether they named a day for news."""

    STANDS = "stands"
    """They did, and have not written since that day passed."""
    NONE = "none"
    """They did not, or it is used up."""


class Phone(StrEnum):
    """Whether a direct number is known of the one whom a draft is for or about (A11)."""

    KNOWN = "known"
    """One is."""
    UNKNOWN = "unknown"
    """None is."""


class Channel(StrEnum):
    """How the next contact was agreed (E1)."""

    PHONE = "phone"
    """By phone, or nothing was said about it."""
    MAIL = "mail"
    """By mail."""


class Check(StrEnum):
    """What a `forbids` entry looks at."""

    ENDED = "ended"
    """The candidacy has ended."""
    NO_ADDRESS = "no address"
    """Nobody is known to write to."""
    NO_REPLY = "no reply"
    """The address takes no mail."""
    BOUNCED = "bounced"
    """Mail to the address came back for good."""
    OUT_OF_OFFICE = "out of office"
    """The recipient is away until a day that the automatic answer names."""
    PROMISE = "promise"
    """A promised day has not passed by `lasts`."""
    AGREED = "agreed date"
    """An agreed day has not passed by `lasts`."""
    RECENT_INTERVIEW = "recent interview"
    """The last interview ended less than `lasts` ago."""
    PRIMARY_CONTACT = "primary contact"
    """Somebody else than the one contact of the candidacy would get it (B9)."""
    EARLIEST = "earliest day"
    """They said that no news comes before a day which has not passed by `lasts`."""
    ON_HOLD = "on hold"
    """They wrote of a delay without a new date, less than `lasts` ago."""
    UNREAD = "unread"
    """What their last message says is not known, and the user has not decided about it in review."""
    DRAFT_WAITS = "draft waits"
    """A draft of the same kind for the same person was made less than `lasts` ago and is neither sent nor withdrawn."""
    TOO_LATE = "too late"
    """The window of the rule is over; said for as long as `lasts`, then no more."""


ANSWERS = frozenset(
    {
        DraftKind.REPLY_INVITATION,
        DraftKind.REPLY_RESCHEDULE,
        DraftKind.REPLY_INFO_REQUEST,
        DraftKind.REPLY_HOLD,
        DraftKind.REPLY_REJECTION,
        DraftKind.OFFER_THANKS,
        DraftKind.OFFER_ACCEPT,
        DraftKind.OFFER_CLARIFY,
        DraftKind.OFFER_DECLINE,
    }
)
"""Kinds that answer a message of theirs: limits neither count nor stop them (A3)."""

TO_USER = frozenset({DraftKind.DEBRIEF, DraftKind.CALL_SHEET})
"""Kinds for the user's own eyes: no contact with the employer, so no limit counts or stops them."""

FOLLOW_UPS = frozenset({DraftKind.STATUS_CHECK, DraftKind.TIMELINE_REQUEST, DraftKind.FINAL_NOTE, DraftKind.CLOSE_LOOP})
"""Kinds that ask how things stand; the user's own `sent_follow_up` counts as one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """How the candidacy must stand for a rule to speak; what is not named does not matter."""

    status: frozenset[Status] | None = None
    turn: Turn | None = None
    promise: Promise | None = None
    unanswered_from: int = 0
    """Least number of the user's follow-ups since their last message."""
    unanswered_to: int | None = None
    """Largest number of them; None has no end."""
    attempts_from: int = 0
    """Least number of follow-ups and calls since their last message."""
    attempts_to: int | None = None
    agreed: Promise | None = None
    """Whether a day agreed for the next contact stands."""
    channel: Channel | None = None
    phone: Phone | None = None
    by_hand: bool = False
    """The user set the present status by hand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One follow-up, or one suggestion to the user: from what it counts, when, to whom, on what condition."""

    id: str
    draft: DraftKind | None
    """What it drafts; None for a suggestion."""
    suggest: Status | None
    """The status that it suggests to the user; None for a draft."""
    anchor: Anchor
    says: tuple[Label, ...] = ()
    """For a message as anchor: its primary label is one of these."""
    says_beside: tuple[Label, ...] = ()
    """A message of one of these counts too where it says one of `says` besides."""
    restarted_by: tuple[Label, ...] = ()
    """Labels of later messages of theirs that start the count anew."""
    restarted_by_answers: bool = False
    """Any answer of theirs to a follow-up starts the count anew."""
    after: Duration
    until: Duration | None = None
    """Counted from the anchor too; then it is too late."""
    business_hours: bool = False
    """Only on their business days in the hours of the policy."""
    early: bool = False
    """On their business days from before they open (E3)."""
    when: When = When()
    unless: frozenset[Unless] = frozenset()
    overtaken_by: frozenset[Label] = frozenset()
    """Labels of later messages of theirs that make it needless."""
    once: bool = False
    """Once in a candidacy, whatever the occasion."""
    to: tuple[Recipient, ...] = ()
    """In order of preference: the first that can be written to."""
    about: tuple[Recipient, ...] = (Recipient.PRIMARY_CONTACT,)
    """For a draft to the user, whom it is about: the first whose direct number is known, else the first."""
    thread: Thread = Thread.MESSAGE
    style: str = ""
    """The manner of wording that its texts have where the templates offer it, such as `brief`; empty for the usual one."""
    requires: tuple[str, ...]
    """Ids of the guide requirements that it carries out."""
    reason: str
    """One sentence for the user, with `{company}`, `{role}`, `{name}` and `{day}` (that of the anchor)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How many messages an employer may get."""

    id: str
    at_most: int
    within: Duration | None
    """None: in all, among the follow-ups of one candidacy that they have not answered."""
    together: frozenset[DraftKind] = frozenset()
    """Kinds that do not count against each other."""
    lets_pass: frozenset[DraftKind] = frozenset()
    """Kinds that it counts and never stops."""
    besides: frozenset[DraftKind] = frozenset()
    """Kinds that it neither counts nor stops."""
    requires: tuple[str, ...]
    reason: str
    """One sentence with `{company}`, `{count}`, and, with `within`, `{day}` of the last message and `{until}`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forbid:
    """One reason why a follow-up that is due must not be drafted."""

    id: str
    check: Check
    only: frozenset[str] | None = None
    """Draft kinds and suggested statuses that it stops; None stops all."""
    besides: frozenset[str] = frozenset()
    """Those that it lets pass."""
    lasts: Duration | None = None
    requires: tuple[str, ...]
    reason: str
    """One sentence with `{company}`, `{address}`, `{day}` (what the check is about) and `{until}`."""

    def stops(self, what: str) -> bool:
        """Whether it is about `what`, a draft kind or a suggested status."""
        return what not in self.besides and (self.only is None or what in self.only)


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """One preset, or one that the user wrote."""

    name: str
    about: str
    opens: time
    closes: time
    """Hours of a business day in their zone, for rules with `business_hours`."""
    early: time
    """When a business day begins for rules with `early`."""
    closed: frozenset[date]
    never_write_to: tuple[str, ...]
    """Wildcards of addresses that take no mail, lower case."""
    no_answer: frozenset[Label]
    """Labels of messages that do not count as an answer: machines write them."""
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...]
    forbids: tuple[Forbid, ...]
