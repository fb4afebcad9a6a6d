"""What a plan may look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from agent.drafts import Templates, User
from agent.interviews.candidacy import Candidacy
from agent.matching import Tracked
from agent.matching.match import Member
from agent.plan.intention import DraftRecord
from agent.policy import HolidayCalendar, Policy
from agent.signals import Phrasebook


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The user, the rules and the index of what is tracked: all that stays the same during a pass."""

    user: User
    authserv_id: str | None
    """Who writes Authentication-Results at the user's provider (RFC 8601); None: the topmost header above Received."""
    phrasebook: Phrasebook
    policy: Policy
    templates: Templates
    holidays: HolidayCalendar
    tracked: Tracked


class Known(Protocol):
    """What is known already, asked for by key so that a mailbox of a million messages costs no more than a small one."""

    def members(self, message_ids: Iterable[str]) -> dict[str, Member]:
        """Return those of `message_ids` that are known."""

    def calendar_members(self, uids: Iterable[str]) -> dict[str, str]:
        """Return calendar UID → interview for those that are known."""

    def candidacy(self, interview: str) -> Candidacy:
        """Return one tracked candidacy as of now."""

    def waiting(self, interview: str) -> tuple[DraftRecord, ...]:
        """Return the drafts of an interview that are intended, queued or edited."""
