"""The plan for the coming weeks: what follows if the user sends each draft when it is due and nobody answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from agent.interviews import Event, EventKind, Status
from agent.interviews.candidacy import Candidacy, Letter, candidacy_of
from agent.messages import parse_message
from agent.plan.contacted import contacted
from agent.plan.desk import Desk
from agent.plan.follow_up import FollowUp, follow_up, said_before
from agent.plan.intention import WAITING, DraftRecord, DraftState
from agent.policy import FOLLOW_UPS, TO_USER, DraftKind, Suggestion
from agent.signals import Label, Reading

HORIZON = timedelta(weeks=6)
"""How far ahead it is looked."""

_STEPS = 150
"""Moments at which the policy is asked before the search is given up: six weeks of office hours need fewer."""

_FOR_THE_USER_TO_CHOOSE = frozenset(
    {DraftKind.OFFER_ACCEPT, DraftKind.OFFER_CLARIFY, DraftKind.OFFER_DECLINE, DraftKind.WITHDRAW}
)
"""Kinds of which no sending is imagined: they are the user's decision."""

_SAYS = {DraftKind.THANK_YOU: Label.SENT_THANK_YOU, **dict.fromkeys(FOLLOW_UPS, Label.SENT_FOLLOW_UP)}
"""Kind of a draft → what it says once it is sent; the others are `sent_other`."""

