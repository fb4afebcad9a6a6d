"""Rules and model together: where they agree it is certain, where they contradict each other nobody knows.

| rules | model | answer |
|---|---|---|
| certain, see `settled` | is not asked | theirs |
| silent, or noise, in a long text | is not asked | noise |
| silent, or noise | sure | the model's; its evidence is the sentence |
| silent, or noise | suspects news | its suspicion, abstained |
| silent, or noise | neither | as without it |
| suspect something | thinks so too | that, surer than either |
| suspect something | sure of something else | abstained, both named |
| say something, not certain | does not think it impossible | theirs |
| say something, not certain | thinks it impossible, or is sure of something else | abstained, both named |
"""

from dataclasses import dataclass, replace

from agent.signals.opinion import NOISE, SUBJECT, Opinion
from agent.signals.primary import weights
from agent.signals.reading import Label, Signal
from agent.signals.sentences import Sentence

_CERTAIN = 0.9
"""From this weight on the rules are believed unasked. On mail that nobody had seen, below it one answer in four was wrong."""
_AGREES = 0.4
"""From which likelihood on the model thinks so too, where the rules suspect something."""
_IMPOSSIBLE = 0.05
"""Below which likelihood the model thinks that the rules misread."""
_ELSEWHERE = 0.7
"""From which likelihood on of another label the model contradicts the rules."""
_SUSPECTS = 0.75
"""How likely all news together must be to be worth a question."""
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
    return weights(list(rules.signals)).get(rules.label, 0.0) >= _CERTAIN


def weigh(rules: Verdict, opinion: Opinion | None, *, text: str, subject: str, sentences: list[Sentence]) -> Verdict:
    """Return what rules and model say together, as the table above has it; without an opinion the rules stand."""
    if opinion is None:
        return rules
    best = opinion.best
    both = (*rules.signals, _signal(best, opinion, text, subject, sentences))
    if rules.label is None or rules.label in NOISE:
        if opinion.sure:
            return Verdict(label=best, abstained=False, signals=rules.signals if best is Label.OTHER else both)
        guess = max((label for label in opinion.likely if label not in NOISE), key=opinion.likely.__getitem__)
        if 1 - opinion.noise >= _SUSPECTS:
            suspicion = _signal(guess, opinion, text, subject, sentences)
            return Verdict(label=guess, abstained=True, signals=(*rules.signals, suspicion))
        return rules
    if rules.abstained:
        if best is rules.label and opinion.likely[best] >= _AGREES:
            return Verdict(label=best, abstained=False, signals=_raised(rules.signals, best, opinion))
        return Verdict(
            label=best if opinion.sure else rules.label, abstained=True, signals=both if opinion.sure else rules.signals
        )
    if best is not rules.label and (opinion.likely[best] >= _ELSEWHERE or opinion.likely.get(rules.label, 0.0) < _IMPOSSIBLE):
        return Verdict(label=best, abstained=True, signals=both)
    agreed = _raised(rules.signals, best, opinion) if best is rules.label else rules.signals
    return Verdict(label=rules.label, abstained=False, signals=agreed)


def _raised(signals: tuple[Signal, ...], label: Label, opinion: Opinion) -> tuple[Signal, ...]:
    """Return the signals with the surest of `label` as sure as rule and model are together."""
    surest = max((signal for signal in signals if signal.label is label), key=lambda signal: signal.confidence, default=None)
    if surest is None:
        return signals
    both = round(1 - (1 - surest.confidence) * (1 - min(opinion.likely[label], _AT_MOST)), 3)
    return tuple(replace(signal, confidence=both) if signal is surest else signal for signal in signals)


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
