"""`interview-agent status`: where every interview stands."""

import argparse
from datetime import UTC, date, datetime

from agent.accounts.settings import Settings
from agent.cli.as_json import state_as_json
from agent.cli.printing import counted, print_json, print_paragraph, print_table, shown_day, shown_time
from agent.cli.state import open_ledger, settings_of
from agent.daemon.casebook import Casebook
from agent.interviews import Turn
from agent.interviews.candidacy import Candidacy
from agent.plan.intention import DraftState
from agent.store import Fact, Ledger

NOTHING_TRACKED = "Nothing is tracked yet. `interview-agent interviews add` or `interviews import FILE` begins."

TURNS = {Turn.US: "yours", Turn.THEM: "theirs", Turn.NONE: ""}
"""Whose turn it is, as the user says it."""


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
    """Print where every interview of the ledger stands as of `now`: by id as JSON, else what waits for the user first."""
    candidacies = Casebook(ledger, now).candidacies()
    lying = [draft.interview for draft in ledger.drafts(DraftState.QUEUED)]
    held = [each.interview for each in ledger.held()]
    reviews = ledger.reviews()
    problem = ledger.noted(Fact.PROBLEM) or ""
    zone = settings.user.zone
    if as_json:
        print_json(
            {
                "as_of": now.astimezone(zone),
                "last_pass": ledger.noted(Fact.LAST_PASS),
                "problem": problem,
                "interviews": [
                    {
                        **state_as_json(each),
                        "drafts": lying.count(each.interview.id),
                        "held": held.count(each.interview.id),
                    }
                    for each in candidacies
                ],
                "review": len(reviews),
            }
        )
        return
    if not candidacies:
        print(NOTHING_TRACKED)
    today = now.astimezone(zone).date()
    print_table(
        ("interview", "company", "role", "status", "turn", "what is next"),
        [
            (
                each.interview.id,
                each.interview.company,
                each.interview.role,
                _standing(each),
                TURNS[each.state.turn],
                "; ".join(_upcoming(each, settings, today, lying.count(each.interview.id), held.count(each.interview.id))),
            )
            for each in sorted(candidacies, key=_urgency)
        ],
        may_go=("role", "company"),
    )
    if reviews:
        print(f"\n{counted(len(reviews), 'question')} in review: `interview-agent review`")
    if problem:
        print()
        print_paragraph(f"The last pass failed: {problem}", hanging=0)
    elif candidacies and not ledger.noted(Fact.LAST_PASS):
        print("\nNo mail was read yet: `interview-agent once` makes a pass, `interview-agent run` stays.")


def promise(promised_by: date, today: date) -> str:
    """Return what they promised, as of `today`."""
    return f"news {'was due' if promised_by < today else 'due'} by {shown_day(promised_by)}"


def _standing(candidacy: Candidacy) -> str:
    """Return the status, with the round where there is more than one."""
    state = candidacy.state
    return f"{state.status}, round {state.round}" if state.turn is not Turn.NONE and (state.round or 1) > 1 else state.status


def _urgency(candidacy: Candidacy) -> tuple[bool, bool, datetime, str]:
    """Sort key: the user's turn first, then theirs, the nearest interview before the others; last what has ended."""
    state = candidacy.state
    far = datetime.max.replace(tzinfo=UTC)
    return state.turn is Turn.NONE, state.turn is not Turn.US, state.next_at or far, candidacy.interview.id


def _upcoming(candidacy: Candidacy, settings: Settings, today: date, drafts: int, held: int) -> list[str]:
    state = candidacy.state
    found = []
    if state.next_at:
        found.append(f"interview {shown_time(state.next_at, settings.user.zone)}")
    if drafts:
        found.append(f"{counted(drafts, 'draft')} to send")
    if held:
        found.append(f"{held} held")
    if state.promised_by:
        found.append(promise(state.promised_by, today))
    return found
