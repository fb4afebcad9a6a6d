"""`interview-agent status`: where every interview stands."""

import argparse
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from agent.accounts.settings import Settings
from agent.accounts.tokens import expiring
from agent.cli.as_json import state_as_json
from agent.cli.opening import user_of
from agent.cli.printing import counted, print_json, print_paragraph, print_table, shown_day, shown_time
from agent.cli.state import every_settings, open_ledger
from agent.daemon.casebook import Casebook
from agent.daemon.forecast import assessed
from agent.daemon.troubles import sign_in_ends
from agent.interviews import Turn
from agent.interviews.candidacy import Candidacy
from agent.plan.intention import DraftState
from agent.policy import Assessment, CountryHolidays, DraftKind, Held
from agent.rulebook.policies import load_policies
from agent.rulebook.problems import RulesRefused
from agent.store import Fact, Ledger

NOTHING_TRACKED = "Nothing is tracked yet. `interview-agent interviews add` or `interviews import FILE` begins."

TURNS = {Turn.US: "yours", Turn.THEM: "theirs", Turn.NONE: ""}
"""Whose turn it is, as the user says it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """One interview on the board."""

    candidacy: Candidacy
    drafts: tuple[DraftKind, ...]
    """What lies in Drafts."""
    held: int
    next: "_Next | None"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Next:
    """The next follow-up of an interview."""

    kind: DraftKind
    due_at: datetime
    state: str
    """`due` (the next pass drafts it), `planned` (if nothing happens before) or `held`."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `status`."""
    parser.add_argument("--json", action="store_true", help="print the board as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the board."""
    every, now = every_settings(arguments), datetime.now(UTC)
    boards = []
    for number, settings in enumerate(every):
        with open_ledger(settings) as ledger:
            if arguments.json:
                boards.append(board_as_json(ledger, settings, now=now))
                continue
            if len(every) > 1:
                print(f"{'' if number == 0 else chr(10)}{settings.name}:")
            show_board(ledger, settings, now=now)
    if arguments.json and len(every) > 1:
        print_json([{"account": settings.name, **board} for settings, board in zip(every, boards, strict=True)])
    elif arguments.json:
        print_json(boards[0])
    return 0


def board_as_json(ledger: Ledger, settings: Settings, *, now: datetime) -> dict[str, object]:
    """Return where every interview of the ledger stands as of `now`, by id."""
    rows, refused = _rows(ledger, settings, Casebook(ledger, now))
    return {
        "as_of": now.astimezone(settings.user.zone),
        "last_pass": ledger.noted(Fact.LAST_PASS),
        "problem": ledger.noted(Fact.PROBLEM) or ledger.noted(Fact.RULES_PROBLEM) or refused,
        "warning": expiring(sign_in_ends(ledger), now.astimezone(settings.user.zone)),
        "interviews": [_as_json(row) for row in rows],
        "review": len(ledger.reviews()),
    }


def show_board(ledger: Ledger, settings: Settings, *, now: datetime) -> None:
    """Print where every interview of the ledger stands as of `now`, what waits for the user first."""
    rows, refused = _rows(ledger, settings, Casebook(ledger, now))
    zone = settings.user.zone
    reviews, problem = ledger.reviews(), ledger.noted(Fact.PROBLEM) or ""
    if not rows:
        print(NOTHING_TRACKED)
    today = now.astimezone(zone).date()
    print_table(
        ("interview", "company", "role", "status", "turn", "what is next"),
        [
            (
                row.candidacy.interview.id,
                row.candidacy.interview.company,
                row.candidacy.interview.role,
                _standing(row.candidacy),
                TURNS[row.candidacy.state.turn],
                "; ".join(_upcoming(row, zone, today)),
            )
            for row in sorted(rows, key=lambda row: _urgency(row.candidacy))
        ],
        may_go=("role", "company"),
    )
    if reviews:
        print(f"\n{counted(len(reviews), 'question')} in review: `interview-agent review`")
    if problem:
        print()
        print_paragraph(f"The last pass failed: {problem}", hanging=0)
    elif warning := expiring(sign_in_ends(ledger), now.astimezone(zone)):
        print()
        print_paragraph(warning, hanging=0)
    if kept := ledger.noted(Fact.RULES_PROBLEM):
        print()
        print_paragraph(f"Your edited rules cannot be used, the service goes on with those from before: {kept}", hanging=0)
    elif refused and not problem:
        print()
        print_paragraph(f"What is due next cannot be told, for the rules cannot be read: {refused}", hanging=0)
    elif rows and not problem and not ledger.noted(Fact.LAST_PASS):
        print("\nNo mail was read yet: `interview-agent once` makes a pass, `interview-agent run` stays.")


def _rows(ledger: Ledger, settings: Settings, casebook: Casebook) -> tuple[list[_Row], str]:
    """Return a row for each interview, by id; and why it is not known what is next, where the rules cannot be read."""
    candidacies = casebook.candidacies()
    lying = ledger.drafts(DraftState.QUEUED, DraftState.EDITED)
    held = [each.interview for each in ledger.held()]
    nexts, refused = _nexts(ledger, settings, casebook)
    rows = [
        _Row(
            candidacy=each,
            drafts=tuple(draft.kind for draft in lying if draft.interview == each.interview.id),
            held=held.count(each.interview.id),
            next=nexts.get(each.interview.id),
        )
        for each in candidacies
    ]
    return rows, refused


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


def _nexts(ledger: Ledger, settings: Settings, casebook: Casebook) -> tuple[dict[str, _Next | None], str]:
    """Return the next follow-up of each interview; or why the policies do not say it: the board is shown all the same."""
    try:
        policies = load_policies(settings.policy.preset, settings.rules.folder)
        user, holidays, refused = user_of(settings), CountryHolidays(), ledger.held()
        found = {}
        for each in casebook.candidacies():
            interview = each.interview.id
            plan = assessed(each, casebook, user=user, policies=policies, holidays=holidays, now=casebook.now)
            made = {(draft.kind, draft.occasion) for draft in casebook.drafts(interview)}
            stopped = [held for held in refused if held.interview == interview and held.rule.startswith("check ")]
            found[interview] = _next(plan, made | {(held.kind, held.occasion) for held in stopped}, [*plan.held, *stopped])
    except RulesRefused as problem:
        return {}, str(problem)
    return found, ""


def _next(plan: Assessment, settled: Collection[tuple[DraftKind, str]], held: Iterable[Held]) -> _Next | None:
    """Return what is due now, else what comes first, planned or held until then; else what is held for good."""
    due = next((each for each in plan.due if (each.kind, each.occasion) not in settled), None)
    if due is not None:
        return _Next(kind=due.kind, due_at=due.due_at, state="due")
    for_good = sorted((each for each in held if not each.until), key=lambda each: each.due_at)
    later = [(each.due_at, _Next(kind=each.kind, due_at=each.due_at, state="planned")) for each in plan.planned]
    later += [(each.until, _Next(kind=each.kind, due_at=each.due_at, state="held")) for each in held if each.until]
    if later:
        return min(later, key=lambda pair: pair[0])[1]
    return _Next(kind=for_good[0].kind, due_at=for_good[0].due_at, state="held") if for_good else None


def _as_json(row: _Row) -> dict[str, object]:
    following = row.next
    return {
        **state_as_json(row.candidacy),
        "drafts": len(row.drafts),
        "held": row.held,
        "next_draft": {"kind": following.kind, "due_at": following.due_at, "state": following.state} if following else None,
    }


def _upcoming(row: _Row, zone: tzinfo, today: date) -> list[str]:
    state = row.candidacy.state
    found = []
    if state.next_at:
        found.append(f"interview {shown_time(state.next_at, zone)}")
    calls, debriefs = row.drafts.count(DraftKind.CALL_SHEET), row.drafts.count(DraftKind.DEBRIEF)
    letters = len(row.drafts) - calls - debriefs
    things = ((letters, "draft", "to send"), (calls, "call", "to make"), (debriefs, "debrief", "to answer"))
    found += [f"{counted(count, thing)} {what}" for count, thing, what in things if count]
    if row.held:
        found.append(f"{row.held} held")
    if row.next and row.next.state == "due":
        found.append(f"{row.next.kind} due now")
    elif row.next and row.next.state == "planned":
        found.append(f"{row.next.kind} {shown_day(row.next.due_at.astimezone(zone).date())}")
    if state.promised_by:
        found.append(promise(state.promised_by, today))
    return found
