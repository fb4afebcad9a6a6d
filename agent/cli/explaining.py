"""Where one interview stands and why, in words: what `why` prints; imports nothing slow."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from agent.cli.printing import print_paragraph, shown_day, shown_time
from agent.cli.rows import ENDED

DRAFT_STATES = {
    "intended": "the next pass puts it into Drafts",
    "queued": "in Drafts since",
    "sent": "you sent it; put into Drafts",
    "withdrawn": "taken back, for news came first",
    "edited": "yours since you changed it; put into Drafts",
    "deleted": "no longer in Drafts; put there",
}
"""State of a draft → how it is told, before the moment at which it was put into Drafts."""

_STRONGEST = 3
"""Pieces of evidence that are shown; they come strongest first, and `--json` has them all."""

_SHORT = {"thread": "its thread", "calendar_uid": "its appointment"}
"""Evidence whose detail is an identifier that says nothing to a reader."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenQuestion:
    """A question in review that may be about the interview."""

    number: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """All that is known of why one interview stands where it stands."""

    why: dict[str, Any]
    """See `agent.daemon.explanation.Why`."""
    reviews: Sequence[OpenQuestion]
    now: datetime
    zone: tzinfo

    def time(self, text: str | None) -> str:
        """Return a moment as the user reads it."""
        return shown_time(datetime.fromisoformat(text), self.zone) if text else ""


def show(found: Explained) -> None:
    """Print it: with a frame and colours on a terminal, plainly in a pipe."""
    if sys.stdout.isatty():
        from agent.cli.explaining_on_terminal import show_on_terminal

        show_on_terminal(found)
    else:
        _show_plainly(found)


def moved(history: Iterable[dict[str, Any]]) -> list[bool]:
    """Return for each entry of a history whether the status became another one by it."""
    before, found = "", []
    for entry in history:
        found.append(entry["status"] != before)
        before = entry["status"]
    return found


def what(entry: dict[str, Any]) -> str:
    """Return what an entry of the history is: whose mail, or what else happened."""
    if entry["subject"] is not None:
        writer = "Your mail" if entry["from"] == "me" else f"From {entry['from'] or 'nobody'}"
        return f"{writer}: {entry['subject'] or '(no subject)'}"
    return {"clock": "The interview is over.", "review": "You said so in review."}.get(
        entry["rule"], f"{entry['rule'].capitalize()}."
    )


def pieces(evidence: Iterable[str]) -> list[str]:
    """Return the strongest evidence in short: `contact: dana@acme.example` becomes `contact dana@acme.example`."""
    parts = (line.partition(": ") for line in evidence)
    return [_SHORT.get(kind) or f"{kind.replace('_', ' ')} {detail}".rstrip() for kind, _, detail in parts][:_STRONGEST]


def silence(why: dict[str, Any]) -> str:
    """Return why there is nothing to do: a silence can be asked why, too (design, promise 6)."""
    if why["status"] in ENDED:
        return f"the candidacy is {why['status']}."
    if why["next_at"]:
        return "an interview is fixed; what follows is planned from its end."
    return f"the status is {why['status']}, and no rule of the policy asks for a follow-up from there."


def nothing_is_due(found: Explained) -> bool:
    """Whether nothing is drafted, due, held, planned, expected or asked."""
    why = found.why
    return not (why["drafts"] or why["due"] or why["held"] or why["planned"] or then(why) or found.reviews)


