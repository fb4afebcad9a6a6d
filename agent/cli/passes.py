"""`interview-agent once`: one pass over the mailbox."""

import argparse
import logging
import sys
from datetime import UTC, datetime

from agent.accounts.locations import make_state_folder
from agent.accounts.problems import SecretRefused
from agent.accounts.settings import Settings
from agent.cli.opening import Rules, account_of, rules_of
from agent.cli.printing import counted, print_json, print_paragraph, shown_time
from agent.cli.progress import shown
from agent.cli.state import every_settings, open_ledger
from agent.daemon import journal
from agent.daemon.account import PassReport
from agent.daemon.lock import alone
from agent.daemon.one_pass import run_pass
from agent.mailbox import MailboxProblem
from agent.plan.intention import DraftRecord
from agent.store import Fact, StoreProblem


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `once`."""
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Make one pass over each account and say what it did; the log tells only what went wrong, with `--debug` each step.

    Where there are several, one that fails is told and the others are read all the same; the status is 1 then.
    """
    every = every_settings(arguments)
    journal.begin(debug=arguments.debug)
    if not arguments.debug:
        logging.getLogger("agent").setLevel(logging.WARNING)
    several = len(every) > 1
    entries: list[dict[str, object]] = []
    failed = False
    with alone(make_state_folder(every[0].shared_folder)):
        rules = rules_of(every[0])
        for settings in every:
            try:
                report, queued = _pass(settings, rules, quiet=arguments.json)
            except (MailboxProblem, SecretRefused, StoreProblem) as problem:
                if not several:
                    raise
                failed = True
                print(f"interview-agent: {settings.name}: {problem}", file=sys.stderr)
                entries.append({"account": settings.name, "problem": str(problem)})
                continue
            if arguments.json:
                entries.append(({"account": settings.name} if several else {}) | report_as_json(report))
            else:
                if several:
                    print(f"{settings.name}:")
                _show(report, queued, settings)
    if arguments.json:
        print_json(entries if several else entries[0])
    return 1 if failed else 0


def _pass(settings: Settings, rules: Rules, *, quiet: bool) -> tuple[PassReport, list[DraftRecord]]:
    with open_ledger(settings) as ledger:
        account = account_of(settings, ledger, rules=rules)
        first = ledger.noted(Fact.LAST_PASS) is None
        what = f"Reading the last {account.look_back_days} days" if first else "Reading new mail"
        with shown(what, quiet=quiet) as tell:
            report = run_pass(account, datetime.now(UTC), progress=lambda report: tell(report.looked_at, report.expected or None))
        return report, [draft for draft in ledger.drafts() if draft.message_id in report.queued]


def _show(report: PassReport, queued: list[DraftRecord], settings: Settings) -> None:
    for line in report_lines(report):
        print_paragraph(line)
    for draft in queued:
        print(f"  {draft.interview}: {draft.kind} to {', '.join(draft.to)}")
    if report.next_at:
        print(f"Next by the clock: {shown_time(report.next_at, settings.user.zone)}.")


def report_as_json(report: PassReport) -> dict[str, object]:
    """Return what a pass did, for `--json`."""
    return {
        "began_at": report.began_at,
        "read": report.read,
        "settled": report.settled,
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
        "answered": [{"words": each.words, "done": each.done, "told": each.told} for each in report.answered if each.told],
        "held": report.held,
        "next_at": report.next_at,
    }


def report_lines(report: PassReport) -> list[str]:
    """Return what a pass did, a line each."""
    lines = [f"Read {counted(report.read, 'new message')}, {report.assigned} of them about tracked interviews."]
    if report.settled:
        lines.append(f"Left {counted(report.settled, 'other')} unread: their headings show that they are about something else.")
    for change in report.changes:
        quote = f": “{change.quote}”" if change.quote else ""
        lines.append(f"{change.interview}: {change.before} → {change.after}{quote}")
    lines += [
        f"You answered by mail “{each.words}”: {each.told}" if each.words else each.told for each in report.answered if each.told
    ]
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
