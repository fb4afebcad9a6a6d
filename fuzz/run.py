"""Fuzzes all readers in turn and tells what was found: `make fuzz BENCH_ARGS="--minutes 10 --seeds FOLDER"`."""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.cli.printing import print_table
from fuzz.finds import find, shrunk
from fuzz.seeds import LONGEST, put_seeds
from fuzz.targets import TARGETS

_MEMORY = 1024
"""MiB that a process may hold: the target, what it learned, and libFuzzer's inputs."""
_WAIT = 60
"""Seconds after which an input that cannot be broken off from Python ends its process."""
_SHRINKING = 60.0
"""Seconds for the shrinking of one find."""
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_REACHED = re.compile(r"cov: (\d+)")


@dataclass(kw_only=True, slots=True)
class Fuzzed:
    """What was done with one target."""

    name: str
    seeds: int = 0
    executions: int = 0
    reached: int = 0
    """Places in the code that inputs reached."""
    seconds: float = 0.0
    finds: list[str] = field(default_factory=list)
    """What was found, and the file with its shrunk input."""


def main(argv: Sequence[str] | None = None) -> int:
    """Fuzz each target for its share of the time; print the table and return 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.run", description="Fuzzes everything that reads bytes.")
    parser.add_argument("target", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all of them without")
    parser.add_argument("--minutes", type=float, default=10, help="for all targets together (10)")
    parser.add_argument("--seeds", type=Path, metavar="FOLDER", help="mail and calendars to begin with (mail of this repository)")
    parser.add_argument("--work", type=Path, default=Path("build/fuzz"), help="keeps inputs that reach new code, and finds")
    parser.add_argument("--seed", type=int, default=1, help="of chance (1); 0 for another each time")
    options = parser.parse_args(argv)
    for name in options.target:
        if name not in TARGETS:
            parser.error(f"there is no target {name}; there are {', '.join(TARGETS)}")
    names = options.target or list(TARGETS)
    done = []
    for name in names:
        fuzzed = _fuzz(name, options.work, given=options.seeds, seconds=options.minutes * 60 / len(names), seed=options.seed)
        print(
            f"{name}: {fuzzed.executions} executions in {fuzzed.seconds:.0f} s; {'; '.join(fuzzed.finds) or 'no find'}",
            flush=True,
        )
        done.append(fuzzed)
    rows = [
        (each.name, str(each.seeds), str(each.executions), f"{each.seconds:.0f}", str(each.reached), str(len(each.finds)))
        for each in done
    ]
    print_table(("target", "seeds", "executions", "seconds", "reached", "finds"), rows)
    return 1 if any(each.finds for each in done) else 0


def _fuzz(name: str, work: Path, *, given: Path | None, seconds: float, seed: int) -> Fuzzed:
    fuzzed = Fuzzed(name=name)
    inputs, finds = work / name, work / "finds"
    finds.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        seeds = Path(scratch) / "seeds"
        fuzzed.seeds = put_seeds(TARGETS[name], seeds, given=given)
        inputs.mkdir(parents=True, exist_ok=True)
        words = Path(scratch) / "words"
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in TARGETS[name].words), encoding="ascii")
        began = time.monotonic()
        while (left := seconds - (time.monotonic() - began)) > 1:
            told = _work(name, finds, [inputs, seeds], words, seconds=int(left), seed=seed)
            fuzzed.executions += sum(int(number) for number in _EXECUTED.findall(told))
            fuzzed.reached = max([fuzzed.reached, *(int(number) for number in _REACHED.findall(told))])
            if "stat::" not in told:
                fuzzed.finds.append(f"the process ended: {' '.join(told.split()[-40:])}")
                break
        fuzzed.seconds = time.monotonic() - began
    fuzzed.finds += _shrink(name, finds)
    return fuzzed


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{octet:02x}" for octet in word)


def _work(name: str, finds: Path, folders: list[Path], words: Path, *, seconds: int, seed: int) -> str:
    """Fuzz in a process of its own; return what libFuzzer said."""
    command = [
        sys.executable,
        *("-m", "fuzz.worker", name, str(finds)),
        *(f"-max_total_time={seconds}", f"-seed={seed}", f"-max_len={4 * LONGEST}", f"-timeout={_WAIT}"),
        *(f"-rss_limit_mb={_MEMORY}", f"-artifact_prefix={finds / name}-ended-", f"-dict={words}", "-print_final_stats=1"),
        *(str(folder) for folder in folders),
    ]
    ran = subprocess.run(command, capture_output=True, check=False)
    return ran.stderr.decode("utf-8", "replace")


def _shrink(name: str, finds: Path) -> list[str]:
    """Return the finds of a target, each shrunk; what is no find without instrumentation (which slows readers) is removed."""
    told = []
    run = TARGETS[name].run
    for file in sorted(finds.glob(f"{name}-*")):
        data = file.read_bytes()
        what = find(run, data)
        if what is None:
            file.unlink()
            continue
        small = shrunk(data, lambda tried, what=what: find(run, tried) == what, seconds=_SHRINKING)  # type: ignore[misc]
        file.write_bytes(small)
        told.append(f"{what} ({len(small)} octets: {file})")
    return told


if __name__ == "__main__":
    sys.exit(main())
