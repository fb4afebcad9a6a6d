"""The settings and the ledgers: all that a command needs which only looks at what the agent remembers."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from agent.accounts.locations import make_state_folder
from agent.accounts.settings import Settings, load_accounts
from agent.cli.endings import UsageProblem
from agent.store import Ledger


def every_settings(arguments: argparse.Namespace) -> list[Settings]:
    """Return the settings of each account, or of the one that `--account` names.

    They are those of the file named by `--config`, or of the one in the usual place.
    """
    every = load_accounts(arguments.config)
    wanted = vars(arguments).get("account")
    if wanted is None:
        return every
    chosen = [settings for settings in every if settings.name == wanted]
    if not chosen:
        names = ", ".join(settings.name for settings in every if settings.name)
        there = f"there are: {names}" if names else "the configuration has one account, which has no name"
        raise UsageProblem(f"there is no account {wanted!r}; {there}")
    return chosen


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings of the one account that a command is about; `UsageProblem` when several may be meant."""
    every = every_settings(arguments)
    if len(every) > 1:
        raise UsageProblem(f"there are several accounts ({_names(every)}); say which one: --account NAME")
    return every[0]


def settings_holding(arguments: argparse.Namespace, holds: Callable[[Ledger], bool], thing: str) -> Settings:
    """Return the settings of the account whose ledger `holds` the thing; `UsageProblem` when none does, or several do.

    Where there is one account it is not asked: the command itself says best what is missing.
    """
    every = every_settings(arguments)
    if len(every) == 1:
        return every[0]
    found = []
    for settings in every:
        with open_ledger(settings) as ledger:
            if holds(ledger):
                found.append(settings)
    if not found:
        raise UsageProblem(f"there is no {thing} in any account ({_names(every)}); `interview-agent status` shows what is there")
    if len(found) > 1:
        raise UsageProblem(f"there is {thing} in several accounts ({_names(found)}); say which one: --account NAME")
    return found[0]


def tracking(interview: str) -> Callable[[Ledger], bool]:
    """Return what says whether a ledger tracks this interview, for `settings_holding`."""
    return lambda ledger: any(each.id == interview for each in ledger.interviews())


@contextmanager
def open_ledger(settings: Settings) -> Iterator[Ledger]:
    """Open the ledger of the state folder, for as long as the block lasts; the folder is created when it is missing."""
    make_state_folder(settings.shared_folder)
    ledger = Ledger(make_state_folder(settings.state.folder) / "ledger.sqlite3")
    try:
        yield ledger
    finally:
        ledger.close()


def _names(every: Sequence[Settings]) -> str:
    return ", ".join(settings.name for settings in every)
