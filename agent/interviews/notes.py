"""What the user wrote down about a candidacy, by key: a line `topic: how on-call is shared` says what it is about.

Such lines stand in the notes of the interviews file, in what `interviews note` keeps, and in the answers to a debrief. The key
may be followed by brackets that say whom or which interview it is about: `topic (Dana): ...`, `topic (2): ...`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from agent.interviews.candidacy import Candidacy
from agent.interviews.event import EventKind


class NoteKey(StrEnum):
    """What a line of the notes is about."""

    TOPIC = "topic"
    """A point of the conversation to come back to (B2, A8)."""
    ASKED = "asked"
    """A question that was asked (D1)."""
    STRONG = "strong"
    """What went well (D1)."""
    WEAK = "weak"
    """What went less well (D1)."""
    UNSAID = "unsaid"
    """What was left unsaid (D1); a thank-you can still say it."""
    CUE = "cue"
    """What they let show, in words or otherwise (D1)."""
    MATERIAL = "material"
    """What the user promised to send (D5)."""
    AGREED = "agreed"
    """The day agreed for their answer or for the user's call, with the channel: `2026-03-17 by phone` (E1)."""
    PHONE = "phone"
    """A direct number that they gave (A11)."""
    QUESTION = "question"
    """What the user wants to know about an offer (D9)."""
    DECLINE = "decline"
    """Why the user would decline, in few words (D9)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteLine:
    """One thing that the user wrote down."""

    key: NoteKey
    text: str
    about: str = ""
    """What stands in brackets, in lower case: a person, an address or the number of an interview; empty for nothing."""
    at: datetime | None = None
    """When it was written; None for the undated notes of the interviews file."""
    round: int | None = None
    """Number of the interview whose debrief it answers; None elsewhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreed:
    """A day agreed for the next contact (E1)."""

    on: date
    by_phone: bool
    """The user is to call; else the channel is mail, or was left open."""
    by_mail: bool = False
    """The user is to write; else the channel is the phone, or was left open."""
    at: datetime | None = None
    """When it was noted; None for the undated notes of the interviews file."""


_ALSO = {"point": NoteKey.TOPIC, "talking point": NoteKey.TOPIC}
_LINE = re.compile(r"[\s*-]*([^:(\n]{3,20}?)\s*(?:\(([^)]*)\))?\s*:\s*(\S.*)")
_AGREED = re.compile(r"(\d{4}-\d\d-\d\d)\b(.*)")
_PHONE = re.compile(
    r"\b(?:phone|calls?|tel(?:e(?:ph|f)\w+)?|anruf\w*|t[eé]l[eé]phon\w+|appel\w*|tel[eé]fon\w*|llam\w+|lig(?:ar|o|a[cç][aã]o)"
    r"|bel(?:len|t)?|chiam\w+)\b",
    re.IGNORECASE,
)
"""A call, in the words of the debriefs that ship."""
_MAIL = re.compile(
    r"\b(?:e-?mails?|mails?|in writing|schriftlich|courriel|correo|courrier|por escrito|per iscritto|schriftelijk)\b",
    re.IGNORECASE,
)
"""A mail, in the same languages."""


BY_PHONE, BY_MAIL = "by phone", "by mail"
"""How a channel stands behind an agreed day."""


def channel(words: str) -> str:
    """Return the channel that `words` name for the next contact, `BY_PHONE` or `BY_MAIL`; empty where they name none."""
    return BY_PHONE if _PHONE.search(words) else BY_MAIL if _MAIL.search(words) else ""


def note_lines(candidacy: Candidacy, keys: Mapping[str, NoteKey] = MappingProxyType({})) -> tuple[NoteLine, ...]:
    """Return what the user wrote down by key, in the order of writing, the interviews file first.

    `keys` are further words for the keys, such as those of another language, in lower case. Of several answers to one debrief the
    last one counts.
    """
    known = {**{key.value: key for key in NoteKey}, **_ALSO, **keys}
    found = list(_lines(candidacy.interview.notes, known))
    debriefs = {event.occasion: event for event in candidacy.events if event.kind is EventKind.DEBRIEFED}
    for event in candidacy.events:
        if event.kind is EventKind.NOTE or debriefs.get(event.occasion) is event:
            found += _lines(event.note, known, at=event.at, round_=event.round)
    return tuple(found)


def agreed(candidacy: Candidacy) -> Agreed | None:
    """Return the day that the user last noted as agreed (`agreed: 2026-03-17 by phone`); None where none is, or is no day."""
    for line in reversed(note_lines(candidacy)):
        found = _AGREED.match(line.text) if line.key is NoteKey.AGREED else None
        if found:
            try:
                way = channel(found[2])
                on = date.fromisoformat(found[1])
                return Agreed(on=on, by_phone=way == BY_PHONE, by_mail=way == BY_MAIL, at=line.at)
            except ValueError:
                return None
    return None


def _lines(
    notes: str, known: Mapping[str, NoteKey], *, at: datetime | None = None, round_: int | None = None
) -> Iterator[NoteLine]:
    for line in notes.splitlines():
        found = _LINE.fullmatch(line)
        key = known.get(found[1].casefold()) if found else None
        if found and key:
            yield NoteLine(key=key, text=found[3].strip(), about=(found[2] or "").strip().casefold(), at=at, round=round_)
