"""`interview-agent why INTERVIEW`: what led to the status, and what is due, held, planned and to be expected, and why."""

import argparse
from datetime import UTC, datetime

from agent.cli.as_json import entry_as_json, state_as_json
from agent.cli.endings import UsageProblem
from agent.cli.explaining import Explanation, show
from agent.cli.opening import account_of
from agent.cli.printing import print_json
from agent.cli.state import open_ledger, settings_holding, tracking
from agent.daemon.casebook import Casebook
from agent.daemon.forecast import Forecast
from agent.plan.follow_up import FollowUp
from agent.plan.outlook import Expected
from agent.policy import Due

_THEN = "then"
"""The stage of what follows only from what is sent before."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `why`."""
    parser.add_argument("interview", metavar="INTERVIEW", help="its id, as `status` shows it")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Say why one interview stands where it stands."""
    settings = settings_holding(arguments, tracking(arguments.interview), f"interview {arguments.interview!r}")
    now = datetime.now(UTC)
    with open_ledger(settings) as ledger:
        account = account_of(settings, ledger)
        casebook = Casebook(ledger, now)
        known = [interview.id for interview in casebook.interviews()]
        if arguments.interview not in known:
            raise UsageProblem(f"no interview {arguments.interview!r} is tracked; tracked are: {', '.join(known) or 'none'}")
        candidacy = casebook.candidacy(arguments.interview)
        forecast = Forecast(account, casebook, now)
        plan, expected = forecast.plan(candidacy), forecast.outlook(candidacy)
        drafts = casebook.drafts(arguments.interview)
        settled = {(draft.kind, draft.occasion) for draft in drafts} | {(held.kind, held.occasion) for held in plan.held}
        found = Explanation(
            candidacy=candidacy,
            evidence={
                letter.message.message_id: record.evidence
                for letter in candidacy.letters
                if (record := ledger.message(letter.message.message_id))
            },
            drafts=drafts,
            due=tuple(each for each in plan.assessment.due if (each.kind, each.occasion) not in settled),
            held=plan.held,
            planned=tuple(each for each in plan.assessment.planned if (each.kind, each.occasion) not in settled),
            then=tuple(each for each in expected if _stage(each, plan) == _THEN),
            reviews=tuple(each for each in ledger.reviews() if arguments.interview in each.question.candidates),
        )
    if arguments.json:
        outlook = [{**_expected_as_json(each), "state": _stage(each, plan)} for each in expected]
        print_json(_as_json(found) | {"outlook": outlook})
    else:
        show(found, zone=settings.user.zone, now=now)
    return 0


def _stage(expected: Expected, plan: FollowUp) -> str:
    """Return whether it is `due`, `planned` (if nothing happens meanwhile), or follows `then`, from what is sent before."""
    key = (expected.kind, expected.occasion)
    if any((draft.kind, draft.occasion) == key for draft in plan.intended):
        return "due"
    if any((due.kind, due.occasion, due.due_at) == (*key, expected.due_at) for due in plan.assessment.planned):
        return "planned"
    return _THEN


def _expected_as_json(expected: Expected) -> dict[str, object]:
    return {
        "kind": expected.kind,
        "status": expected.status,
        "due_at": expected.due_at,
        "to": list(expected.to),
        "depends": expected.depends,
        "reason": expected.reason,
        "rule": expected.rule,
        "requirements": list(expected.requirements),
    }


def _as_json(found: Explanation) -> dict[str, object]:
    return {
        **state_as_json(found.candidacy),
        "history": [
            {
                **entry_as_json(entry),
                "refused": entry.refused,
                "event": entry.event,
                "evidence": list(found.evidence.get(entry.message_id or "", ())),
            }
            for entry in found.candidacy.state.history
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
                "overtaken": draft.overtaken,
            }
            for draft in found.drafts
        ],
        "due": [_due_as_json(each) for each in found.due],
        "held": [
            {
                "kind": each.kind,
                "due_at": each.due_at,
                "reason": each.reason,
                "until": each.until,
                "rule": each.rule,
                "requirements": list(each.requirements),
            }
            for each in found.held
        ],
        "planned": [_due_as_json(each) for each in found.planned],
        "review": [{"number": each.number, "reason": each.question.reason} for each in found.reviews],
    }


def _due_as_json(due: Due) -> dict[str, object]:
    return {
        "kind": due.kind,
        "due_at": due.due_at,
        "reason": due.reason,
        "rule": due.rule,
        "requirements": list(due.requirements),
    }
