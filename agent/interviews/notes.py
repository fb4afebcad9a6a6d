"""What the user wrote down about a candidacy, by key: a line `topic: how on-call is shared` says what it is about.

Such lines stand in the notes of the interviews file, in what `interviews note` keeps, and in the answers to a debrief. The key
may be followed by brackets that say whom or which interview it is about: `topic (Dana): ...`, `topic (2): ...`.
"""

from enum import StrEnum


class NoteKey(StrEnum):
    """What a line of the notes is about."""

    TOPIC = "topic"
    """A point of the conversation to come back to (B2, A8)."""
    ASKED = "asked"
    """A question that was asked (D1)."""
    STRONG = "strong"
    """What went well (D1)."""
    WEAK = "weak"
    """What went less well (D1)."""
    UNSAID = "unsaid"
    """What was left unsaid (D1); a thank-you can still say it."""
    CUE = "cue"
    """What they let show, in words or otherwise (D1)."""
    MATERIAL = "material"
    """What the user promised to send (D5)."""
    AGREED = "agreed"
    """The day agreed for their answer or for the user's call, with the channel: `2026-03-17 by phone` (E1)."""
    PHONE = "phone"
    """A direct number that they gave (A11)."""
    QUESTION = "question"
    """What the user wants to know about an offer (D9)."""
    DECLINE = "decline"
    """Why the user would decline, in few words (D9)."""
