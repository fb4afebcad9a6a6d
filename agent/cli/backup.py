"""`interview-agent backup`: everything that the agent knows, in one file."""

import argparse
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from agent import __version__
from agent.accounts.settings import Settings
from agent.cli.endings import WorkFailed
from agent.cli.printing import counted, print_json
from agent.cli.state import every_settings, open_ledger
from agent.store.dump import Dumped, dump

LEDGER = "ledger.sqlite3"
"""Name of the ledger in a state folder."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `backup`."""
    parser.description = (
        "Writes everything that the agent knows of all accounts into one file: what is tracked, what was read, every "
        "decision and draft, and how far each folder was read. Passwords and tokens are not in it; what people wrote to you "
        "is. The agent may go on running meanwhile."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to write; one of this name is replaced")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Write the backup beside its place first, so that there is never half a one under its name."""
    every = every_settings(arguments)
    ledgers = [(settings.name, _ledger_of(settings)) for settings in every]
    file: Path = arguments.file
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-", delete=False) as out:  # made 0600
            try:
                done = dump(ledgers, out, made_at=datetime.now(UTC), program=__version__)
                out.flush()
                os.fsync(out.fileno())
            except BaseException:
                Path(out.name).unlink()
                raise
        Path(out.name).replace(file)
    except OSError as error:
        raise WorkFailed(f"{file}: cannot be written ({error.strerror}); name another file") from error
    _tell(done, file, as_json=arguments.json)
    return 0


def _ledger_of(settings: Settings) -> Path:
    """Return the file of a ledger, brought up to the newest schema, and made where there is none yet."""
    with open_ledger(settings):
        return settings.state.folder / LEDGER


def _tell(done: list[Dumped], file: Path, *, as_json: bool) -> None:
    if as_json:
        print_json([{"account": each.name, "schema": each.schema, "rows": each.rows} for each in done])
        return
    for each in done:
        print(f"{f'{each.name}: ' if each.name else ''}{counted(each.rows, 'row')} written to {file}.")
    print("It holds what people wrote to you, and no password: keep it where only you can read it.")
