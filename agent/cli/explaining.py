"""Where one interview stands and why, in words: what `why` prints."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from agent.cli.board import promise
from agent.cli.printing import print_paragraph, shown_time
from agent.interviews import Turn
from agent.interviews.candidacy import Candidacy, Letter
from agent.interviews.status import HistoryEntry
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.outlook import Expected
from agent.policy import Due, Held
from agent.store import Review

_STATES = {
    DraftState.INTENDED: "the next pass puts it into Drafts",
    DraftState.QUEUED: "in Drafts since",
    DraftState.SENT: "you sent it; put into Drafts",
    DraftState.WITHDRAWN: "taken back, for news came first",
    DraftState.EDITED: "yours since you changed it; put into Drafts",
    DraftState.DELETED: "no longer in Drafts; put there",
}
"""State of a draft → how it is told, before the moment at which it was put into Drafts."""

_STRONGEST = 3
"""Pieces of evidence that are shown; they come strongest first, and `--json` has them all."""

_SHORT = {"thread": "its thread", "calendar_uid": "its appointment"}
"""Evidence whose detail is an identifier that says nothing to a reader."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """All that is known of why one interview stands where it stands."""

    candidacy: Candidacy
    evidence: Mapping[str, tuple[str, ...]]
    """Message-ID → why the message belongs here, a line each."""
    drafts: tuple[DraftRecord, ...]
    due: tuple[Due, ...]
    """Due now, and not yet carried out by a pass."""
    held: tuple[Held, ...]
    planned: tuple[Due, ...]
    then: tuple[Expected, ...]
    """What follows after that if the user sends each draft and nobody answers."""
    reviews: tuple[Review, ...]


def show(found: Explanation, *, zone: tzinfo, now: datetime) -> None:
    """Print it; times are in `zone`."""
    _show_state(found.candidacy, zone, now)
    _show_history(found, zone)
    if found.drafts:
        print("\nDRAFTS")
    for draft in found.drafts:
        print(f"  {draft.kind} to {', '.join(draft.to)}: {_STATES[draft.state]} {shown_time(draft.queued_at, zone)}".rstrip())
        _show_reason(draft.reason, draft.rule, draft.requirements)
        if draft.overtaken:
            print_paragraph(f"Look at it again before you send it: {draft.overtaken}.", indent=4, hanging=0)
    if found.due:
        print("\nDUE NOW: the next pass drafts it")
    for due in found.due:
        print(f"  {due.kind} to {', '.join(address.email for address in due.to)}")
        _show_reason(due.reason, due.rule, due.requirements)
    if found.held:
        print("\nHELD")
    for held in found.held:
        until = f", held until {shown_time(held.until, zone)}" if held.until else ""
        print(f"  {held.kind}, due since {shown_time(held.due_at, zone)}{until}")
        _show_reason(held.reason, held.rule, held.requirements)
    if found.planned:
        print("\nPLANNED, if nothing happens before")
    for plan in found.planned:
        print(f"  {plan.kind}{_to(address.email for address in plan.to)} on {shown_time(plan.due_at, zone)}")
        _show_reason(plan.reason, plan.rule, plan.requirements)
    if found.then:
        print("\nTHEN, if they stay silent")
    for expected in found.then:
        what = expected.kind or f"{expected.status} is suggested to you"
        day = shown_time(expected.due_at, zone)
        print_paragraph(f"{what}{_to(expected.to)} on {day}, {expected.depends}", indent=2)
        _show_reason(expected.reason, expected.rule, expected.requirements)
    if found.reviews:
        print("\nIN REVIEW")
    for review in found.reviews:
        print_paragraph(f"{review.number}: {review.question.reason}", indent=2)
        print(f"    interview-agent review accept {review.number}   or   interview-agent review dismiss {review.number}")
    if not (found.drafts or found.due or found.held or found.planned or found.then or found.reviews):
        print()
        print_paragraph(f"Nothing is due: {_silence(found.candidacy)}", hanging=0)


def _show_state(candidacy: Candidacy, zone: tzinfo, now: datetime) -> None:
    interview, state = candidacy.interview, candidacy.state
    print(f"{interview.role} at {interview.company} ({interview.id})")
    facts = [f"{state.status}{f' since {shown_time(state.since, zone)}' if state.since else ''}"]
    if state.turn is not Turn.NONE:
        facts.append("it is your turn" if state.turn is Turn.US else "it is their turn")
    if state.round and state.turn is not Turn.NONE:
        facts.append(f"round {state.round}")
    if state.next_at:
        facts.append(f"the interview is on {shown_time(state.next_at, zone)}")
    if state.promised_by:
        facts.append(promise(state.promised_by, now.astimezone(zone).date()))
    print_paragraph("; ".join(facts), hanging=0)


def _show_history(found: Explanation, zone: tzinfo) -> None:
    letters = {letter.message.message_id: letter for letter in found.candidacy.letters}
    if found.candidacy.state.history:
        print("\nWHAT LED THERE (in brackets the number for `interview-agent undo`)")
    before = ""
    for entry in found.candidacy.state.history:
        letter = letters.get(entry.message_id or "")
        moved = f" → {entry.status}." if entry.status != before else ""
        before = entry.status
        number = f" ({entry.event})" if entry.event else ""
        print_paragraph(f"{shown_time(entry.at, zone)}{moved} {_what(entry, letter)}{number}", indent=2, hanging=4)
        if entry.label:
            quote = f" “{entry.quote}”" if entry.quote else ""
            rule = f"  [{entry.rule}]" if entry.rule else ""
            print_paragraph(f"{entry.label}{quote}{rule}", indent=6)
        if entry.refused:
            print_paragraph(f"changed nothing: {entry.refused}", indent=6)
        if pieces := found.evidence.get(entry.message_id or ""):
            print_paragraph(f"belongs here by {', '.join(_pieces(pieces))}", indent=6)


def _what(entry: HistoryEntry, letter: Letter | None) -> str:
    if letter is not None:
        message = letter.message
        writer = "Your mail" if letter.own else f"From {message.sender.name or message.sender.email or 'nobody'}"
        return f"{writer}: {message.subject or '(no subject)'}"
    return {"clock": "The interview is over.", "review": "You said so in review."}.get(entry.rule, f"{entry.rule.capitalize()}.")


def _pieces(evidence: Iterable[str]) -> list[str]:
    """Return the strongest evidence in short: `contact: dana@acme.example` becomes `contact dana@acme.example`."""
    parts = (line.partition(": ") for line in evidence)
    return [_SHORT.get(kind) or f"{kind.replace('_', ' ')} {detail}".rstrip() for kind, _, detail in parts][:_STRONGEST]


def _to(addresses: Iterable[str]) -> str:
    people = ", ".join(addresses)
    return f" to {people}" if people else ""


def _show_reason(reason: str, rule: str, requirements: tuple[str, ...]) -> None:
    print_paragraph(reason, indent=4, hanging=0)
    print_paragraph(f"rule {rule}; guides {', '.join(requirements)}" if requirements else f"rule {rule}", indent=4, hanging=0)


def _silence(candidacy: Candidacy) -> str:
    """Return why there is nothing to do: a silence can be asked why, too (design, promise 6)."""
    state = candidacy.state
    if state.turn is Turn.NONE:
        return f"the candidacy is {state.status}."
    if state.next_at:
        return "an interview is fixed; what follows is planned from its end."
    return f"the status is {state.status}, and no rule of the policy asks for a follow-up from there."
