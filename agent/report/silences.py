"""Whether a silence is unusual: compared with the user's own earlier waits, or with the policy where too few are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import quantiles

from agent.policy import FOLLOW_UPS
from agent.report.followed import Followed, JobSearch
from agent.report.waits import Stage, Wait

ENOUGH = 5
"""Answers from which on a quantile is worth its name."""
_UNUSUAL = 0.9
"""Share of the earlier answers that came sooner, from which on a silence is unusual."""
_LONG = 0.75


class Verdict(StrEnum):
    """What is to be said of one silence."""

    PROMISED = "promised"
    """They named a day, and it has not passed."""
    LATE = "late"
    """They named a day, and it has passed."""
    USUAL = "usual"
    """Earlier answers took as long."""
    LONG = "long"
    """Three of four earlier answers came sooner."""
    UNUSUAL = "unusual"
    """Nine of ten earlier answers came sooner, or all of them."""
    WITHIN = "within"
    """Too few answers are known, and the policy waits still."""
    BEYOND = "beyond"
    """Too few answers are known, and the policy has waited long enough."""
    UNKNOWN = "unknown"
    """Too few answers are known, and the policy names no time."""


QUIET = frozenset({Verdict.LATE, Verdict.UNUSUAL, Verdict.BEYOND})
"""Verdicts by which an open candidacy has gone quiet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """One open candidacy in which it is their turn."""

    wait: Wait
    verdict: Verdict
    known: int
    """Earlier answers at this stage."""
    sooner: int
    """How many of them came sooner than this silence has lasted by now."""
    day: date | None = None
    """The day that they named, or the day until which the policy waits or waited."""

    @property
    def quiet(self) -> bool:
        """Whether the candidacy has gone quiet by this verdict."""
        return self.verdict in QUIET


@dataclass(frozen=True, kw_only=True, slots=True)
class StageTimes:
    """The waits of one stage."""

    stage: Stage
    answered: tuple[Wait, ...]
    """Shortest first."""
    unanswered: tuple[Wait, ...]
    """Those that ended without a word of theirs: the user moved on, or withdrew."""
    open: tuple[Wait, ...]
    median: float | None
    """Days; None below `ENOUGH` answers."""
    three_of_four: float | None
    """Days within which three of four answers came; None below `ENOUGH` answers."""


def stage_times(waits: Sequence[Wait]) -> tuple[StageTimes, ...]:
    """Return the waits by stage, for each stage that has any."""
    found = []
    for stage in Stage:
        mine = [wait for wait in waits if wait.stage is stage]
        answered = sorted((wait for wait in mine if wait.until is not None), key=lambda wait: wait.days)
        cuts = quantiles((wait.days for wait in answered), n=4, method="inclusive") if len(answered) >= ENOUGH else None
        if mine:
            found.append(
                StageTimes(
                    stage=stage,
                    answered=tuple(answered),
                    unanswered=tuple(wait for wait in mine if wait.over and wait.until is None),
                    open=tuple(wait for wait in mine if not wait.over),
                    median=cuts[1] if cuts else None,
                    three_of_four=cuts[2] if cuts else None,
                )
            )
    return tuple(found)


def silence_of(followed: Followed, wait: Wait, times: Sequence[StageTimes], search: JobSearch) -> Silence:
    """Return how the silence of an open wait compares; `times` are those of the whole job search.

    What they promised comes first, then the user's own earlier waits at this stage, and below `ENOUGH` of these the policy.
    """
    earlier = next((each.answered for each in times if each.stage is wait.stage), ())
    known, sooner = len(earlier), sum(each.days < wait.days for each in earlier)
    promised = followed.candidacy.state.promised_by
    day: date | None = promised
    if promised is not None:
        verdict = Verdict.LATE if promised < search.today else Verdict.PROMISED
    elif known >= ENOUGH:
        share = sooner / known
        verdict = Verdict.UNUSUAL if share >= _UNUSUAL else Verdict.LONG if share >= _LONG else Verdict.USUAL
    else:
        verdict, day = _by_policy(followed, wait, search)
    return Silence(wait=wait, verdict=verdict, known=known, sooner=sooner, day=day)


def _by_policy(followed: Followed, wait: Wait, search: JobSearch) -> tuple[Verdict, date | None]:
    """Return whether the policy has waited long enough in this wait, and until when it waits or waited."""
    wanted = [(each.kind, each.due_at) for each in followed.due] + [(each.kind, each.due_at) for each in followed.held]
    wanted += [(draft.kind, draft.decided_at) for draft in followed.drafts]
    asked = [at for kind, at in wanted if kind in FOLLOW_UPS and wait.since <= at <= search.now]
    ahead = [each.due_at for each in followed.planned if each.kind in FOLLOW_UPS]
    if asked:
        return Verdict.BEYOND, search.day(min(asked))
    return (Verdict.WITHIN, search.day(min(ahead))) if ahead else (Verdict.UNKNOWN, None)
