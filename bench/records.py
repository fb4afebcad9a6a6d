"""Messages with what is to be read in them: the project's corpus, and any other file in the form of `classify` with labels."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from agent.cli.sources import SourceMessage, read_sources
from agent.signals import Label

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
_NOISE = frozenset({Label.ALERT, Label.OTHER})


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One message and what it says."""

    id: str
    language: str
    label: Label
    right: frozenset[Label]
    """The labels that count as right: the primary one, and both kinds of noise where the file says that both are."""
    own: bool
    """The user wrote it."""
    names: dict[str, str] | None
    """`company` and `role`, where they are named; None when the file does not say."""
    dates: dict[str, date | datetime] | None
    """`promised_by`, `interview_at`, `returns_on`, where the text gives them; None when the file does not say."""
    source: SourceMessage = field(repr=False)


def corpus(part: str, language: str | None = None) -> list[Record]:
    """Return the `open` or the `sealed` part of the project's corpus, of one language or of all."""
    files = sorted((CORPUS / part).glob(f"{language or '*'}.jsonl"))
    return [record for file in files for record in read_records(file)]


def read_records(file: Path) -> Iterator[Record]:
    """Yield the records of a .jsonl file: each line as `classify` takes it, with `label` and what else is known."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    for entry, source in zip(lines, read_sources([str(file)], now=datetime(2027, 1, 1, tzinfo=UTC)), strict=True):
        yield _record(entry, source)


def _record(entry: dict[str, Any], source: SourceMessage) -> Record:
    label = Label(entry["label"])
    both = "hard negative" in str(entry.get("kind", ""))
    return Record(
        id=str(entry["id"]),
        language=str(entry.get("language") or entry.get("lang") or "?"),
        label=label,
        right=_NOISE if both and label in _NOISE else frozenset({label}),
        own=bool(entry.get("own")),
        names={key: entry[key] for key in ("company", "role") if entry.get(key)} if "company" in entry else None,
        dates=_dates(entry) if "promised_by" in entry else None,
        source=source,
    )


def _dates(entry: dict[str, Any]) -> dict[str, date | datetime]:
    known: dict[str, date | datetime] = {
        key: date.fromisoformat(entry[key]) for key in ("promised_by", "returns_on") if entry.get(key)
    }
    if entry.get("interview_at"):
        known["interview_at"] = datetime.fromisoformat(entry["interview_at"])
    return known
