"""What the report is made from: candidacies with their drafts and plans, as of one moment."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from agent.interviews import Candidacy
from agent.plan.intention import DraftRecord
from agent.policy import Due, Held
from agent.signals import Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """One candidacy with all that the report looks at."""

    candidacy: Candidacy
    account: str = ""
    """Name of the account that tracks it; empty where there is only one."""
    drafts: tuple[DraftRecord, ...] = ()
    """The agent's, in any state."""
    due: tuple[Due, ...] = ()
    """Wanted now, and not yet written."""
    planned: tuple[Due, ...] = ()
    """Wanted later if nothing happens meanwhile."""
    held: tuple[Held, ...] = ()
    no_answer: frozenset[Label] = frozenset()
    """Labels of messages that do not count as a word of theirs, as its policy has them."""

    @property
    def name(self) -> tuple[str, str]:
        """What names it over all accounts: account and id."""
        return self.account, self.candidacy.interview.id


@dataclass(frozen=True, kw_only=True, slots=True)
class JobSearch:
    """All that is followed, as of `now`."""

    followed: tuple[Followed, ...]
    now: datetime
    zone: tzinfo
    """The user's: days begin and end with it."""
    last_pass: datetime | None = None
    """When mail was read last; None before the first time."""
    reviews: int = 0
    """Questions that wait in review."""
    problem: str = ""
    """Why it cannot be told what is due, where the rules cannot be read; empty otherwise."""

    @property
    def today(self) -> date:
        """The user's day."""
        return self.day(self.now)

    def day(self, moment: datetime) -> date:
        """Return the user's day of a moment."""
        return moment.astimezone(self.zone).date()
