"""A table of candidacies, as other trackers export it or people keep it in a spreadsheet: rows of cells to interviews."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from agent.interviews import ENDED, Interview, Status
from agent.matching.names import company_name, role_name
from agent.matching.tracked import registrable
from agent.plan.discovery import named_id
from agent.rulebook.columns import Column, plain, status_key
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.rulebook.spreadsheet import Row
from agent.rulebook.table_dates import Ambiguous, Moment, NoDate, order_of, read_moment
from agent.rulebook.table_head import DATES, Head, Reading, headers, refuse_ambiguous
from agent.rulebook.tracked import interview_of

_PLAIN = (Column.REQUISITION, Column.VIA, Column.POLICY, Column.TIMEZONE, Column.REGION)
_SPOKEN = (Column.COUNTRY, Column.LANGUAGE)
"""Columns that people fill with words (`Germany`) where a code is wanted; the words become a note."""
_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\".]+(?:\.[^@\s<>,;:\".]+)+")


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRow:
    """One candidacy of a table."""

    number: int
    """Of its row."""
    interview: Interview
    status: Status | None
    """Where the table says that it stands, when that is more than an application."""
    status_at: datetime | None
    """Since when; None where the table does not say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """What a table holds."""

    rows: tuple[TableRow, ...]
    refused: tuple[RuleProblem, ...] = ()
    """Rows that are not taken; `line` is the number of the row, `column` that of the cell."""
    doubts: tuple[RuleProblem, ...] = ()
    """Cells that are not taken, of rows that are."""
    not_applied: tuple[int, ...] = ()
    """Rows of jobs that were not applied to yet."""
    repeated: tuple[tuple[int, int], ...] = ()
    """Rows that tell of the same candidacy as an earlier one: (row, the earlier one)."""


def read_table(rows: Sequence[Row], file: str, reading: Reading, *, tracked: Collection[Interview]) -> Table:
    """Return the candidacies in the rows of a file; those that are `tracked` have the ids that they have there.

    Raises `RulesRefused` where the headers do not say which columns hold company and role, or where dates may be read in two ways
    and `order` does not say which.
    """
    head, body = headers(rows, file, reading)
    order = reading.order or order_of(
        cell for row in body for cell, column in zip(row.cells, head.said, strict=False) if column in DATES
    )
    refuse_ambiguous(body, head, file, reading, order)
    table = _Reader(file, head, replace(reading, order=order), tracked)
    for row in body:
        table.read(row)
    return Table(
        rows=tuple(table.rows),
        refused=tuple(table.refused),
        doubts=tuple(table.doubts),
        not_applied=tuple(table.not_applied),
        repeated=tuple(table.repeated),
    )


