"""Rules and model together: where they agree it is certain, where they contradict nobody knows.

| rules | model | answer |
|---|---|---|
| sure | is not asked, see `settled` | theirs |
| silent | sure | the model's; its evidence is the sentence |
| silent | suspects news | its suspicion, abstained |
| silent | neither | noise, as without it |
| suspect something | thinks so too | that, surer |
| suspect something | sure of something else | abstained, both named |
| sure of a receipt or the like | sure of an outcome | abstained, both named |
"""

from dataclasses import dataclass

from agent.signals.opinion import SUBJECT, Opinion
from agent.signals.primary import STRONG, weights
from agent.signals.reading import Label, Signal
from agent.signals.sentences import Sentence

_AGREES = 0.4
"""From which likelihood on the model thinks so too, where the rules suspect something."""
_SUSPECTS = 0.5
"""How likely all news together must be to be worth a question."""
_AT_MOST = 0.95
"""Confidence of what the model alone says."""
NOISE = frozenset({Label.ALERT, Label.OUTREACH, Label.OTHER})
_UNDER = frozenset({Label.ACKNOWLEDGED, Label.TIMELINE})
"""What a message also says that brings an outcome: its rule may be all that was understood of it."""
_OUTCOMES = frozenset({Label.REJECTION, Label.ROLE_CLOSED, Label.OFFER})


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What is made of a message's signals."""

    label: Label | None
    """None where there is nothing to say."""
    abstained: bool
    signals: tuple[Signal, ...]


def settled(label: Label | None, *, abstained: bool) -> bool:
    """Whether the rules need no second opinion."""
    return label is not None and not abstained and label not in _UNDER


def weigh(rules: Verdict, opinion: Opinion | None, *, text: str, subject: str, sentences: list[Sentence]) -> Verdict:
    """Return what rules and model say together, as the table above has it; without an opinion the rules stand."""
    if opinion is None:
        return rules
    best = opinion.best
    told = _signal(best, opinion, text, subject, sentences)
    both = (*rules.signals, told)
    if rules.label is None or rules.label in NOISE:
        if opinion.sure:
            return Verdict(label=best, abstained=False, signals=rules.signals if best is Label.OTHER else both)
        guess = max((label for label in opinion.likely if label not in NOISE), key=opinion.likely.__getitem__)
        if 1 - sum(opinion.likely.get(label, 0.0) for label in NOISE) >= _SUSPECTS:
            suspicion = _signal(guess, opinion, text, subject, sentences)
            return Verdict(label=guess, abstained=True, signals=(*rules.signals, suspicion))
        return rules
    if not rules.abstained:
        if best in _OUTCOMES and opinion.sure:
            return Verdict(label=best, abstained=True, signals=both)
        return rules
    if best is rules.label and (opinion.likely[best] >= _AGREES):
        return Verdict(label=best, abstained=False, signals=both)
    if opinion.sure and best not in NOISE and weights(list(rules.signals)).get(best, 0.0) < STRONG:
        return Verdict(label=best, abstained=True, signals=both)
    return Verdict(label=rules.label, abstained=True, signals=both if opinion.sure else rules.signals)


def _signal(label: Label, opinion: Opinion, text: str, subject: str, sentences: list[Sentence]) -> Signal:
    """Return the model's word for a label as a signal that quotes the sentence that says it most."""
    number = opinion.said_in.get(label, SUBJECT)
    confidence = round(min(opinion.likely[label], _AT_MOST), 3)
    rule = f"model.{label}"
    if not 0 <= number < len(sentences):
        return Signal(label=label, confidence=confidence, rule=rule, quote=subject, start=0, end=0)
    piece = sentences[number]
    return Signal(
        label=label, confidence=confidence, rule=rule, quote=text[piece.start : piece.end], start=piece.start, end=piece.end
    )
