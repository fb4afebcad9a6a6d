"""Softmax regression in plain numpy, the same on every run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.learned.layer import Vectors

_STEPS = 200
_RATE = 0.02
_DECAY = 0.003


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """Rows to learn from."""

    rows: Vectors
    told: NDArray[np.int64]
    """Column of the label, or -1."""
    denied: NDArray[np.int64]
    """Column of a label that it is not, or -1."""
    weight: Vectors

    def of(self, rows: NDArray[np.int64]) -> "Lesson":
        """Return some rows."""
        return Lesson(rows=self.rows[rows], told=self.told[rows], denied=self.denied[rows], weight=self.weight[rows])


def fit(lesson: Lesson, columns: int) -> tuple[Vectors, Vectors]:
    """Return weights and bias: Adam over all rows at once, from zero, so that nothing is left to chance."""
    told = np.flatnonzero(lesson.told >= 0)
    denied = np.flatnonzero(lesson.denied >= 0)
    wanted = np.zeros((len(told), columns), np.float32)
    wanted[np.arange(len(told)), lesson.told[told]] = 1
    share = (balanced(lesson, columns) / len(lesson.told))[:, None].astype(np.float32)
    weights, bias = np.zeros((lesson.rows.shape[1], columns), np.float32), np.zeros(columns, np.float32)
    first = [np.zeros_like(weights), np.zeros_like(bias)]
    second = [np.zeros_like(weights), np.zeros_like(bias)]
    for step in range(1, _STEPS + 1):
        likely = softmax(lesson.rows @ weights + bias)
        error = np.zeros_like(likely)
        error[told] = likely[told] - wanted
        error[denied] = _against(likely[denied], lesson.denied[denied])
        error *= share
        rate = _RATE * (1 + np.cos(np.pi * step / _STEPS)) / 2
        for which, (value, slope) in enumerate(((weights, lesson.rows.T @ error + _DECAY * weights), (bias, error.sum(axis=0)))):
            first[which] += 0.1 * (slope - first[which])
            second[which] += 0.01 * (slope**2 - second[which])
            ahead, size = first[which] / (1 - 0.9**step), second[which] / (1 - 0.99**step)
            value -= (rate * ahead / (np.sqrt(size) + 1e-8)).astype(np.float32)
    return weights, bias


def softmax(logits: Vectors) -> Vectors:
    """Return each row as shares of 1."""
    grown = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True), dtype=np.float32)


def balanced(lesson: Lesson, columns: int) -> Vectors:
    """Return the weights of the rows, those of rare labels raised by the root of how rare they are."""
    known = lesson.told >= 0
    often = np.bincount(lesson.told[known], weights=lesson.weight[known], minlength=columns) + 5.0
    factor = np.where(known, np.sqrt(often.mean() / often)[lesson.told], 1.0)
    weight = lesson.weight * factor
    return np.asarray(weight / weight.mean(), dtype=np.float32)


def _against(likely: Vectors, denied: NDArray[np.int64]) -> Vectors:
    """Return the slope of -log(1 - p) of the denied label."""
    rows = np.arange(len(denied))
    share = likely[rows, denied]
    force = share / np.maximum(1 - share, 0.05)
    slope = -force[:, None] * likely
    slope[rows, denied] += force
    return np.asarray(slope, dtype=np.float32)
