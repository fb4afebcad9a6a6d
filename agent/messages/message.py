"""What one mail is, once read: the frozen values that every later room works on."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One mailbox of an address header (RFC 5322 section 3.4)."""

    name: str
    """Display name, decoded; empty when there is none."""
    email: str
    """addr-spec in lower case, without brackets."""

    @property
    def domain(self) -> str:
        """The part after the last `@`, or the empty string."""
        return self.email.rpartition("@")[2] if "@" in self.email else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEvent:
    """One VEVENT of an invitation (RFC 5545, RFC 5546); a recurring one is its first or its RECURRENCE-ID instance."""

    method: str
    """METHOD of the calendar in upper case (`REQUEST`, `CANCEL`, `REPLY`, ...); `REQUEST` when it is missing."""
    uid: str
    """UID, the identity of the appointment over all its updates; empty when it is missing."""
    sequence: int
    status: str
    """STATUS in upper case (`CONFIRMED`, `CANCELLED`, ...); empty when it is missing."""
    starts_at: dt.datetime | None
    """Aware start; None when there is none that can be read."""
    ends_at: dt.datetime | None
    zone_certain: bool
    """False for a floating time or a zone that nobody could name: `starts_at` is then a guess."""
    summary: str
    organizer: str
    """Address of the ORGANIZER in lower case; empty when it is missing."""
    attendees: tuple[str, ...]
    """Addresses of the ATTENDEEs in lower case."""
    location: str
    recurrence_id: str
    named: tuple[Address, ...] = ()
    """Organizer and attendees that the entry gives a name (CN), each once."""

    @property
    def cancels(self) -> bool:
        """Whether it calls the appointment off: METHOD:CANCEL, or a REQUEST whose STATUS is CANCELLED."""
        return self.method == "CANCEL" or self.status == "CANCELLED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """A delivery failure of something that the user sent (RFC 3464)."""

    permanent: bool
    """True for a 5.x.x failure, False for a delay that may yet be delivered."""
    recipients: tuple[str, ...]
    """Addresses that could not be reached, in lower case."""
    original_message_id: str
    """msg-id of the mail that came back, with its brackets; empty when the report does not say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthenticationResult:
    """One Authentication-Results header (RFC 8601)."""

    authserv_id: str
    """Who wrote it, in lower case; empty where the header names nobody (Microsoft 365)."""
    methods: tuple[tuple[str, str], ...]
    """(method, result) in lower case, such as `("dmarc", "pass")`, in the order of the header."""
    domains: tuple[str, ...]
    """Domains that a passing method speaks for (`header.from`, `header.d`, `smtp.mailfrom`), in lower case."""
    above_received: bool
    """Whether it stands above every Received header, where only the last server can have put it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    r"""One mail, received or sent. Text is decoded, line ends are `\n`, addresses are lower case."""

    message_id: str
    """msg-id with its brackets (RFC 5322 section 3.6.4); `<sha256-...@missing.invalid>` of the bytes when it has none."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    """msg-ids with their brackets, oldest first; truncated or empty ids are left out."""
    date: dt.datetime
    """The Date header with the sender's own offset; `received_at` when it is missing, unreadable or over a day after it."""
    received_at: dt.datetime
    """When the mailbox received it (INTERNALDATE)."""
    sender: Address
    """First address of From; an empty `Address` when there is none."""
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    """Decoded and on one line, prefixes such as `Re:` kept."""
    text: str
    """The whole body as text: text/plain, else text/html without hidden preheaders."""
    fresh: str
    """The part of `text` that is new in this message: without quote, forwarded part, signature and footer."""
    calendar: tuple[CalendarEvent, ...]
    auto_submitted: bool
    """A machine wrote it in answer (RFC 3834 `Auto-Submitted: auto-replied`, and older spellings)."""
    list_mail: bool
    """List-Id, List-Unsubscribe or Precedence: bulk is there: written to many."""
    bounce: Bounce | None
    authentication: tuple[AuthenticationResult, ...]
    """All Authentication-Results headers, topmost first. Which of them to believe is for `matching.trust` to say."""
    returns_on: dt.date | None = None
    """For an out-of-office reply: the day of return, where a header says it."""
    signature: str = ""
    """The lines below the writer's name, for what they say of the writer; not kept once the message was read."""
    provider_thread: str = ""
    """The provider's own id of the thread (Gmail's X-GM-THRID), where the mailbox gives one."""
    defects: tuple[str, ...] = ()
    """What was broken and how it was read all the same, one short phrase each."""

    @property
    def parent_ids(self) -> tuple[str, ...]:
        """All msg-ids that this message answers, the nearest first, each once."""
        chain = (*self.in_reply_to, *reversed(self.references))
        return tuple(dict.fromkeys(chain))

    @property
    def recipients(self) -> tuple[Address, ...]:
        """To and Cc together."""
        return (*self.to, *self.cc)

    @property
    def answer_to(self) -> Address:
        """Where an answer goes: Reply-To, else From (RFC 5322 section 3.6.2)."""
        return self.reply_to[0] if self.reply_to else self.sender
