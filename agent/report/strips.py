"""One candidacy as a strip on the time axis that all of them share: where it stood, and who wrote when."""

from dataclasses import dataclass
from datetime import datetime

from agent.interviews import ENDED, Status
from agent.report.followed import JobSearch
from agent.report.time_line import Who

WIDTH, HEIGHT = 240, 16
"""Size of a strip, in its units."""
_BAR_TOP, _BAR_HEIGHT = 6, 4
_NARROWEST = 1.5

_BANDS = {
    Status.APPLIED: "applied",
    Status.INVITED: "invited",
    Status.SCHEDULED: "invited",
    Status.ASSESSMENT: "task",
    Status.AWAITING: "round",
    Status.ON_HOLD: "hold",
    Status.OFFER: "offer",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """Shapes of one strip."""

    bands: tuple[tuple[str, str], ...]
    """(class, path) of each stretch of time in one status."""
    theirs: str
    """Path of ticks above: their messages."""
    yours: str
    """Path of ticks below: the user's."""
    end: str
    """Path of the mark where it ended; empty while it is open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Axis:
    """The time that all strips show."""

    begins: datetime
    ends: datetime

    def at(self, moment: datetime) -> float:
        """Return where a moment lies, between 1 and the width less 1."""
        whole = (self.ends - self.begins).total_seconds()
        share = (moment - self.begins).total_seconds() / whole if whole > 0 else 1.0
        return 1 + min(max(share, 0.0), 1.0) * (WIDTH - 2)


def axis_of(moments: list[datetime], search: JobSearch) -> Axis:
    """Return the axis from the first of these moments to now."""
    return Axis(begins=min([*moments, search.now]), ends=search.now)


def strip_of(changes: list[tuple[datetime, Status]], marks: list[tuple[datetime, Who]], axis: Axis) -> Strip:
    """Return the strip of one candidacy: `changes` are its statuses in order, `marks` what was written."""
    bands: list[tuple[str, str]] = []
    end = ""
    for number, (at, status) in enumerate(changes):
        x = axis.at(at)
        if status in ENDED:
            end = f"M{x:.0f} {_BAR_TOP - 3}v{_BAR_HEIGHT + 6}"
            continue
        until = axis.at(changes[number + 1][0]) if number + 1 < len(changes) else axis.at(axis.ends)
        if until > x:
            near = min(x, until - _NARROWEST)
            bands.append((_BANDS[status], f"M{near:.0f} {_BAR_TOP}H{until:.0f}v{_BAR_HEIGHT}H{near:.0f}z"))
    return Strip(
        bands=tuple(bands),
        theirs="".join(f"M{x} 0v5" for x in _places(marks, Who.THEY, axis)),
        yours="".join(f"M{x} 11v5" for x in _places(marks, Who.YOU, axis)),
        end=end if changes and changes[-1][1] in ENDED else "",
    )


def _places(marks: list[tuple[datetime, Who]], who: Who, axis: Axis) -> list[int]:
    return sorted({round(axis.at(at)) for at, whose in marks if whose is who})
