"""Two plans for one candidacy side by side: what one of them would draft, hold back or suggest and the other not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.plan.follow_up import FollowUp
from agent.plan.intention import DraftRecord
from agent.policy import Held

Key = tuple[str, str]
"""Kind of a draft, or the suggested status, and occasion."""


class StepState(StrEnum):
    """How a plan stands to one follow-up."""

    DUE = "due"
    """Wanted now, or lying in Drafts."""
    HELD = "held"
    """Due by the calendar and forbidden."""
    PLANNED = "planned"
    """Wanted later, if nothing happens meanwhile."""
    SUGGESTED = "suggested"
    """A step that the user is asked about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One follow-up as one plan has it."""

    kind: str
    """Kind of the draft, or the status that is suggested."""
    occasion: str
    state: StepState
    due_at: datetime
    until: datetime | None = None
    """For a held one: when the rule stops forbidding it."""
    to: tuple[str, ...] = ()
    """Addresses; empty where it is held, for then nobody was chosen."""
    rule: str
    requirements: tuple[str, ...]
    reason: str
    subject: str = ""
    body: str = ""
    """The text as it would be drafted; empty where there is none."""

    @property
    def key(self) -> Key:
        """What makes it the same step in both plans."""
        return self.kind, self.occasion


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One follow-up that the two plans have differently."""

    before: Step | None
    after: Step | None

    @property
    def step(self) -> Step:
        """What it is about."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of nothing")
        return found


def steps(plan: FollowUp, wordings: Mapping[Key, DraftRecord]) -> tuple[Step, ...]:
    """Return all that `plan` has; `wordings` are the drafts as they would be written when what is planned is due."""
    due = [_due(draft) for draft in plan.intended]
    held = [_held(each) for each in plan.held]
    known = {each.key for each in (*due, *held)}
    planned = [
        Step(
            kind=each.kind,
            occasion=each.occasion,
            state=StepState.PLANNED,
            due_at=each.due_at,
            to=tuple(address.email for address in each.to),
            rule=each.rule,
            requirements=each.requirements,
            reason=each.reason,
            subject=wording.subject if (wording := wordings.get((each.kind, each.occasion))) else "",
            body=wording.body if wording else "",
        )
        for each in plan.assessment.planned
        if (each.kind, each.occasion) not in known
    ]
    suggested = [
        Step(
            kind=each.status,
            occasion=each.occasion,
            state=StepState.SUGGESTED,
            due_at=each.due_at,
            rule=each.rule,
            requirements=each.requirements,
            reason=each.reason,
        )
        for each in plan.assessment.suggestions
    ]
    return (*due, *held, *planned, *suggested)


def changes(before: Iterable[Step], after: Iterable[Step]) -> tuple[Change, ...]:
    """Return what differs in state, date or end, in the order of dates.

    The same follow-up may be named for another occasion under other rules: what is left over of one kind on both sides is taken
    for the same.
    """
    pairs = _pairs(tuple(before), tuple(after))
    found = [Change(before=old, after=new) for old, new in pairs if old is None or new is None or _outside(old) != _outside(new)]
    return tuple(sorted(found, key=lambda each: (each.step.due_at, each.step.key)))


def rewordings(before: Iterable[Step], after: Iterable[Step]) -> tuple[tuple[Step, Step], ...]:
    """Return the follow-ups that both plans would draft in another wording."""
    return tuple(
        (old, new)
        for old, new in _pairs(tuple(before), tuple(after))
        if old and new and old.body and new.body and (old.subject, old.body) != (new.subject, new.body)
    )


def _pairs(before: Sequence[Step], after: Sequence[Step]) -> list[tuple[Step | None, Step | None]]:
    news = {step.key: step for step in after}
    olds = {step.key: step for step in before}
    pairs: list[tuple[Step | None, Step | None]] = [(old, news[key]) for key, old in olds.items() if key in news]
    left = [step for key, step in news.items() if key not in olds]
    for old in (step for key, step in olds.items() if key not in news):
        same = next((new for new in left if new.kind == old.kind and (not new.to or not old.to or new.to == old.to)), None)
        if same:
            left.remove(same)
        pairs.append((old, same))
    return [*pairs, *((None, new) for new in left)]


def _outside(step: Step) -> tuple[object, ...]:
    """Return what the user would see change."""
    return step.state, step.due_at if step.state is StepState.PLANNED else step.until


def _due(draft: DraftRecord) -> Step:
    return Step(
        kind=draft.kind,
        occasion=draft.occasion,
        state=StepState.DUE,
        due_at=draft.decided_at,
        to=draft.to,
        rule=draft.rule,
        requirements=draft.requirements,
        reason=draft.reason,
        subject=draft.subject,
        body=draft.body,
    )


def _held(held: Held) -> Step:
    return Step(
        kind=held.kind,
        occasion=held.occasion,
        state=StepState.HELD,
        due_at=held.due_at,
        until=held.until,
        rule=held.rule,
        requirements=held.requirements,
        reason=held.reason,
    )
