"""Which of several statements is what the message is for, and when nobody can say."""

from agent.signals.reading import Label, Signal

STRONG = 0.6
"""From this confidence on a statement counts."""
_RECEIPT = 0.65
"""Thanks alone are no receipt: many rejections begin with them."""
_FAREWELL = 0.3
_AS_SURE = 0.1
"""Statements of one label that differ by no more are quoted in the order of the text."""
_NEXT_STAGE = 0.7
"""A mere `next stage` that turns out to be a test is no invitation."""

_ORDER = (
    Label.BOUNCE,
    Label.WITHDRAWAL,
    Label.OFFER,
    Label.REJECTION,
    Label.ROLE_CLOSED,
    Label.RESCHEDULED,
    Label.CANCELLED,
    Label.SCHEDULED,
    Label.INVITATION,
    Label.ASSESSMENT,
    Label.INFO_REQUEST,
    Label.HOLD,
    Label.AUTO_REPLY,
    Label.ACKNOWLEDGED,
    Label.TIMELINE,
    Label.OUTREACH,
    Label.ALERT,
    Label.OTHER,
)
_RANK = {label: rank for rank, label in enumerate(_ORDER)}
_GOING_ON = frozenset({Label.OFFER, Label.INVITATION, Label.SCHEDULED, Label.RESCHEDULED, Label.ASSESSMENT})
_OUT = frozenset({Label.REJECTION, Label.ROLE_CLOSED})
_HARMLESS = frozenset({Label.ALERT, Label.OUTREACH, Label.OTHER})


def weights(signals: list[Signal]) -> dict[Label, float]:
    """Return how sure each label is: several sentences that say the same make it surer than one."""
    doubt: dict[Label, float] = {}
    for signal in signals:
        doubt[signal.label] = doubt.get(signal.label, 1.0) * (1.0 - signal.confidence)
    return {label: 1.0 - value for label, value in doubt.items()}


def decide(signals: list[Signal]) -> tuple[Label | None, bool]:
    """Return the primary label and whether to abstain; (None, False) when the signals say nothing."""
    sure = weights(signals)
    strong = [label for label, weight in sure.items() if weight >= STRONG]
    if not strong:
        if not sure:
            return None, False
        guess = max(sure, key=lambda label: (sure[label], -_RANK[label]))
        return guess, guess not in _HARMLESS
    first = min(strong, key=_RANK.__getitem__)
    if first is Label.ACKNOWLEDGED and _surest(signals, first) < _RECEIPT and sure.get(Label.REJECTION, 0) >= _FAREWELL:
        return Label.REJECTION, True
    if first is Label.INVITATION and Label.ASSESSMENT in strong and _is_for_a_test(signals):
        first = Label.ASSESSMENT
    if first is Label.CANCELLED and Label.INVITATION in strong:
        first = Label.RESCHEDULED  # called off and to be made up: the contract calls that a move
    contradicts = contradictory(signals)
    if contradicts and Label.OFFER not in strong:
        first = next(label for label in (Label.REJECTION, Label.ROLE_CLOSED) if label in strong)
    return first, contradicts


def contradictory(signals: list[Signal]) -> bool:
    """Whether the signals say both that it is over and that it goes on."""
    strong = {label for label, weight in weights(signals).items() if weight >= STRONG}
    return not _OUT.isdisjoint(strong) and not _GOING_ON.isdisjoint(strong)


def distinct(signals: list[Signal]) -> list[Signal]:
    """Return the signals with each label once a sentence, the surest of its rules."""
    best: dict[tuple[Label, int, int, str], Signal] = {}
    for signal in signals:
        key = (signal.label, signal.start, signal.end, signal.quote)
        if key not in best or best[key].confidence < signal.confidence:
            best[key] = signal
    return list(best.values())


def in_order(signals: list[Signal], first: Label | None) -> tuple[Signal, ...]:
    """Return the signals, those of the primary label first, then the surest; of about as sure ones the first in the text."""

    def key(signal: Signal) -> tuple[bool, float, int, int]:
        sure = -signal.confidence
        if signal.label == first:
            sure = 0.0 if signal.confidence >= best - _AS_SURE else sure + 1
        return signal.label != first, sure, _RANK.get(signal.label, len(_RANK)), signal.start

    best = max((signal.confidence for signal in signals if signal.label == first), default=0.0)
    return tuple(sorted(signals, key=key))


def _is_for_a_test(signals: list[Signal]) -> bool:
    """Whether the invitation is one to a test: a mere next stage, or said in the very sentence that sets the test."""
    best = max((signal for signal in signals if signal.label is Label.INVITATION), key=lambda signal: signal.confidence)
    tests = [signal for signal in signals if signal.label is Label.ASSESSMENT]
    same = any((test.start, test.end) == (best.start, best.end) and test.confidence >= best.confidence for test in tests)
    return same or best.confidence < _NEXT_STAGE


def _surest(signals: list[Signal], label: Label) -> float:
    return max(signal.confidence for signal in signals if signal.label is label)
