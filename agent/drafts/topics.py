"""A point of the conversation that a draft can come back to, from the user's notes and from nowhere else (A8, B2, D1).

A line of the notes such as `topic: moving the ledger to events` or `point: how on-call is shared` holds one. It may say whom it
was discussed with, or in which interview: `topic (Dana): ...`, `topic (dana@acme.example): ...`, `topic (2): ...`. Notes of the
interviews file have no date, so a topic in them that does not say its interview is used only where there was one interview.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.drafts.templates import Forms
from agent.interviews.candidacy import Candidacy
from agent.interviews.event import EventKind
from agent.interviews.status import HeldRound
from agent.policy.verdict import DraftKind, Due

_MAX_WORDS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One point of a conversation."""

    text: str
    about: str
    """What stands in brackets, in lower case: a person, an address or the number of an interview; empty for nothing."""
    noted_at: datetime | None
    """None for the undated notes of the interviews file."""


def topic(due: Due, candidacy: Candidacy, *, held: HeldRound | None, forms: Forms, earlier: Sequence[str]) -> str:
    """Return the point that fits this draft best, or nothing: the recipient's own first, and none that an earlier draft names."""
    said = "\n".join(earlier).casefold()
    fresh = [found for found in topics(candidacy, forms) if found.text.casefold() not in said]
    own = [found for found in fresh if found.about and not found.about.isdecimal() and _is_recipient(found, due, candidacy)]
    general = [found for found in fresh if (not found.about or found.about.isdecimal()) and _fits(found, due, candidacy, held)]
    best = own or general
    return best[0].text if best else ""


def topics(candidacy: Candidacy, forms: Forms) -> Iterator[Topic]:
    """Yield the points in the order in which they were noted, those of the interviews file first."""
    yield from _lines(candidacy.interview.notes, None, forms)
    for event in candidacy.events:
        if event.kind is EventKind.NOTE:
            yield from _lines(event.note, event.at, forms)


def _lines(notes: str, noted_at: datetime | None, forms: Forms) -> Iterator[Topic]:
    keys = "|".join(re.escape(key) for key in forms.topic_keys)
    for line in notes.splitlines():
        found = re.match(rf"[\s*-]*(?:{keys})\s*(?:\(([^)]*)\))?\s*:\s*(.+)", line, re.IGNORECASE)
        text = _inside_a_sentence(found.group(2), forms) if found else ""
        if found and text:
            yield Topic(text=text, about=(found.group(1) or "").strip().casefold(), noted_at=noted_at)


def _inside_a_sentence(text: str, forms: Forms) -> str:
    words = "".join(char if char.isprintable() else " " for char in text).split()
    if not words or len(words) > _MAX_WORDS:
        return ""
    if words[0].casefold() in forms.lowered:
        words[0] = words[0].casefold()
    return " ".join(words).strip(" .!?;,")


def _is_recipient(found: Topic, due: Due, candidacy: Candidacy) -> bool:
    names = {address.email for address in due.to}
    for contact in candidacy.interview.contacts:
        if any(contact.email == address.email for address in due.to):
            names |= {contact.name.casefold(), *contact.name.casefold().split()}
    for address in due.to:
        names |= {address.name.casefold(), *address.name.casefold().split()}
    return found.about in names


def _fits(found: Topic, due: Due, candidacy: Candidacy, held: HeldRound | None) -> bool:
    """Whether a general point belongs to the interview that the draft is about."""
    if held is None:
        return False
    if found.about:
        return int(found.about) == held.number if len(found.about) < 4 else False
    if due.kind is not DraftKind.THANK_YOU:
        return True
    if found.noted_at is None:
        return held.number == 1 and not any(
            other.number > 1 and other.starts_at > held.starts_at for other in candidacy.state.rounds
        )
    later = [other.starts_at for other in candidacy.state.rounds if other.starts_at > held.starts_at]
    return held.starts_at <= found.noted_at and (not later or found.noted_at < min(later))
