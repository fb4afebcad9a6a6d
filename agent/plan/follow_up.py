"""The plan for the clock: what to draft now, what is held, what was made pointless, and when to look again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.drafts import Draft, Refused, compose, draft_bytes
from agent.interviews.candidacy import Candidacy
from agent.plan.around import surroundings
from agent.plan.desk import Desk
from agent.plan.intention import WAITING, DraftRecord, DraftState
from agent.plan.pointless import OFFER_ANSWERS, pointless
from agent.plan.review import Question, ReviewKind
from agent.policy import ANSWERS, TO_USER, Assessment, Contacted, Due, Held, assess

_ONE_OF_SEVERAL = (
    "It is one of several answers to the offer: choose which one you send, and what it makes needless is taken back."
)


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
    others: Sequence[Candidacy] = (),
) -> FollowUp:
    """Return what is to be drafted, held, withdrawn or asked in one candidacy at `now`.

    `contacted` is what the user sent, or has lying ready, to this employer; `drafts` are the agent's for this interview, in any
    state; `earlier` are the bodies of earlier drafts to this employer, whose sentences are not repeated. `others` are all other
    tracked candidacies: times that are proposed are checked against their appointments, and no draft may name them.
    """
    assessment = assess(
        candidacy,
        desk.policies.of(candidacy.interview),
        contacted=contacted,
        blocked=bounced_addresses(candidacy),
        own_addresses=desk.user.addresses,
        senders_zone=desk.user.timezone,
        senders_country=desk.user.country,
        holidays=desk.holidays,
        now=now,
    )
    made = {
        (draft.kind, draft.occasion)
        for draft in drafts
        if draft.state is not DraftState.WITHDRAWN or (draft.kind, draft.occasion) not in candidacy.revived
    }
    wanted = [due for due in assessment.due if (due.kind, due.occasion) not in made]
    intended, refused = _composed(wanted, candidacy, desk=desk, drafts=drafts, earlier=earlier, others=others, now=now)
    held = [each for each in assessment.held if (each.kind, each.occasion) not in made]
    return FollowUp(
        interview=candidacy.interview.id,
        assessment=assessment,
        intended=intended,
        held=(*held, *refused),
        pointless=tuple((draft, why) for draft in drafts if (why := pointless(draft, candidacy, now))),
        questions=_questions(assessment, now),
        next_at=assessment.next_at,
    )


def _composed(
    wanted: Sequence[Due],
    candidacy: Candidacy,
    *,
    desk: Desk,
    drafts: Sequence[DraftRecord],
    earlier: Sequence[str],
    others: Sequence[Candidacy],
    now: datetime,
) -> tuple[tuple[DraftRecord, ...], tuple[Held, ...]]:
    """Return the intentions for what is wanted, and what a check held back; no two of the texts share their sentences."""
    intended: list[DraftRecord] = []
    held: list[Held] = []
    if not wanted:
        return (), ()
    around = surroundings(candidacy, others, desk)
    waiting = {draft.kind for draft in drafts if draft.state in WAITING}
    offers = (waiting | {due.kind for due in wanted}) & OFFER_ANSWERS
    for due in wanted:
        said = [*earlier, *(each.body for each in intended if each.kind not in TO_USER)]
        composed = compose(due, candidacy, user=desk.user, templates=desk.templates, earlier=said, now=now, around=around)
        if isinstance(composed, Refused):
            held.append(_refused(due, composed))
            continue
        if due.kind in OFFER_ANSWERS and len(offers) > 1:
            composed = replace(composed, reason=f"{composed.reason} {_ONE_OF_SEVERAL}")
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


def said_before(drafts: Iterable[DraftRecord]) -> list[str]:
    """Return the bodies of the drafts whose sentences an employer may have read: all but those for the user's own eyes."""
    return [draft.body for draft in drafts if draft.kind not in TO_USER]


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
