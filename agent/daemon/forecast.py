"""What the clock asks for in each candidacy, now and in the weeks to come, looked up and nothing changed."""

from collections.abc import Sequence
from datetime import datetime

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.desks import desk_of
from agent.daemon.overview import assessed
from agent.interviews.candidacy import Candidacy
from agent.plan.contacted import contacted, employer_key
from agent.plan.follow_up import FollowUp, follow_up, said_before
from agent.plan.intention import DraftRecord
from agent.plan.outlook import Expected, outlook

__all__ = ["Forecast", "assessed"]


class Forecast:
    """Asks the plan about the candidacies of one ledger as of one moment; the desk is laid once for all of them."""

    def __init__(self, account: Account, casebook: Casebook, now: datetime) -> None:
        self._casebook = casebook
        self._now = now
        self._desk = desk_of(account, casebook)
        self._employers: dict[tuple[str, ...], list[Candidacy]] = {}
        for candidacy in casebook.candidacies():
            self._employers.setdefault(employer_key(candidacy.interview), []).append(candidacy)

    def plan(self, candidacy: Candidacy) -> FollowUp:
        """Return what is due, planned and held now."""
        employer, drafts = self._employer(candidacy)
        return follow_up(
            candidacy,
            desk=self._desk,
            contacted=contacted(employer, drafts),
            drafts=[draft for draft in drafts if draft.interview == candidacy.interview.id],
            earlier=said_before(drafts),
            now=self._now,
            others=self._others(candidacy),
        )

    def outlook(self, candidacy: Candidacy) -> tuple[Expected, ...]:
        """Return what follows in the weeks to come if the user sends each draft and nobody answers."""
        employer, drafts = self._employer(candidacy)
        others = self._others(candidacy)
        return outlook(candidacy, employer=employer, drafts=drafts, desk=self._desk, now=self._now, others=others)

    def _others(self, candidacy: Candidacy) -> list[Candidacy]:
        return [each for each in self._casebook.candidacies() if each.interview.id != candidacy.interview.id]

    def _employer(self, candidacy: Candidacy) -> tuple[Sequence[Candidacy], Sequence[DraftRecord]]:
        employer = self._employers[employer_key(candidacy.interview)]
        return employer, [draft for each in employer for draft in self._casebook.drafts(each.interview.id)]
