"""From which likelihood on a label is the answer, set on the sealed mail: no rule was written for it, nothing learned from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.signals.reading import Label
from agent.signals.weighing import ENDS

MOVES = frozenset(
    {Label.INVITATION, Label.SCHEDULED, Label.RESCHEDULED, Label.ASSESSMENT, Label.INFO_REQUEST, Label.HOLD, Label.AUTO_REPLY}
)
"""What moves a status or a date without ending anything."""
_RIGHT = {"rejection": 0.93, "offer": 0.93, "ends": 0.9, "moves": 0.85, "rest": 0.7}
"""Group → share of the answers of the group that must be right."""
_LEAST = {"rejection": 0.6, "offer": 0.6, "ends": 0.5, "moves": 0.4, "rest": 0.25}
_STEPS = [round(0.25 + 0.01 * step, 2) for step in range(75)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """What rules and model think likeliest of one message, and what it is."""

    best: Label
    chance: float
    told: Label


def group(label: Label) -> str:
    """Return the name under which a label has its threshold."""
    if label in (Label.REJECTION, Label.OFFER):
        return label.value
    return "ends" if label in ENDS else "moves" if label in MOVES else "rest"


def sure_from(guesses: Sequence[Guess]) -> dict[str, float]:
    """Return by group the lowest threshold from which on enough of the answers are right.

    What is announced wrongly is worse than what is asked about, and an end is worse than a move; but a message that nobody reads
    is of no use either. So each group has a share that must be right, and not a number of mistakes that must not be passed.
    """
    return {name: _threshold([guess for guess in guesses if group(guess.best) == name], name) for name in _RIGHT}


def _threshold(guesses: Sequence[Guess], name: str) -> float:
    for step in _STEPS:
        answers = [guess for guess in guesses if guess.chance >= step]
        if step >= _LEAST[name] and sum(guess.best is guess.told for guess in answers) >= _RIGHT[name] * len(answers):
            return step
    return 1.0
