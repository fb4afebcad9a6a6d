"""Rules and model together: each is a witness, and the label that both make likeliest is the answer, if it is likely enough.

A rule's weight multiplies what the model thinks likely: a certain rule by fifty, a mere suspicion by seven. So they bear each
other out where they agree, a suspicion becomes certain where the model shares it, and where they contradict each other no
label is likely enough, and nobody knows. The longer a mail is, the likelier it is mere noise. What ends a candidacy must be
likelier than the rest, and what the model says alone likelier than what a rule said too.

| rules | model | answer |
|---|---|---|
| certain, see `settled` | is not asked | theirs |
| silent, in a long text | is not asked | noise |
| contradict themselves | whatever it thinks | abstained |
| silent about it | thinks of news in mail to many, or in a longer text | not believed |
| anything else | any | the likeliest of both; abstained where that is not likely enough |
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from agent.signals.opinion import NOISE, SUBJECT, Opinion
from agent.signals.primary import STRONG, contradictory, weights
from agent.signals.reading import Label, Signal
from agent.signals.sentences import Sentence

ENDS = frozenset({Label.REJECTION, Label.OFFER, Label.ROLE_CLOSED, Label.WITHDRAWAL, Label.CANCELLED})
"""What a user must never be told wrongly."""
_QUIET = NOISE | {Label.ACKNOWLEDGED, Label.TIMELINE, Label.BOUNCE}
"""What moves no status."""
_CERTAIN = 0.9
"""From this weight on the rules are believed unasked."""
_SETTLED_AT_MOST = 30
"""Sentences. In what is longer, one that a rule knows may stand by chance."""
_TRUST = 4.0
"""What a rule of weight 1 adds to the logarithm of a likelihood."""
_LEAST = 1e-3
"""No likelihood counts for less: the model has not seen everything."""
_NOISE_GROWS = 5
"""Sentences by which noise becomes as likely again."""
_BACKED = 0.3
"""From this weight on a rule stands behind a label."""
_LONG = 20
"""Sentences. What is longer, and says nothing that a rule knows, is a newsletter or a discussion."""
_ALONE_AT_MOST = 8
"""Sentences. In what is longer the model alone hears news where there is none."""
_DOUBT = 0.75
"""How likely all news together must be to be asked about, where the model alone thinks of it and is not believed."""
_AT_MOST = 0.95
"""Confidence of what the model alone says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What is made of a message's signals."""

    label: Label | None
    """None where there is nothing to say."""
    abstained: bool
    signals: tuple[Signal, ...]


def enough(label: Label, *, backed: bool) -> float:
    """Return how likely a label must be to be the answer; `backed` where a rule says it too."""
    if label in (Label.REJECTION, Label.OFFER):
        return 0.7 if backed else 0.75
    if label in ENDS:
        return 0.5 if backed else 0.65
    if label in _QUIET:
        return 0.25
    return 0.45 if backed else 0.55


def settled(rules: Verdict, sentences: int) -> bool:
    """Whether the model need not be asked: the rules are certain, or silent about so many sentences that it is a newsletter."""
    if rules.label is None or rules.abstained:
        return rules.label is None and sentences > _LONG
    return sentences <= _SETTLED_AT_MOST and weights(list(rules.signals)).get(rules.label, 0.0) >= _CERTAIN


def joined(signals: tuple[Signal, ...], likely: Mapping[Label, float], sentences: int) -> dict[Label, float]:
    """Return how likely each label is to rules and model together; they sum to 1."""
    said = weights(list(signals))
    raised = {}
    for label in likely.keys() | said.keys():
        share = max(likely.get(label, 0.0), _LEAST) * math.exp(_TRUST * said.get(label, 0.0))
        raised[label] = share * (1 + sentences / _NOISE_GROWS) if label in NOISE else share
    total = sum(raised.values())
    return {label: value / total for label, value in raised.items()}


def weigh(
    rules: Verdict, opinion: Opinion | None, *, text: str, subject: str, sentences: list[Sentence], to_many: bool = False
) -> Verdict:
    """Return what rules and model say together; without an opinion the rules stand.

    The signals are those of the rules, and that of the model where its word made the difference.
    """
    if opinion is None or contradictory(list(rules.signals)):
        return rules
    chances = joined(rules.signals, opinion.likely, len(sentences))
    best = max(chances, key=chances.__getitem__)
    backed = weights(list(rules.signals)).get(best, 0.0) >= _BACKED
    needless = best is Label.OTHER or (best is rules.label and not rules.abstained)
    signals = rules.signals if needless else (*rules.signals, _signal(best, opinion, text, subject, sentences))
    if best in NOISE:
        return Verdict(label=None if best is Label.OTHER else best, abstained=False, signals=signals)
    if not backed and (to_many or len(sentences) > _ALONE_AT_MOST):
        return _unheard(rules, opinion, best, signals, to_many=to_many)
    return Verdict(label=best, abstained=chances[best] < enough(best, backed=backed), signals=signals)


def _unheard(rules: Verdict, opinion: Opinion, best: Label, signals: tuple[Signal, ...], *, to_many: bool) -> Verdict:
    """Return the verdict where the model alone thinks of news, and is not to be believed alone: the rules', or a question."""
    if rules.label is not None and weights(list(rules.signals)).get(rules.label, 0.0) >= STRONG:
        return rules
    if not to_many and opinion.noise <= 1 - _DOUBT and best in ENDS:
        return Verdict(label=best, abstained=True, signals=signals)
    return Verdict(label=None, abstained=False, signals=rules.signals) if rules.label is None or rules.abstained else rules


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
