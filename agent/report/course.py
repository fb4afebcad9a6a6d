"""The stages that one candidacy has passed, as its history tells them: what the flow is drawn from."""

from dataclasses import dataclass
from datetime import datetime

from agent.interviews import ENDED, Candidacy, EventKind, Status
from agent.signals import Label

APPLIED, FOUND, TASK, INVITED, OFFER = "applied", "found", "task", "invited", "offer"
OPEN, QUIET = "open", "quiet"
MOST_ROUNDS = 6
"""The last round with a stage of its own; later ones count as it."""

ENDS = (
    Status.ACCEPTED.value,
    Status.DECLINED.value,
    OPEN,
    QUIET,
    Status.MOVED_ON.value,
    Status.WITHDRAWN.value,
    Status.CLOSED.value,
    Status.REJECTED.value,
)
"""Where a course ends, or rests, in the order in which they are shown."""

_FIXED = frozenset({Status.INVITED, Status.SCHEDULED})
_OFFERED = frozenset({Status.OFFER, Status.ACCEPTED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """The way of one candidacy."""

    stages: tuple[str, ...]
    """What it passed, in the order of the stages; at least where it began."""
    end: str
    """One of `ENDS`."""


def round_stage(number: int) -> str:
    """Return the stage of a round that is over."""
    return f"round-{min(number, MOST_ROUNDS)}"


def stage_order() -> tuple[str, ...]:
    """Return all stages there can be, in their order."""
    return (APPLIED, FOUND, TASK, INVITED, *(round_stage(number) for number in range(1, MOST_ROUNDS + 1)), OFFER)


def course_of(candidacy: Candidacy, now: datetime, *, quiet: bool) -> Course:
    """Return the stages that a candidacy has passed as of `now`, and where it ended or rests.

    It begins `applied` where an application is known, else `found`. A task is a stage of its own only where it was set before
    the first invitation; an invitation is passed by whoever was given a time; a round, once it is over, with all before it. An
    offer was there where one was accepted. `quiet` says that an open one has been silent for unusually long.
    """
    state = candidacy.state
    reached = [entry.status for entry in state.history if not entry.refused] + [state.status]
    rounds = _rounds_over(candidacy, now)
    stages = [APPLIED if _applied(candidacy) else FOUND]
    invited_at = next((number for number, status in enumerate(reached) if status in _FIXED), len(reached))
    if Status.ASSESSMENT in reached[:invited_at]:
        stages.append(TASK)
    if rounds or state.rounds or invited_at < len(reached):
        stages.append(INVITED)
    stages += dict.fromkeys(round_stage(number) for number in range(1, rounds + 1))
    if not _OFFERED.isdisjoint(reached):
        stages.append(OFFER)
    end = state.status.value if state.status in ENDED else QUIET if quiet else OPEN
    return Course(stages=tuple(stages), end=end)


def _applied(candidacy: Candidacy) -> bool:
    """Whether an application is known: its day, or their receipt."""
    return candidacy.interview.applied_on is not None or any(
        Label.ACKNOWLEDGED in (event.label, *event.labels) for event in candidacy.events
    )


def _rounds_over(candidacy: Candidacy, now: datetime) -> int:
    """Return the number of the last round that is over: by the clock, or because the user said so."""
    held = [each.number for each in candidacy.state.rounds if each.ends_at <= now]
    told = [
        event.round or 1
        for event in candidacy.events
        if event.kind is EventKind.SET and event.status is Status.AWAITING and event.at <= now
    ]
    return min(max([*held, *told], default=0), MOST_ROUNDS)