_SPOKEN = {
    DraftKind.THANK_YOU: "thank-you",
    DraftKind.REPLY_INFO_REQUEST: "answer to their request",
    DraftKind.REPLY_HOLD: "answer to the delay",
    DraftKind.REPLY_RESCHEDULE: "answer to the move",
    DraftKind.CLOSE_LOOP: "closing message",
    DraftKind.SEND_MATERIAL: "material",
    DraftKind.OFFER_THANKS: "thanks for the offer",
    DraftKind.REFERRER_UPDATE: "word to your referrer",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """One step of the weeks to come: a draft, or a suggestion to the user."""

    interview: str
    kind: DraftKind | None
    """None for a suggestion."""
    status: Status | None
    """The status that is suggested; None for a draft."""
    occasion: str
    due_at: datetime
    """Aware, in UTC."""
    to: tuple[str, ...]
    """Addresses."""
    rule: str
    requirements: tuple[str, ...]
    reason: str
    """One sentence for the user."""
    depends: str
    """On what it depends, such as 'if you send the status check and nobody answers'; empty for what is due already."""
    draft: DraftRecord | None = None
    """The draft as it would be written then."""


def outlook(
    candidacy: Candidacy,
    *,
    employer: Sequence[Candidacy],
    drafts: Sequence[DraftRecord],
    desk: Desk,
    now: datetime,
    horizon: timedelta = HORIZON,
    others: Sequence[Candidacy] = (),
) -> tuple[Expected, ...]:
    """Return what follows within `horizon`, soonest first, as the same policy and the same limits have it, step by step.

    Imagined is that each draft is sent when it is due, those that lie in Drafts at once, and that nobody writes. What is the
    user's decision (answers to an offer, a withdrawal) is expected and not imagined as sent. `employer` are all candidacies at
    this employer, `drafts` the agent's for them, in any state, `others` all other tracked candidacies. The state of the mailbox
    is not changed by it.
    """
    return _Course(candidacy, employer, others, drafts, desk, now).run(now + horizon)


class _Course:
    """One candidacy while the weeks ahead are imagined."""

    def __init__(
        self,
        candidacy: Candidacy,
        employer: Sequence[Candidacy],
        tracked: Sequence[Candidacy],
        drafts: Sequence[DraftRecord],
        desk: Desk,
        now: datetime,
    ) -> None:
        self.candidacy = candidacy
        self.others = [each for each in employer if each.interview.id != candidacy.interview.id]
        self.tracked = tracked
        self.desk = desk
        self.now = now.astimezone(UTC)
        self.events = list(candidacy.events)
        self.letters = list(candidacy.letters)
        self.drafts = list(drafts)
        self.done: DraftKind | None = None
        """What was imagined as done last."""
        self.suggested: set[tuple[Status, str]] = set()
        self.ahead = {(each.kind, each.occasion): each.due_at for each in self._plan(self.now).assessment.planned}
        """What is planned whether or not anything is sent before."""
        self.found: list[Expected] = []

    def run(self, end: datetime) -> tuple[Expected, ...]:
        for draft in [each for each in self.drafts if each.interview == self.candidacy.interview.id and each.state in WAITING]:
            self._done(draft, self.now)
        self.suggested = {(each.status, each.occasion) for each in self._plan(self.now).assessment.suggestions}
        moment: datetime | None = self.now
        for _ in range(_STEPS):
            if moment is None or moment > end:
                break
            plan = self._plan(moment)
            for suggestion in plan.assessment.suggestions:
                self._suggest(suggestion, moment)
            for draft in plan.intended:
                self._expect(draft, moment)
            if not plan.intended:
                moment = plan.next_at
        return tuple(self.found)

    def _plan(self, moment: datetime) -> FollowUp:
        as_of = candidacy_of(self.candidacy.interview, self.events, self.letters, moment)
        as_of = replace(as_of, unheard=self.candidacy.unheard, revived=self.candidacy.revived)
        return follow_up(
            as_of,
            desk=self.desk,
            contacted=contacted([as_of, *self.others], self.drafts),
            drafts=[draft for draft in self.drafts if draft.interview == self.candidacy.interview.id],
            earlier=said_before(self.drafts),
            now=moment,
            others=self.tracked,
        )

    def _expect(self, draft: DraftRecord, moment: datetime) -> None:
        self.found.append(
            Expected(
                interview=draft.interview,
                kind=draft.kind,
                status=None,
                occasion=draft.occasion,
                due_at=moment,
                to=draft.to,
                rule=draft.rule,
                requirements=draft.requirements,
                reason=draft.reason,
                depends=self._depends(moment, planned=self.ahead.get((draft.kind, draft.occasion)) == moment),
                draft=draft,
            )
        )
        self.events.append(_event(EventKind.DRAFTED, draft, moment))
        self.drafts.append(draft)
        self._done(draft, moment)

    def _suggest(self, suggestion: Suggestion, moment: datetime) -> None:
        if (suggestion.status, suggestion.occasion) in self.suggested:
            return
        self.suggested.add((suggestion.status, suggestion.occasion))
        self.found.append(
            Expected(
                interview=suggestion.interview,
                kind=None,
                status=suggestion.status,
                occasion=suggestion.occasion,
                due_at=moment,
                to=(),
                rule=suggestion.rule,
                requirements=suggestion.requirements,
                reason=suggestion.reason,
                depends=self._depends(moment),
            )
        )

    def _depends(self, moment: datetime, *, planned: bool = False) -> str:
        if moment == self.now:
            return ""
        if planned or self.done is None:
            return "if nothing happens before"
        return f"if you {_doing(self.done)} and nobody answers"

    def _done(self, draft: DraftRecord, moment: datetime) -> None:
        """Imagine that the user does with `draft` what it is for; nothing where that is to read it, or to decide."""
        if draft.kind is DraftKind.CALL_SHEET:
            self.done = draft.kind
        elif draft.kind not in TO_USER and draft.kind not in _FOR_THE_USER_TO_CHOOSE:
            self._send(draft, moment)

    def _send(self, draft: DraftRecord, moment: datetime) -> None:
        """Imagine that the user sends `draft` as it is: it comes back through Sent."""
        message = replace(parse_message(draft.raw, received_at=moment), date=moment, message_id=draft.message_id)
        label = _SAYS.get(draft.kind, Label.SENT_OTHER)
        self.letters.append(Letter(own=True, message=message, reading=Reading(label=label, abstained=False)))
        self.events.append(replace(_event(EventKind.SENT, draft, moment), label=label, labels=(label,)))
        self.events.append(_event(EventKind.DRAFT_SENT, draft, moment))
        self.drafts = [each for each in self.drafts if each.key != draft.key] + [replace(draft, state=DraftState.SENT)]
        self.done = draft.kind


def _event(kind: EventKind, draft: DraftRecord, moment: datetime) -> Event:
    return Event(
        interview=draft.interview,
        at=moment,
        kind=kind,
        message_id=draft.message_id,
        correspondent=draft.to[0] if draft.to else "",
        draft_kind="" if kind is EventKind.SENT else draft.kind,
        occasion="" if kind is EventKind.SENT else draft.occasion,
    )


def _doing(kind: DraftKind) -> str:
    if kind is DraftKind.CALL_SHEET:
        return "make the call"
    return f"send the {_SPOKEN.get(kind) or kind.value.replace('reply_', 'answer to the ').replace('_', ' ')}"
