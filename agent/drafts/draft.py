"""A draft as a value, before it is bytes in a folder."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agent.messages.message import Address
from agent.policy.verdict import DraftKind


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """Whose mailbox it is."""

    name: str
    """Full name, for the signature (B6)."""
    addresses: tuple[str, ...]
    """All own addresses in lower case, the main one first."""
    timezone: ZoneInfo
    language: str = "en"
    """ISO 639-1 of drafts where neither the interview nor its mail shows one."""
    phone: str = ""
    country: str | None = None
    """ISO 3166 alpha-2 of the employers of which nothing else is known: its holidays count."""
    strengths: str = ""
    """One line on what the user brings, for the qualification that A8 asks for; empty when not told."""

    @property
    def address(self) -> str:
        """The main address."""
        return self.addresses[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A follow-up, ready for the Drafts folder."""

    interview: str
    kind: DraftKind
    occasion: str
    message_id: str
    """Follows from (user's address, interview, kind, occasion): the same occasion always gives the same id."""
    sender: Address
    to: tuple[Address, ...]
    subject: str
    in_reply_to: str | None
    references: tuple[str, ...]
    body: str
    """Plain text, lines ended by `\\n`."""
    rule: str
    requirements: tuple[str, ...]
    """Of the policy rule and of the template together."""
    reason: str
    template: str
    """Id of the template that it was made from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A draft that a check stopped before it was queued."""

    check: str
    """Id of the check (`placeholder`, `no_reply`, ...)."""
    reason: str
    """One sentence for the user."""
    requirements: tuple[str, ...]
