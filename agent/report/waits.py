"""How long they took to answer, stage by stage, and how long they have been silent where it is their turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum

from agent.interviews import ENDED, Candidacy, Status, Turn
from agent.report.followed import Followed, JobSearch
from agent.report.words import Word, own_moments, their_words
from agent.signals import Label


class Stage(StrEnum):
    """What a wait is for."""

    APPLICATION = "application"
    """A first answer to an application."""
    TIME = "time"
    """A fixed time, after the user answered an invitation."""
    INTERVIEW = "interview"
    """Word after an interview."""
    TASK = "task"
    """Word after a task was handed in."""
    HOLD = "hold"
    """Word after a delay."""
    OFFER = "offer"
    """Word after the user wrote about an offer."""


_OURS = frozenset({Label.INVITATION, Label.ASSESSMENT, Label.INFO_REQUEST, Label.OFFER, Label.RESCHEDULED})
"""Labels of messages that the user answers: no wait begins with them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """One time that it was their turn."""

    name: tuple[str, str]
    """Account and id of the interview."""
    stage: Stage
    since: datetime
    until: datetime | None
    """When they wrote; None where they have not."""
    over: bool
    """True once they wrote or the candidacy has ended."""
    days: int
    """Days of the calendar from its beginning to their answer, or until now."""


def waits_of(followed: Followed, search: JobSearch) -> tuple[Wait, ...]:
    """Return the waits of one candidacy in their order; the last may be open still.

    A wait begins with the application, the user's mail when it was the user's turn, the end of an interview, or a message of
    theirs that leaves it their turn; it ends with their next word. A nudge meanwhile begins no new one.
    """
    return tuple(_waits(followed, search))


def _waits(followed: Followed, search: JobSearch) -> Iterator[Wait]:
    candidacy, now = followed.candidacy, search.now
    state = candidacy.state
    ended = state.since if state.status in ENDED else None
    begun: tuple[datetime, Stage] | None = None
    for at, what in _marks(followed, search):
        if isinstance(what, Word):
            if begun is not None:
                yield _wait(followed, search, begun, until=at)
            fixed = what.label is Label.SCHEDULED and _status_at(candidacy, at) is Status.SCHEDULED
            over = fixed or what.label in _OURS or _status_at(candidacy, at) in ENDED
            begun = None if over else (at, _stage_at(candidacy, at))
        elif what is not None:
            begun = (at, what)
        elif begun is None:
            begun = (at, _stage_at(candidacy, at))
    if ended is not None:
        if begun is not None and begun[0] < ended:
            yield _wait(followed, search, begun, ended=ended)
    elif state.turn is Turn.THEM and state.next_at is None:
        yield _wait(followed, search, begun or (state.since or now, _stage_at(candidacy, now)))


def _wait(
    followed: Followed,
    search: JobSearch,
    begun: tuple[datetime, Stage],
    *,
    until: datetime | None = None,
    ended: datetime | None = None,
) -> Wait:
    since, stage = begun
    days = (search.day(until or ended or search.now) - search.day(since)).days
    over = until is not None or ended is not None
    return Wait(name=followed.name, stage=stage, since=since, until=until, over=over, days=max(days, 0))


def _marks(followed: Followed, search: JobSearch) -> list[tuple[datetime, Word | Stage | None]]:
    """Return what begins or ends a wait: their word, the stage that begins, or None for the user's own mail."""
    candidacy, now = followed.candidacy, search.now
    marks: list[tuple[datetime, Word | Stage | None]] = [(word.at, word) for word in their_words(followed, now)]
    marks += [(at, None) for at in own_moments(followed, now)]
    marks += [(each.ends_at.astimezone(UTC), Stage.INTERVIEW) for each in candidacy.state.rounds if each.ends_at <= now]
    if candidacy.interview.applied_on is not None:
        applied = datetime.combine(candidacy.interview.applied_on, time(), tzinfo=search.zone).astimezone(UTC)
        if applied <= now:
            marks.append((applied, Stage.APPLICATION))
    return sorted(marks, key=lambda mark: mark[0])


def _status_at(candidacy: Candidacy, moment: datetime) -> Status:
    """Return the status that a candidacy had at `moment`, or just after what happened then."""
    before = [entry.status for entry in candidacy.state.history if entry.at <= moment]
    return before[-1] if before else Status.APPLIED


def _stage_at(candidacy: Candidacy, moment: datetime) -> Stage:
    status = _status_at(candidacy, moment)
    match status:
        case Status.APPLIED:
            return Stage.APPLICATION
        case Status.INVITED | Status.SCHEDULED:
            return Stage.TIME
        case Status.ASSESSMENT:
            return Stage.TASK
        case Status.ON_HOLD:
            return Stage.HOLD
        case Status.OFFER:
            return Stage.OFFER
    return Stage.INTERVIEW if any(each.ends_at <= moment for each in candidacy.state.rounds) else _after_task(candidacy, moment)


def _after_task(candidacy: Candidacy, moment: datetime) -> Stage:
    tasks = any(entry.status is Status.ASSESSMENT for entry in candidacy.state.history if entry.at <= moment)
    return Stage.TASK if tasks else Stage.INTERVIEW
