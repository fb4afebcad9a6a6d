"""`interviews import` and `interviews export`: what is tracked, from files and into files."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.accounts.settings import Settings
from agent.cli.endings import UsageProblem, WorkFailed
from agent.cli.printing import counted, print_paragraph, print_table
from agent.daemon.casebook import Casebook
from agent.interviews import Event, Interview, Status
from agent.plan.importing import differing, merge, status_event
from agent.rulebook.columns import Column, Columns, load_columns, plain, status_key
from agent.rulebook.policies import policy_names
from agent.rulebook.problems import RuleProblem
from agent.rulebook.senders import load_senders
from agent.rulebook.spreadsheet import read_rows, write_rows
from agent.rulebook.table import Table, TableRow, read_table
from agent.rulebook.table_dates import Order
from agent.rulebook.table_head import Reading
from agent.rulebook.tracked import entry_of, read_interviews, read_interviews_json, table_of, write_interviews
from agent.store import Fact, Ledger

_FORMATS = ("yaml", "json", "csv")
_BY_ENDING = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".jsonl": "json", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}


def import_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `interviews import`."""
    parser.description = (
        "Track what a file lists: the export of another tracker (Huntr, Teal, Simplify) or a spreadsheet as CSV, or an "
        "interviews file as YAML or JSON. A CSV fills in what is tracked already, an interviews file replaces it. "
        "Importing a file again changes nothing."
    )
    parser.add_argument("file", metavar="FILE", help="the file, or - for standard input")
    parser.add_argument("--format", choices=_FORMATS, help="what the file is, where its name does not end so")
    parser.add_argument("--dry-run", action="store_true", help="show what would be taken, and change nothing")
    parser.add_argument(
        "--columns", metavar="HEADER=FIELD,...", help="what columns mean that are not known, such as 'Firma=company,Stelle=role'"
    )
    parser.add_argument("--statuses", metavar="WORD=STATUS,...", help="what status words mean that are not known")
    parser.add_argument(
        "--dates", choices=[order.value for order in Order], help="whether 3/4/2026 has the day or the month first"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="where a CSV says something else than is tracked, take the CSV's"
    )


