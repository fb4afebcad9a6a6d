"""`interview-agent interviews`: what is tracked."""

import argparse
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from agent.accounts.settings import Settings
from agent.cli.as_json import state_as_json
from agent.cli.board import NOTHING_TRACKED
from agent.cli.endings import UsageProblem
from agent.cli.importing import check_policies, export, export_arguments, import_, import_arguments
from agent.cli.printing import print_json, print_table
from agent.cli.state import every_settings, open_ledger, settings_holding, settings_of, tracking
from agent.daemon.casebook import Casebook
from agent.interviews import Event, EventKind, Interview, Status
from agent.interviews.candidacy import Candidacy
from agent.interviews.interview import ContactRole
from agent.rulebook.problems import RulesRefused
from agent.rulebook.tracked import entry_of, interview_of, write_interviews
from agent.store import Fact, Ledger

_OPTIONS = {
    "id": "ID",
    "aliases": "--alias",
    "domains": "--domain",
    "contacts": "--contact",
    "rounds": "--round",
    "applied_on": "--applied-on",
}
"""Key of the interviews file → the option of another name that sets it."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `interviews`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    adding = actions.add_parser("add", help="track an interview")
    adding.add_argument("id", metavar="ID", help="a short name, such as acme-backend")
    adding.add_argument("--company", required=True, metavar="NAME", help="the employer")
    adding.add_argument("--role", required=True, metavar="TITLE", help="the job, as the employer calls it")
    _facts(adding)
    listing = actions.add_parser("list", help="list what is tracked")
    listing.add_argument("--json", action="store_true")
    showing = actions.add_parser("show", help="show one interview as the file has it")
    showing.add_argument("id", metavar="ID")
    showing.add_argument("--json", action="store_true")
    editing = actions.add_parser(
        "edit",
        help="change facts, or set the status by hand",
        description="Change facts, or set the status by hand. Lists are replaced; an empty text ('') removes a fact.",
    )
    editing.add_argument("id", metavar="ID")
    editing.add_argument("--company", metavar="NAME", help="the employer")
    editing.add_argument("--role", metavar="TITLE", help="the job, as the employer calls it")
    editing.add_argument(
        "--status",
        choices=[status.value for status in Status],
        metavar="STATUS",
        help=f"stands until newer evidence; one of {', '.join(Status)}",
    )
    _facts(editing)
    noting = actions.add_parser("note", help="write something down; drafts use lines that begin with 'topic:'")
    noting.add_argument("id", metavar="ID")
    noting.add_argument("text", nargs="+")
    import_arguments(actions.add_parser("import", help="track what a file lists: another tracker's export, CSV, YAML or JSON"))
    export_arguments(actions.add_parser("export", help="write all interviews as YAML, JSON or CSV"))


def _facts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--alias", action="append", metavar="NAME", help="brand or former name; may be repeated")
    parser.add_argument("--domain", action="append", metavar="DOMAIN", help="mail domain of the employer; may be repeated")
    parser.add_argument("--requisition", metavar="NUMBER", help="of the job, such as R-1234")
    parser.add_argument("--via", metavar="NAME", help="the agency")
    parser.add_argument("--applied-on", metavar="DATE", help="such as 2026-09-01")
    parser.add_argument("--country", metavar="CODE", help="two letters; its holidays count")
    parser.add_argument("--region", metavar="CODE", help="part of the country with holidays of its own, such as BY")
    parser.add_argument("--closed", action="append", metavar="DATE", help="a day off of this employer; may be repeated")
    parser.add_argument("--timezone", metavar="ZONE", help="such as Europe/Berlin")
    parser.add_argument("--language", metavar="CODE", help="of the drafts, such as en; else that of the conversation")
    parser.add_argument("--policy", metavar="PRESET", help="for this interview alone, such as two-touch")
    parser.add_argument(
        "--contact", action="append", metavar="'NAME <ADDRESS> ROLE [PHONE]'", help=f"role: {', '.join(ContactRole)}"
    )
    parser.add_argument(
        "--round", action="append", metavar="'TIME [MINUTES] [ADDRESS...]'", help="such as '2026-09-10T14:00+02:00 45'"
    )
    parser.add_argument("--notes", metavar="TEXT", help="replaces the notes; `interviews note` adds to them")


def run(arguments: argparse.Namespace) -> int:
    """Carry one of the actions out."""
    if arguments.action == "list":
        _list(every_settings(arguments), as_json=arguments.json)
        return 0
    if arguments.action in ("show", "edit", "note"):
        settings = settings_holding(arguments, tracking(arguments.id), f"interview {arguments.id!r}")
    else:
        settings = settings_of(arguments)
    rules = settings.rules.folder
    with open_ledger(settings) as ledger:
        match arguments.action:
            case "add":
                _add(ledger, arguments, rules)
            case "show":
                _show(_known(ledger, arguments.id), as_json=arguments.json)
            case "edit":
                _edit(ledger, arguments, rules)
            case "note":
                _note(ledger, _known(ledger, arguments.id), " ".join(arguments.text))
            case "import":
                return import_(ledger, arguments, settings)
            case "export":
                export(ledger, arguments.file, arguments.format)
    return 0


def _add(ledger: Ledger, arguments: argparse.Namespace, rules: Path | None) -> None:
    if any(interview.id == arguments.id for interview in ledger.interviews()):
        raise UsageProblem(
            f"{arguments.id!r} is tracked already; change it with `interview-agent interviews edit {arguments.id}`"
        )
    interview = _told({"id": arguments.id, **_given(arguments)})
    check_policies([interview], rules, where="--policy")
    _keep(ledger, [interview])
    print(f"{interview.id}: tracked. Mail that was read already is matched again in the next pass.")


def _list(every: list[Settings], *, as_json: bool) -> None:
    now = datetime.now(UTC)
    several = len(every) > 1
    found: list[tuple[str, Candidacy]] = []
    for settings in every:
        with open_ledger(settings) as ledger:
            found += [(settings.name, each) for each in Casebook(ledger, now).candidacies()]
    if as_json:
        print_json([({"account": account} if several else {}) | state_as_json(each) for account, each in found])
        return
    if not found:
        print(NOTHING_TRACKED)
    rows = [
        (account, each.interview.id, each.interview.company, each.interview.role, each.state.status) for account, each in found
    ]
    head = ("account", "interview", "company", "role", "status")
    print_table(*((head, rows) if several else (head[1:], [row[1:] for row in rows])))


def _show(interview: Interview, *, as_json: bool) -> None:
    if as_json:
        print_json(entry_of(interview))
    else:
        print(write_interviews([interview]), end="")


def _edit(ledger: Ledger, arguments: argparse.Namespace, rules: Path | None) -> None:
    interview = _known(ledger, arguments.id)
    given = _given(arguments)
    if not given and not arguments.status:
        raise UsageProblem("nothing to change; name what to change, such as --role or --status (see --help)")
    if given:
        whole = {**entry_of(interview), **given}
        kept = {key: value for key, value in whole.items() if key in ("company", "role") or value not in ("", [])}
        changed = _told(kept)
        if "policy" in given:
            check_policies([changed], rules, where="--policy")
        _keep(ledger, [changed])
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
    if not text.strip():
        raise UsageProblem("the note is empty; write down what is to be remembered")
    notes = f"{interview.notes}\n{text}" if interview.notes else text
    with ledger.transaction():
        ledger.put_interview(replace(interview, notes=notes))
        ledger.add_event(Event(interview=interview.id, at=datetime.now(UTC), kind=EventKind.NOTE, note=text))
    print(f"{interview.id}: noted.")


def _keep(ledger: Ledger, interviews: list[Interview]) -> None:
    with ledger.transaction():
        for interview in interviews:
            ledger.put_interview(interview)
        ledger.note(Fact.REMATCH, "1")


def _known(ledger: Ledger, wanted: str) -> Interview:
    known = {interview.id: interview for interview in ledger.interviews()}
    if wanted not in known:
        raise UsageProblem(f"no interview {wanted!r} is tracked; tracked are: {', '.join(known) or 'none'}")
    return known[wanted]


def _given(arguments: argparse.Namespace) -> dict[str, object]:
    """Return what the options say, in the form of the interviews file."""
    given: dict[str, object] = {}
    for name in ("company", "role", "requisition", "via", "country", "region", "timezone", "language", "policy", "notes"):
        value = getattr(arguments, name)
        if value is not None:
            given[name] = value
    if arguments.applied_on is not None:
        given["applied_on"] = arguments.applied_on
    lists: dict[str, tuple[list[str] | None, Callable[[str], object]]] = {
        "aliases": (arguments.alias, str),
        "domains": (arguments.domain, str),
        "closed": (arguments.closed, str),
        "contacts": (arguments.contact, _contact),
        "rounds": (arguments.round, _round),
    }
    for name, (texts, read) in lists.items():
        if texts:
            given[name] = [] if texts == [""] else [read(text) for text in texts]
    return given


def _told(entry: dict[str, object]) -> Interview:
    """Return the interview that the options describe; what is wrong is told by the name of its option."""
    try:
        return interview_of(entry, where="the command line")
    except RulesRefused as refused:
        lines = [_by_option(f"{problem.what}; {problem.mend}") for problem in refused.problems]
        raise UsageProblem("\n".join(lines)) from None


def _by_option(text: str) -> str:
    """Turn the path in the file (`0.contacts.1.email`) into the option that the user wrote."""
    found = re.match(r"`0\.([a-z_]+)[^`]*`:? ", text)
    if not found:
        return text.removeprefix("`0`: ")
    option = _OPTIONS.get(found[1], f"--{found[1]}")
    return f"{option}: {text[found.end() :]}"


def _contact(text: str) -> dict[str, str]:
    """Return the contact of `Name <address> role phone`, of which only the address must be there."""
    name, found, rest = text.rpartition("<")
    email, _, role = rest.partition(">")
    if not found:
        name, (email, _, role) = "", text.strip().partition(" ")
    if not email.strip():
        raise UsageProblem(f"--contact {text!r} has no address; write it like 'Dana Cole <dana@acme.example> recruiter'")
    role, _, phone = role.strip().partition(" ")
    told = {"name": name.strip(' "'), "email": email.strip(), "role": role or ContactRole.RECRUITER}
    return {**told, "phone": phone.strip()} if phone.strip() else told


def _round(text: str) -> dict[str, object]:
    """Return the round of `TIME [MINUTES] [ADDRESS...]`."""
    at, *rest = text.split() or [""]
    minutes = int(rest.pop(0)) if rest and re.fullmatch("[0-9]{1,9}", rest[0]) else 60
    return {"at": at, "minutes": minutes, "with": rest}
