"""The words of the contract for what a message says, and the value that holds them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Label(StrEnum):
    """What a message says; the contract's table, word for word."""

    ACKNOWLEDGED = "acknowledged"
    """Confirms that an application came in or is being read."""
    INVITATION = "invitation"
    """Asks for a (further) interview: for availability, with times to choose from, with a booking link."""
    SCHEDULED = "scheduled"
    """Confirms date and time of an interview."""
    RESCHEDULED = "rescheduled"
    """Moves an interview, or asks to move it."""
    CANCELLED = "cancelled"
    """Calls one interview off without ending the candidacy."""
    ASSESSMENT = "assessment"
    """Sets a test, a take-home task, a one-way video."""
    INFO_REQUEST = "info_request"
    """Asks for documents, references, forms, answers."""
    TIMELINE = "timeline"
    """Says when to expect news."""
    HOLD = "hold"
    """Delay, freeze, still deciding."""
    REJECTION = "rejection"
    """The candidate is out."""
    ROLE_CLOSED = "role_closed"
    """The role is filled or withdrawn, without a judgement of the candidate."""
    OFFER = "offer"
    """Makes an offer, spoken or written."""
    WITHDRAWAL = "withdrawal"
    """Confirms that the candidate withdrew."""
    AUTO_REPLY = "auto_reply"
    """Out of office, automatic receipt by a person's mailbox."""
    BOUNCE = "bounce"
    """A delivery failure of something the user sent."""
    OUTREACH = "outreach"
    """A recruiter writes cold, an invitation to apply."""
    ALERT = "alert"
    """Job alert, newsletter, marketing, survey."""
    OTHER = "other"
    """Anything else."""
    SENT_THANK_YOU = "sent_thank_you"
    """The user thanked after an interview."""
    SENT_FOLLOW_UP = "sent_follow_up"
    """The user asked how things stand."""
    SENT_ACCEPTANCE = "sent_acceptance"
    """The user accepted an offer."""
    SENT_DECLINE = "sent_decline"
    """The user declined an offer."""
    SENT_WITHDRAWAL = "sent_withdrawal"
    """The user withdrew the candidacy."""
    SENT_OTHER = "sent_other"
    """Any other mail of the user."""


ENDINGS = frozenset({Label.REJECTION, Label.ROLE_CLOSED, Label.WITHDRAWAL})
"""What a message of a candidacy says that is over."""
OWN_LABELS = frozenset(label for label in Label if label.value.startswith("sent_"))
"""The labels that only the user's own mail can have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One statement of a message, with the words that make it."""

    label: Label
    confidence: float
    """0 to 1."""
    rule: str
    """Id of the phrase rule, or of the built-in reading (`calendar.request`, `dsn`, ...), that read it."""
    quote: str
    """The words themselves: `fresh[start:end]`, or the subject's or calendar's words with `start == end == 0`."""
    start: int
    end: int
    """Offsets in characters into `Message.fresh`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one message says, in all."""

    label: Label
    """The primary label: what the user must know or do first. With `abstained` it is the best guess."""
    abstained: bool
    """The evidence is weak or contradicts itself: nothing may be changed on its strength."""
    foreign: bool = False
    """Nothing was found in it, and it is in a language that there are no rules for."""
    language: str | None = None
    """ISO 639-1 of the language it is in, where that shows."""
    signals: tuple[Signal, ...] = ()
    """All statements found, strongest first; the first is the primary one unless `label` is `other`."""
    company: str | None = None
    role: str | None = None
    requisition: str | None = None
    round: int | None = None
    interview_at: datetime | None = None
    """A fixed time, aware. A list to choose from gives none, a move gives the new time."""
    interview_minutes: int | None = None
    promised_by: date | None = None
    """The last day by which the message itself says, without a condition, that news will come."""
    not_before: date | None = None
    """The day before which, as the message says, no news will come."""
    proposed: tuple[datetime, ...] = ()
    """The times to choose from that an invitation or a move names, aware, in their order; none that is behind."""
    phone: str = ""
    """The direct number of the writer, as the signature or the text of a person's mail gives it; empty where none does."""
    with_writer: bool = False
    """The writer will lead the interview whose time is fixed, and says so: 'with me', 'I will call you'."""
    meets: tuple[str, ...] = ()
    """Stretches of the text that begin with the people who will be met at the time that is fixed, where there are any."""
    leads: tuple[str, ...] = ()
    """Stretches that end with the people who, as the text says, will lead the interview or join it."""
    returns_on: date | None = None
    """For an auto-reply: the day on which the writer is back."""

    @property
    def primary(self) -> Signal | None:
        """The signal behind `label`, if any."""
        return next((signal for signal in self.signals if signal.label == self.label), None)

    def says(self, *labels: Label) -> bool:
        """Whether any of `labels` is among the statements."""
        return any(signal.label in labels for signal in self.signals) or self.label in labels
