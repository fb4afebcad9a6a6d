"""One question in review as a block: the mail, the words that were read, what saying yes does, and how to answer."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from agent.cli.printing import near_time, print_paragraph, shown_time
from agent.messages.message import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question as it is shown."""

    number: int
    reason: str
    """What is asked and why, with the words that were read."""
    mail: Message | None
    belongs: Sequence[str]
    """Ids of the interviews that it may be about, the likeliest first."""
    consequence: str
    """What saying yes does."""
    accept: str
    dismiss: str
    """The commands; empty where the answer is asked for at once."""


def show_question(asked: Asked, *, zone: tzinfo, now: datetime) -> None:
    """Print it: with colours on a terminal, plainly in a pipe; times are in `zone`."""
    if sys.stdout.isatty():
        _show_on_terminal(asked, zone, now)
    else:
        _show_plainly(asked, zone)


def _show_plainly(asked: Asked, zone: tzinfo) -> None:
    print_paragraph(f"{asked.number}: {asked.reason}", hanging=3)
    if asked.mail:
        when = shown_time(asked.mail.date, zone)
        print_paragraph(f"Mail of {when} from {asked.mail.sender.email}: {asked.mail.subject}", indent=3)
    if asked.belongs:
        print_paragraph(f"For: {', '.join(asked.belongs)}", indent=3)
    print_paragraph(f"Yes {asked.consequence}.", indent=3)
    if asked.accept:
        print(f"   {asked.accept}   or   {asked.dismiss}")


def _show_on_terminal(asked: Asked, zone: tzinfo, now: datetime) -> None:
    from agent.cli import terminal
    from agent.cli.terminal import LOUD, QUIET, paragraph

    screen = terminal.console()
    screen.print(paragraph((f"{asked.number}  ", LOUD), asked.reason, hanging=3))
    if asked.mail:
        writer = asked.mail.sender.name or asked.mail.sender.email
        address = f" <{asked.mail.sender.email}>" if asked.mail.sender.name else ""
        told = f"From {writer}{address}, {near_time(asked.mail.date, now, zone)}: "
        screen.print(paragraph(told, (asked.mail.subject or "(no subject)", "italic"), indent=3, hanging=2))
    if asked.belongs:
        screen.print(paragraph(("For ", QUIET), ", ".join(asked.belongs), indent=3, hanging=2))
    screen.print(paragraph(("Yes ", "green"), f"{asked.consequence}.", indent=3, hanging=2))
    for command in filter(None, (asked.accept, asked.dismiss)):
        screen.print(paragraph((command, QUIET), indent=5, hanging=2))
    screen.print()
