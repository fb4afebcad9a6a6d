"""`python -m training.train`: learns, prints its table, and writes the weights and the card into the package.

The same mail and rules give the same bytes. One core, about two minutes.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in the same order everywhere; heard only before numpy is loaded

import sys
from collections.abc import Sequence

import numpy as np

from agent.learned.layer import LANGUAGES, Features, Layer, LoadedModel, Vectors, features, write_layer
from agent.learned.model import encoder, weights_file
from agent.learned.views import views_of
from agent.signals.opinion import NOISE
from agent.signals.reading import OWN_LABELS, Label
from training.card import card
from training.material import Item, bundles, corpus, examples, shipped_phrasebook, short_mail
from training.measuring import answered, table
from training.regression import Lesson, fit

LABELS = tuple(label for label in Label if label not in OWN_LABELS)
"""Columns of the layer."""
_NOISIER = 2.0
"""How many times as often as in the mail learned from a message says nothing of a candidacy."""
_SEED = 7


def main() -> int:
    """Train, measure and write."""
    phrasebook = shipped_phrasebook()
    encode = _Remembering()
    mail, sealed = _known(corpus("open", phrasebook)), corpus("sealed", phrasebook)
    short, sentences = _known(short_mail(phrasebook)), _known(examples(phrasebook))
    long = bundles([*mail, *short], _SEED)
    counts = {"open messages": len(mail), "short messages": len(short), "examples of phrase rules": len(sentences)}
    print(
        f"learns from {', '.join(f'{count} {name}' for name, count in counts.items())}; measured on {len(sealed)} sealed messages"
    )
    weights, bias = _fitted(_lesson([*mail, *short, *sentences, *long], encode))

    layer = Layer(labels=LABELS, weights=weights, bias=bias)
    write_layer(layer, weights_file())
    found = answered(sealed, LoadedModel(layer=layer, encode=encode), phrasebook)
    print(table(found))
    weights_file().with_name("card.md").write_text(card(counts, found), encoding="utf-8")
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
    """Return weights and bias for a mailbox, which holds more noise than what is learned from."""
    weights, bias = fit(lesson, len(LABELS))
    noise = np.array([label in NOISE for label in LABELS])
    return weights, np.asarray(bias + noise * np.log(_NOISIER), dtype=np.float32)


def _known(items: Sequence[Item]) -> list[Item]:
    """Return those with words, in a language that the encoder knows."""
    return [item for item in items if item.language in LANGUAGES and views_of(item.asked) is not None]


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


if __name__ == "__main__":
    sys.exit(main())
