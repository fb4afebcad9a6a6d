"""What a draft needs to know beside its own candidacy: the user's other appointments, the other employers, the office."""

from dataclasses import dataclass
from datetime import datetime

from agent.policy.office_hours import Office
from agent.signals.phrasebook import Phrasebook


@dataclass(frozen=True, kw_only=True, slots=True)
class Engagement:
    """One time at which the user is taken: a fixed interview of another tracked candidacy."""

    interview: str
    starts_at: datetime
    ends_at: datetime
    """Both aware."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """Another tracked candidacy at another employer, as far as a draft could be mistaken for one of its own."""

    interview: str
    employers: tuple[str, ...]
    """Names of the employer, as they are written."""
    people: tuple[str, ...]
    """Full names of its contacts."""
    addresses: frozenset[str]
    """Addresses of its contacts, lower case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """All of it, as of one moment; what is not given is not known."""

    engagements: tuple[Engagement, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    office: Office | None = None
    """Their days and hours."""
    phrasebook: Phrasebook | None = None
    """By which the language of a text is known."""
