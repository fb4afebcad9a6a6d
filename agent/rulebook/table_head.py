"""What the columns of a table say, by the row in which their headers stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from agent.interviews import Status
from agent.rulebook.columns import Column, Columns, plain
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.rulebook.spreadsheet import Row
from agent.rulebook.table_dates import Ambiguous, NoDate, Order, read_moment
from agent.signals.senders import SenderBook

_WITHIN = 10
"""Rows within which the headers stand: some programs write a title above them."""
DATES = frozenset({Column.APPLIED_ON, Column.STATUS_ON, Column.SAVED_ON, Column.ARCHIVED_ON, Column.INTERVIEW_AT})
"""Columns that hold days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How a table is to be read."""

    columns: Columns
    senders: SenderBook
    zone: ZoneInfo
    """Of times without an offset."""
    order: Order | None = None
    """Of numbers in dates, where the user says it."""
    renamed: Mapping[str, Column | None] = field(default_factory=dict)
    """Header → what the column says, as the user says it; None for a column that is to be left out."""
    statuses: Mapping[str, Status | None] = field(default_factory=dict)
    """Status word → status, as the user says it; None for what was not applied to yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What each column says."""

    said: tuple[Column | None, ...]
    noted: tuple[str, ...]
    """Name of the line of the notes that a column becomes; empty for none."""


def headers(rows: Sequence[Row], file: str, reading: Reading) -> tuple[Head, Sequence[Row]]:
    """Return what the columns say, and the rows below the headers; raises `RulesRefused` where company or role is missing."""
    if not rows:
        raise RulesRefused([RuleProblem(file=file, line=1, column=1, what="the file is empty", mend="export it again")])
    for index, row in enumerate(rows[:_WITHIN]):
        head = _head(row, reading)
        if {Column.COMPANY, Column.ROLE} <= set(head.said):
            return head, rows[index + 1 :]
    best = max(rows[:_WITHIN], key=lambda row: sum(each is not None for each in _head(row, reading).said))
    said = _head(best, reading).said
    lacking = [column.value for column in (Column.COMPANY, Column.ROLE) if column not in said]
    shown = ", ".join(cell for cell in best.cells if cell)[:200]
    raise RulesRefused(
        [
            RuleProblem(
                file=file,
                line=best.number,
                column=1,
                what=f"no column says the {' and the '.join(lacking)}; here stand: {shown}",
                mend=f"say which it is: --columns '{', '.join(f'HEADER={each}' for each in lacking)}'",
            )
        ]
    )


def _head(row: Row, reading: Reading) -> Head:
    """Return what the columns say, taking a row for the headers; of several that say the same the surest counts."""
    known = reading.columns
    keys = [plain(cell) for cell in row.cells]
    said: list[Column | None] = [None] * len(keys)
    best: dict[Column, tuple[int, int]] = {}
    for place, key in enumerate(keys):
        if key in reading.renamed:
            column, rank = reading.renamed[key], -1
        else:
            column, rank = known.headers.get(key, (None, 0))
        if column is not None and (rank, place) < best.get(column, (10_000, 0)):
            best[column] = rank, place
    for column, (_, place) in best.items():
        said[place] = column
    noted = [
        known.noted.get(key, "") if said[place] is None and key not in reading.renamed else "" for place, key in enumerate(keys)
    ]
    return Head(said=tuple(said), noted=tuple(noted))


def refuse_ambiguous(body: Sequence[Row], head: Head, file: str, reading: Reading, order: Order | None) -> None:
    """Raise `RulesRefused` for the first cell that may be two days."""
    for row in body:
        for place, (cell, column) in enumerate(zip(row.cells, head.said, strict=False)):
            if column not in DATES:
                continue
            try:
                read_moment(cell, reading.columns.months, order)
            except Ambiguous:
                what = f"{cell!r} may be two days, and no other date of the table shows which"
                mend = "say it: --dates dmy (the day first) or --dates mdy (the month first)"
                raise RulesRefused([RuleProblem(file=file, line=row.number, column=place + 1, what=what, mend=mend)]) from None
            except NoDate:
                continue
