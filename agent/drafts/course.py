"""What the history of a candidacy tells a draft: what the user wrote last, and how it came out."""

import re
from datetime import datetime

from agent.drafts.conversation import NOT_OF_PEOPLE
from agent.drafts.lines import one_line
from agent.drafts.templates import Forms
from agent.interviews.candidacy import Candidacy, Letter
from agent.interviews.event import EventKind
from agent.interviews.status import Status
from agent.policy.policy import FOLLOW_UPS
from agent.policy.verdict import DraftKind, Due
from agent.signals.reading import Label

_OUTCOMES = {
    Status.OFFER: "got_offer",
    Status.ACCEPTED: "took_it",
    Status.REJECTED: "rejected",
    Status.CLOSED: "role_gone",
}
_MOST_QUOTED = 240
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]?")


def last_follow_up(candidacy: Candidacy, now: datetime) -> tuple[datetime, Letter | None] | None:
    """Return when the user last asked how things stand, and the letter where it is at hand; None where that never was."""
    drafted = {
        event.message_id: event.draft_kind in FOLLOW_UPS for event in candidacy.events if event.kind is EventKind.DRAFT_SENT
    }
    found: list[tuple[datetime, Letter | None]] = [
        (letter.message.date, letter)
        for letter in candidacy.letters
        if letter.own and drafted.get(letter.message.message_id, letter.reading.label is Label.SENT_FOLLOW_UP)
    ]
    known = {letter.message.message_id for _, letter in found if letter}
    found += [
        (event.at, None)
        for event in candidacy.events
        if event.message_id not in known
        and (
            (event.kind is EventKind.DRAFT_SENT and event.draft_kind in FOLLOW_UPS)
            or (event.kind is EventKind.SENT and event.label is Label.SENT_FOLLOW_UP and event.message_id not in drafted)
        )
    ]
    return max((each for each in found if each[0] <= now), key=lambda each: (each[0], each[1] is not None), default=None)


def answered_since(candidacy: Candidacy, moment: datetime) -> bool:
    """Whether they have written anything since, machines left out."""
    letters = any(
        not letter.own
        and letter.message.date > moment
        and not letter.message.auto_submitted
        and letter.reading.label not in NOT_OF_PEOPLE
        for letter in candidacy.letters
    )
    return letters or any(
        event.kind in (EventKind.RECEIVED, EventKind.CONFIRMED) and event.at > moment and event.label not in NOT_OF_PEOPLE
        for event in candidacy.events
    )


def attempt(due: Due, candidacy: Candidacy, forms: Forms) -> str:
    """Return which call it would be, from the second on; empty for the first and where the language has no word for it."""
    if due.kind is not DraftKind.CALL_SHEET:
        return ""
    made = {event.occasion for event in candidacy.events if event.kind is EventKind.DRAFTED and event.draft_kind == due.kind}
    taken = {
        event.occasion for event in candidacy.events if event.kind is EventKind.DRAFT_WITHDRAWN and event.draft_kind == due.kind
    }
    number = len(made - taken - {due.occasion}) + 1
    return forms.ordinals[number - 1] if 2 <= number <= len(forms.ordinals) else ""


def outcome(due: Due, candidacy: Candidacy) -> dict[str, str]:
    """Return how it came out, for a referrer (A15)."""
    flag = _OUTCOMES.get(candidacy.state.status)
    return {flag: "yes"} if flag and due.kind is DraftKind.REFERRER_UPDATE else {}


def asked_for(due: Due) -> str:
    """Return the words in which they ask for something, in quotes; empty where the message asks for nothing."""
    if due.kind is not DraftKind.REPLY_INFO_REQUEST or due.parent is None or due.parent.own:
        return ""
    signal = next((each for each in due.parent.reading.signals if each.label is Label.INFO_REQUEST), None)
    if signal is None:
        return ""
    words = one_line(_whole_sentence(due.parent.message.fresh, signal.start, signal.end) or signal.quote)
    words = words.replace("“", "'").replace("”", "'").strip(" .:;,")
    if len(words) > _MOST_QUOTED:
        words = f"{words[:_MOST_QUOTED].rpartition(' ')[0]} …"
    return f"“{words}”" if words else ""


def _whole_sentence(text: str, start: int, end: int) -> str:
    """Return the sentence around a place in `text`, with the list behind it where it ends in a colon."""
    if not 0 <= start < end <= len(text):
        return ""
    found = next((each for each in _SENTENCE.finditer(text) if each.start() < end and start < each.end()), None)
    if found is None:
        return ""
    if not found.group().rstrip().endswith(":"):
        return found.group()
    items = [line.strip(" \t*•-–") for line in re.split(r"\n[ \t]*\n", text[found.end() :].lstrip("\n"))[0].splitlines()]
    return f"{found.group().strip()} {'; '.join(filter(None, items))}"