class _Reader:
    """Reads the rows of one table."""

    def __init__(self, file: str, head: Head, reading: Reading, tracked: Collection[Interview]) -> None:
        self._file = file
        self._head = head
        self._reading = reading
        self._tracked = tuple(tracked)
        self._used = {each.id for each in tracked}
        self.rows: list[TableRow] = []
        self.refused: list[RuleProblem] = []
        self.doubts: list[RuleProblem] = []
        self.not_applied: list[int] = []
        self.repeated: list[tuple[int, int]] = []

    def read(self, row: Row) -> None:
        """Read one row."""
        cells = self._cells(row)
        if lacking := [column for column in (Column.COMPANY, Column.ROLE) if not cells.get(column)]:
            if cells:
                what = f"the row names no {' and no '.join(lacking)}"
                self.refused.append(self._problem(row, lacking[0], what, "fill it in, or take the row out"))
            return
        status, not_applied = self._status(row, cells)
        if not_applied:
            self.not_applied.append(row.number)
            return
        days = self._days(row, cells)
        since = days.get(Column.STATUS_ON)
        if cells.get(Column.ARCHIVED) and self._says_yes(cells[Column.ARCHIVED]) and status not in ENDED:
            status, since = Status.MOVED_ON, days.get(Column.ARCHIVED_ON)
        if Column.APPLIED_ON not in days and status in (None, Status.APPLIED) and (made := since or days.get(Column.SAVED_ON)):
            days[Column.APPLIED_ON] = made
        entry = self._entry(row, cells, days)
        interview = self._valid(row, entry)
        if interview is None:
            return
        earlier = next((each for each in self.rows if _same(each.interview, interview)), None)
        if earlier is not None:
            self.repeated.append((row.number, earlier.number))
            return
        interview = replace(interview, id=self._id(interview, cells.get(Column.ID)))
        other = next((each.number for each in self.rows if each.interview.id == interview.id), None)
        if other is not None:
            what = f"row {other} is {interview.id} already"
            self.refused.append(self._problem(row, Column.ID, what, "give one of them a requisition, or another id"))
            return
        self._used.add(interview.id)
        told_by_rounds = bool(interview.rounds) and status is Status.INVITED
        self.rows.append(
            TableRow(
                number=row.number,
                interview=interview,
                status=None if status is Status.APPLIED or told_by_rounds else status,
                status_at=self._at(since) if since else None,
            )
        )

    # Cells

    def _cells(self, row: Row) -> dict[Column, str]:
        found: dict[Column, str] = {}
        for place, (cell, column) in enumerate(zip(row.cells, self._head.said, strict=False)):
            if column is None or not self._holds(cell):
                continue
            if cell.startswith("="):
                self._doubt(row, place, f"{cell[:40]!r} is a formula", "write its value")
                continue
            found[column] = cell
        return found

    def _holds(self, cell: str) -> bool:
        return bool(cell) and cell.casefold() not in self._reading.columns.empty

    def _says_yes(self, cell: str) -> bool:
        return plain(cell) in self._reading.columns.yes

    def _status(self, row: Row, cells: Mapping[Column, str]) -> tuple[Status | None, bool]:
        """Return the status that a row names, and whether it was not applied to yet."""
        cell = cells.get(Column.STATUS, "")
        key, known = status_key(cell), self._reading.columns
        if key in self._reading.statuses:
            said = self._reading.statuses[key]
            return said, said is None
        if key in known.not_applied:
            return None, True
        if cell and key not in known.statuses:
            name = cell if "," not in cell and "=" not in cell else "..."
            self._doubt(
                row,
                self._head.said.index(Column.STATUS),
                f"the status {cell[:60]!r} is not known; the row is taken as an application",
                f"say what it means: --statuses '{name}=rejected'",
            )
        return known.statuses.get(key), False

    def _days(self, row: Row, cells: Mapping[Column, str]) -> dict[Column, Moment]:
        found: dict[Column, Moment] = {}
        for column in DATES & cells.keys():
            try:
                found[column] = read_moment(cells[column], self._reading.columns.months, self._reading.order)
            except (NoDate, Ambiguous) as wrong:
                if column is Column.INTERVIEW_AT and not any(char.isdigit() for char in cells[column]):
                    continue  # a column `Interview` that says yes or no
                what = f"{cells[column][:40]!r}: {wrong}"
                self._doubt(row, self._head.said.index(column), what, "the row is taken without it")
        return found

    def _at(self, moment: Moment) -> datetime:
        """Return the moment in UTC; noon of the user's day where no time is named."""
        at = datetime.combine(moment.day, moment.at or time(12))
        return (at if at.tzinfo else at.replace(tzinfo=self._reading.zone)).astimezone(UTC)

    # One interview

    def _entry(self, row: Row, cells: Mapping[Column, str], days: Mapping[Column, Moment]) -> dict[str, Any]:
        """Return the row in the form of the interviews file, without the id."""
        entry: dict[str, Any] = {"company": cells[Column.COMPANY], "role": cells[Column.ROLE]}
        entry |= {column.value: cells[column] for column in (*_PLAIN, *_SPOKEN) if column in cells}
        if Column.APPLIED_ON in days:
            entry["applied_on"] = days[Column.APPLIED_ON].day
        contacts, told = self._contacts(cells)
        entry["contacts"] = contacts
        entry["rounds"] = self._rounds(cells, days)
        entry["aliases"] = _parts(cells.get(Column.ALIASES))
        entry["closed"] = _parts(cells.get(Column.CLOSED))
        entry["domains"] = list(
            dict.fromkeys([*_parts(cells.get(Column.DOMAINS)), *self._website(cells.get(Column.WEBSITE, ""))])
        )
        notes = [cells.get(Column.NOTES, ""), told]
        if (day := days.get(Column.INTERVIEW_AT)) is not None and day.at is None:
            notes.append(f"Interview: {day.day.isoformat()}")
        notes += [
            f"{name}: {' '.join(cell.split())}"
            for cell, name in zip(row.cells, self._head.noted, strict=False)
            if name and self._holds(cell) and not cell.startswith("=")
        ]
        entry["notes"] = "\n".join(part for part in notes if part)
        return {key: value for key, value in entry.items() if value not in ([], "")}

    def _contacts(self, cells: Mapping[Column, str]) -> tuple[list[dict[str, str]], str]:
        """Return the contacts of a row, and what is told of one without an address."""
        found = [_contact(part) for part in _parts(cells.get(Column.CONTACTS))]
        name, phone = cells.get(Column.CONTACT_NAME, ""), cells.get(Column.CONTACT_PHONE, "")
        emails = _ADDRESS.findall(f"{cells.get(Column.CONTACT_EMAIL, '')} {name}")
        if emails:
            person = {"name": _ADDRESS.sub("", name).strip(" <>()"), "email": emails[0], "phone": phone}
            person["role"] = cells.get(Column.CONTACT_ROLE, "")
            found.append({key: value for key, value in person.items() if value or key == "email"})
            found += [{"email": email} for email in emails[1:]]
        told = ", ".join(part for part in (name, phone) if part) if not emails else ""
        unique = {each["email"].lower(): each for each in reversed(found)}
        return list(reversed(unique.values())), f"Contact: {told}" if told else ""

    def _rounds(self, cells: Mapping[Column, str], days: Mapping[Column, Moment]) -> list[dict[str, Any]]:
        found = [_round(part) for part in _parts(cells.get(Column.ROUNDS))]
        day = days.get(Column.INTERVIEW_AT)
        if day is not None and day.at is not None:
            at = self._at(day).astimezone(self._reading.zone).isoformat(timespec="minutes")
            found.append({"at": at})
        return found

    def _website(self, text: str) -> list[str]:
        """Return the employer's own domain, from its web site."""
        host = re.sub(r"\A[a-z]+://", "", text.strip().lower()).partition("/")[0].partition("?")[0].partition(":")[0]
        domain = registrable(host)
        if "." not in domain or " " in domain or self._reading.senders.platform(domain) is not None:
            return []
        return [domain]

    def _valid(self, row: Row, entry: dict[str, Any]) -> Interview | None:
        """Return the interview; what does not fit and may be missing is left out, and told."""
        while True:
            try:
                return interview_of({"id": "new", **entry}, where=self._file)
            except RulesRefused as refused:
                for problem in refused.problems:
                    found = re.match(r"`0\.([a-z_]+)[^`]*`:? ", problem.what)
                    key = found[1] if found else ""
                    if key in ("company", "role", "") or key not in entry:
                        self.refused.append(self._problem(row, Column.COMPANY, problem.what, problem.mend))
                        return None
                    value = entry.pop(key)
                    if key in _SPOKEN:
                        line = f"{key.capitalize()}: {value}"
                        entry["notes"] = f"{entry['notes']}\n{line}" if entry.get("notes") else line
                    else:
                        what = problem.what[found.end() :] if found else problem.what
                        self.doubts.append(self._problem(row, _column_of(key), f"{key}: {what}", "the row is taken without it"))

    def _id(self, interview: Interview, said: str | None) -> str:
        """Return the id: as the row says it, that of the same candidacy where it is tracked, or one made of company and role."""
        if said and re.fullmatch("[a-z0-9-]+", said):
            return said
        known = next((each.id for each in self._tracked if _tells_of(interview, each)), None)
        if known is not None:
            return known
        return named_id(interview.company, interview.role, self._used)

    # What is told

    def _doubt(self, row: Row, place: int, what: str, mend: str) -> None:
        self.doubts.append(RuleProblem(file=self._file, line=row.number, column=place + 1, what=what, mend=mend))

    def _problem(self, row: Row, column: Column, what: str, mend: str) -> RuleProblem:
        place = self._head.said.index(column) if column in self._head.said else 0
        return RuleProblem(file=self._file, line=row.number, column=place + 1, what=what, mend=mend)


