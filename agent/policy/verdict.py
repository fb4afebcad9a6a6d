"""What the policy says of one candidacy at one moment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.interviews.candidacy import Letter
from agent.interviews.status import HeldRound, Status
from agent.messages.message import Address


class DraftKind(StrEnum):
    """The kinds of draft; the contract's list, word for word."""

    THANK_YOU = "thank_you"
    """Thanks after an interview, one to each interviewer."""
    STATUS_CHECK = "status_check"
    """Asks how things stand."""
    TIMELINE_REQUEST = "timeline_request"
    """Asks when to expect news."""
    FINAL_NOTE = "final_note"
    """The last, shorter message after an unanswered one."""
    CLOSE_LOOP = "close_loop"
    """Says that the search goes on and asks for the standing by a named date."""
    REPLY_INVITATION = "reply_invitation"
    """Answers an invitation."""
    REPLY_RESCHEDULE = "reply_reschedule"
    """Answers a reschedule."""
    REPLY_INFO_REQUEST = "reply_info_request"
    """Answers a request for information."""
    SEND_MATERIAL = "send_material"
    """Sends what was promised."""
    REPLY_HOLD = "reply_hold"
    """Answers news of a delay."""
    REPLY_REJECTION = "reply_rejection"
    """Thanks after a rejection and asks for feedback."""
    OFFER_THANKS = "offer_thanks"
    """Thanks for an offer, promptly and without an answer to it."""
    OFFER_ACCEPT = "offer_accept"
    """Accepts."""
    OFFER_CLARIFY = "offer_clarify"
    """Asks about the terms."""
    OFFER_DECLINE = "offer_decline"
    """Declines with a brief reason."""
    WITHDRAW = "withdraw"
    """Takes the candidacy back."""
    REFERRER_UPDATE = "referrer_update"
    """Tells a referrer how it went."""
    DEBRIEF = "debrief"
    """To the user: questions after an interview."""
    CALL_SHEET = "call_sheet"
    """To the user: what to say on the phone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A follow-up that the policy wants, now or at a moment to come."""

    interview: str
    kind: DraftKind
    occasion: str
    """What it is about, once and for all: `round-1:dana@acme.example`, or the msg-id that it answers.

    (interview, kind, occasion) never gets two drafts."""
    due_at: datetime
    """When it may be put into Drafts; aware. In the future for what is merely planned."""
    until: datetime | None
    """When it is too late for it; None when it never is."""
    to: tuple[Address, ...]
    parent: Letter | None
    """The message whose thread it continues; None starts a new thread."""
    rule: str
    """Id of the policy rule."""
    requirements: tuple[str, ...]
    """Ids of the guide requirements that the rule carries out (`B3`)."""
    reason: str
    """One sentence for the user: why now."""
    round: HeldRound | None = None
    """The interview that it follows, if any."""
    style: str = ""
    """The manner of wording that the rule asks for; empty for the usual one."""
    person: Address | None = None
    """For a draft to the user, whom it is about: who is to be called. None elsewhere, and where nobody is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A follow-up that is due by the calendar and that a rule forbids."""

    interview: str
    kind: DraftKind
    occasion: str
    due_at: datetime
    reason: str
    """One sentence for the user, such as 'no-reply@acme.example takes no mail'."""
    rule: str
    requirements: tuple[str, ...]
    until: datetime | None = None
    """When the rule stops forbidding it, if ever."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A step that only the user can take, offered in review (`moved_on` after unanswered messages)."""

    interview: str
    status: Status
    occasion: str
    due_at: datetime
    reason: str
    rule: str
    requirements: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contacted:
    """One message of the user to an employer, sent or waiting in Drafts: what the limits count."""

    at: datetime
    interview: str
    kind: DraftKind | None
    """What it is, or is as good as; None for a mail of another purpose that the user wrote without the agent."""
    answer: bool
    """True for an answer to their mail, which the weekly limit excepts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """All that the policy says of one candidacy at one moment."""

    due: tuple[Due, ...]
    """Wanted now, soonest first."""
    planned: tuple[Due, ...]
    """Will be wanted later if nothing happens meanwhile, soonest first."""
    held: tuple[Held, ...]
    suggestions: tuple[Suggestion, ...] = ()
    next_at: datetime | None = None
    """The next moment at which this assessment changes by the clock alone."""
