"""`interview-agent undo EVENT`: take an entry of a history back."""

import argparse
from datetime import UTC, datetime

from agent.cli.endings import UsageProblem
from agent.cli.state import open_ledger, settings_holding
from agent.daemon.casebook import Casebook
from agent.daemon.undoing import NotUndone, undo
from agent.interviews import Event, EventKind
from agent.rulebook.senders import load_senders
from agent.store import Ledger


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `undo`."""
    parser.add_argument("event", type=int, metavar="EVENT", help="number of the entry, as `why` shows it")
    parser.add_argument("--to", metavar="INTERVIEW", help="the message behind it belongs to this interview instead")


def run(arguments: argparse.Namespace) -> int:
    """Take one entry back and say how the interview stands then."""
    settings = settings_holding(arguments, lambda ledger: _entry(ledger, arguments.event) is not None, f"entry {arguments.event}")
    now = datetime.now(UTC)
    with open_ledger(settings) as ledger:
        event = _entry(ledger, arguments.event)
        if event is None:
            raise UsageProblem(f"there is no entry {arguments.event}; `interview-agent why INTERVIEW` shows their numbers")
        known = [interview.id for interview in ledger.interviews()]
        if arguments.to is not None and arguments.to not in known:
            raise UsageProblem(f"no interview {arguments.to!r} is tracked; tracked are: {', '.join(known) or 'none'}")
        if arguments.to == event.interview:
            raise UsageProblem(f"entry {arguments.event} belongs to {arguments.to} already; leave `--to` out to take it back")
        try:
            senders = load_senders(settings.rules.folder)
            undone = undo(ledger, event, elsewhere=arguments.to, senders=senders, now=now)
        except NotUndone as why:
            raise UsageProblem(f"entry {arguments.event} cannot be undone: {why}") from None
        casebook = Casebook(ledger, now)
        state = casebook.candidacy(event.interview).state
        what = "counts again" if event.kind is EventKind.UNDONE else "is taken back"
        print(f"{event.id}: {what}. {event.interview} is {state.status}. The next pass goes on from there.")
        if arguments.to:
            print(f"Its message belongs to {arguments.to} now, which is {casebook.candidacy(arguments.to).state.status}.")
        if undone.learned:
            print(f"Learned for {arguments.to}: {'; '.join(undone.learned)}. `interviews edit` takes it back.")
        print(f"To undo this: interview-agent undo {undone.reversal.id}")
    return 0


def _entry(ledger: Ledger, number: int) -> Event | None:
    return next((event for event in ledger.events() if event.id == number), None)
