"""Pure: what one message says, each statement with the words that say it.

`read_message` is for received mail, `read_own_message` for the user's own; both read by a `Phrasebook`.
"""

from agent.signals.opinion import SentenceModel
from agent.signals.own import read_own_message
from agent.signals.phrasebook import Phrasebook
from agent.signals.reading import ENDINGS, OWN_LABELS, Label, Reading, Signal
from agent.signals.received import read_message
from agent.signals.senders import Platform, PlatformKind, SenderBook

__all__ = [
    "ENDINGS",
    "OWN_LABELS",
    "Label",
    "Phrasebook",
    "Platform",
    "PlatformKind",
    "Reading",
    "SenderBook",
    "SentenceModel",
    "Signal",
    "read_message",
    "read_own_message",
]
