"""Counts of the corpus for its data card: `python -m bench.card` writes them into `tests/corpus/README.md`."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence

from agent.signals import Label
from bench.records import CORPUS, Record, corpus

CARD = CORPUS / "README.md"
BEGIN = "<!-- counts: written by python -m bench.card -->\n"
END = "<!-- end of counts -->\n"


def counts() -> str:
    """Return the tables of the card, as Markdown."""
    parts = {part: corpus(part) for part in ("open", "sealed")}
    total = sum(len(records) for records in parts.values())
    sizes = f"{total} messages: {len(parts['open'])} in the open part, {len(parts['sealed'])} in the sealed one"
    lines = [
        f"{sizes}. In each cell: open + sealed.",
        "",
        *_table("language", parts, lambda record: record.language, sorted({each.language for each in parts["open"]})),
        "",
        *_table("label", parts, lambda record: record.label.value, [label.value for label in Label]),
    ]
    return "\n".join(lines) + "\n"


def with_counts(card: str) -> str:
    """Return the text of the card with the counts as they are now."""
    head, _, rest = card.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{counts()}\n{END}{tail}"


def _table(name: str, parts: dict[str, list[Record]], key: Callable[[Record], str], rows: Sequence[str]) -> list[str]:
    found = {part: Counter(key(record) for record in records) for part, records in parts.items()}
    body = [
        f"| {row} | {found['open'][row]} + {found['sealed'][row]} |" for row in rows if found["open"][row] or found["sealed"][row]
    ]
    return [f"| {name} | messages |", "|---|---|", *body]


def main() -> int:
    """Write the counts into the card; return 0."""
    CARD.write_text(with_counts(CARD.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
