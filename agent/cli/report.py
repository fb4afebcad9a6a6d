"""`interview-agent report`: the job search in pictures, one self-contained page; or as a table, a calendar, or JSON."""

import argparse
import json
import os
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

from agent.accounts.settings import Settings
from agent.cli.endings import UsageProblem
from agent.cli.opening import user_of
from agent.cli.printing import counted, print_json
from agent.cli.state import every_settings, open_ledger
from agent.daemon.casebook import Casebook
from agent.daemon.forecast import assessed
from agent.policy import CountryHolidays
from agent.report import Assets, Figures, Followed, JobSearch, calendar_of, csv_of, figures_as_json, figures_of, page_of
from agent.rulebook.policies import load_policies
from agent.rulebook.problems import RulesRefused
from agent.store import Fact, Ledger

_PAGE = "job-search.html"
_STDOUT = "-"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `report`."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help=f"where it is written, - for standard output (default: {_PAGE} in this folder for the page, else standard output)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="a table for a spreadsheet, one row an interview")
    form.add_argument("--ics", action="store_true", help="a calendar of interviews, promised days and follow-ups")
    form.add_argument("--json", action="store_true", help="the numbers behind the page as JSON")
    form.add_argument("--open", action="store_true", help="show the page in the browser")


def run(arguments: argparse.Namespace) -> int:
    """Write the report."""
    page = not (arguments.csv or arguments.ics or arguments.json)
    target = arguments.file or (_PAGE if page else _STDOUT)
    if arguments.open and target == _STDOUT:
        raise UsageProblem("a browser opens files: name one in place of -, or leave it out")
    figures = figures_of(job_search(every_settings(arguments), datetime.now(UTC)))
    if arguments.json and target == _STDOUT:
        print_json(figures_as_json(figures))
        return 0
    content = _content(figures, arguments)
    if target == _STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return 0
    path = Path(target).expanduser()
    _write(path, content)
    print(f"{path}: {counted(len(figures.told), 'interview')}, {len(content) / 1000:.0f} kB", file=sys.stderr)
    if arguments.open and not webbrowser.open(path.resolve().as_uri()):
        print("No browser could be started; open the file yourself.", file=sys.stderr)
    return 0


def _content(figures: Figures, arguments: argparse.Namespace) -> bytes:
    if arguments.csv:
        return csv_of(figures).encode()
    if arguments.ics:
        return calendar_of(figures)
    if arguments.json:
        return f"{json.dumps(figures_as_json(figures), default=_iso, ensure_ascii=False, indent=2)}\n".encode()
    return page_as_bytes(figures)


def _iso(value: date) -> str:
    return value.isoformat()


def page_as_bytes(figures: Figures) -> bytes:
    """Return the page with the assets of the package."""
    assets = files("agent.report").joinpath("assets")
    template, css, js = (assets.joinpath(name).read_text(encoding="utf-8") for name in ("page.html", "page.css", "page.js"))
    return page_of(figures, Assets(template=template, css=css, js=js)).encode()


def job_search(every: list[Settings], now: datetime) -> JobSearch:
    """Return the whole search as of `now`, over all these accounts; days are those of the first one's user."""
    followed: list[Followed] = []
    problems: list[str] = []
    passes: list[datetime] = []
    reviews = 0
    for settings in every:
        with open_ledger(settings) as ledger:
            found, problem = followed_in(ledger, settings, now)
            followed += [replace(each, account=settings.name if len(every) > 1 else "") for each in found]
            problems += [problem] if problem and problem not in problems else []
            passes += [datetime.fromisoformat(at)] if (at := ledger.noted(Fact.LAST_PASS)) else []
            reviews += len(ledger.reviews())
    return JobSearch(
        followed=tuple(followed),
        now=now,
        zone=every[0].user.zone,
        last_pass=max(passes, default=None),
        reviews=reviews,
        problem="; ".join(problems),
    )


def followed_in(ledger: Ledger, settings: Settings, now: datetime) -> tuple[list[Followed], str]:
    """Return what one ledger follows; and why it cannot be told what is due, where the rules cannot be read."""
    casebook = Casebook(ledger, now)
    try:
        policies = load_policies(settings.policy.preset, settings.rules.folder)
    except RulesRefused as problem:
        return [Followed(candidacy=each, drafts=casebook.drafts(each.interview.id)) for each in casebook.candidacies()], str(
            problem
        )
    user, holidays, refused = user_of(settings), CountryHolidays(), ledger.held()

    def all_of_it() -> Iterator[Followed]:
        for candidacy in casebook.candidacies():
            drafts = casebook.drafts(candidacy.interview.id)
            made = {(draft.kind, draft.occasion) for draft in drafts}
            plan = assessed(candidacy, casebook, user=user, policies=policies, holidays=holidays, now=now)
            stopped = [each for each in refused if each.interview == candidacy.interview.id and each.rule.startswith("check ")]
            made_or_stopped = made | {(each.kind, each.occasion) for each in stopped}
            yield Followed(
                candidacy=candidacy,
                drafts=drafts,
                due=tuple(each for each in plan.due if (each.kind, each.occasion) not in made_or_stopped),
                planned=tuple(each for each in plan.planned if (each.kind, each.occasion) not in made),
                held=(*(each for each in plan.held if (each.kind, each.occasion) not in made), *stopped),
                no_answer=policies.of(candidacy.interview).no_answer,
            )

    return list(all_of_it()), ""


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    if path.is_dir():
        raise UsageProblem(f"{path} is a folder; name a file in it: {path / _PAGE}")
    if not path.parent.is_dir():
        raise UsageProblem(f"there is no folder {path.parent}; make it, or name another file")
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(beside).unlink()
        raise
