"""`interview-agent why INTERVIEW`: what led to the status, and what is due, held, planned and to be expected, and why."""

import argparse
from datetime import UTC, datetime

from agent.cli import glance
from agent.cli.explaining import Explained, show
from agent.cli.printing import print_json


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `why`."""
    parser.add_argument("interview", metavar="INTERVIEW", help="its id, as `status` shows it")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Say why one interview stands where it stands."""
    now = datetime.now(UTC)
    found = glance.explained(arguments, now) or _worked_out(arguments, now)
    if arguments.json:
        print_json(found.why | {"review": [{"number": each.number, "reason": each.reason} for each in found.reviews]})
    else:
        show(found)
    return 0


def _worked_out(arguments: argparse.Namespace, now: datetime) -> Explained:
    from agent.cli.looking import Programs, why_of
    from agent.cli.state import open_ledger, settings_holding, tracking

    program = Programs(arguments.config)
    settings = settings_holding(arguments, tracking(arguments.interview), f"interview {arguments.interview!r}")
    with open_ledger(settings) as ledger:
        return why_of(ledger, settings, arguments.interview, now=now, program=program)
