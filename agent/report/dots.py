"""The waits of each stage as dots on one axis of days: answers, and below them what is waited for now."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent.report.silences import StageTimes
from agent.report.waits import Wait

DOTS_WIDTH, DOTS_HEIGHT = 160, 16
"""Size of a row, in its units."""
_MARGIN = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Dots:
    """Shapes of one row."""

    answered: str
    """Path of a point for each answer; drawn with round ends it is a dot."""
    waiting: str
    """Path of a tick for each open wait."""


def longest_of(times: Iterable[StageTimes]) -> int:
    """Return where the axis ends: the days of the longest wait that was answered or is open, at least one."""
    return max((wait.days for each in times for wait in (*each.answered, *each.open)), default=1) or 1


def dots_of(times: StageTimes, longest: int) -> Dots:
    """Return the row of one stage on an axis from 0 to `longest` days."""
    return Dots(
        answered="".join(f"M{x:.0f} 5h0" for x in _places(times.answered, longest)),
        waiting="".join(f"M{x:.0f} 10v6" for x in _places(times.open, longest)),
    )


def _places(waits: Iterable[Wait], longest: int) -> list[float]:
    """Return where the waits stand, each place once."""
    return sorted({_MARGIN + days / longest * (DOTS_WIDTH - 2 * _MARGIN) for days in {wait.days for wait in waits}})
