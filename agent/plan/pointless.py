"""When a draft that waits is needed no more (design, promises 4 and 5)."""

from datetime import datetime, timedelta

from agent.interviews import ENDED, Event, EventKind, Status
from agent.interviews.candidacy import Candidacy
from agent.interviews.notes import NoteKey, note_lines
from agent.plan.intention import DraftRecord, DraftState
from agent.policy import FOLLOW_UPS, DraftKind
from agent.signals import ENDINGS, Label

DEBRIEF_WAITS = timedelta(days=7)
"""How long a debrief lies in Drafts: after a week nobody remembers."""

OFFER_ANSWERS = frozenset({DraftKind.OFFER_THANKS, DraftKind.OFFER_ACCEPT, DraftKind.OFFER_CLARIFY, DraftKind.OFFER_DECLINE})
"""Kinds of which the user chooses one."""

_SURVIVES: dict[DraftKind, frozenset[Status]] = {
    DraftKind.REPLY_REJECTION: ENDED,
    DraftKind.REFERRER_UPDATE: ENDED,
    DraftKind.OFFER_THANKS: frozenset({Status.ACCEPTED}),
    DraftKind.OFFER_ACCEPT: frozenset({Status.ACCEPTED}),
    DraftKind.OFFER_DECLINE: frozenset({Status.DECLINED}),
    DraftKind.WITHDRAW: frozenset({Status.WITHDRAWN}),
}
"""Kinds that an end does not make pointless: what was said on the phone is still to be put in writing."""

_APPOINTMENTS = frozenset({Label.INVITATION, Label.SCHEDULED, Label.RESCHEDULED, Label.CANCELLED})
_OUTCOMES = ENDINGS | {Label.OFFER}
_NEWS = _APPOINTMENTS | _OUTCOMES | {Label.ASSESSMENT, Label.INFO_REQUEST, Label.TIMELINE, Label.HOLD}
"""Messages that do not leave an open question open; receipts, newsletters and machines' mail do."""

_OVERTAKEN_BY: dict[DraftKind, frozenset[Label]] = {
    DraftKind.STATUS_CHECK: _NEWS,
    DraftKind.TIMELINE_REQUEST: _NEWS,
    DraftKind.FINAL_NOTE: _NEWS,
    DraftKind.CLOSE_LOOP: _NEWS,
    DraftKind.CALL_SHEET: _NEWS,
    DraftKind.REPLY_INVITATION: _NEWS,
    DraftKind.REPLY_RESCHEDULE: _APPOINTMENTS | _OUTCOMES | {Label.HOLD, Label.ASSESSMENT},
    DraftKind.REPLY_HOLD: _NEWS,
    DraftKind.REPLY_INFO_REQUEST: _OUTCOMES | {Label.INFO_REQUEST},
    DraftKind.SEND_MATERIAL: _OUTCOMES,
    DraftKind.REPLY_REJECTION: _APPOINTMENTS | {Label.OFFER, Label.ASSESSMENT},
    DraftKind.REFERRER_UPDATE: _OUTCOMES,
    DraftKind.WITHDRAW: _OUTCOMES,
    **dict.fromkeys(OFFER_ANSWERS, ENDINGS),
}
"""Kind → what they may write since that makes it pointless. Thanks for an interview and a debrief outlive all but the end."""

_SET_BY_HAND = FOLLOW_UPS | {
    DraftKind.CALL_SHEET,
    DraftKind.REPLY_INVITATION,
    DraftKind.REPLY_RESCHEDULE,
    DraftKind.REPLY_HOLD,
    DraftKind.REFERRER_UPDATE,
}
"""Kinds that rest on a status: where the user sets another one, they are over."""

_SPOKEN = {Label.SENT_ACCEPTANCE: "accepted", Label.SENT_DECLINE: "declined"}
_DRAFTED = {DraftKind.OFFER_ACCEPT: "accepted", DraftKind.OFFER_DECLINE: "declined"}
_THANKS = frozenset({DraftKind.OFFER_THANKS, DraftKind.OFFER_CLARIFY})


