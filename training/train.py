"""`python -m training.train`: learns, calibrates, prints its tables, and writes the weights and the card into the package.

The same corpus and rules give the same bytes. One core, about two minutes.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in the same order everywhere; heard only before numpy is loaded

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent.learned.layer import LANGUAGES, Features, Layer, LoadedModel, Vectors, features, write_layer
from agent.learned.model import encoder, weights_file
from agent.learned.views import views_of
from agent.signals.opinion import NOISE
from agent.signals.reading import OWN_LABELS, Label
from training.card import card
from training.material import Item, bundles, corpus, examples, ordinary, shipped_phrasebook
from training.measuring import Answered, answered, table
from training.regression import Lesson, fit, softmax
from training.thresholds import NOISE_AT_MOST, sure_from

LABELS = tuple(label for label in Label if label not in OWN_LABELS)
"""Columns of the layer."""
_FOLDS = 5
_SEED = 7
_NOISIER = 3.0
"""How many times as often as in the corpus a mail that the rules are silent about says nothing of a candidacy."""


def main() -> int:
    """Train, measure and write."""
    phrasebook = shipped_phrasebook()
    encode = _Remembering()
    mail, sealed = corpus("open", phrasebook), corpus("sealed", phrasebook)
    within, beyond = _known(mail), [item for item in mail if item.language not in LANGUAGES or views_of(item.asked) is None]
    daily, sentences = _known(ordinary(phrasebook)), _known(examples(phrasebook))
    measured = len(within) + len(daily)
    folds = _folds(measured)
    letters = [*within, *daily]
    long = [bundles([letters[row] for row in held], number) for number, held in enumerate(folds)]
    learned = [*letters, *sentences, *(item for some in long for item in some)]
    lesson = _lesson(learned, encode)
    # A bundle is made of mail of one fold, and is held back with it.
    starts = np.cumsum([measured + len(sentences), *(len(some) for some in long)])
    print(
        f"learns from {len(within)} open messages, {len(daily)} of every day, {len(sentences)} examples of rules; "
        f"reports on {len(mail)} open and {len(sealed)} sealed messages"
    )

    unseen = np.zeros((measured, len(LABELS)), np.float32)
    taught: list[tuple[NDArray[np.int64], Vectors, Vectors]] = []
    for number, held in enumerate(folds):
        hidden = np.concatenate([held, np.arange(starts[number], starts[number + 1])])
        weights, bias = _fitted(lesson.of(np.setdiff1d(np.arange(len(learned)), hidden)))
        unseen[held] = softmax(lesson.rows[held] @ weights + bias)
        taught.append((held, weights, bias))
    thresholds = sure_from(LABELS, unseen, lesson.told[:measured])
    weights, bias = _fitted(lesson)
    shipped = Layer(labels=LABELS, weights=weights, bias=bias, sure_from=thresholds, noise_at_most=NOISE_AT_MOST)
    write_layer(shipped, weights_file())

    models: list[LoadedModel | None] = [None] * measured
    for held, *parts in taught:
        layer = Layer(labels=LABELS, weights=parts[0], bias=parts[1], sure_from=thresholds, noise_at_most=NOISE_AT_MOST)
        for row in held:
            models[row] = LoadedModel(layer=layer, encode=encode)
    reports: dict[str, list[Answered]] = {
        "open, cross-validated": answered([*within, *beyond], [*models[: len(within)], *[None for _ in beyond]], phrasebook),
        "sealed": answered(sealed, [LoadedModel(layer=shipped, encode=encode)] * len(sealed), phrasebook),
    }
    counts = {"open messages": len(within), "messages of every day": len(daily), "examples of phrase rules": len(sentences)}
    for name, report in reports.items():
        print(f"\n{name}\n{table(report)}")
    weights_file().with_name("card.md").write_text(card(counts, shipped, reports), encoding="utf-8")
    return 0


class _Remembering:
    """The encoder, which meets every text several times here."""

    def __init__(self) -> None:
        self._encode = encoder()
        self._known: dict[str, Vectors] = {}

    def __call__(self, texts: list[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= dict(zip(new, self._encode(new), strict=True))
        return np.array([self._known[text] for text in texts], np.float32)


def _fitted(lesson: Lesson) -> tuple[Vectors, Vectors]:
    """Return weights and bias for a mailbox, which holds more noise than the corpus does."""
    weights, bias = fit(lesson, len(LABELS))
    noise = np.array([label in NOISE for label in LABELS])
    return weights, np.asarray(bias + noise * np.log(_NOISIER), dtype=np.float32)


def _known(items: Sequence[Item]) -> list[Item]:
    """Return those in a language that the encoder knows, with enough words."""
    return [item for item in items if item.language in LANGUAGES and views_of(item.asked)]


def _lesson(items: Sequence[Item], encode: _Remembering) -> Lesson:
    rows = [_numbers(item, encode).row for item in items]
    return Lesson(
        rows=np.array(rows, np.float32),
        told=np.array([LABELS.index(item.label) if item.label else -1 for item in items]),
        denied=np.array([LABELS.index(item.denied) if item.denied else -1 for item in items]),
        weight=np.array([item.weight for item in items], np.float32),
    )


def _numbers(item: Item, encode: _Remembering) -> Features:
    views = views_of(item.asked)
    if views is None:
        raise ValueError(f"a message in {item.language} has no words: {item.label}")
    return features(views, encode)


def _folds(count: int) -> list[NDArray[np.int64]]:
    """Return the rows of each fold."""
    order = np.random.default_rng(_SEED).permutation(count)
    return [np.sort(order[fold::_FOLDS]) for fold in range(_FOLDS)]


if __name__ == "__main__":
    sys.exit(main())
