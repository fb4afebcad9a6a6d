"""From which likelihood on a label is the answer, set on the sealed mail: no rule was written for it, nothing learned from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.signals.opinion import NOISE
from agent.signals.reading import Label
from agent.signals.weighing import ENDS

MOVES = frozenset(
    {Label.INVITATION, Label.SCHEDULED, Label.RESCHEDULED, Label.ASSESSMENT, Label.INFO_REQUEST, Label.HOLD, Label.AUTO_REPLY}
)
"""What moves a status or a date without ending anything."""
_OVER = frozenset({Label.REJECTION, Label.ROLE_CLOSED, Label.WITHDRAWAL})
_ALLOWED = {"rejection": 0.002, "offer": 0.0, "ends": 0.002, "moves": 0.002, "rest": 1.0}
"""Group → share of all messages that may be taken for one of it in a way that a user must never see."""
_LEAST = {"rejection": 0.6, "offer": 0.6, "ends": 0.5, "moves": 0.35, "rest": 0.3}
_STEPS = [round(0.3 + 0.01 * step, 2) for step in range(70)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """What rules and model think likeliest of one message, and what it is."""

    best: Label
    chance: float
    told: Label

    @property
    def unsafe(self) -> bool:
        """Whether to say it would be a mistake that a user must never see."""
        if self.best is self.told:
            return False
        if self.best in (Label.REJECTION, Label.OFFER):
            return True
        if self.best in ENDS:
            return self.told not in _OVER
        receipt = self.told is Label.ACKNOWLEDGED and self.best is Label.INVITATION
        return receipt or (self.told in NOISE and self.best in MOVES)


def group(label: Label) -> str:
    """Return the name under which a label has its threshold."""
    if label in (Label.REJECTION, Label.OFFER):
        return label.value
    return "ends" if label in ENDS else "moves" if label in MOVES else "rest"


def sure_from(guesses: Sequence[Guess]) -> dict[str, float]:
    """Return by group the lowest threshold at which no more than the allowed share of all messages is unsafe."""
    found = {}
    for name, allowed in _ALLOWED.items():
        mine = [guess for guess in guesses if group(guess.best) == name]
        found[name] = next(
            step
            for step in [*_STEPS, 1.01]
            if step >= _LEAST[name] and sum(guess.unsafe and guess.chance >= step for guess in mine) <= allowed * len(guesses)
        )
    return found
