"""What one mail of the user's own says."""

from agent.messages.message import Message
from agent.messages.subject import without_prefixes
from agent.signals.folding import fold
from agent.signals.names import names
from agent.signals.phrasebook import Phrasebook, Where, Whose
from agent.signals.primary import STRONG, distinct, weights
from agent.signals.reading import Label, Reading, Signal
from agent.signals.received import language_of, subject_books
from agent.signals.sentences import sentences
from agent.signals.statements import read_sentence

_ANSWERS = (Label.SENT_DECLINE, Label.SENT_WITHDRAWAL, Label.SENT_ACCEPTANCE)
"""Said once, they are what the mail is for, the first of them first."""
_TOUCH = (Label.SENT_FOLLOW_UP, Label.SENT_THANK_YOU, Label.SENT_OTHER)
"""Of these the one that is said most surely: who restates an interest and thanks for an interview gives thanks, who asks asks."""


def read_own_message(message: Message, phrasebook: Phrasebook) -> Reading:
    """Return what the user's own mail says, one of the `sent_*` labels; it never abstains: weak words are `sent_other`."""
    signals: list[Signal] = []
    pieces = sentences(message.fresh, phrasebook.dots)
    tongue = language_of(message, phrasebook)
    subject = without_prefixes(message.subject)
    for book in subject_books(message, tongue, phrasebook):
        for statement in read_sentence(fold(subject), book, where=Where.SUBJECT, whose=Whose.OWN).statements:
            rule = statement.rule
            signals.append(Signal(label=rule.label, confidence=rule.confidence, rule=rule.id, quote=subject, start=0, end=0))
    for book in tongue.books:
        for piece in pieces:
            for statement in read_sentence(piece.folded, book, whose=Whose.OWN).statements:
                rule = statement.rule
                quote = message.fresh[piece.start : piece.end]
                signals.append(
                    Signal(
                        label=rule.label, confidence=rule.confidence, rule=rule.id, quote=quote, start=piece.start, end=piece.end
                    )
                )
    signals = distinct(signals)
    sure = weights(signals)
    strong = {label for label, weight in sure.items() if weight >= STRONG}
    label = next((label for label in _ANSWERS if label in strong), None) or _surest(signals, strong)
    named = names(message, pieces, tongue.books, phrasebook.senders)
    ordered = sorted(signals, key=lambda signal: (signal.label is not label, -signal.confidence))
    return Reading(
        label=label,
        abstained=False,
        language=tongue.books[0].language if tongue.sure else None,
        signals=tuple(ordered),
        company=named.company,
        role=named.role,
        requisition=named.requisition,
    )


def _surest(signals: list[Signal], strong: set[Label]) -> Label:
    """Return the label of `_TOUCH` with the surest single statement among `strong`; `sent_other` where there is none."""
    best = {label: 0.0 for label in _TOUCH if label in strong}
    for signal in signals:
        if signal.label in best:
            best[signal.label] = max(best[signal.label], signal.confidence)
    return max(best, key=lambda label: best[label], default=Label.SENT_OTHER)
