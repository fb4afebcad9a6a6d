"""The layer on top of the sentence encoder: from the vectors of one message to how likely each label is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.learned.views import Views, views_of
from agent.signals.opinion import Asked, Opinion
from agent.signals.reading import Label

Vectors = NDArray[np.float32]
LANGUAGES = frozenset({"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"})
"""What the encoder was made for; of any other language it knows next to nothing."""
Encode = Callable[[list[str]], Vectors]
"""Texts to vectors of length 1, one row each."""

_BESIDE = 3
"""Rows before those of the sentences: subject, whole, middle."""
_SCALE = np.float32(8.0)
"""Makes one number of a vector about as large as the weights."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Features:
    """One message in numbers."""

    row: Vectors
    """Mean of the sentences, subject, whole and middle, one after the other."""
    sentences: Vectors
    """One row a sentence."""


def features(views: Views, encode: Encode) -> Features:
    """Return one message in numbers."""
    vectors = encode(views.texts)
    beside, sentences = vectors[:_BESIDE].copy(), vectors[_BESIDE:]
    if not views.subject:
        beside[0] = 0
    mean = sentences.mean(axis=0)
    mean /= max(float(np.linalg.norm(mean)), 1e-6)
    return Features(row=np.concatenate([mean, *beside]).astype(np.float32) * _SCALE, sentences=sentences)


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """Weights and thresholds, as training made them."""

    labels: tuple[Label, ...]
    weights: Vectors
    """One row a number of `Features.row`, one column a label."""
    bias: Vectors

    def likely(self, message: Features) -> Vectors:
        """Return how likely each label is; they sum to 1."""
        logits = message.row @ self.weights + self.bias
        grown = np.exp(logits - logits.max())
        return np.asarray(grown / grown.sum(), dtype=np.float32)

    def said_in(self, message: Features) -> list[int]:
        """Return by label the row of the sentence that speaks for it most: by the weights of all views that it is part of."""
        size = message.sentences.shape[1]
        mean, _, whole, middle = (self.weights[start : start + size] for start in range(0, len(self.weights), size))
        share = mean + whole + middle
        return [int(number) for number in (message.sentences @ share).argmax(axis=0)]


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedModel:
    """A `SentenceModel` with all that it needs at hand."""

    layer: Layer
    encode: Encode

    def opinion(self, asked: Asked) -> Opinion | None:
        """Return what the model thinks; None where there are no words, or none in a language that the encoder knows."""
        if asked.language and asked.language not in LANGUAGES:
            return None
        views = views_of(asked)
        if views is None:
            return None
        message, layer = features(views, self.encode), self.layer
        return Opinion(
            likely={label: float(share) for label, share in zip(layer.labels, layer.likely(message), strict=True)},
            said_in={label: views.numbers[row] for label, row in zip(layer.labels, layer.said_in(message), strict=True)},
        )


def read_layer(path: Path) -> Layer:
    """Return the layer from its file; nothing in it is ever executed."""
    with np.load(path, allow_pickle=False) as stored:
        return Layer(
            labels=tuple(Label(str(name)) for name in stored["labels"]),
            weights=stored["weights"].astype(np.float32),
            bias=stored["bias"].astype(np.float32),
        )


def write_layer(layer: Layer, path: Path) -> None:
    """Write the layer in half precision; the same layer gives the same bytes."""
    np.savez(
        path,
        labels=np.array([label.value for label in layer.labels]),
        weights=layer.weights.astype(np.float16),
        bias=layer.bias.astype(np.float16),
    )
