"""`assess`: what one policy says of one candidacy at one moment."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.interviews.candidacy import Candidacy
from agent.messages.message import Address
from agent.policy.correspondence import Correspondence
from agent.policy.forbidding import Forbidding, Obstacle
from agent.policy.occasions import Occasion, Occasions
from agent.policy.office_hours import HolidayCalendar, Office, day_in_words
from agent.policy.policy import Policy
from agent.policy.verdict import Assessment, Contacted, DraftKind, Due, Held, Suggestion

_STEPS = 100
"""How often the search for a free moment is taken up again before it is given up."""


def assess(
    candidacy: Candidacy,
    policy: Policy,
    *,
    contacted: Sequence[Contacted],
    blocked: Collection[str],
    own_addresses: Sequence[str],
    senders_zone: ZoneInfo,
    senders_country: str | None = None,
    holidays: HolidayCalendar,
    now: datetime,
) -> Assessment:
    """Return what `policy` wants, plans and holds back for `candidacy` at `now`; the same input always gives the same.

    `contacted`: all that the user sent to this employer over all its candidacies, and the drafts that wait. A caller who carries
    out what is due in one candidacy adds it before asking about the next one of the same employer.
    `blocked`: addresses whose mail came back for good. `own_addresses`: the user's, lower case, the main one, which gets what is
    for the user's own eyes, first. `senders_zone` and `senders_country` are the
    user's, in force where the interview names none. `now` is aware; `candidacy.state` is as of `now`.
    """
    office = Office(
        zone=candidacy.interview.zone(senders_zone),
        country=candidacy.interview.office_country(senders_country),
        holidays=holidays,
        region=candidacy.interview.region,
        closed=policy.closed.union(candidacy.interview.closed),
        opens=policy.opens,
        closes=policy.closes,
        early=policy.early,
    )
    mail = Correspondence(
        candidacy, now=now, office=office, own_addresses=own_addresses, blocked=blocked, no_answer=policy.no_answer
    )
    occasions = Occasions(mail, policy, Address(name="", email=own_addresses[0]))
    judge = _Judge(occasions, Forbidding(occasions, contacted))
    for occasion in sorted(occasions, key=lambda each: each.start):
        judge.hear(occasion)
    return judge.assessment()


class _Judge:
    """Hears one occasion after the other, the earliest first."""

    def __init__(self, occasions: Occasions, forbidding: Forbidding) -> None:
        self.occasions = occasions
        self.forbidding = forbidding
        self.mail = occasions.mail
        self.office = occasions.office
        self.now = self.mail.now
        self.due: list[Due] = []
        self.planned: list[Due] = []
        self.held: list[Held] = []
        self.suggestions: list[Suggestion] = []
        self.changes: set[datetime] = {*self.mail.turns, *self.mail.dated_ahead}
        self.accepted: list[DraftKind] = []

    def assessment(self) -> Assessment:
        ahead = [change for change in self.changes if change > self.now]
        return Assessment(
            due=tuple(self.due),
            planned=tuple(sorted(self.planned, key=lambda each: each.due_at)),
            held=tuple(self.held),
            suggestions=tuple(self.suggestions),
            next_at=min(ahead).astimezone(UTC) if ahead else None,
        )

    def hear(self, occasion: Occasion) -> None:
        if occasion.start <= self.now and self.occasions.wanted(occasion, self.now):
            self._now(occasion)
        else:
            self._later(occasion, [max(occasion.start, self.now), *self.mail.turns])

    def _now(self, occasion: Occasion) -> None:
        """Decide on what the rule wants at this moment."""
        if occasion.until is not None:
            self.changes.add(occasion.until)
        late = occasion.until is not None and occasion.until <= self.now
        obstacles = self.forbidding.obstacles(occasion, self.now)
        if late:
            missed = self.forbidding.too_late(occasion, self.now)
            if missed is not None and missed.until is not None and not any(each.until is None for each in obstacles):
                self.changes.add(missed.until)
                self._hold(occasion, missed, until=None)
            return
        if obstacles:
            self.changes.update(each.until for each in obstacles if each.until)
            self._hold(occasion, obstacles[0], until=obstacles[0].until)
            return
        if self._opening(occasion, self.now) > self.now:
            self._later(occasion, [self.now])
            return
        if occasion.rule.business_hours:
            self.changes.add(self.office.closing(self.now))
        elif occasion.rule.early:
            self.changes.add(self.office.at(self.office.day(self.now) + timedelta(days=1), time()))
        beside = self.forbidding.beside(occasion, self.accepted)
        if beside is not None:
            self._hold(occasion, beside, until=None)
        elif occasion.rule.suggest is not None:
            self.suggestions.append(
                Suggestion(
                    interview=self.mail.interview.id,
                    status=occasion.rule.suggest,
                    occasion=occasion.name,
                    due_at=occasion.start,
                    reason=self._reason(occasion),
                    rule=occasion.rule.id,
                    requirements=occasion.rule.requires,
                )
            )
        elif occasion.rule.draft is not None:
            self.accepted.append(occasion.rule.draft)
            self.due.append(self._as_due(occasion, occasion.rule.draft, occasion.start))

    def _later(self, occasion: Occasion, moments: Sequence[datetime]) -> None:
        """Plan what the rule will want from one of `moments` on, if nothing happens meanwhile."""
        for moment in moments:
            if moment < occasion.start or not self.occasions.wanted(occasion, moment):
                continue
            self.changes.add(moment)
            free = self._free(occasion, moment)
            if free is not None:
                self.changes.add(free)
                if occasion.rule.draft is not None:
                    self.planned.append(self._as_due(occasion, occasion.rule.draft, free))
            return

    def _free(self, occasion: Occasion, moment: datetime) -> datetime | None:
        """Return the first moment from `moment` on at which nothing forbids; None where there is none in the window."""
        for _ in range(_STEPS):
            if occasion.until is not None and moment >= occasion.until:
                return None
            obstacles = self.forbidding.obstacles(occasion, moment)
            if obstacles:
                if obstacles[0].until is None:
                    return None
                moment = obstacles[0].until
                continue
            opening = self._opening(occasion, moment)
            if opening <= moment:
                return moment if self.occasions.wanted(occasion, moment) else None
            moment = opening
        return None

    def _opening(self, occasion: Occasion, moment: datetime) -> datetime:
        """Return `moment` where the hours of the rule allow it, else the next moment that they allow."""
        if occasion.rule.early:
            return self.office.next_early(moment, also=occasion.agreed)
        return self.office.next_open(moment) if occasion.rule.business_hours else moment

    def _hold(self, occasion: Occasion, obstacle: Obstacle, *, until: datetime | None) -> None:
        if occasion.rule.draft is None:
            return
        self.held.append(
            Held(
                interview=self.mail.interview.id,
                kind=occasion.rule.draft,
                occasion=occasion.name,
                due_at=occasion.start,
                reason=obstacle.reason,
                rule=obstacle.rule,
                requirements=obstacle.requirements,
                until=until,
            )
        )

    def _as_due(self, occasion: Occasion, kind: DraftKind, at: datetime) -> Due:
        return Due(
            interview=self.mail.interview.id,
            kind=kind,
            occasion=occasion.name,
            due_at=at.astimezone(UTC),
            until=occasion.until,
            to=(occasion.to,) if occasion.to else (),
            parent=occasion.parent,
            rule=occasion.rule.id,
            requirements=occasion.rule.requires,
            reason=self._reason(occasion),
            round=occasion.round,
            style=occasion.rule.style,
            person=occasion.person,
        )

    def _reason(self, occasion: Occasion) -> str:
        other = occasion.other_side
        facts = {
            "company": self.mail.interview.company,
            "role": self.mail.interview.role,
            "name": (other.name or other.email) if other else self.mail.interview.company,
            "day": day_in_words(occasion.anchor),
        }
        return occasion.rule.reason.format_map(facts)
