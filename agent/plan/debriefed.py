"""What the user answered in a debrief, as an entry of the history."""

import re
from datetime import datetime

from agent.drafts.debrief import asked_in, read_answers
from agent.interviews import Event, EventKind
from agent.interviews.candidacy import Candidacy
from agent.messages.message import Message
from agent.plan.desk import Desk
from agent.plan.intention import DraftRecord
from agent.policy import DraftKind
from agent.signals.language import spoken

_ROUND = re.compile(r"(?:after-)?round-(\d+)")


def debriefed(message: Message, draft: DraftRecord, candidacy: Candidacy, *, desk: Desk, now: datetime) -> Event | None:
    """Return the entry for the answers in `message`, the user's text of the debrief `draft`; None where it tells nothing new.

    Only a mail from the user to the user is one (design, promise 8): whose folder it lay in is for the caller to see to. Where
    the answers were taken out again, the entry is empty: it takes the place of the one before.
    """
    own = set(desk.user.addresses)
    recipients = {each.email for each in message.recipients}
    if draft.kind is not DraftKind.DEBRIEF or message.sender.email not in own or not recipients <= own:
        return None
    templates = [
        language.templates[draft.kind] for language in desk.templates.languages.values() if draft.kind in language.templates
    ]
    template = max(templates, key=lambda each: asked_in(message.text, each), default=None)
    if template is None:
        return None
    round_ = _round(draft)
    books = spoken(message.text, desk.phrasebook).books
    lines = read_answers(
        message.text,
        template,
        held_at=_held_at(round_, draft, candidacy, desk),
        book=books[0] if books else None,
        people=tuple(contact.name for contact in candidacy.interview.contacts if contact.name),
    )
    note = "\n".join(lines)
    before = [event.note for event in candidacy.events if event.kind is EventKind.DEBRIEFED and event.occasion == draft.occasion]
    if note == (before[-1] if before else ""):
        return None
    return Event(
        interview=draft.interview,
        at=now,
        kind=EventKind.DEBRIEFED,
        message_id=draft.message_id,
        round=round_,
        note=note,
        draft_kind=draft.kind,
        occasion=draft.occasion,
    )


def _round(draft: DraftRecord) -> int | None:
    """Return the number of the interview that a debrief is about, as its occasion says (`round-2:debrief`)."""
    found = _ROUND.match(draft.occasion)
    return int(found[1]) if found else None


def _held_at(round_: int | None, draft: DraftRecord, candidacy: Candidacy, desk: Desk) -> datetime:
    """Return when that interview ended, in the employer's zone; when the draft was decided, where it is not known."""
    ends = [held.ends_at for held in candidacy.state.rounds if held.number == round_]
    return (ends[-1] if ends else draft.decided_at).astimezone(candidacy.interview.zone(desk.user.timezone))
