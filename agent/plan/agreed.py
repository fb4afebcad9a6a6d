"""The time that an answer of the user's takes of those that the message before it proposed."""

from collections.abc import Iterable
from datetime import datetime

from agent.interviews.candidacy import Letter
from agent.messages.message import Message
from agent.signals import Label, Phrasebook, Reading
from agent.signals.agreeing import agreed_time


def agreed(message: Message, reading: Reading, letters: Iterable[Letter], phrasebook: Phrasebook) -> datetime | None:
    """Return the proposed time (aware) that the user's own `message` takes; None where it takes none.

    `letters` are those of its candidacy; what it answers must be one that was received and proposed times.
    """
    if reading.label in (Label.SENT_DECLINE, Label.SENT_WITHDRAWAL):
        return None
    for letter in letters:
        if not letter.own and letter.message.message_id in message.parent_ids[:1]:
            theirs = letter.reading
            return agreed_time(message, phrasebook, theirs.proposed, language=theirs.language) if theirs.proposed else None
    return None
