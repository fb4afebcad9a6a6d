"""How fast a person sees where everything stands: whole processes, from the start of Python to the last line.

A ledger of 200 interviews with 20,000 events is written, then each command is run twenty times, in a pipe and on a terminal.
"""

import argparse
import os
import pty
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.accounts.settings import load_settings
from agent.cli.state import open_ledger
from bench.seeing_ledger import Builder
from tests.cli.shell import configure

_BARS = {"--help": 0.15, "status": 0.3, "why": 0.3}
"""Seconds that a command may take, by its first word."""


def main() -> int:
    """Build, measure and print; return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description="How fast status, why, review and --help answer.")
    parser.add_argument("--interviews", type=int, default=200)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="build the ledger here, and leave it; one that is there is used")
    options = parser.parse_args()
    with TemporaryDirectory() as passing:
        home = options.home or Path(passing)
        return _measure(home, _built(home, options), options.runs)


def _built(home: Path, options: argparse.Namespace) -> str:
    """Return the id of an interview in the middle of the ledger, which is written where there is none."""
    home.mkdir(parents=True, exist_ok=True)
    settings = load_settings(configure(home))
    with open_ledger(settings) as ledger:
        if not ledger.interviews():
            began = time.perf_counter()
            Builder(datetime.now(UTC), seed=options.seed).fill(ledger, interviews=options.interviews, events=options.events)
            print(
                f"a ledger of {options.interviews} interviews and {options.events} events, in {time.perf_counter() - began:.0f} s"
            )
        return ledger.interviews()[int(options.interviews) // 2].id


def _measure(home: Path, interview: str, runs: int) -> int:
    missed = False
    size = (home / "state" / "ledger.sqlite3").stat().st_size
    print(f"{size / 1e6:.0f} MB; {os.cpu_count()} processors; median and 95th percentile of {runs} runs, in seconds")
    commands: list[Sequence[str]] = [
        ("--help",), ("status",), ("status", "--json"), ("why", interview), ("why", interview, "--json"), ("review",),
    ]  # fmt: skip
    for words in commands:
        for where, run in (("pipe", _in_a_pipe), ("terminal", _on_a_terminal)):
            if where == "terminal" and "--json" in words:
                continue
            command = [str(Path(sys.executable).with_name("interview-agent")), *words]
            if words != ("--help",):
                command[1:1] = ["--config", str(home / "config.toml")]
            first, *times = [run(command) for _ in range(runs + 1)]
            median, worst = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            bar = _BARS.get(words[0])
            missed |= bar is not None and median > bar
            told = f"bar {bar:.2f} {'missed' if median > bar else 'met'}" if bar else ""
            name = " ".join(word if word != interview else "ID" for word in words)
            print(f"{name:14} {where:9} {median:.3f}  {worst:.3f}  first {first:.3f}  {told}".rstrip())
    return 1 if missed else 0


def _in_a_pipe(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _on_a_terminal(command: Sequence[str]) -> float:
    """Run the command on a terminal of 100 columns; return how long it took until it had written all."""
    mine, its = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"}
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=its, stderr=its, env=environment) as process:
        os.close(its)
        try:
            while os.read(mine, 65536):
                pass
        except OSError:
            pass  # Linux tells by an error that the other side is closed
        process.wait()
    os.close(mine)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
