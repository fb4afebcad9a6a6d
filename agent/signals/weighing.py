"""Rules and model together: each is a witness, and the label that both make likeliest is the answer, if it is likely enough.

A rule's weight multiplies what the model thinks likely: a certain rule by twenty, a mere suspicion by three or four. So they bear
each other out where they agree, a suspicion becomes certain where the model shares it, and where they contradict each other no
label is likely enough, and nobody knows. What ends a candidacy must be far likelier than the rest.

| rules | model | answer |
|---|---|---|
| certain, see `settled` | is not asked | theirs |
| silent, in a long text | is not asked | noise |
| contradict themselves | whatever it thinks | abstained |
| anything else | any | the likeliest of both; abstained where that is not likely enough |
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from agent.signals.opinion import NOISE, SUBJECT, Opinion
from agent.signals.primary import contradictory, weights
from agent.signals.reading import Label, Signal
from agent.signals.sentences import Sentence

ENDS = frozenset({Label.REJECTION, Label.OFFER, Label.ROLE_CLOSED, Label.WITHDRAWAL, Label.CANCELLED})
"""What a user must never be told wrongly."""
_CERTAIN = 0.95
_CERTAIN_END = 0.97
"""From these weights on the rules are believed unasked. On mail that nobody had seen one rule alone was too often wrong."""
_TRUST = 3.0
"""What a rule of weight 1 adds to the logarithm of a likelihood; from 2.5 to 4 made no difference on unseen mail."""
_LEAST = 1e-4
"""No likelihood counts for less: the model has not seen everything."""
_LONG = 20
"""Sentences. What is longer, and says nothing that a rule knows, is a newsletter or a discussion."""
_AT_MOST = 0.95
"""Confidence of what the model alone says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What is made of a message's signals."""

    label: Label | None
    """None where there is nothing to say."""
    abstained: bool
    signals: tuple[Signal, ...]


def settled(rules: Verdict, sentences: int) -> bool:
    """Whether the model need not be asked: the rules are certain, or silent about so many sentences that it is a newsletter."""
    if rules.label is None or rules.abstained:
        return rules.label is None and sentences > _LONG
    return weights(list(rules.signals)).get(rules.label, 0.0) >= (_CERTAIN_END if rules.label in ENDS else _CERTAIN)


def joined(signals: tuple[Signal, ...], likely: Mapping[Label, float]) -> dict[Label, float]:
    """Return how likely each label is to rules and model together; they sum to 1."""
    said = weights(list(signals))
    labels = likely.keys() | said.keys()
    raised = {label: max(likely.get(label, 0.0), _LEAST) * math.exp(_TRUST * said.get(label, 0.0)) for label in labels}
    total = sum(raised.values())
    return {label: value / total for label, value in raised.items()}


def weigh(rules: Verdict, opinion: Opinion | None, *, text: str, subject: str, sentences: list[Sentence]) -> Verdict:
    """Return what rules and model say together; without an opinion the rules stand.

    The signals are those of the rules, and that of the model where its word made the difference.
    """
    if opinion is None or contradictory(list(rules.signals)):
        return rules
    chances = joined(rules.signals, opinion.likely)
    best = max(chances, key=chances.__getitem__)
    needless = best is Label.OTHER or (best is rules.label and not rules.abstained)
    signals = rules.signals if needless else (*rules.signals, _signal(best, opinion, text, subject, sentences))
    abstained = chances[best] < opinion.sure_from.get(best, 1.0)
    if abstained and best in NOISE:
        # Noise that is not quite sure to be noise: what else it may be is the suspicion, if there is one.
        news = {label: chance for label, chance in chances.items() if label not in NOISE}
        guess = max(news, key=news.__getitem__)
        if news[guess] < chances[best] / 2:
            return Verdict(label=best, abstained=False, signals=signals)
        suspicion = (
            () if any(signal.label is guess for signal in rules.signals) else (_signal(guess, opinion, text, subject, sentences),)
        )
        return Verdict(label=guess, abstained=True, signals=(*rules.signals, *suspicion))
    return Verdict(label=best, abstained=abstained, signals=signals)


def _signal(label: Label, opinion: Opinion, text: str, subject: str, sentences: list[Sentence]) -> Signal:
    """Return the model's word for a label as a signal that quotes the sentence that says it most."""
    number = opinion.said_in.get(label, SUBJECT)
    confidence = round(min(opinion.likely.get(label, 0.0), _AT_MOST), 3)
    rule = f"model.{label}"
    if not 0 <= number < len(sentences):
        return Signal(label=label, confidence=confidence, rule=rule, quote=subject, start=0, end=0)
    piece = sentences[number]
    return Signal(
        label=label, confidence=confidence, rule=rule, quote=text[piece.start : piece.end], start=piece.start, end=piece.end
    )
