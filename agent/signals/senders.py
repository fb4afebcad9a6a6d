"""Whose domains belong to nobody's employer: tracking systems, job boards, mail providers, calendars, signing services."""

from dataclasses import dataclass, field
from enum import StrEnum


class PlatformKind(StrEnum):
    """What a platform does."""

    ATS = "ats"
    """Applicant tracking system: relays an employer's mail."""
    JOB_BOARD = "job_board"
    """Job board or career network: receipts, decisions and alerts from one address."""
    ASSESSMENT = "assessment"
    """Runs tests and one-way videos for employers."""
    MAIL_PROVIDER = "mail_provider"
    """Private mailboxes: the domain says nothing of the employer."""
    CALENDAR = "calendar"
    """Booking links and calendars."""
    SIGNING = "signing"
    """Electronic signatures: offer letters and contracts come from here."""
    MAILING = "mailing"
    """Sends newsletters for others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    """One domain that is shared by many senders."""

    domain: str
    """Lower case; its subdomains belong to it."""
    name: str
    kind: PlatformKind


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderBook:
    """All known platforms."""

    platforms: tuple[Platform, ...] = ()
    names: frozenset[str] = field(init=False, repr=False, compare=False)
    """Names of the platforms in lower case: they name no employer."""
    _by_domain: dict[str, Platform] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_domain", {platform.domain: platform for platform in self.platforms})
        object.__setattr__(self, "names", frozenset(platform.name.lower() for platform in self.platforms))

    def platform(self, domain: str) -> Platform | None:
        """Return the platform that `domain` belongs to, by the longest known suffix of whole labels."""
        rest = domain.lower().strip(".")
        while rest:
            if found := self._by_domain.get(rest):
                return found
            rest = rest.partition(".")[2]
        return None
