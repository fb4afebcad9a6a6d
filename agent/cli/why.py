"""`interview-agent why INTERVIEW`: what led to the status, and what is due, held or planned, by which rule and requirement."""

import argparse
from datetime import UTC, datetime

from agent.cli.board import state_as_json
from agent.cli.endings import UsageProblem
from agent.cli.opening import account_of
from agent.cli.printing import print_json, shown_day, shown_time
from agent.cli.state import open_ledger, settings_of
from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import planned_for
from agent.interviews.candidacy import Candidacy
from agent.plan.intention import DraftRecord
from agent.policy import Due, Held
from agent.store import Review


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `why`."""
    parser.add_argument("interview", metavar="INTERVIEW", help="its id, as `status` shows it")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Say why one interview stands where it stands."""
    settings = settings_of(arguments)
    now = datetime.now(UTC)
    with open_ledger(settings) as ledger:
        account = account_of(settings, ledger)
        casebook = Casebook(ledger, now)
        known = [interview.id for interview in casebook.interviews()]
        if arguments.interview not in known:
            raise UsageProblem(f"no interview {arguments.interview!r} is tracked; tracked are: {', '.join(known) or 'none'}")
        candidacy = casebook.candidacy(arguments.interview)
        plan = planned_for(account, casebook, candidacy, now).assessment
        drafts = casebook.drafts(arguments.interview)
        reviews = [each for each in ledger.reviews() if arguments.interview in each.question.candidates]
        evidence = {
            letter.message.message_id: record.evidence
            for letter in candidacy.letters
            if (record := ledger.message(letter.message.message_id))
        }
        held = [each for each in ledger.held() if each.interview == arguments.interview]
    planned = [*plan.due, *plan.planned]
    planned = [due for due in planned if (due.kind, due.occasion) not in {(draft.kind, draft.occasion) for draft in drafts}]
    if arguments.json:
        print_json(_as_json(candidacy, evidence, drafts, held, planned, reviews))
    else:
        _show(account, candidacy, evidence, drafts, held, planned, reviews)
    return 0


def _as_json(
    candidacy: Candidacy,
    evidence: dict[str, tuple[str, ...]],
    drafts: tuple[DraftRecord, ...],
    held: list[Held],
    planned: list[Due],
    reviews: list[Review],
) -> dict[str, object]:
    return {
        **state_as_json(candidacy),
        "history": [
            {
                "at": entry.at,
                "status": entry.status,
                "message_id": entry.message_id,
                "label": entry.label,
                "rule": entry.rule,
                "quote": entry.quote,
                "refused": entry.refused,
                "evidence": list(evidence.get(entry.message_id or "", ())),
            }
            for entry in candidacy.state.history
        ],
        "drafts": [
            {
                "kind": draft.kind,
                "occasion": draft.occasion,
                "state": draft.state,
                "queued_at": draft.queued_at,
                "to": list(draft.to),
                "subject": draft.subject,
                "rule": draft.rule,
                "requirements": list(draft.requirements),
                "reason": draft.reason,
            }
            for draft in drafts
        ],
        "held": [
            {
                "kind": each.kind,
                "due_at": each.due_at,
                "reason": each.reason,
                "until": each.until,
                "rule": each.rule,
                "requirements": list(each.requirements),
            }
            for each in held
        ],
        "planned": [
            {
                "kind": each.kind,
                "due_at": each.due_at,
                "reason": each.reason,
                "rule": each.rule,
                "requirements": list(each.requirements),
            }
            for each in planned
        ],
        "review": [{"number": each.number, "reason": each.question.reason} for each in reviews],
    }


def _show(
    account: Account,
    candidacy: Candidacy,
    evidence: dict[str, tuple[str, ...]],
    drafts: tuple[DraftRecord, ...],
    held: list[Held],
    planned: list[Due],
    reviews: list[Review],
) -> None:
    zone = account.user.timezone
    interview, state = candidacy.interview, candidacy.state
    print(f"{interview.role} at {interview.company} ({interview.id})")
    since = f" since {shown_time(state.since, zone)}" if state.since else ""
    print(f"Status: {state.status}{since}. Turn: {state.turn}.", end="")
    print(f" News promised by {shown_day(state.promised_by)}." if state.promised_by else "")
    if state.history:
        print("\nWhat led there")
    for entry in state.history:
        quote = f" “{entry.quote}”" if entry.quote else ""
        print(f"  {shown_time(entry.at, zone)}  {entry.status:<10}  {entry.label or entry.rule}{quote}")
        if entry.rule and entry.label:
            print(f"{'':20}by rule {entry.rule}")
        for line in evidence.get(entry.message_id or "", ()):
            print(f"{'':20}belongs here by {line}")
        if entry.refused:
            print(f"{'':20}changed nothing: {entry.refused}")
    if drafts:
        print("\nDrafts")
    for draft in drafts:
        print(f"  {draft.kind} to {', '.join(draft.to)}: {draft.state} {shown_time(draft.queued_at, zone)}")
        print(f"    {draft.reason} Rule {draft.rule}; {', '.join(draft.requirements)}.")
    if held:
        print("\nHeld")
    for each in held:
        until = f" Until {shown_time(each.until, zone)}." if each.until else ""
        print(f"  {each.kind}, due {shown_time(each.due_at, zone)}: {each.reason}{until}")
        print(f"    Rule {each.rule}; {', '.join(each.requirements)}.")
    if planned:
        print("\nPlanned, if nothing happens")
    for plan in planned:
        print(f"  {plan.kind} on {shown_time(plan.due_at, zone)}: {plan.reason}")
        print(f"    Rule {plan.rule}; {', '.join(plan.requirements)}.")
    if reviews:
        print("\nIn review")
    for review in reviews:
        print(f"  {review.number}: {review.question.reason}")
    if not (drafts or held or planned or reviews):
        print("\nNothing is due: " + _silence(candidacy))


def _silence(candidacy: Candidacy) -> str:
    """Return why there is nothing to do: a silence can be asked why, too (design, promise 6)."""
    state = candidacy.state
    if state.turn == "none":
        return f"the candidacy is {state.status}."
    if state.next_at:
        return "an interview is fixed; what follows is planned from its end."
    return f"the status is {state.status}, and no rule of the policy asks for a follow-up from there."