def _same(one: Interview, other: Interview) -> bool:
    """Whether two rows of one table are the same candidacy: spelled alike, with no two requisitions."""
    alike = plain(one.company) == plain(other.company) and plain(one.role) == plain(other.role)
    return alike and one.requisition == other.requisition


def _tells_of(interview: Interview, tracked: Interview) -> bool:
    """Whether a row is of a tracked candidacy: the same employer under one of its names, the same role, no two requisitions."""
    names = {company_name(name) for name in (tracked.company, *tracked.aliases)}
    numbers = {each.requisition for each in (interview, tracked) if each.requisition}
    return (
        company_name(interview.company) in names - {()}
        and role_name(interview.role) == role_name(tracked.role)
        and len(numbers) < 2
    )


def _parts(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


def _contact(text: str) -> dict[str, str]:
    """Return a contact of `Name <address> role phone`."""
    name, _, rest = text.rpartition("<")
    email, _, more = rest.partition(">")
    role, _, phone = more.strip().partition(" ")
    return {
        key: value for key, value in {"name": name.strip(), "email": email.strip(), "role": role, "phone": phone}.items() if value
    }


def _round(text: str) -> dict[str, Any]:
    """Return an interview of `TIME MINUTES ADDRESS...`."""
    at, *rest = text.split()
    minutes = int(rest.pop(0)) if rest and rest[0].isdecimal() and len(rest[0]) < 6 else 60
    return {"at": at, "minutes": minutes, "with": rest}


def _column_of(key: str) -> Column:
    """Return the column from which a key of the interviews file came."""
    return {"contacts": Column.CONTACT_EMAIL, "rounds": Column.INTERVIEW_AT}.get(key) or Column(key)
