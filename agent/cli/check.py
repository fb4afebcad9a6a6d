"""`interview-agent check`: one line a finding, each with its remedy.

Exit status: 0 all is well, or with warnings alone; 1 something does not work, or with `--strict` there is a warning; 2 the
configuration cannot be read.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from agent.accounts.problems import ConfigurationRefused
from agent.accounts.settings import Settings
from agent.cli import check_mailbox, check_past, check_setup
from agent.cli.finding import Finding, Level, broken
from agent.cli.printing import counted, print_json
from agent.cli.state import every_settings, open_ledger
from agent.daemon.troubles import renumbered
from agent.store import StoreProblem

_MARKS = {Level.OK: "ok  ", Level.WARNING: "warn", Level.PROBLEM: "NOT "}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `check`."""
    parser.add_argument("--json", action="store_true", help="print the findings as JSON: name, ok, level, text, mend")
    parser.add_argument("--strict", action="store_true", help="end with 1 for warnings too")


def run(arguments: argparse.Namespace) -> int:
    """Print all findings as they come; return 1 when something does not work. An unreadable configuration ends it with 2."""
    every = every_settings(arguments)
    several = len(every) > 1
    found = []
    for finding in _all(arguments, every, several=several):
        found.append(finding)
        if not arguments.json:
            _show(finding)
    if arguments.json:
        print_json([_entry(each, several=several) for each in found])
    elif sys.stdout.isatty():
        _show_sum(found)
    levels = {each.level for each in found}
    return 1 if Level.PROBLEM in levels or (arguments.strict and Level.WARNING in levels) else 0


def _all(arguments: argparse.Namespace, every: list[Settings], *, several: bool) -> Iterator[Finding]:
    """Yield what there is to say of the machine, and then of each account."""
    yield check_setup.configuration(arguments.config)
    yield check_setup.disk(every[0])
    yield check_setup.learned_reader()
    for settings in every:
        for finding in _of_account(settings):
            yield replace(finding, account=settings.name) if several else finding


def _of_account(settings: Settings) -> Iterator[Finding]:
    """Yield what there is to say of one account."""
    now = datetime.now(settings.user.zone)
    moved: dict[str, str] = {}
    locked_out = False
    if settings.account.maildir is None and settings.account.sign_in == "password":
        yield (secret := check_setup.secret("secret", settings.account.secret))
        locked_out = secret.level is Level.PROBLEM
    try:
        with open_ledger(settings) as ledger:
            yield check_past.state(settings)
            yield from check_past.sign_in(settings, now)
            yield from check_setup.rules(settings, ledger)
            yield check_past.clock(ledger, now.astimezone(UTC))
            yield check_past.senders(settings, ledger)
            yield from check_past.passes(settings, ledger, now)
            moved = renumbered(ledger, now)
    except (StoreProblem, ConfigurationRefused) as problem:
        yield broken("state", str(problem))
    if locked_out:
        yield broken("login", "not tried: there is no password to log in with")
    else:
        yield from check_mailbox.mailbox(settings, moved)
    yield from check_mailbox.digest(settings)


def _entry(finding: Finding, *, several: bool) -> dict[str, Any]:
    """Return a finding as JSON shows it; what is about no single account has an empty one where there are several."""
    entry = {
        "name": finding.name,
        "ok": finding.level is not Level.PROBLEM,
        "level": finding.level.value,
        "text": finding.text,
        "mend": finding.mend,
    }
    return {"account": finding.account} | entry if several else entry


def _show(finding: Finding) -> None:
    name = f"{finding.account}, {finding.name}" if finding.account else finding.name
    if not sys.stdout.isatty():
        print(f"{_MARKS[finding.level]} {name}: {' '.join(finding.text.split())}", flush=True)
        return
    from agent.cli.shown_findings import show

    show(_MARKS[finding.level], name, finding)


def _show_sum(found: list[Finding]) -> None:
    problems, warnings = (sum(each.level is level for each in found) for level in (Level.PROBLEM, Level.WARNING))
    told = [counted(problems, "problem")] * bool(problems) + [counted(warnings, "warning")] * bool(warnings)
    print(f"\n{' and '.join(told)}." if told else "\nAll is well.")