def export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `interviews export`."""
    parser.add_argument("file", metavar="FILE", nargs="?", help="the file (.yaml, .json, .csv); standard output without")
    parser.add_argument("--format", choices=_FORMATS, help="where no name of a file says it; YAML by default")


def import_(ledger: Ledger, arguments: argparse.Namespace, settings: Settings) -> int:
    """Track what a file lists, and say what was taken and what was not; the status is 1 where a row was not."""
    file = arguments.file
    shown = "standard input" if file == "-" else file
    raw = _bytes_of(file, shown)
    rules = settings.rules.folder
    now = datetime.now(UTC)
    if _format_of(file, raw, arguments.format) == "csv":
        table = _table(ledger, raw, shown, arguments, settings)
        check_policies([row.interview for row in table.rows], rules, where=shown)
        changes = _of_table(ledger, table, now, over=arguments.overwrite)
        _tell_left_out(table, shown)
    else:
        changes = _of_interviews(ledger, _interviews_of(raw, shown, arguments.format or Path(file).suffix), rules, shown)
        table = Table(rows=())
    if not arguments.dry_run:
        with ledger.transaction():
            for change in changes:
                change.write()
            if any(change.how for change in changes):
                ledger.note(Fact.REMATCH, "1")
    _tell(changes, shown, dry=arguments.dry_run, every=bool(table.rows) or arguments.dry_run)
    return 1 if table.refused else 0


def export(ledger: Ledger, file: str | None, wanted: str | None) -> None:
    """Write all interviews into a file, or to standard output."""
    form = wanted or (_BY_ENDING.get(Path(file).suffix.lower()) if file else "yaml")
    if form is None:
        raise UsageProblem(f"{file}: its name does not say what it is to be; end it in .yaml, .json or .csv, or say --format")
    text = _written(ledger, form)
    if file is None:
        print(text, end="")
        return
    encoding = "utf-8-sig" if form == "csv" else "utf-8"  # by the mark at its beginning Excel knows that it is UTF-8
    try:
        Path(file).write_text(text, encoding=encoding, newline="")
    except OSError as error:
        raise WorkFailed(f"{file}: cannot be written ({error.strerror}); name another file") from error


def check_policies(interviews: Iterable[Interview], rules: Path | None, *, where: str) -> None:
    """Refuse interviews that name a policy which does not exist; whether it can be used, `check` and `rules check` tell."""
    named = [interview for interview in interviews if interview.policy]
    known = policy_names(rules) if named else ()
    if lacking := [interview for interview in named if interview.policy not in known]:
        told = (f"{where}: {each.id} names the policy {each.policy!r}, which does not exist" for each in lacking)
        raise UsageProblem("\n".join(f"{each}; choose one of: {', '.join(known)}" for each in told))


# What a file says


def _bytes_of(file: str, shown: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageProblem(f"{shown}: cannot be read ({error.strerror}); check the path") from error


def _format_of(file: str, raw: bytes, wanted: str | None) -> str:
    """Return what a file is: as the user says, by its ending, or by how it begins."""
    if wanted:
        return wanted
    ending = Path(file).suffix.lower()
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    head = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in (b"[", b"{"):
        return "json"
    first = head.partition(b"\n")[0]
    return "yaml" if file == "-" and (first[:1] in (b"-", b"#") or not re.search(rb"[,;\t\0]", first)) else "csv"


def _interviews_of(raw: bytes, shown: str, form: str) -> list[Interview]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageProblem(f"{shown}: is not UTF-8 text; save it as UTF-8") from None
    as_json = form in ("json", ".json", ".jsonl") or text.lstrip()[:1] in ("{", "[")
    return read_interviews_json(text, shown) if as_json else read_interviews(text, shown)


def _table(ledger: Ledger, raw: bytes, shown: str, arguments: argparse.Namespace, settings: Settings) -> Table:
    columns = load_columns(settings.rules.folder)
    reading = Reading(
        columns=columns,
        senders=load_senders(settings.rules.folder),
        zone=settings.user.zone,
        order=Order(arguments.dates) if arguments.dates else None,
        renamed={plain(name): _column(said) for name, said in _pairs(arguments.columns, "--columns", "Firma=company")},
        statuses={
            status_key(name): _status(said, columns) for name, said in _pairs(arguments.statuses, "--statuses", "Foo=rejected")
        },
    )
    return read_table(read_rows(raw, shown), shown, reading, tracked=ledger.interviews())


def _pairs(text: str | None, option: str, example: str) -> list[tuple[str, str]]:
    """Return the pairs of an option such as `Firma=company,Stelle=role`."""
    pairs = [part.rpartition("=") for part in (text or "").split(",") if part.strip()]
    for name, equals, said in pairs:
        if not equals or not name.strip() or not said.strip():
            raise UsageProblem(f"{option} {text!r}: write pairs such as '{example}', with commas between them")
    return [(name.strip(), said.strip()) for name, _, said in pairs]


def _column(said: str) -> Column | None:
    if said == "none":
        return None
    if said not in set(Column):
        raise UsageProblem(f"--columns: {said!r} is no field; choose one of: {', '.join(Column)}, or none to leave a column out")
    return Column(said)


def _status(said: str, columns: Columns) -> Status | None:
    if said in ("none", "not_applied"):
        return None
    if said in set(Status):
        return Status(said)
    known = columns.statuses.get(status_key(said))
    if known is None:
        raise UsageProblem(
            f"--statuses: {said!r} is no status; choose one of: {', '.join(Status)}, or none for what was not applied to yet"
        )
    return known


# What follows from it


@dataclass(frozen=True, kw_only=True, slots=True)
class _Change:
    """What an import does to one candidacy."""

    interview: Interview
    how: str
    """`new`, or what changes; empty for nothing."""
    status: str = ""
    kept: tuple[str, ...] = ()
    write: Callable[[], None]


def _of_interviews(ledger: Ledger, interviews: Sequence[Interview], rules: Path | None, shown: str) -> list[_Change]:
    check_policies(interviews, rules, where=shown)
    known = {interview.id: interview for interview in ledger.interviews()}
    changes = []
    for each in interviews:
        before = known.get(each.id)
        how = "new" if before is None else ", ".join(differing(before, each))
        changes.append(_Change(interview=each, how=how, write=_putting(ledger, each)))
    return changes


def _of_table(ledger: Ledger, table: Table, now: datetime, *, over: bool) -> list[_Change]:
    casebook = Casebook(ledger, now)
    known = {interview.id: interview for interview in casebook.interviews()}
    return [_of_row(ledger, casebook, row, known.get(row.interview.id), now, over=over) for row in table.rows]


def _of_row(
    ledger: Ledger, casebook: Casebook, row: TableRow, tracked: Interview | None, now: datetime, *, over: bool
) -> _Change:
    interview, how = row.interview, "new"
    kept: tuple[str, ...] = ()
    present, events = Status.APPLIED, list[Event]()
    if tracked is not None:
        merged = merge(tracked, interview, over=over)
        interview, how, kept = merged.interview, ", ".join(merged.changed), merged.kept
        present, events = casebook.candidacy(tracked.id).state.status, ledger.events(tracked.id)
    event = None
    if row.status is not None:
        at = min(row.status_at, now - timedelta(seconds=1)) if row.status_at else now
        event = status_event(interview.id, row.status, at, present=present, events=events)
    if event is not None and tracked is not None:
        how = f"{how}, status" if how else "status"
    elif row.status not in (None, present):
        kept = (*kept, f"the status is {present} here and {row.status} there")

    def write() -> None:
        ledger.put_interview(interview)
        if event is not None:
            ledger.add_event(event)

    return _Change(interview=interview, how=how, status=row.status or Status.APPLIED, kept=kept, write=write)


def _putting(ledger: Ledger, interview: Interview) -> Callable[[], None]:
    return lambda: ledger.put_interview(interview)


# What is told


def _tell(changes: Sequence[_Change], shown: str, *, dry: bool, every: bool) -> None:
    print(f"{'Would take' if dry else 'Took'} {counted(len(changes), 'interview')} from {shown}.")
    new = [change for change in changes if change.how == "new"]
    if every and new:
        print_table(
            ("new", "company", "role", "status"),
            [(each.interview.id, each.interview.company, each.interview.role, each.status or "applied") for each in new],
            may_go=("status",),
        )
    for change in changes:
        if change.how not in ("", "new"):
            print_paragraph(f"{change.interview.id}: changed ({change.how}).")
    if every and (same := sum(not change.how for change in changes)):
        print(f"{counted(same, 'interview')} stood here so already.")
    for change in changes:
        for difference in change.kept:
            print_paragraph(f"{change.interview.id}: {difference}; it stays as it is here.")
    if any(change.kept for change in changes):
        print_paragraph(
            "--overwrite takes the file's word where facts differ; a status is set with `interviews edit ID --status`."
        )


def _tell_left_out(table: Table, shown: str) -> None:
    """Tell what is not taken, on standard error."""
    for problem in (*table.refused, *table.doubts):
        print(problem, file=sys.stderr)
    for row, earlier in table.repeated:
        what = RuleProblem(
            file=shown,
            line=row,
            column=1,
            what=f"it is the candidacy of row {earlier} again and is left out",
            mend="give both a requisition if they are two",
        )
        print(what, file=sys.stderr)
    if table.not_applied:
        rows = ", ".join(str(number) for number in table.not_applied)
        print(
            f"{shown}: not applied to yet and left out: row{'s' if len(table.not_applied) > 1 else ''} {rows}.", file=sys.stderr
        )


def _written(ledger: Ledger, form: str) -> str:
    if form == "yaml":
        return write_interviews(ledger.interviews())
    if form == "json":
        entries = [entry_of(interview) for interview in ledger.interviews()]
        return json.dumps(entries, ensure_ascii=False, indent=2, default=lambda value: value.isoformat()) + "\n"
    casebook = Casebook(ledger, datetime.now(UTC))
    return write_rows(table_of([(each.interview, each.state.status) for each in casebook.candidacies()]))
