"""`interview-agent interviews`: what is tracked."""

import argparse
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from agent.accounts.settings import Settings
from agent.cli.board import state_as_json
from agent.cli.endings import UsageProblem, WorkFailed
from agent.cli.printing import print_json, print_table
from agent.cli.state import open_ledger, settings_of
from agent.daemon.casebook import Casebook
from agent.daemon.receiving import REMATCH
from agent.interviews import Event, EventKind, Interview, Status
from agent.rulebook.tracked import entry_of, interview_of, read_interviews, write_interviews
from agent.store import Ledger


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `interviews`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    adding = actions.add_parser("add", help="track an interview")
    adding.add_argument("id", metavar="ID", help="a short name, such as acme-backend")
    adding.add_argument("--company", required=True)
    adding.add_argument("--role", required=True)
    _facts(adding)
    listing = actions.add_parser("list", help="list what is tracked")
    listing.add_argument("--json", action="store_true")
    showing = actions.add_parser("show", help="show one interview as the file has it")
    showing.add_argument("id", metavar="ID")
    showing.add_argument("--json", action="store_true")
    editing = actions.add_parser("edit", help="change facts, or set the status by hand; lists are replaced")
    editing.add_argument("id", metavar="ID")
    editing.add_argument("--company")
    editing.add_argument("--role")
    editing.add_argument("--status", choices=[status.value for status in Status], help="stands until newer evidence")
    _facts(editing)
    noting = actions.add_parser("note", help="write something down; drafts use lines that begin with 'topic:'")
    noting.add_argument("id", metavar="ID")
    noting.add_argument("text", nargs="+")
    importing = actions.add_parser("import", help="track all interviews of a YAML file; known ids are replaced")
    importing.add_argument("file", metavar="FILE", help="the file, or - for standard input")
    exporting = actions.add_parser("export", help="write all interviews as YAML")
    exporting.add_argument("file", metavar="FILE", nargs="?", help="the file; standard output without")


def _facts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--alias", action="append", help="brand or former name; may be repeated")
    parser.add_argument("--domain", action="append", help="mail domain of the employer; may be repeated")
    parser.add_argument("--requisition")
    parser.add_argument("--via", help="agency")
    parser.add_argument("--applied-on", metavar="DATE", help="such as 2026-09-01")
    parser.add_argument("--country", help="two letters; its holidays count")
    parser.add_argument("--timezone", help="such as Europe/Berlin")
    parser.add_argument("--language", help="of the drafts, such as en")
    parser.add_argument("--contact", action="append", metavar="'NAME <ADDRESS> ROLE'", help="recruiter, hiring_manager, ...")
    parser.add_argument(
        "--round", action="append", metavar="'TIME [MINUTES] [ADDRESS...]'", help="such as '2026-09-10T14:00+02:00 45'"
    )
    parser.add_argument("--notes")


def run(arguments: argparse.Namespace) -> int:
    """Carry one of the actions out."""
    settings = settings_of(arguments)
    with open_ledger(settings) as ledger:
        match arguments.action:
            case "add":
                _add(ledger, settings, arguments)
            case "list":
                _list(ledger, as_json=arguments.json)
            case "show":
                _show(_known(ledger, arguments.id), as_json=arguments.json)
            case "edit":
                _edit(ledger, arguments)
            case "note":
                _note(ledger, _known(ledger, arguments.id), " ".join(arguments.text))
            case "import":
                _import(ledger, settings, arguments.file)
            case "export":
                _export(ledger, arguments.file)
    return 0


def _add(ledger: Ledger, settings: Settings, arguments: argparse.Namespace) -> None:
    if any(interview.id == arguments.id for interview in ledger.interviews()):
        raise UsageProblem(
            f"{arguments.id!r} is tracked already; change it with `interview-agent interviews edit {arguments.id}`"
        )
    interview = interview_of({"id": arguments.id, **_given(arguments)}, where="the command line", language=settings.user.language)
    _keep(ledger, [interview])
    print(f"{interview.id}: tracked. Mail that was read already is matched again in the next pass.")


