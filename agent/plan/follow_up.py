"""The plan for the clock: what to draft now, what is held, what was made pointless, and when to look again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.drafts import Draft, Refused, compose, draft_bytes
from agent.interviews import ENDED, EventKind
from agent.interviews.candidacy import Candidacy
from agent.plan.desk import Desk
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.review import Question, ReviewKind
from agent.policy import ANSWERS, FOLLOW_UPS, Assessment, Contacted, DraftKind, Due, Held, assess
from agent.signals import Label

_AFTER_THE_END = frozenset({DraftKind.REPLY_REJECTION, DraftKind.REFERRER_UPDATE, DraftKind.OFFER_THANKS, DraftKind.OFFER_ACCEPT})
"""Kinds that an ended candidacy does not make pointless."""

_NO_NEWS = frozenset({Label.AUTO_REPLY, Label.BOUNCE, Label.ALERT, Label.OUTREACH, Label.OTHER, Label.ACKNOWLEDGED})
"""Messages of theirs that leave an open question open."""

_OVERTAKEN_ONLY_BY = {
    DraftKind.REPLY_REJECTION: {Label.OFFER, Label.INVITATION, Label.SCHEDULED, Label.RESCHEDULED, Label.ASSESSMENT},
    DraftKind.OFFER_THANKS: {Label.REJECTION, Label.ROLE_CLOSED, Label.WITHDRAWAL},
}
"""Kinds that answer once for all: the same news again, or more about it, does not make them pointless."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """What the clock asks for in one candidacy; carried out in one transaction."""

    interview: str
    assessment: Assessment
    intended: tuple[DraftRecord, ...] = ()
    held: tuple[Held, ...] = ()
    pointless: tuple[tuple[DraftRecord, str], ...] = ()
    """Drafts that nobody needs any more, each with the reason."""
    questions: tuple[Question, ...] = ()
    next_at: datetime | None = None


def follow_up(
    candidacy: Candidacy,
    *,
    desk: Desk,
    contacted: Sequence[Contacted],
    drafts: Sequence[DraftRecord],
    earlier: Sequence[str],
    now: datetime,
) -> FollowUp:
    """Return what is to be drafted, held, withdrawn or asked in one candidacy at `now`.

    `contacted` is what the user sent, or has lying ready, to this employer; `drafts` are the agent's for this interview, in any
    state; `earlier` are the bodies of earlier drafts to this employer, whose sentences are not repeated.
    """
    assessment = assess(
        candidacy,
        desk.policies.of(candidacy.interview),
        contacted=contacted,
        blocked=bounced_addresses(candidacy),
        own_addresses=desk.user.addresses,
        senders_zone=desk.user.timezone,
        holidays=desk.holidays,
        now=now,
    )
    made = {
        (draft.kind, draft.occasion)
        for draft in drafts
        if draft.state is not DraftState.WITHDRAWN or (draft.kind, draft.occasion) not in candidacy.revived
    }
    wanted = [due for due in assessment.due if (due.kind, due.occasion) not in made]
    intended, refused = _composed(wanted, candidacy, desk=desk, earlier=earlier, now=now)
    held = [each for each in assessment.held if (each.kind, each.occasion) not in made]
    return FollowUp(
        interview=candidacy.interview.id,
        assessment=assessment,
        intended=intended,
        held=(*held, *refused),
        pointless=tuple((draft, why) for draft in drafts if (why := pointless(draft, candidacy))),
        questions=_questions(assessment, now),
        next_at=assessment.next_at,
    )


def _composed(
    wanted: Sequence[Due], candidacy: Candidacy, *, desk: Desk, earlier: Sequence[str], now: datetime
) -> tuple[tuple[DraftRecord, ...], tuple[Held, ...]]:
    """Return the intentions for what is wanted, and what a check held back; no two of the texts share their sentences."""
    intended: list[DraftRecord] = []
    held: list[Held] = []
    for due in wanted:
        said = [*earlier, *(each.body for each in intended)]
        composed = compose(due, candidacy, user=desk.user, templates=desk.templates, earlier=said, now=now)
        if isinstance(composed, Refused):
            held.append(_refused(due, composed))
        else:
            intended.append(intention(composed, candidacy, at=now))
    return tuple(intended), tuple(held)


def _questions(assessment: Assessment, now: datetime) -> tuple[Question, ...]:
    """Return what the policy suggests as questions; the occasion makes each of them be put once."""
    return tuple(
        Question(
            kind=ReviewKind.SUGGESTION,
            asked_at=now,
            message_id=None,
            occasion=f"{suggestion.interview}|{suggestion.occasion}",
            reason=f"{suggestion.reason} ({', '.join(suggestion.requirements)})",
            candidates=(suggestion.interview,),
            status=suggestion.status,
        )
        for suggestion in assessment.suggestions
        if suggestion.due_at <= now
    )


def intention(draft: Draft, candidacy: Candidacy, *, at: datetime) -> DraftRecord:
    """Return the intention to put `draft` into Drafts, with the bytes that will be appended."""
    return DraftRecord(
        interview=draft.interview,
        kind=draft.kind,
        occasion=draft.occasion,
        message_id=draft.message_id,
        state=DraftState.INTENDED,
        decided_at=at,
        rule=draft.rule,
        requirements=draft.requirements,
        reason=draft.reason,
        to=tuple(address.email for address in draft.to),
        subject=draft.subject,
        body=draft.body,
        in_reply_to=draft.in_reply_to,
        references=draft.references,
        raw=draft_bytes(draft, date=at),
        answer=draft.kind in ANSWERS,
        seen_event=max((event.id or 0 for event in candidacy.events), default=0),
    )


def pointless(draft: DraftRecord, candidacy: Candidacy) -> str:
    """Return why a waiting draft is needed no more, or the empty string (design, promises 4 and 5)."""
    if draft.state not in (DraftState.INTENDED, DraftState.QUEUED):
        return ""
    if draft.in_reply_to in candidacy.unheard:
        return "you took back what it answers"
    if candidacy.state.status in ENDED and draft.kind not in _AFTER_THE_END:
        return f"the candidacy is {candidacy.state.status}"
    if draft.kind not in FOLLOW_UPS and draft.kind not in ANSWERS:
        return ""
    for event in candidacy.events:
        if (event.id or 0) <= draft.seen_event:
            continue
        if event.kind is EventKind.SET and draft.kind in FOLLOW_UPS:
            return f"you set the status to {event.status}"
        theirs = event.kind in (EventKind.RECEIVED, EventKind.CONFIRMED)
        news = _OVERTAKEN_ONLY_BY.get(draft.kind)
        if theirs and event.label and (event.label in news if news else event.label not in _NO_NEWS):
            return f"{event.correspondent or 'they'} wrote since: {event.label}"
    return ""


def bounced_addresses(candidacy: Candidacy) -> frozenset[str]:
    """Return the addresses of this candidacy that came back as undeliverable for good (RFC 3464)."""
    bounces = (letter.message.bounce for letter in candidacy.letters)
    return frozenset(address for bounce in bounces if bounce and bounce.permanent for address in bounce.recipients)


def _refused(due: Due, refused: Refused) -> Held:
    return Held(
        interview=due.interview,
        kind=due.kind,
        occasion=due.occasion,
        due_at=due.due_at,
        reason=refused.reason,
        rule=f"check {refused.check}",
        requirements=refused.requirements,
    )
