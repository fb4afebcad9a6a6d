"""`interview-agent once`: one pass over the mailbox."""

import argparse
import logging
from datetime import UTC, datetime

from agent.accounts.locations import make_state_folder
from agent.cli.opening import account_of
from agent.cli.printing import counted, print_json, print_paragraph, shown_time
from agent.cli.state import open_ledger, settings_of
from agent.daemon import journal
from agent.daemon.account import PassReport
from agent.daemon.lock import alone
from agent.daemon.one_pass import run_pass


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `once`."""
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Make one pass and say what it did; the log tells only what went wrong, with `--debug` each step."""
    settings = settings_of(arguments)
    journal.begin(debug=arguments.debug)
    if not arguments.debug:
        logging.getLogger("agent").setLevel(logging.WARNING)
    with alone(make_state_folder(settings.state.folder)), open_ledger(settings) as ledger:
        report = run_pass(account_of(settings, ledger), datetime.now(UTC))
        queued = [draft for draft in ledger.drafts() if draft.message_id in report.queued]
    if arguments.json:
        print_json(report_as_json(report))
        return 0
    for line in report_lines(report):
        print_paragraph(line)
    for draft in queued:
        print(f"  {draft.interview}: {draft.kind} to {', '.join(draft.to)}")
    if report.next_at:
        print(f"Next by the clock: {shown_time(report.next_at, settings.user.zone)}.")
    return 0


def report_as_json(report: PassReport) -> dict[str, object]:
    """Return what a pass did, for `--json`."""
    return {
        "began_at": report.began_at,
        "read": report.read,
        "assigned": report.assigned,
        "set_aside": report.set_aside,
        "changes": [
            {"interview": each.interview, "before": each.before, "after": each.after, "quote": each.quote}
            for each in report.changes
        ],
        "queued": report.queued,
        "stopped": report.stopped,
        "withdrawn": report.withdrawn,
        "rewritten": report.rewritten,
        "review": report.asked,
        "held": report.held,
        "next_at": report.next_at,
    }


def report_lines(report: PassReport) -> list[str]:
    """Return what a pass did, a line each."""
    lines = [f"Read {counted(report.read, 'new message')}, {report.assigned} of them about tracked interviews."]
    for change in report.changes:
        quote = f": “{change.quote}”" if change.quote else ""
        lines.append(f"{change.interview}: {change.before} → {change.after}{quote}")
    if report.withdrawn or report.stopped:
        lines.append(
            f"Took back or stopped {counted(len(report.withdrawn) + len(report.stopped), 'draft')} that news made pointless."
        )
    if report.rewritten:
        lines.append(f"Wrote {counted(len(report.rewritten), 'thank-you')} anew with what you noted.")
    if report.held:
        lines.append(f"Holds {counted(report.held, 'follow-up')}; see `interview-agent why INTERVIEW`.")
    if report.asked:
        lines.append(f"Asks {counted(len(report.asked), 'new question')}; see `interview-agent review`.")
    if report.set_aside:
        lines.append(f"Set {counted(report.set_aside, 'message')} aside; see `interview-agent check`.")
    if report.queued:
        lines.append(f"Put {counted(len(report.queued), 'draft')} into Drafts.")
    return lines
