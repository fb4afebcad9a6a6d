"""What `why` shows on a terminal: a frame with how it stands, the history as a time line, and what comes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from agent.cli import terminal
from agent.cli.explaining import (
    DRAFT_STATES,
    Explained,
    by_rule,
    expected,
    moved,
    nothing_is_due,
    pieces,
    promise,
    silence,
    then,
    to,
    what,
)
from agent.cli.printing import ago, near_time
from agent.cli.rows import TURNS, spoken
from agent.cli.terminal import LOUD, QUIET, TROUBLE, paragraph


def show_on_terminal(found: Explained) -> None:
    """Print it."""
    screen = terminal.console()
    why = found.why
    screen.print(_standing(found))
    _history(found, screen)
    _drafts(found, screen)
    _steps(found, screen, "Due now", "the next pass drafts it", why["due"])
    _held(found, screen)
    _steps(found, screen, "Planned", "if nothing happens before", why["planned"])
    _then(found, screen)
    if found.reviews:
        _head(screen, "In review", "what the agent would not decide alone")
    for review in found.reviews:
        screen.print(paragraph((f"{review.number} ", LOUD), review.reason, indent=2, hanging=2))
        screen.print(paragraph(f"interview-agent review accept {review.number}", indent=4))
        screen.print(paragraph(f"interview-agent review dismiss {review.number}", indent=4))
    if nothing_is_due(found):
        screen.print()
        screen.print(paragraph(f"Nothing is due: {spoken(silence(why))}"))


def _standing(found: Explained) -> Any:
    why = found.why
    since = f" since {_near(found, why['since'])} ({_ago(found, why['since'])})" if why["since"] else ""
    first = Text.assemble(terminal.status(why["status"]), since)
    if (why["round"] or 1) > 1:
        first.append(f", round {why['round']}")
    lines = [first]
    if why["turn"] != "none":
        lines.append(Text.assemble("The turn is ", (TURNS[why["turn"]], LOUD if why["turn"] == "us" else ""), "."))
    if why["next_at"]:
        when = f"{_near(found, why['next_at'])} ({_ago(found, why['next_at'])})"
        lines.append(Text.assemble("The interview is ", (when, LOUD), "."))
    if why["promised_by"]:
        told = promise(why["promised_by"], found.now, found.zone)
        lines.append(Text(f"{told[:1].upper()}{told[1:]}."))
    if following := next(iter([*why["due"], *why["planned"]]), None):
        when = "now" if why["due"] else _near(found, following["due_at"])
        lines.append(Text.assemble("The next follow-up is a ", (spoken(following["kind"]), LOUD), f", {when}."))
    lines.append(Text(why["id"], style=QUIET))
    return terminal.panel(f"{why['role']} at {why['company']}", lines)


def _history(found: Explained, screen: Console) -> None:
    history: Sequence[dict[str, Any]] = found.why["history"]
    if history:
        _head(screen, "What led there", "in brackets the number for `interview-agent undo`")
    for entry, changed in zip(history, moved(history), strict=True):
        status = Text.assemble((" → ", QUIET), terminal.status(entry["status"])) if changed else Text("")
        number = f" ({entry['event']})" if entry["event"] else ""
        when = Text(_near(found, entry["at"]), style=LOUD if changed else "")
        screen.print(paragraph("● " if changed else "○ ", when, status, (number, QUIET), hanging=2))
        screen.print(paragraph(what(entry), indent=4))
        if entry["quote"]:
            screen.print(paragraph((f"“{entry['quote']}”", "italic"), indent=4))
        if entry["label"]:
            rule = f", by {entry['rule']}" if entry["rule"] else ""
            screen.print(paragraph((f"{spoken(entry['label'])}{rule}", QUIET), indent=4))
        if entry["refused"]:
            screen.print(paragraph(f"Changed nothing: {entry['refused']}", indent=4))
        if entry["evidence"]:
            screen.print(paragraph((f"belongs here by {', '.join(pieces(entry['evidence']))}", QUIET), indent=4))


def _drafts(found: Explained, screen: Console) -> None:
    if found.why["drafts"]:
        _head(screen, "Drafts", "")
    for draft in found.why["drafts"]:
        told = f": {DRAFT_STATES[draft['state']]} {_near(found, draft['queued_at'])}".rstrip()
        screen.print(paragraph((spoken(draft["kind"]), LOUD), to(draft), told, indent=2, hanging=2))
        if draft["overtaken"]:
            warning = f"Look at it again before you send it: {draft['overtaken']}."
            screen.print(paragraph((warning, TROUBLE), indent=4))
        _reason(screen, draft)


def _steps(found: Explained, screen: Console, title: str, meaning: str, steps: Sequence[dict[str, Any]]) -> None:
    if steps:
        _head(screen, title, meaning)
    for step in steps:
        when = f", {_near(found, step['due_at'])}" if title != "Due now" else ""
        screen.print(paragraph((spoken(step["kind"]), LOUD), f"{to(step)}{when}", indent=2, hanging=2))
        _reason(screen, step)


def _held(found: Explained, screen: Console) -> None:
    if found.why["held"]:
        _head(screen, "Held", "due by the calendar, and a rule forbids it")
    for held in found.why["held"]:
        until = f", held until {_near(found, held['until'])}" if held["until"] else ""
        told = f", due since {_near(found, held['due_at'])}{until}"
        screen.print(paragraph((spoken(held["kind"]), LOUD), told, indent=2, hanging=2))
        _reason(screen, held)


def _then(found: Explained, screen: Console) -> None:
    if steps := then(found.why):
        _head(screen, "Then", "if they stay silent")
    for step in steps:
        told = f"{to(step)}, {_near(found, step['due_at'])}, {step['depends']}"
        screen.print(paragraph((spoken(expected(step)), LOUD), told, indent=2, hanging=2))
        _reason(screen, step)


def _head(screen: Console, title: str, meaning: str) -> None:
    screen.print()
    screen.print(paragraph((title, "bold underline"), (f"  {meaning}" if meaning else "", QUIET)))


def _reason(screen: Console, step: dict[str, Any]) -> None:
    screen.print(paragraph(step["reason"], indent=4))
    screen.print(paragraph((by_rule(step), QUIET), indent=4))


def _near(found: Explained, text: str | None) -> str:
    return near_time(datetime.fromisoformat(text), found.now, found.zone) if text else ""


def _ago(found: Explained, text: str) -> str:
    return ago(datetime.fromisoformat(text), found.now, found.zone)
