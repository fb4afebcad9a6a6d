"""What is learned from: the open part of the corpus, short mail written for it, and the examples of the phrase rules."""

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.cli.sources import read_sources
from agent.messages.message import Message
from agent.rulebook.phrases import load_phrasebook
from agent.signals.opinion import NOISE, Asked, asked_of
from agent.signals.phrasebook import Phrasebook, Where, Whose
from agent.signals.reading import Label
from agent.signals.sentences import sentences

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""For mail without a date; the model does not look at dates."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One thing to learn from, or to be measured on."""

    asked: Asked
    language: str
    label: Label | None
    """What it is for; None where it is only known what it is not."""
    denied: Label | None = None
    """What it is not."""
    weight: float = 1.0
    message: Message | None = None
    """The mail itself, where there is one."""


def corpus(part: str, phrasebook: Phrasebook) -> list[Item]:
    """Return the received mail of one part of the corpus (`open`, `sealed`); delivery reports are read without a model."""
    items = []
    for path in sorted((CORPUS / part).glob("*.jsonl")):
        entries = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
        for entry, source in zip(entries, read_sources([str(path)], now=_EPOCH), strict=True):
            message = source.message()
            if entry["own"] or message.bounce is not None:
                continue
            asked = asked_of(message, cut(message.fresh, phrasebook), phrasebook.senders, entry["language"])
            items.append(Item(asked=asked, language=entry["language"], label=Label(entry["label"]), message=message))
    return items


def examples(phrasebook: Phrasebook) -> list[Item]:
    """Return the examples beside the phrase rules, each a message of its own."""
    items = []
    for book in phrasebook.languages:
        for rule in book.rules:
            if rule.whose is Whose.OWN or Where.BODY not in rule.where:
                continue
            told = [(text, rule.label, None) for text in rule.matches] + [(text, None, rule.label) for text in rule.refuses]
            items += [
                Item(asked=Asked(subject="", sentences=(text,)), language=book.language, label=label, denied=denied, weight=0.3)
                for text, label, denied in told
            ]
    return items


def short_mail(phrasebook: Phrasebook) -> list[Item]:
    """Return the short mail of `training/mail`: tab-separated language, label, subject and text, a message a line."""
    items = []
    for path in sorted((Path(__file__).parent / "mail").glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines()[1:], start=2):
            if line.count("\t") != 3:
                raise ValueError(f"{path.name}:{number}: is not language, label, subject and text with a tab between them")
            language, label, subject, text = line.split("\t")
            asked = Asked(subject=subject, sentences=cut(text, phrasebook), language=language)
            items.append(Item(asked=asked, language=language, label=Label(label)))
    return items


def bundles(items: list[Item], seed: int) -> list[Item]:
    """Return long mail made of several that say nothing of a candidacy, two for each: newsletters are long, ours are short."""
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    pools: dict[str, list[Item]] = {}
    for item in items:
        if item.label in NOISE:
            pools.setdefault(item.language, []).append(item)
    made = []
    for language, pool in sorted(pools.items()):
        for first in [*pool, *pool]:
            parts = [first, *(chance.choice(pool) for _ in range(chance.randint(1, 5)))]
            subject = first.asked.subject if chance.random() < 0.5 else ""
            asked = Asked(subject=subject, sentences=tuple(text for part in parts for text in part.asked.sentences))
            made.append(Item(asked=asked, language=language, label=first.label))
    return made


def cut(text: str, phrasebook: Phrasebook) -> tuple[str, ...]:
    """Return the sentences of `text` as they are written."""
    return tuple(text[piece.start : piece.end] for piece in sentences(text, phrasebook.dots))


def shipped_phrasebook() -> Phrasebook:
    """Return the shipped rules."""
    return load_phrasebook(None)