def _list(ledger: Ledger, *, as_json: bool) -> None:
    candidacies = Casebook(ledger, datetime.now(UTC)).candidacies()
    if as_json:
        print_json([state_as_json(each) for each in candidacies])
        return
    print_table(
        ("interview", "company", "role", "status"),
        [(each.interview.id, each.interview.company, each.interview.role, each.state.status) for each in candidacies],
    )


def _show(interview: Interview, *, as_json: bool) -> None:
    if as_json:
        print_json(entry_of(interview))
    else:
        print(write_interviews([interview]), end="")


def _edit(ledger: Ledger, arguments: argparse.Namespace) -> None:
    interview = _known(ledger, arguments.id)
    given = _given(arguments)
    if not given and not arguments.status:
        raise UsageProblem("nothing to change; name what to change, such as --role or --status (see --help)")
    if given:
        _keep(ledger, [interview_of({**entry_of(interview), **given}, where="the command line")])
    if arguments.status:
        with ledger.transaction():
            ledger.add_event(
                Event(
                    interview=interview.id,
                    at=datetime.now(UTC),
                    kind=EventKind.SET,
                    status=Status(arguments.status),
                    rule="set by hand",
                )
            )
    print(f"{interview.id}: changed.")


def _note(ledger: Ledger, interview: Interview, text: str) -> None:
    notes = f"{interview.notes}\n{text}" if interview.notes else text
    with ledger.transaction():
        ledger.put_interview(replace(interview, notes=notes))
        ledger.add_event(Event(interview=interview.id, at=datetime.now(UTC), kind=EventKind.NOTE, note=text))
    print(f"{interview.id}: noted.")


def _import(ledger: Ledger, settings: Settings, file: str) -> None:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageProblem(f"{file}: is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise UsageProblem(f"{file}: cannot be read ({error.strerror}); check the path") from error
    interviews = read_interviews(text, file, language=settings.user.language)
    _keep(ledger, interviews)
    print(f"{len(interviews)} interviews are tracked from {file}.")


def _export(ledger: Ledger, file: str | None) -> None:
    text = write_interviews(ledger.interviews())
    if file is None:
        print(text, end="")
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise WorkFailed(f"{file}: cannot be written ({error.strerror}); name another file") from error


def _keep(ledger: Ledger, interviews: list[Interview]) -> None:
    with ledger.transaction():
        for interview in interviews:
            ledger.put_interview(interview)
        ledger.note(REMATCH, "1")


def _known(ledger: Ledger, wanted: str) -> Interview:
    known = {interview.id: interview for interview in ledger.interviews()}
    if wanted not in known:
        raise UsageProblem(f"no interview {wanted!r} is tracked; tracked are: {', '.join(known) or 'none'}")
    return known[wanted]


def _given(arguments: argparse.Namespace) -> dict[str, object]:
    """Return what the options say, in the form of the interviews file."""
    given: dict[str, object] = {}
    for name in ("company", "role", "requisition", "via", "country", "timezone", "language", "notes"):
        value = getattr(arguments, name)
        if value is not None:
            given[name] = value
    if arguments.applied_on:
        given["applied_on"] = arguments.applied_on
    if arguments.alias:
        given["aliases"] = arguments.alias
    if arguments.domain:
        given["domains"] = arguments.domain
    if arguments.contact:
        given["contacts"] = [_contact(text) for text in arguments.contact]
    if arguments.round:
        given["rounds"] = [_round(text) for text in arguments.round]
    return given


def _contact(text: str) -> dict[str, str]:
    name, _, rest = text.rpartition("<")
    address, _, role = rest.partition(">")
    if not address or ">" not in text:
        words = text.split()
        address, role, name = words[0], " ".join(words[1:]), ""
    return {"name": name.strip(), "email": address.strip(), "role": role.strip() or "recruiter"}


def _round(text: str) -> dict[str, object]:
    at, *rest = text.split()
    minutes = int(rest.pop(0)) if rest and rest[0].isdecimal() else 60
    return {"at": at, "minutes": minutes, "with": rest}
