"""This program in a process of its own: `once` itself, with a watch between the command and its pass.

`python -m bench.mailbox_look FILE [--no-model] [--passes N] [--profile FILE] -- once --json --config ...` runs the command and
writes into FILE what the pass cost by phases. With `--passes` it then makes N more passes as the service does, with the mailbox
kept open and the casebook kept, and notes wall and processor seconds of each.
"""

import argparse
import cProfile
import json
import pstats
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.cli import main as program
from agent.cli import passes
from agent.daemon.account import Account, PassReport
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.mailbox import Mailbox


class _Watched:
    """Passes every question on, and adds up the time until its answer."""

    def __init__(self, model: Any, notes: dict[str, Any]) -> None:
        self._model = model
        self._notes = notes

    def __getattr__(self, name: str) -> Any:
        """Return what the model has under this name; a method with a watch."""
        there = getattr(self._model, name)
        if not callable(there):
            return there

        def asked(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return there(*args, **kwargs)
            finally:
                took = time.perf_counter() - began
                self._notes.setdefault("model_first", took)
                self._notes["model"] += took
                self._notes["model_calls"] += 1

        return asked


class _Kept:
    """A mailbox that stays open when a pass is over, as the service keeps it."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def __getattr__(self, name: str) -> Any:
        """Return what the mailbox has under this name."""
        return getattr(self._mailbox, name)

    def close(self) -> None:
        """Stay open."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with the watch in it; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.mailbox_look", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--no-model", action="store_true")
    parser.add_argument("--passes", type=int, default=0)
    parser.add_argument("--profile", type=Path)
    given = list(sys.argv[1:] if argv is None else argv)
    options = parser.parse_args(given[: given.index("--")])
    notes: dict[str, Any] = {"model": 0.0, "model_calls": 0, "passes": []}

    def watched(account: Account, now: datetime, **kept: Any) -> PassReport:
        model = None if options.no_model or account.model is None else _Watched(account.model, notes)
        account = replace(account, model=model, open_mailbox=_timed(account.open_mailbox, notes))
        look = cProfile.Profile() if options.profile else None
        began, cpu = time.perf_counter(), time.process_time()
        report = look.runcall(run_pass, account, now, **kept) if look else run_pass(account, now, **kept)
        notes["pass"], notes["pass_cpu"] = time.perf_counter() - began, time.process_time() - cpu
        notes["began"] = began
        if look:
            with options.profile.open("w", encoding="utf-8") as out:
                pstats.Stats(look, stream=out).strip_dirs().sort_stats("tottime").print_stats(40)
                pstats.Stats(look, stream=out).strip_dirs().sort_stats("cumtime").print_stats(60)
        if options.passes:
            _passes(account, options.passes, notes)
        return report

    setattr(passes, "run_pass", watched)  # noqa: B010 (between the command and its pass, where no interface is)
    status = program.main(given[given.index("--") + 1 :])
    notes["cpu"] = time.process_time()
    notes["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    options.file.write_text(json.dumps(notes), encoding="utf-8")
    return status


def _timed(open_mailbox: Callable[[], Mailbox], notes: dict[str, Any]) -> Callable[[], Mailbox]:
    def opened() -> Mailbox:
        began = time.perf_counter()
        mailbox = open_mailbox()
        notes["connect"] = time.perf_counter() - began
        return mailbox

    return opened


def _passes(account: Account, many: int, notes: dict[str, Any]) -> None:
    """Make passes over a mailbox that stays open; the first is not counted."""
    mailbox = account.open_mailbox()
    kept = replace(account, open_mailbox=lambda: _Kept(mailbox))
    casebook = Casebook(account.ledger, datetime.now(UTC))
    try:
        for number in range(many + 1):
            began, cpu = time.perf_counter(), time.process_time()
            report = run_pass(kept, datetime.now(UTC), casebook=casebook)
            if number:
                notes["passes"].append((time.perf_counter() - began, time.process_time() - cpu, report.read))
    finally:
        mailbox.close()


if __name__ == "__main__":
    sys.exit(main())
