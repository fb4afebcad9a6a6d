"""From which likelihood on the model may speak alone, label by label, set on mail that it had not learned from."""

import numpy as np
from numpy.typing import NDArray

from agent.learned.layer import Vectors
from agent.signals.reading import Label
from agent.signals.weighing import NOISE

ENDS = frozenset({Label.REJECTION, Label.OFFER, Label.ROLE_CLOSED, Label.WITHDRAWAL, Label.CANCELLED})
"""What a user must never be told wrongly."""
_NEVER = 2.0
_FEWEST = 12
"""A label of which fewer messages were seen is never spoken for alone."""
_ABOVE = 0.02
"""Room above the last mistake."""


def sure_from(labels: tuple[Label, ...], likely: Vectors, told: NDArray[np.int64]) -> Vectors:
    """Return the thresholds by label.

    `likely` is what models said of messages that they had not learned from, `told` the column of each message's label.
    """
    best = likely.argmax(axis=1)
    noise = np.array([label in NOISE for label in labels])
    found = np.full(len(labels), _NEVER, np.float32)
    for column, label in enumerate(labels):
        if np.count_nonzero(told == column) < _FEWEST:
            continue
        answers = np.flatnonzero(best == column)
        share = likely[answers, column]
        grave, least, some = _demanded(label, labels, told[answers], noise)
        wrong = noise[told[answers]] != noise[column] if label in NOISE else told[answers] != column
        found[column] = max(least, _above(share[grave], 0), _above(share[wrong], int(some * len(answers))))
    return found


def _demanded(
    label: Label, labels: tuple[Label, ...], told: NDArray[np.int64], noise: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], float, float]:
    """Return which answers must never be given, the least threshold, and the share of the answers that may be wrong."""
    column = labels.index(label)
    if label in ENDS:
        return told != column, 0.8, 0.0
    if label in NOISE:
        return np.zeros(len(told), np.bool_), 0.5, 0.05
    grave = noise[told]
    if label is Label.INVITATION:
        grave = grave | (told == labels.index(Label.ACKNOWLEDGED))
    return grave, 0.5, 0.1


def _above(mistakes: Vectors, allowed: int) -> float:
    """Return the threshold above which only `allowed` of the mistakes remain."""
    return float(np.sort(mistakes)[::-1][allowed]) + _ABOVE if len(mistakes) > allowed else 0.0
