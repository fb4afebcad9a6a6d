"""What a learned model thinks of a message, as values. The model itself lives at the edge (`agent.learned`)."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from agent.messages.message import Message
from agent.messages.subject import without_prefixes
from agent.signals.reading import Label
from agent.signals.senders import PlatformKind, SenderBook

NOISE = frozenset({Label.ALERT, Label.OUTREACH, Label.OTHER})
"""Labels that say nothing of a candidacy."""
SUBJECT = -1
"""Stands for the subject where sentences are numbered."""


class Trait(StrEnum):
    """What a message is like, apart from its words."""

    ANSWER = "answer"
    """The subject begins with `Re:` or its like."""
    TO_MANY = "to_many"
    """Mail of a list."""
    APPOINTMENT = "appointment"
    """It has a calendar part."""
    AUTOMATIC = "automatic"
    """A machine wrote it in answer."""
    BY_ATS = "by_ats"
    """From an applicant tracking system."""
    BY_JOB_BOARD = "by_job_board"
    """From a job board or career network."""
    BY_ASSESSMENT = "by_assessment"
    """From a platform for tests."""
    BY_MAIL_PROVIDER = "by_mail_provider"
    """From a private mailbox."""
    BY_CALENDAR = "by_calendar"
    """From a booking or calendar service."""
    BY_SIGNING = "by_signing"
    """From a signing service."""
    BY_MAILING = "by_mailing"
    """From a service that sends newsletters."""


_BY = {kind: Trait(f"by_{kind.value}") for kind in PlatformKind}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a model is told of one message."""

    subject: str
    """Without its `Re:`."""
    sentences: tuple[str, ...]
    """The new text as it was written, cut into sentences, in order."""
    language: str | None = None
    """ISO 639-1, where the text shows it."""
    traits: frozenset[Trait] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """What a model thinks that one message is for."""

    likely: dict[Label, float]
    """How likely each label is to be the primary one; they sum to 1."""
    said_in: dict[Label, int] = field(default_factory=dict)
    """Number of the sentence that says a label most clearly, or `SUBJECT`."""

    @property
    def best(self) -> Label:
        """The likeliest label."""
        return max(self.likely, key=self.likely.__getitem__)

    @property
    def noise(self) -> float:
        """How likely it is that the message says nothing of a candidacy."""
        return sum(share for label, share in self.likely.items() if label in NOISE)


class SentenceModel(Protocol):
    """Reads sentences in any wording."""

    def opinion(self, asked: Asked) -> Opinion | None:
        """Return what it thinks; None where it cannot: not installed, another language, no words."""


def asked_of(message: Message, sentences: tuple[str, ...], senders: SenderBook, language: str | None = None) -> Asked:
    """Return what a model is told of `message`, whose new text in `language` was cut into `sentences`."""
    subject = without_prefixes(message.subject)
    platform = senders.platform(message.sender.domain)
    present = {
        Trait.ANSWER: subject != message.subject.strip(),
        Trait.TO_MANY: message.list_mail,
        Trait.APPOINTMENT: bool(message.calendar),
        Trait.AUTOMATIC: message.auto_submitted,
    }
    traits = {trait for trait, holds in present.items() if holds}
    if platform is not None:
        traits.add(_BY[platform.kind])
    return Asked(subject=subject, sentences=sentences, language=language, traits=frozenset(traits))
