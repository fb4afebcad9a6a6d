"""The inputs with which fuzzing begins: files of a folder that was named, else mail of this repository."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from agent.cli.endings import UsageProblem
from agent.cli.sources import read_sources
from agent.demo.search import demo_messages
from fuzz.targets import Target

LONGEST = 16_384
"""Octets of a seed; larger ones are cut."""
_OWN = Path(__file__).parent.parent / "tests" / "corpus" / "open"
_NOW = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
_EACH = 40
"""Lines taken of each .jsonl file of this repository."""


def put_seeds(target: Target, folder: Path, *, given: Path | None) -> int:
    """Write the seeds of a target into `folder`, each once; return how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for raw in _raws(given):
        try:
            for seed in target.seeds(raw):
                file = folder / hashlib.sha256(seed[:LONGEST]).hexdigest()[:24]
                if not file.exists():
                    file.write_bytes(seed[:LONGEST])
                    count += 1
        except (ValueError, LookupError, TypeError, AttributeError):
            continue  # cut by the standard library, which fails on broken mail; other seeds are left
    return count


def _raws(given: Path | None) -> Iterator[bytes]:
    if given is None:
        yield from (message.raw for message in demo_messages(_NOW))
        for file in sorted(_OWN.glob("*.jsonl")):
            yield from _lines(file, most=_EACH)
        return
    for file in sorted(path for path in given.rglob("*") if path.is_file()):
        if file.suffix == ".jsonl":
            yield from _lines(file, most=None)
        else:
            yield file.read_bytes()


def _lines(file: Path, *, most: int | None) -> Iterator[bytes]:
    """Yield the mails of a .jsonl file; nothing where its lines are other things."""
    if not json.loads(file.open(encoding="utf-8").readline() or "{}").keys() & {"from", "eml", "body"}:
        return
    try:
        for number, source in enumerate(read_sources([str(file)], now=_NOW)):
            if most is not None and number >= most:
                return
            yield source.as_bytes()
    except UsageProblem:
        return
