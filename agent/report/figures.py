"""All figures of a report, reckoned once: each is a list of interviews, so that it can be traced to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agent.interviews import ENDED, Turn
from agent.plan.intention import DraftState
from agent.report.coming import Item, coming_of, order
from agent.report.course import Course, course_of
from agent.report.flow import Flow, Name, flow_of
from agent.report.follow_ups import KindRow, Sent, kind_rows, sent_of
from agent.report.followed import Followed, JobSearch
from agent.report.silences import Silence, StageTimes, silence_of, stage_times
from agent.report.time_line import Line, time_line
from agent.report.waits import Wait, waits_of
from agent.report.words import their_words


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One candidacy as the report tells it."""

    followed: Followed
    course: Course
    lines: tuple[Line, ...]
    waits: tuple[Wait, ...]
    silence: Silence | None
    """Where it is open, their turn, and nothing is fixed."""
    sent: tuple[Sent, ...]
    coming: tuple[Item, ...]
    answers: int
    """Messages of theirs, receipts and automatic answers left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Everything that page, JSON and table show."""

    search: JobSearch
    told: tuple[Told, ...]
    """In the order in which they are shown: the user's turn, theirs, ended; the latest first among the ended."""
    head: Mapping[str, tuple[Name, ...]]
    """Essential count → the interviews that it counts; for `drafts` one name for each draft."""
    flow: Flow
    times: tuple[StageTimes, ...]
    coming: tuple[Item, ...]
    kinds: tuple[KindRow, ...]
    numbers: Mapping[Name, int] = field(default_factory=dict)
    """Interview → its place in `told`, counted from 1."""

    @property
    def silences(self) -> tuple[Silence, ...]:
        """All silences, the longest first."""
        return tuple(sorted((each.silence for each in self.told if each.silence), key=lambda each: -each.wait.days))


def figures_of(search: JobSearch) -> Figures:
    """Return all figures of a job search."""
    waits = {one.name: waits_of(one, search) for one in search.followed}
    times = stage_times([wait for found in waits.values() for wait in found])
    told = tuple(sorted((_told(one, waits[one.name], times, search) for one in search.followed), key=_order))
    flow = flow_of((each.followed.name, each.course) for each in told)
    return Figures(
        search=search,
        told=told,
        head=_head(told),
        flow=flow,
        times=times,
        coming=tuple(sorted((item for each in told for item in each.coming), key=order)),
        kinds=kind_rows([each.followed for each in told], search),
        numbers={each.followed.name: number for number, each in enumerate(told, start=1)},
    )


def _told(followed: Followed, waits: tuple[Wait, ...], times: tuple[StageTimes, ...], search: JobSearch) -> Told:
    waiting = next((wait for wait in waits if not wait.over), None)
    silence = silence_of(followed, waiting, times, search) if waiting else None
    quiet = silence is not None and silence.quiet
    return Told(
        followed=followed,
        course=course_of(followed.candidacy, search.now, quiet=quiet),
        lines=time_line(followed),
        waits=waits,
        silence=silence,
        sent=sent_of(followed, search),
        coming=coming_of(followed, search),
        answers=len(their_words(followed, search.now)),
    )


_TURNS = {Turn.US: 0, Turn.THEM: 1, Turn.NONE: 2}


def _order(each: Told) -> tuple[int, float, str, Name]:
    state = each.followed.candidacy.state
    last = each.lines[-1].at.timestamp() if each.lines else 0.0
    return _TURNS[state.turn], -last, each.followed.candidacy.interview.company, each.followed.name


def _head(told: tuple[Told, ...]) -> dict[str, tuple[Name, ...]]:
    def those(holds: Callable[[Told], bool]) -> tuple[Name, ...]:
        return tuple(each.followed.name for each in told if holds(each))

    return {
        "all": tuple(each.followed.name for each in told),
        "open": those(lambda each: each.followed.candidacy.state.status not in ENDED),
        "yours": those(lambda each: each.followed.candidacy.state.turn is Turn.US),
        "fixed": those(lambda each: each.followed.candidacy.state.next_at is not None),
        "quiet": those(lambda each: each.silence is not None and each.silence.quiet),
        "offers": those(lambda each: "offer" in each.course.stages),
        "ended": those(lambda each: each.followed.candidacy.state.status in ENDED),
        "drafts": tuple(
            each.followed.name
            for each in told
            for draft in each.followed.drafts
            if draft.state in (DraftState.QUEUED, DraftState.EDITED)
        ),
    }