def then(why: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what follows only from what is sent before."""
    return [each for each in why["outlook"] if each["state"] == "then"]


def expected(step: dict[str, Any]) -> str:
    """Return what is expected: a draft, or a status that is suggested."""
    return step["kind"] or f"{step['status']} is suggested to you"


def promise(text: str, now: datetime, zone: tzinfo) -> str:
    """Return what they promised, as of `now`."""
    day = date.fromisoformat(text)
    return f"news {'was due' if day < now.astimezone(zone).date() else 'due'} by {shown_day(day)}"


def by_rule(step: dict[str, Any]) -> str:
    """Return the rule behind a step, and the requirements of the guides that it carries out."""
    guides = f"; guides {', '.join(step['requirements'])}" if step["requirements"] else ""
    return f"rule {step['rule']}{guides}"


def _show_plainly(found: Explained) -> None:
    why = found.why
    _show_state(found)
    _show_history(found)
    if why["drafts"]:
        print("\nDRAFTS")
    for draft in why["drafts"]:
        told = f"{DRAFT_STATES[draft['state']]} {found.time(draft['queued_at'])}"
        print(f"  {draft['kind']} to {', '.join(draft['to'])}: {told}".rstrip())
        _show_reason(draft)
        if draft["overtaken"]:
            print_paragraph(f"Look at it again before you send it: {draft['overtaken']}.", indent=4, hanging=0)
    if why["due"]:
        print("\nDUE NOW: the next pass drafts it")
    for due in why["due"]:
        print(f"  {due['kind']} to {', '.join(due['to'])}")
        _show_reason(due)
    if why["held"]:
        print("\nHELD")
    for held in why["held"]:
        until = f", held until {found.time(held['until'])}" if held["until"] else ""
        print(f"  {held['kind']}, due since {found.time(held['due_at'])}{until}")
        _show_reason(held)
    if why["planned"]:
        print("\nPLANNED, if nothing happens before")
    for plan in why["planned"]:
        print(f"  {plan['kind']}{to(plan)} on {found.time(plan['due_at'])}")
        _show_reason(plan)
    if then(why):
        print("\nTHEN, if they stay silent")
    for step in then(why):
        print_paragraph(f"{expected(step)}{to(step)} on {found.time(step['due_at'])}, {step['depends']}", indent=2)
        _show_reason(step)
    if found.reviews:
        print("\nIN REVIEW")
    for review in found.reviews:
        print_paragraph(f"{review.number}: {review.reason}", indent=2)
        print(f"    interview-agent review accept {review.number}   or   interview-agent review dismiss {review.number}")
    if nothing_is_due(found):
        print()
        print_paragraph(f"Nothing is due: {silence(why)}", hanging=0)


def _show_state(found: Explained) -> None:
    why = found.why
    print(f"{why['role']} at {why['company']} ({why['id']})")
    since = f" since {found.time(why['since'])}" if why["since"] else ""
    facts = [f"{why['status']}{since}"]
    if why["turn"] != "none":
        facts.append("it is your turn" if why["turn"] == "us" else "it is their turn")
    if why["round"] and why["turn"] != "none":
        facts.append(f"round {why['round']}")
    if why["next_at"]:
        facts.append(f"the interview is on {found.time(why['next_at'])}")
    if why["promised_by"]:
        facts.append(promise(why["promised_by"], found.now, found.zone))
    print_paragraph("; ".join(facts), hanging=0)


def _show_history(found: Explained) -> None:
    history = found.why["history"]
    if history:
        print("\nWHAT LED THERE (in brackets the number for `interview-agent undo`)")
    for entry, changed in zip(history, moved(history), strict=True):
        status = f" → {entry['status']}." if changed else ""
        number = f" ({entry['event']})" if entry["event"] else ""
        print_paragraph(f"{found.time(entry['at'])}{status} {what(entry)}{number}", indent=2, hanging=4)
        if entry["label"]:
            quote = f" “{entry['quote']}”" if entry["quote"] else ""
            rule = f"  [{entry['rule']}]" if entry["rule"] else ""
            print_paragraph(f"{entry['label']}{quote}{rule}", indent=6)
        if entry["refused"]:
            print_paragraph(f"changed nothing: {entry['refused']}", indent=6)
        if entry["evidence"]:
            print_paragraph(f"belongs here by {', '.join(pieces(entry['evidence']))}", indent=6)


def to(step: dict[str, Any]) -> str:
    """Return to whom a step is addressed."""
    people = ", ".join(step["to"])
    return f" to {people}" if people else ""


def _show_reason(step: dict[str, Any]) -> None:
    print_paragraph(step["reason"], indent=4, hanging=0)
    print_paragraph(by_rule(step), indent=4, hanging=0)
