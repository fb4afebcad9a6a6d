"""What matching is told of a message's kin, and what comes of it: values with their evidence, never a bare id."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Certainty(StrEnum):
    """How far a match may be acted on."""

    CERTAIN = "certain"
    """Acted on."""
    LIKELY = "likely"
    """Asked about in review."""
    NONE = "none"
    """Belongs to nothing that is tracked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One reason for a match."""

    kind: str
    """What was found: `thread`, `calendar_uid`, `contact`, `requisition`, `domain`, `company`, `role`, `via`, ..."""
    weight: float
    """Its share of the score."""
    detail: str
    """The words or the address that were found, for `why` and for review."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One interview that the message may belong to."""

    interview: str
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """Which tracked interview a message belongs to."""

    certainty: Certainty
    interview: str | None
    """The interview when certain or likely; None when there is none or several are tied."""
    candidates: tuple[Candidate, ...] = ()
    """All with any evidence, best first."""
    names: str = ""
    """The role or requisition that it names, where that is another than those of the interviews it is likely to belong to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A message that is already known, as seen from a thread that names it."""

    message_id: str
    interview: str | None
    own: bool
    """True when the user (or the agent for the user) wrote it."""
    likely: str | None = None
    """The interview that it was asked about, where one was ahead of all others; an answer of the user's confirms it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ties:
    """What is known of the mail and the appointments that a message names, looked up by key."""

    members: Mapping[str, Member] = field(default_factory=dict)
    """Of `Message.parent_ids`, and of the mail that bounced, by msg-id."""
    appointments: Mapping[str, str] = field(default_factory=dict)
    """Calendar UID → interview."""
    provider: Member | None = None
    """The latest assigned message of the provider's own thread (Gmail's X-GM-THRID)."""
    correspondents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Address, or a registrable domain with an @ in front → interviews in which it has written or was written to."""
    subjects: tuple[str, ...] = ()
    """Interviews with a message of the same base subject (RFC 5256 section 2.1)."""
