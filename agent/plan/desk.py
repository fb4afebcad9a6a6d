"""What a plan may look at."""

from dataclasses import dataclass
from typing import Protocol

from agent.drafts import Templates, User
from agent.interviews.candidacy import Candidacy
from agent.matching import Tracked
from agent.matching.match import Ties
from agent.messages.message import Message
from agent.plan.discovery import Discovery
from agent.plan.intention import DraftRecord
from agent.policy import HolidayCalendar, Policies
from agent.signals import Phrasebook, SentenceModel


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The user, the rules and the index of what is tracked: all that stays the same during a pass."""

    user: User
    authserv_id: str | None
    """Who writes Authentication-Results at the user's provider (RFC 8601); None: the topmost header above Received."""
    phrasebook: Phrasebook
    policies: Policies
    templates: Templates
    holidays: HolidayCalendar
    tracked: Tracked
    discovery: Discovery = Discovery.ASK
    """What is done about candidacies that nobody tracks."""
    model: SentenceModel | None = None
    """Asked about received mail that the rules are not certain of."""


class Known(Protocol):
    """What is known already, asked for by key so that a mailbox of a million messages costs no more than a small one."""

    def ties(self, message: Message) -> Ties:
        """Return what is known of the mail and the appointments that `message` names."""

    def candidacy(self, interview: str) -> Candidacy:
        """Return one tracked candidacy as of now."""

    def waiting(self, interview: str) -> tuple[DraftRecord, ...]:
        """Return the drafts of an interview that are intended, queued or edited."""
