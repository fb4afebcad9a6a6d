"""From which likelihood on the model may speak alone, label by label, set on mail that it had not learned from."""

import numpy as np
from numpy.typing import NDArray

from agent.learned.layer import Vectors
from agent.signals.opinion import NOISE
from agent.signals.reading import Label

ENDS = frozenset({Label.REJECTION, Label.OFFER, Label.ROLE_CLOSED, Label.WITHDRAWAL, Label.CANCELLED})
"""What a user must never be told wrongly."""
NOISE_AT_MOST = 0.05
"""How likely noise may be at most, where the model speaks alone for anything else."""
_NEVER = 2.0
_FEWEST = 12
"""A label of which fewer messages were seen is never spoken for alone."""
_ABOVE = 0.01
"""Room above the last mistake."""


def sure_from(labels: tuple[Label, ...], likely: Vectors, told: NDArray[np.int64]) -> Vectors:
    """Return the thresholds by label.

    `likely` is what models said of messages that they had not learned from, `told` the column of each message's label.
    """
    best = likely.argmax(axis=1)
    noise = np.array([label in NOISE for label in labels])
    quiet = likely[:, noise].sum(axis=1) <= NOISE_AT_MOST
    found = np.full(len(labels), _NEVER, np.float32)
    for column, label in enumerate(labels):
        if np.count_nonzero(told == column) < _FEWEST:
            continue
        answers = np.flatnonzero((best == column) & (quiet | noise[column]))
        share, truth = likely[answers, column], told[answers]
        if label in ENDS:
            found[column] = max(0.9, _above(share[truth != column], 1))
        elif label in NOISE:
            found[column] = max(0.5, _above(share[~noise[truth]], len(answers) // 20))
        else:
            found[column] = max(0.5, _above(share[truth != column], len(answers) // 5))
        if label is Label.INVITATION:
            found[column] = max(float(found[column]), _above(share[truth == labels.index(Label.ACKNOWLEDGED)], 0))
    return found


def _above(mistakes: Vectors, allowed: int) -> float:
    """Return the threshold above which only `allowed` of the mistakes remain."""
    return float(np.sort(mistakes)[::-1][allowed]) + _ABOVE if len(mistakes) > allowed else 0.0
