"""The small interface behind which every mailbox stands: IMAP, and one in memory that can be told to fail.

Words: a *folder* has a *role*; a *UID* names a message for as long as the folder's *UIDVALIDITY* stays the same
(RFC 3501 section 2.3.1.1); a *cursor* says how far a folder was read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable


class FolderRole(StrEnum):
    """What a folder is for (RFC 6154 special use, and the inbox)."""

    INBOX = "inbox"
    """Where mail comes in."""
    SENT = "sent"
    """What the user sent."""
    DRAFTS = "drafts"
    """Where the agent writes."""
    JUNK = "junk"
    """What the provider took for spam; read too (A13)."""
    ARCHIVE = "archive"
    """What the user put away."""
    ALL = "all"
    """Where the server shows every message once, whatever its labels (Gmail's All Mail); only such a server has one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """How far a folder was read."""

    uidvalidity: int
    last_uid: int
    """The highest UID that was dealt with; 0 for none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """How a folder stands: two equal places mean that no message came or went in between (RFC 3501 section 2.3.1.1)."""

    uidvalidity: int
    last_uid: int
    """The highest UID that was ever in use, as far as the server says it (UIDNEXT less one); 0 for none."""
    count: int
    """How many messages lie there."""
    modseq: int | None = None
    """HIGHESTMODSEQ (RFC 7162), where the server keeps it: it rises with every change of a flag too."""


HEADING_FIELDS = (
    "From",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-ID",
    "List-Unsubscribe",
    "Precedence",
    "Auto-Submitted",
    "Content-Type",
)
"""The fields of a heading: what can tell that a message is certainly about no candidacy."""

MESSAGE_FIELDS = (
    *HEADING_FIELDS,
    "Date",
    "Received",
    "Return-Path",
    "Authentication-Results",
    "Content-Transfer-Encoding",
    "Content-Disposition",
    "List-Post",
    "X-Precedence",
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply",
    "X-Autoreply-From",
    "X-Mail-Autoreply",
    "X-Vacation",
    "X-Failed-Recipients",
    "X-Mailer",
)
"""The fields that are read of a message whose parts are asked for one by one: all that `messages` asks a header for.

Signatures (DKIM, ARC) and what filters note are left on the server; they are often longer than the text.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """What a first look shows of a message that was not read before."""

    role: FolderRole
    """What the message is: the role of its folder; in a folder of all mail `SENT`, `INBOX` or `ARCHIVE` by its labels."""
    folder: str
    uidvalidity: int
    uid: int
    received_at: datetime
    """INTERNALDATE, aware."""
    size: int
    """Octets of the whole message on the server."""
    header: bytes
    """Those of `HEADING_FIELDS` that it has, in any order, with their line ends, and an empty line."""
    thread: str = ""
    """The provider's own id of the thread, where the server gives one (Gmail's X-GM-THRID)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One message that a folder holds and that was not read before, with its text."""

    role: FolderRole
    folder: str
    uidvalidity: int
    uid: int
    received_at: datetime
    """INTERNALDATE, aware."""
    size: int
    """Octets of the whole message on the server."""
    raw: bytes
    """The message as bytes: its `MESSAGE_FIELDS`, and its text and calendar parts; what else it has may be left out."""
    complete: bool
    """False when something was left out."""
    thread: str = ""
    """The provider's own id of the thread, where the server gives one (Gmail's X-GM-THRID)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """One message that the server could not give."""

    role: FolderRole
    uidvalidity: int
    uid: int
    problem: str
    """Why not, on one line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """One message found in a folder."""

    role: FolderRole
    uidvalidity: int
    uid: int
    raw: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """All messages of a folder by one full look at it: only such a look tells that a message is gone."""

    role: FolderRole
    uidvalidity: int
    uids: tuple[int, ...]
    """Rising."""
    last_uid: int
    """The highest UID that was ever in use, as far as the server says it (UIDNEXT less one); 0 for none."""
    complete: bool
    """False when the server named fewer messages than it counts: then nothing follows from a UID that is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Appended:
    """The server took the message."""

    uidvalidity: int | None
    uid: int | None
    """From APPENDUID (RFC 4315), where the server says it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AppendUnknown:
    """The connection ended before the answer: the message may or may not be there, and must be looked for."""

    problem: str


class MailboxProblem(Exception):
    """The mailbox could not do what was asked.

    The text is one clear line for the user: what, where, how to mend it; never a secret.
    """

    def __init__(self, text: str, *, permanent: bool, reached: bool = True, retry_after: timedelta | None = None) -> None:
        super().__init__(text)
        self.permanent = permanent
        """True when trying again will not help until the user mends something (wrong password, no Drafts folder)."""
        self.reached = reached
        """False when no server was reached that proved its name: the network, or the clock, may be at fault too."""
        self.retry_after = retry_after
        """How long to leave the provider in peace at least, where it said that this was too much: minutes for too many
        connections, an hour for too many octets or commands; None where it did not say so. The account is not broken."""


class Mailbox(Protocol):
    """One person's mailbox. Every method may raise `MailboxProblem`; none changes a flag or moves a mail."""

    @property
    def skipped(self) -> list[Skipped]:
        """The messages that the server could not give so far, each once."""

    def folders(self) -> dict[FolderRole, str]:
        """Return the folders by role, by SPECIAL-USE, else by configuration, else by known names; INBOX is always there."""

    def places(self) -> dict[FolderRole, Place]:
        """Return how each folder stands now; one that cannot be asked is left out."""

    def headings(self, role: FolderRole, cursor: Cursor | None, *, since: datetime) -> Iterator[Heading]:
        """Yield the headings of what came into the folder after `cursor`, by rising UID; without one of what came since `since`.

        Reads by EXAMINE and BODY.PEEK only. A message that the server cannot give is left out and named in `skipped`.
        """

    def read(self, headings: Sequence[Heading]) -> list[Arrival]:
        """Return the messages of these headings, of one folder or of several, in the same order; what is gone is left out.

        Reads by EXAMINE and BODY.PEEK only, and never an attachment. A message that the server cannot give is left out and named
        in `skipped`. The caller asks for few at a time.
        """

    def position(self, role: FolderRole) -> Cursor:
        """Return UIDVALIDITY and the highest UID in use of the folder now (UIDNEXT less one)."""

    def listing(self, role: FolderRole) -> Listing:
        """Return the UIDs of all messages of the folder."""

    def fetch(self, role: FolderRole, uids: Sequence[int]) -> list[Stored]:
        """Return the messages under these UIDs, by rising UID, as the folder numbers them now; what is gone is left out.

        Reads by EXAMINE and BODY.PEEK only. One over the size limit comes without its attachments; one that the server cannot
        give is left out and named in `skipped`. The caller asks for few at a time.
        """

    def find(self, role: FolderRole, message_id: str, *, above_uid: int = 0) -> list[Stored]:
        """Return all messages of the folder with this Message-ID and a UID above `above_uid`."""

    def append_draft(self, raw: bytes) -> Appended | AppendUnknown:
        r"""Put a message into Drafts with the flags `\\Draft \\Seen`; an unknown outcome is a value, not an error."""

    def place_digest(self, raw: bytes, *, address: str) -> Appended | AppendUnknown:
        """Put the digest into the inbox, unseen and with no other flag; an unknown outcome is a value, not an error.

        ValueError where it is anything but the agent's digest from `address`, the user's own, to the same.
        """

    def remove_draft(self, stored: Stored) -> bool:
        """Remove one draft of the agent, if the bytes under that UID are still `stored.raw`; return whether it was removed."""

    def wait(self, seconds: float, *, stop: int) -> bool:
        """Wait until mail may have come into the inbox since the last `places()`; return whether it may have.

        Ends without news after `seconds`, and at once when the file descriptor `stop` can be read.
        """

    def close(self) -> None:
        """Log out; never raises."""


@runtime_checkable
class Abandonable(Protocol):
    """A mailbox on which one may wait for an answer that does not come."""

    def abandon(self) -> None:
        """End, from another thread, what waits for an answer: it raises `MailboxProblem`, and so does all that is asked later.

        Never raises and never waits.
        """
