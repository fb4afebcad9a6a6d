"""The settings and the ledger: all that a command needs which only looks at what the agent remembers."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from agent.accounts.locations import make_state_folder
from agent.accounts.settings import Settings, load_settings
from agent.store import Ledger


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings of the file named by `--config`, or of the one in the usual place."""
    return load_settings(arguments.config)


@contextmanager
def open_ledger(settings: Settings) -> Iterator[Ledger]:
    """Open the ledger of the state folder, for as long as the block lasts; the folder is created when it is missing."""
    ledger = Ledger(make_state_folder(settings.state.folder) / "ledger.sqlite3")
    try:
        yield ledger
    finally:
        ledger.close()
