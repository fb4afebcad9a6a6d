"""Whose direct number is known, from wherever it was told (A11)."""

from agent.interviews.candidacy import Candidacy
from agent.interviews.notes import NoteKey, note_lines


def direct_number(candidacy: Candidacy, address: str) -> str:
    """Return the direct number of `address`, as it was written; empty where none is known.

    The user's own word goes first: the contact, then a note about the person (`phone (Dana): +49 30 555`). Then comes what the
    person's own mail says, the newest first, and last a note that names nobody.
    """
    address = address.lower()
    for contact in candidacy.interview.contacts:
        if address and contact.email.lower() == address and contact.phone:
            return contact.phone
    noted = [line for line in reversed(note_lines(candidacy)) if line.key is NoteKey.PHONE]
    names = _names(candidacy, address)
    for line in noted:
        if line.about and (line.about == address or {*line.about.split()} <= names):
            return line.text
    for letter in reversed(candidacy.letters):
        if not letter.own and letter.reading.phone and address in (letter.message.sender.email, letter.message.answer_to.email):
            return letter.reading.phone
    return next((line.text for line in noted if not line.about), "")


def _names(candidacy: Candidacy, address: str) -> set[str]:
    """Return the words of the names that `address` goes by, in lower case."""
    displays = [contact.name for contact in candidacy.interview.contacts if contact.email.lower() == address]
    displays += [letter.message.sender.name for letter in candidacy.letters if letter.message.sender.email == address]
    return {word for display in displays for word in display.casefold().split()}