def pointless(draft: DraftRecord, candidacy: Candidacy, now: datetime) -> str:
    """Return why a waiting draft is needed no more at `now`, or the empty string.

    It says nothing of drafts that the user has edited: they are the user's. That goes for a debrief with answers too.
    """
    if draft.state not in (DraftState.INTENDED, DraftState.QUEUED):
        return ""
    if draft.in_reply_to in candidacy.unheard:
        return "you took back what it answers"
    status = candidacy.state.status
    if status in ENDED and status not in _SURVIVES.get(draft.kind, frozenset()):
        return f"the candidacy is {status}"
    if why := _over_by_itself(draft, candidacy, now):
        return why
    for event in candidacy.events:
        if (event.id or 0) > draft.seen_event and (why := _over_since(draft, event)):
            return why
    return ""


def _over_by_itself(draft: DraftRecord, candidacy: Candidacy, now: datetime) -> str:
    """Return why a draft to the user, or one that rests on a note, is over without any news."""
    match draft.kind:
        case DraftKind.DEBRIEF:
            if any(event.kind is EventKind.DEBRIEFED and event.occasion == draft.occasion for event in candidacy.events):
                return "you have answered it"
            if now - (draft.queued_at or draft.decided_at) >= DEBRIEF_WAITS:
                return "a week has passed"
        case DraftKind.SEND_MATERIAL if draft.occasion.startswith("material:"):
            noted = {_spelled(line.text) for line in note_lines(candidacy) if line.key is NoteKey.MATERIAL}
            if _spelled(draft.occasion.removeprefix("material:")) not in noted:
                return "it is no longer in your notes"
        case DraftKind.WITHDRAW if candidacy.state.status is not Status.WITHDRAWN and _was_set_since(draft, candidacy):
            return f"you set the status to {candidacy.state.status}"
        case _:
            pass
    return ""


def _over_since(draft: DraftRecord, event: Event) -> str:
    """Return why something that has happened since makes a draft pointless."""
    kind = draft.kind
    match event.kind:
        case EventKind.SET if kind in _SET_BY_HAND:
            return f"you set the status to {event.status}"
        case EventKind.RECEIVED | EventKind.CONFIRMED if event.label in _OVERTAKEN_BY.get(kind, frozenset()):
            return f"{event.correspondent or 'they'} wrote since: {event.label}"
        case EventKind.SENT if kind is DraftKind.CALL_SHEET and event.label is Label.SENT_FOLLOW_UP:
            return "you wrote instead"
        case EventKind.DRAFTED if kind is DraftKind.CALL_SHEET and _is_next_attempt(draft, event):
            return "the next attempt is prepared"
        case EventKind.SENT | EventKind.DRAFT_SENT:
            return _decided(draft, event)
        case _:
            return ""


def _decided(draft: DraftRecord, event: Event) -> str:
    """Return why the user's answer to an offer, or a decision told to a referrer before, makes a draft pointless."""
    said = _SPOKEN.get(event.label) if event.label else None
    said = said or (_DRAFTED.get(DraftKind(event.draft_kind)) if event.draft_kind else None)
    if said and draft.kind in (*OFFER_ANSWERS, DraftKind.REFERRER_UPDATE):
        return f"you have {said} the offer"
    if event.draft_kind == DraftKind.OFFER_CLARIFY and draft.kind in _THANKS:
        return "you have asked about the offer"
    return ""


def _is_next_attempt(draft: DraftRecord, event: Event) -> bool:
    other = event.draft_kind == DraftKind.CALL_SHEET and event.occasion != draft.occasion
    return other or event.draft_kind in FOLLOW_UPS


def _was_set_since(draft: DraftRecord, candidacy: Candidacy) -> bool:
    return any(event.kind is EventKind.SET and (event.id or 0) > draft.seen_event for event in candidacy.events)


def _spelled(text: str) -> str:
    return " ".join(text.casefold().split())
