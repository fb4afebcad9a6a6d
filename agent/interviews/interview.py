"""One tracked candidacy as the user describes it: the interviews file of the contract, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class ContactRole(StrEnum):
    """What a contact is to the candidacy."""

    RECRUITER = "recruiter"
    """Arranges: HR, talent acquisition, an agency."""
    HIRING_MANAGER = "hiring_manager"
    """Decides."""
    INTERVIEWER = "interviewer"
    """Asked questions."""
    REFERRER = "referrer"
    """Put in a word for the user."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """One person at the employer or the agency."""

    name: str
    """Full name; empty when it is not known."""
    email: str
    """Lower case."""
    role: ContactRole = ContactRole.RECRUITER
    phone: str = ""
    """A direct number that they gave; empty where none is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One appointment of the candidacy, past or future."""

    at: datetime
    """Aware start."""
    minutes: int = 60
    with_: tuple[str, ...] = ()
    """Addresses of the interviewers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interview:
    """One tracked candidacy: a role at an employer. Field by field the contract's interviews file."""

    id: str
    company: str
    role: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    requisition: str | None = None
    via: str | None = None
    applied_on: date | None = None
    country: str | None = None
    """ISO 3166 alpha-2, of the employer: its holidays count."""
    region: str | None = None
    """Part of the country with holidays of its own (ISO 3166-2 without the country: `BY`, `CA`)."""
    closed: tuple[date, ...] = ()
    """Days off of this employer that no public calendar knows."""
    timezone: str | None = None
    """IANA name of the employer's zone."""
    language: str = ""
    """ISO 639-1 of the drafts; empty: that of the conversation."""
    policy: str = ""
    """The policy that this candidacy follows; empty: the one of the configuration."""
    contacts: tuple[Contact, ...] = ()
    rounds: tuple[Round, ...] = ()
    notes: str = ""

    def office_country(self, otherwise: str | None) -> str | None:
        """Return the country whose holidays count: the employer's, or `otherwise` where neither it nor a zone is named."""
        return self.country or (otherwise if self.timezone is None and self.region is None else None)

    def zone(self, otherwise: ZoneInfo) -> ZoneInfo:
        """Return the employer's zone, or `otherwise` where none is named or nobody knows it."""
        try:
            return ZoneInfo(self.timezone) if self.timezone else otherwise
        except (KeyError, ValueError, OSError):
            return otherwise
