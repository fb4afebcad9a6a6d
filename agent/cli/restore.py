"""`interview-agent restore`: what a backup holds becomes what the agent knows."""

import argparse
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from agent.accounts.locations import make_state_folder
from agent.accounts.settings import Settings
from agent.cli.backup import LEDGER
from agent.cli.endings import UsageProblem, WorkFailed
from agent.cli.printing import counted
from agent.cli.state import every_settings
from agent.daemon.lock import alone
from agent.store.dump import Dumped, examine, is_empty, load, settle

_BESIDE = ("-wal", "-shm")
"""Endings of the files that SQLite keeps beside a database."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `restore`."""
    parser.description = (
        "Puts what a backup holds in the place of what the agent knows. The file is checked as a whole before anything is "
        "changed; one of an older version is brought up to date. The agent must not run meanwhile."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what `interview-agent backup` wrote")
    parser.add_argument("--replace", action="store_true", help="although something is known here; it is kept beside")


def run(arguments: argparse.Namespace) -> int:
    """Check the backup, write the new ledgers beside the old ones, and put them in their place together."""
    every = every_settings(arguments)
    make_state_folder(every[0].shared_folder)
    with alone(every[0].shared_folder):
        found = examine(arguments.file)
        places = _places(found, every, arguments.file, one=arguments.account is not None)
        full = [place for place in places.values() if not is_empty(place)]
        if full and not arguments.replace:
            shown = ", ".join(str(place) for place in full)
            raise UsageProblem(
                f"{shown}: the agent knows something here already; --replace puts the backup in its place and keeps it"
            )
        kept = _restore(arguments.file, places)
    for each in found:
        if each.name in places:
            print(f"{f'{each.name}: ' if each.name else ''}{counted(each.rows, 'row')} restored from {arguments.file}.")
    for place in kept:
        print(f"What was known before is kept in {place}.")
    return 0


def _places(found: list[Dumped], every: list[Settings], file: Path, *, one: bool) -> dict[str, Path]:
    """Return name of the account in the backup → where its ledger belongs.

    Where there is one account on both sides, their names do not matter. With `one` the others in the backup are left out.
    """
    here = {settings.name: make_state_folder(settings.state.folder) / LEDGER for settings in every}
    if len(found) == 1 and len(here) == 1:
        return {found[0].name: next(iter(here.values()))}
    there = {each.name for each in found}
    lacking = sorted(here.keys() - there if one else there - here.keys())
    if lacking or not there & here.keys():
        names, known = (", ".join(sorted(each)) or "one without a name" for each in (there, set(here)))
        raise UsageProblem(
            f"{file}: it has the accounts {names}, and the configuration has {known}; "
            "give them the same names, or say which one: --account NAME"
        )
    return {name: place for name, place in here.items() if name in there}


def _restore(file: Path, places: dict[str, Path]) -> list[Path]:
    """Write the ledgers, and put all of them in their place; return where those before are kept."""
    new = {name: place.with_name(f"{place.name}.restoring") for name, place in places.items()}
    try:
        for target in new.values():
            target.unlink(missing_ok=True)
        load(file, new)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        kept = [beside for name, place in places.items() if (beside := _put(new[name], place, stamp)) is not None]
    except OSError as error:
        raise WorkFailed(
            f"{error.filename or file}: {error.strerror}; nothing was lost, make room or name another folder"
        ) from error
    finally:
        for target in new.values():
            with suppress(OSError):
                target.unlink(missing_ok=True)
    return kept


def _put(new: Path, place: Path, stamp: str) -> Path | None:
    """Move the new ledger into its place; return where the old one is kept, None where it held nothing.

    The old one has both names for a moment: whenever the machine stops, one of the two ledgers is there as a whole.
    """
    kept = None
    if place.exists():
        settle(place)
        if not is_empty(place):
            kept = place.with_name(f"{place.name}.before-{stamp}")
            kept.hardlink_to(place)
    for ending in _BESIDE:
        place.with_name(f"{place.name}{ending}").unlink(missing_ok=True)
    new.replace(place)
    return kept
