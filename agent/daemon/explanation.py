"""Why one interview stands where it stands, as plain data: looked up where what is kept holds, worked out where it does not."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.forecast import Forecast
from agent.daemon.overview import Employers, unchanged_until
from agent.daemon.row import WHY
from agent.interviews.candidacy import Candidacy, Letter
from agent.interviews.status import HistoryEntry
from agent.plan.follow_up import FollowUp
from agent.plan.intention import DraftRecord
from agent.plan.outlook import Expected
from agent.policy import Due, Held
from agent.store import Ledger
from agent.store.kept import ALL, Answer, Basis, answers, counts

_THEN = "then"
"""The stage of what follows only from what is sent before."""

Why = dict[str, Any]
"""The explanation with the keys of `why --json`, but without the open questions; times are ISO 8601 text."""


class Explanations:
    """Explains the candidacies of one ledger as of the casebook's moment."""

    def __init__(self, account: Account, casebook: Casebook, *, program: str, beside: str, moment: tuple[int, int]) -> None:
        """`program`, `beside` and `moment` are what the answers rest on, as for `agent.daemon.overview.Overview`."""
        self._ledger: Ledger = account.ledger
        self._casebook = casebook
        self._zone = account.user.timezone
        self._account = account
        self._program = program
        self._beside = beside
        self._moment = moment
        self._employers = Employers(casebook.interviews())
        self._forecast: Forecast | None = None

    def stale(self) -> list[str]:
        """Return the ids of the interviews of which nothing is kept that holds now."""
        counted, kept = counts(self._ledger.kept.read), answers(self._ledger.kept.read, WHY)
        now = self._casebook.now
        return [
            interview.id
            for interview in self._casebook.interviews()
            if (answer := kept.get(interview.id)) is None or not answer.holds(now, self._program, counted, self._beside)
        ]

    def of(self, interview: str) -> Why:
        """Return the explanation of one tracked interview, worked out anew and kept."""
        counted = counts(self._ledger.kept.read)
        if self._forecast is None:
            self._forecast = Forecast(self._account, self._casebook, self._casebook.now)
        candidacy = self._casebook.candidacy(interview)
        plan, expected = self._forecast.plan(candidacy), self._forecast.outlook(candidacy)
        found = _explained(candidacy, plan, expected, self._casebook.drafts(interview), self._evidence(candidacy))
        found["forecast_at"] = self._casebook.now.isoformat()
        if self._program and not plan.intended and not any(each.rule.startswith("check ") for each in plan.held):
            # What is drafted in a moment, and what a text's own words stopped, is told and not kept.
            until = unchanged_until(candidacy, plan.assessment, self._casebook.now, self._zone)
            beside = self._employers.beside(interview)
            basis = Basis(
                program=self._program, counts={name: counted.get(name, 0) for name in (ALL, *beside)}, beside=self._beside
            )
            answer = Answer(
                interview=interview,
                basis=basis,
                since=self._casebook.now,
                until=min([until, *(each.due_at for each in expected)]),
                data=json.dumps(found),
            )
            self._moment = self._ledger.kept.keep(WHY, [answer], moment=self._moment)
        return found

    def _evidence(self, candidacy: Candidacy) -> dict[str, tuple[str, ...]]:
        """Return Message-ID → why the message belongs here, a line each."""
        ids = [letter.message.message_id for letter in candidacy.letters]
        return {each: record.evidence for each in ids if (record := self._ledger.message(each))}


def _explained(
    candidacy: Candidacy,
    plan: FollowUp,
    expected: Sequence[Expected],
    drafts: Sequence[DraftRecord],
    evidence: Mapping[str, Sequence[str]],
) -> Why:
    interview, state = candidacy.interview, candidacy.state
    letters = {letter.message.message_id: letter for letter in candidacy.letters}
    settled = {(draft.kind, draft.occasion) for draft in drafts} | {(held.kind, held.occasion) for held in plan.held}
    due = [each for each in plan.assessment.due if (each.kind, each.occasion) not in settled]
    planned = [each for each in plan.assessment.planned if (each.kind, each.occasion) not in settled]
    return {
        "id": interview.id,
        "company": interview.company,
        "role": interview.role,
        "status": state.status.value,
        "since": _iso(state.since),
        "round": state.round,
        "next_at": _iso(state.next_at),
        "promised_by": state.promised_by.isoformat() if state.promised_by else None,
        "turn": state.turn.value,
        "history": [_entry(entry, letters.get(entry.message_id or ""), evidence) for entry in state.history],
        "drafts": [_draft(each) for each in drafts],
        "due": [_due(each) for each in due],
        "held": [_held(each) for each in plan.held],
        "planned": [_due(each) for each in planned],
        "outlook": [_expected(each, plan) for each in expected],
    }


def _entry(entry: HistoryEntry, letter: Letter | None, evidence: Mapping[str, Sequence[str]]) -> dict[str, object]:
    return {
        "at": entry.at.isoformat(),
        "status": entry.status.value,
        "message_id": entry.message_id,
        "label": entry.label,
        "rule": entry.rule,
        "quote": entry.quote,
        "refused": entry.refused,
        "event": entry.event,
        "evidence": list(evidence.get(entry.message_id or "", ())),
        "from": ("me" if letter.own else letter.message.sender.name or letter.message.sender.email) if letter else None,
        "subject": letter.message.subject if letter else None,
    }


def _draft(draft: DraftRecord) -> dict[str, object]:
    return {
        "kind": draft.kind.value,
        "occasion": draft.occasion,
        "state": draft.state.value,
        "queued_at": _iso(draft.queued_at),
        "to": list(draft.to),
        "subject": draft.subject,
        "rule": draft.rule,
        "requirements": list(draft.requirements),
        "reason": draft.reason,
        "overtaken": draft.overtaken,
    }


def _due(due: Due) -> dict[str, object]:
    return {
        "kind": due.kind.value,
        "due_at": due.due_at.isoformat(),
        "to": [address.email for address in due.to],
        "reason": due.reason,
        "rule": due.rule,
        "requirements": list(due.requirements),
    }


def _held(held: Held) -> dict[str, object]:
    return {
        "kind": held.kind.value,
        "due_at": held.due_at.isoformat(),
        "reason": held.reason,
        "until": _iso(held.until),
        "rule": held.rule,
        "requirements": list(held.requirements),
    }


def _expected(expected: Expected, plan: FollowUp) -> dict[str, object]:
    return {
        "kind": expected.kind.value if expected.kind else None,
        "status": expected.status.value if expected.status else None,
        "due_at": expected.due_at.isoformat(),
        "to": list(expected.to),
        "depends": expected.depends,
        "reason": expected.reason,
        "rule": expected.rule,
        "requirements": list(expected.requirements),
        "state": _stage(expected, plan),
    }


def _stage(expected: Expected, plan: FollowUp) -> str:
    """Return whether it is `due`, `planned` (if nothing happens meanwhile), or follows `then`, from what is sent before."""
    key = (expected.kind, expected.occasion)
    if any((draft.kind, draft.occasion) == key for draft in plan.intended):
        return "due"
    if any((due.kind, due.occasion, due.due_at) == (*key, expected.due_at) for due in plan.assessment.planned):
        return "planned"
    return _THEN


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
