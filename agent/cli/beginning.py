"""The first day, for `init`: candidacies in the mail of the last weeks, the first pass, the board."""

import argparse
from datetime import UTC, datetime

from agent.accounts.locations import make_state_folder
from agent.accounts.settings import Settings
from agent.cli.answers import Answers, Configuration
from agent.cli.asking import say
from agent.cli.endings import UsageProblem
from agent.cli.state import open_ledger
from agent.daemon.lock import AlreadyRunning, alone

_DAYS = 60
"""How far back a look is proposed: longer than most employers take to answer."""


def look_for_candidacies(answers: Answers, configuration: Configuration, *, new: bool) -> None:
    """Offer to look through the last weeks, show what was found and track what the user chooses."""
    from agent.cli import look_back

    if answers.given("look_back") is None and not answers.yes:
        print()
        say("The mail that you have already tells which candidacies to track; looking at it changes nothing in it.")
    days = int(
        answers.ask("look_back", "How many days to look back (or no)", default=str(_DAYS) if new else "no", check=_days_or_no)
    )
    if days:
        track = "all" if answers.yes else None
        look_back.run(_called(configuration, source=[], days=days, track=track, json=False))


def first_pass(answers: Answers, configuration: Configuration, settings: Settings, *, new: bool) -> None:
    """Offer the first pass, and show the board."""
    from agent.cli import board, passes

    if not answers.yes and answers.given("first_pass") is None:
        print()
    if is_running(settings):
        say("The service is running: it reads new mail by itself.")
    elif answers.confirm("first_pass", "Make a pass now: read new mail, put what is due into Drafts", default=new):
        passes.run(_called(configuration, debug=answers.given("debug"), json=False))
    print()
    with open_ledger(settings) as ledger:
        board.show_board(ledger, settings, now=datetime.now(UTC))


def is_running(settings: Settings) -> bool:
    """Whether a service works on the state of these settings at this moment."""
    try:
        with alone(make_state_folder(settings.shared_folder)):
            return False
    except AlreadyRunning:
        return True


def _called(configuration: Configuration, **given: object) -> argparse.Namespace:
    return argparse.Namespace(config=configuration.path, account=configuration.account or None, **given)


def _days_or_no(text: str) -> str:
    if text.casefold() in ("no", "none", "0"):
        return "0"
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise UsageProblem("answer with a number of days up to 3650, or no")
    return text
