"""What a draft can take from the user's notes and the answers to a debrief, and from nowhere else (A8, B2, D1, D5, D9).

A line such as `topic: moving the ledger to events` holds a point of the conversation. It may say whom it was discussed with, or
in which interview: `topic (Dana): ...`, `topic (dana@acme.example): ...`, `topic (2): ...`. Notes of the interviews file have no
date, so a topic in them that does not say its interview is used only where there was one interview.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from agent.drafts.lines import inside_a_sentence, joined
from agent.drafts.templates import Forms
from agent.drafts.times import written
from agent.interviews.candidacy import Candidacy
from agent.interviews.event import EventKind
from agent.interviews.interview import ContactRole
from agent.interviews.notes import Agreed, NoteKey, NoteLine, agreed, note_lines
from agent.interviews.status import HeldRound
from agent.policy.verdict import DraftKind, Due

_TOPIC_WORDS = 20
_SENTENCE_WORDS = 40
_LIST_WORDS = 60
_ABOUT_THE_TALK = frozenset({DraftKind.THANK_YOU, DraftKind.STATUS_CHECK, DraftKind.CALL_SHEET, DraftKind.SEND_MATERIAL})


def noted(
    due: Due, candidacy: Candidacy, *, held: HeldRound | None, forms: Forms, earlier: Sequence[str], now: datetime, zone: tzinfo
) -> dict[str, str]:
    """Return the facts that the user wrote down, by the names of `FIELDS`."""
    lines = note_lines(candidacy, dict.fromkeys(forms.topic_keys, NoteKey.TOPIC))
    found: dict[str, str] = {}
    if due.kind in _ABOUT_THE_TALK:
        points = _fresh(NoteKey.TOPIC, lines, due, candidacy, held, forms, earlier, _TOPIC_WORDS)
        found["topic"], found["second_topic"] = (*points[:2], "", "")[:2]
    if due.kind is DraftKind.THANK_YOU:
        found["unsaid"] = next(
            iter(_fresh(NoteKey.UNSAID, lines, due, candidacy, held, forms, earlier, _SENTENCE_WORDS, lowered=False)), ""
        )
    if due.kind is DraftKind.SEND_MATERIAL:
        found["material"] = _material(lines, candidacy, forms)
    if due.kind is DraftKind.OFFER_CLARIFY:
        found["questions"] = _all(NoteKey.QUESTION, lines, forms)
    if due.kind is DraftKind.OFFER_DECLINE:
        found["decline_reason"] = _last(NoteKey.DECLINE, lines, forms)
    day = _agreed(due, candidacy, now=now, zone=zone)
    if day is not None:
        found["agreed_date"] = written(day.on, forms, now=now, zone=zone)
        found["by_phone"] = "yes" if day.by_phone else ""
    return found


def _fresh(
    key: NoteKey,
    lines: Sequence[NoteLine],
    due: Due,
    candidacy: Candidacy,
    held: HeldRound | None,
    forms: Forms,
    earlier: Sequence[str],
    most_words: int,
    *,
    lowered: bool = True,
) -> list[str]:
    """Return the points that fit this draft, the recipient's own if there are any, and none that an earlier draft names."""
    said = " ".join("\n".join(earlier).casefold().split())
    texts = [
        (line, _in_a_sentence(line.text, forms, most_words) if lowered else _as_a_sentence(line.text, most_words))
        for line in lines
        if line.key is key
    ]
    fresh = [(line, text) for line, text in texts if text and text.casefold() not in said]
    own = [text for line, text in fresh if _is_about_the_recipient(line, due, candidacy)]
    general = [text for line, text in fresh if (not line.about or line.about.isdecimal()) and _fits(line, due, candidacy, held)]
    return list(dict.fromkeys(own or general))


def _in_a_sentence(text: str, forms: Forms, most_words: int) -> str:
    return inside_a_sentence(text, forms, most_words=most_words)


def _as_a_sentence(text: str, most_words: int) -> str:
    words = text.split()
    return " ".join(words).strip(" .!?;,") if len(words) <= most_words else ""


def _is_about_the_recipient(line: NoteLine, due: Due, candidacy: Candidacy) -> bool:
    if not line.about or line.about.isdecimal():
        return False
    people = (*due.to, *([due.person] if due.person else []))
    emails = {address.email for address in people}
    displays = [address.name for address in people]
    displays += [contact.name for contact in candidacy.interview.contacts if contact.email.lower() in emails]
    names = {name for display in displays for name in (display.casefold(), *display.casefold().split())}
    return line.about in emails | names


def _fits(line: NoteLine, due: Due, candidacy: Candidacy, held: HeldRound | None) -> bool:
    """Whether a general point belongs to the interview that the draft is about."""
    if held is None:
        return False
    if line.about:
        return int(line.about) == held.number if len(line.about) < 4 else False
    if line.round is not None and due.kind is DraftKind.THANK_YOU:
        return line.round == held.number
    if due.kind is not DraftKind.THANK_YOU:
        return True
    if line.at is None:
        return held.number == 1 and not any(
            other.number > 1 and other.starts_at > held.starts_at for other in candidacy.state.rounds
        )
    later = [other.starts_at for other in candidacy.state.rounds if other.starts_at > held.starts_at]
    return held.starts_at <= line.at and (not later or line.at < min(later))


def _material(lines: Sequence[NoteLine], candidacy: Candidacy, forms: Forms) -> str:
    """Return what is still to be sent: all that was promised since the last such draft."""
    last = max(
        (
            event.at
            for event in candidacy.events
            if event.kind is EventKind.DRAFTED and event.draft_kind == DraftKind.SEND_MATERIAL
        ),
        default=None,
    )
    waiting = [line for line in lines if line.key is NoteKey.MATERIAL and (last is None or (line.at and line.at > last))]
    texts = [_in_a_sentence(line.text, forms, _SENTENCE_WORDS) for line in waiting]
    text = joined(list(dict.fromkeys(filter(None, texts))), forms.conjunction)
    return text if len(text.split()) <= _LIST_WORDS else ""


def _all(key: NoteKey, lines: Sequence[NoteLine], forms: Forms) -> str:
    texts = [_in_a_sentence(line.text, forms, _SENTENCE_WORDS) for line in lines if line.key is key]
    text = "; ".join(dict.fromkeys(filter(None, texts)))
    return text if len(text.split()) <= _LIST_WORDS else ""


def _last(key: NoteKey, lines: Sequence[NoteLine], forms: Forms) -> str:
    text = next((line.text for line in reversed(lines) if line.key is key), "")
    return _in_a_sentence(text, forms, _TOPIC_WORDS)


def _agreed(due: Due, candidacy: Candidacy, *, now: datetime, zone: tzinfo) -> Agreed | None:
    """Return the agreed day if it is today or ahead, no interview has begun since, and the recipient may be told of it (E2)."""
    day = agreed(candidacy)
    if day is None or day.on < now.astimezone(zone).date():
        return None
    if day.at is not None and any(day.at < held.starts_at <= now for held in candidacy.state.rounds):
        return None
    return day if due.kind is not DraftKind.THANK_YOU or _decides(due, candidacy) else None


def _decides(due: Due, candidacy: Candidacy) -> bool:
    """Whether the one recipient decides: the hiring manager, or the only interviewer where no hiring manager is known."""
    managers = {each.email.lower() for each in candidacy.interview.contacts if each.role is ContactRole.HIRING_MANAGER}
    emails = {address.email for address in due.to}
    if managers:
        return bool(emails & managers)
    return due.round is not None and len(due.round.with_) == 1 and {email.lower() for email in due.round.with_} == emails
