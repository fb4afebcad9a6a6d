"""`interview-agent status`: where every interview stands."""

import argparse
from datetime import UTC, datetime

from agent.accounts.settings import Settings
from agent.cli.printing import print_json, print_table, shown_day, shown_time
from agent.cli.state import open_ledger, settings_of
from agent.daemon.casebook import Casebook
from agent.interviews.candidacy import Candidacy
from agent.plan.intention import DraftState
from agent.store import Ledger


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `status`."""
    parser.add_argument("--json", action="store_true", help="print the board as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the board."""
    settings = settings_of(arguments)
    with open_ledger(settings) as ledger:
        show_board(ledger, settings, as_json=arguments.json, now=datetime.now(UTC))
    return 0


def show_board(ledger: Ledger, settings: Settings, *, as_json: bool, now: datetime) -> None:
    """Print where every interview of the ledger stands as of `now`."""
    candidacies = Casebook(ledger, now).candidacies()
    lying = [draft.interview for draft in ledger.drafts(DraftState.QUEUED)]
    held = [each.interview for each in ledger.held()]
    reviews = ledger.reviews()
    problem = ledger.noted("problem") or ""
    if as_json:
        print_json(
            {
                "as_of": now.astimezone(settings.user.zone),
                "last_pass": ledger.noted("last_pass"),
                "problem": problem,
                "interviews": [
                    {**state_as_json(each), "drafts": lying.count(each.interview.id), "held": held.count(each.interview.id)}
                    for each in candidacies
                ],
                "review": len(reviews),
            }
        )
        return
    if not candidacies:
        print("Nothing is tracked yet. `interview-agent interviews add` or `interviews import FILE` begins.")
    zone = settings.user.zone
    print_table(
        ("interview", "company", "role", "status", "round", "turn", "next", "promised by", "drafts", "held"),
        [
            (
                each.interview.id,
                each.interview.company,
                each.interview.role,
                each.state.status,
                str(each.state.round or ""),
                each.state.turn,
                shown_time(each.state.next_at, zone),
                shown_day(each.state.promised_by),
                str(lying.count(each.interview.id) or ""),
                str(held.count(each.interview.id) or ""),
            )
            for each in candidacies
        ],
    )
    if reviews:
        print(f"\n{len(reviews)} in review: `interview-agent review`")
    if problem:
        print(f"\nThe last pass failed: {problem}")


def state_as_json(candidacy: Candidacy) -> dict[str, object]:
    """Return where a candidacy stands, with the keys of the contract."""
    interview, state = candidacy.interview, candidacy.state
    return {
        "id": interview.id,
        "company": interview.company,
        "role": interview.role,
        "status": state.status,
        "since": state.since,
        "round": state.round,
        "next_at": state.next_at,
        "promised_by": state.promised_by,
        "turn": state.turn,
    }
