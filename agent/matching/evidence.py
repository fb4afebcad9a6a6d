"""The kinds of evidence and what each of them weighs: one table for matching."""

import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from agent.matching.match import Candidate, Evidence


class Kind(StrEnum):
    """What ties a message to an interview."""

    THREAD = "thread"
    """It answers a message of this interview."""
    SUBJECT = "subject"
    """It has the subject of a message of this interview (RFC 5256)."""
    CALENDAR_UID = "calendar_uid"
    """Its appointment is known."""
    REQUISITION = "requisition"
    """It names the requisition."""
    CONTACT = "contact"
    """It comes from a contact (or goes to one)."""
    COPIED = "copied"
    """A contact has a copy."""
    CORRESPONDENT = "correspondent"
    """It comes from an address that has written, or was written to, in this interview."""
    DOMAIN = "domain"
    """It comes from the employer's domain (or goes there)."""
    AGENCY = "agency"
    """It comes from the domain of the agency."""
    DISPLAY_NAME = "display_name"
    """The display name, or the tenant in the address of a tracking system, is the company."""
    DOMAIN_NAME = "domain_name"
    """The sender's domain is spelled as the company is, and is not listed with the interview."""
    DOMAIN_PART = "domain_part"
    """The sender's domain is spelled as the first word of the company is."""
    COMPANY = "company"
    """The company is named in the subject, or the message was read as being from it."""
    MENTION = "mention"
    """The company is named in the text."""
    NAME_PART = "name_part"
    """The first word of the company's name stands there, which may be somebody else's."""
    ROLE = "role"
    """The title of the role stands there."""
    ROLE_WORD = "role_word"
    """A word stands there that only this one of several roles has."""
    VIA = "via"
    """The agency is named."""
    EXPECTED = "expected"
    """It speaks of exactly the time at which an interview is fixed."""


WEIGHTS: Mapping[Kind, float] = MappingProxyType(
    {
        Kind.THREAD: 0.95,
        Kind.CALENDAR_UID: 0.95,
        Kind.REQUISITION: 0.85,
        Kind.CONTACT: 0.8,
        Kind.COPIED: 0.4,
        Kind.CORRESPONDENT: 0.7,
        Kind.DOMAIN: 0.6,
        Kind.AGENCY: 0.4,
        Kind.DISPLAY_NAME: 0.5,
        Kind.DOMAIN_NAME: 0.4,
        Kind.DOMAIN_PART: 0.2,
        Kind.COMPANY: 0.45,
        Kind.MENTION: 0.3,
        Kind.NAME_PART: 0.15,
        Kind.ROLE: 0.4,
        Kind.ROLE_WORD: 0.2,
        Kind.VIA: 0.25,
        Kind.EXPECTED: 0.3,
        Kind.SUBJECT: 0.25,
    }
)
"""What one piece of evidence weighs, 0 to 1. The weights order candidates; what makes one certain is said in `assignment`."""

NAMES = frozenset({Kind.DISPLAY_NAME, Kind.DOMAIN_NAME, Kind.COMPANY, Kind.MENTION})
"""Evidence that rests on the company's name."""


def piece(kind: Kind, detail: str) -> Evidence:
    """Return one piece of evidence with its weight."""
    return Evidence(kind=kind.value, weight=WEIGHTS[kind], detail=detail)


def candidate(interview: str, found: Iterable[Evidence]) -> Candidate:
    """Return a candidate whose score joins its evidence as independent chances, strongest evidence first."""
    evidence = tuple(sorted(found, key=lambda each: (-each.weight, each.kind)))
    return Candidate(interview=interview, score=round(1 - math.prod(1 - each.weight for each in evidence), 4), evidence=evidence)
