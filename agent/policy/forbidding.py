"""What stands in the way of a follow-up at one moment, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from agent.interviews.status import ENDED
from agent.policy.no_reply import takes_no_mail
from agent.policy.occasions import Occasion, Occasions
from agent.policy.office_hours import Duration, Unit, day_in_words
from agent.policy.policy import ANSWERS, FOLLOW_UPS, TO_USER, Check, Forbid, Limit
from agent.policy.verdict import Contacted, DraftKind

_AT_ONCE = Duration(amount=0, unit=Unit.HOUR)
_UNLIMITED = ANSWERS | TO_USER
"""Kinds that no limit counts or stops."""
_ABOUT_ADDRESS = frozenset({Check.NO_ADDRESS, Check.NO_REPLY, Check.BOUNCED, Check.DRAFT_WAITS, Check.PRIMARY_CONTACT})
"""Checks that say nothing of a draft to the user."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Obstacle:
    """One rule that forbids."""

    rule: str
    requirements: tuple[str, ...]
    reason: str
    until: datetime | None
    """None: for good, as far as the clock is concerned."""


class Forbidding:
    """The forbids and limits of a policy, asked about one candidacy."""

    def __init__(self, occasions: Occasions, contacted: Sequence[Contacted]) -> None:
        """Look at the candidacy of `occasions`; `contacted` is what its employer got from the user so far."""
        self.occasions = occasions
        self.mail = occasions.mail
        self.arranged = occasions.arranged
        self.office = occasions.office
        self.policy = occasions.policy
        self.contacted = sorted(
            (each for each in contacted if not each.answer and each.kind not in TO_USER), key=lambda each: each.at, reverse=True
        )

    def obstacles(self, occasion: Occasion, moment: datetime) -> list[Obstacle]:
        """Return all that forbids `occasion` at `moment`, if nothing happens until then; what forbids longest comes first."""
        found = [self._forbid(forbid, occasion, moment) for forbid in self.policy.forbids if forbid.stops(occasion.what)]
        found += [self._limit(limit, occasion, moment) for limit in self.policy.limits]
        return sorted((each for each in found if each), key=_how_long, reverse=True)

    def beside(self, occasion: Occasion, accepted: Sequence[DraftKind]) -> Obstacle | None:
        """Return the limit that the drafts which are `accepted` in this same moment leave no room under, if any does."""
        kind = occasion.rule.draft
        if kind is None or kind in _UNLIMITED:
            return None
        for limit in self.policy.limits:
            if kind in limit.besides | limit.lets_pass:
                continue
            others = _UNLIMITED | limit.besides
            counted = [each for each in accepted if each not in others and not {each, kind} <= limit.together]
            if limit.within is not None and len(counted) >= limit.at_most:
                reason = f"Another message to {self.mail.interview.company} is due at the same time and goes first."
                return Obstacle(rule=limit.id, requirements=limit.requires, reason=reason, until=None)
        return None

    def too_late(self, occasion: Occasion, moment: datetime) -> Obstacle | None:
        """Return that the window of `occasion` has passed, while that is worth saying; its `until` is the end of saying it."""
        if occasion.until is None or moment < occasion.until:
            return None
        for forbid in self.policy.forbids:
            if forbid.check is Check.TOO_LATE and forbid.stops(occasion.what) and forbid.lasts:
                until = self.office.later(occasion.until, forbid.lasts)
                if moment < until:
                    return self._obstacle(forbid, until, occasion.until, occasion=occasion)
        return None

    def _forbid(self, forbid: Forbid, occasion: Occasion, moment: datetime) -> Obstacle | None:
        if occasion.to_user and forbid.check in _ABOUT_ADDRESS:
            return None
        lasts = forbid.lasts or _AT_ONCE
        about: datetime | date | None = None
        until: datetime | None = None
        applies = False
        address = occasion.other_side.email if occasion.other_side else ""
        match forbid.check:
            case Check.ENDED:
                state = self.mail.state(moment)
                applies, about = state.status in ENDED, state.since
            case Check.NO_ADDRESS:
                applies = occasion.rule.draft is not None and not address
            case Check.NO_REPLY:
                applies = bool(address) and takes_no_mail(address, self.policy.never_write_to)
            case Check.BOUNCED:
                applies = address in self.mail.blocked
            case Check.OUT_OF_OFFICE:
                about = self.mail.returns(address)
                if about is not None:
                    until = self.office.later(self.office.at(about, time()), lasts)
            case Check.PRIMARY_CONTACT:
                primary = self.occasions.people.primary()
                applies = bool(address) and primary is not None and primary.email != address
            case Check.RECENT_INTERVIEW:
                about = max((each.ends_at for each in self.mail.rounds() if each.ends_at <= moment), default=None)
                if about is not None:
                    until = self.office.later(about, lasts)
            case Check.AGREED:
                about = self.arranged.agreed(moment)
                if about is not None:
                    until = self.office.after_date(about, lasts)
            case Check.PROMISE:
                # A day agreed since then stands in its place.
                about = self.mail.promised(moment) if self.arranged.agreed(moment) is None else None
                if about is not None:
                    until = self.office.after_date(about, lasts)
            case Check.EARLIEST:
                about = self.mail.not_before()
                if about is not None:
                    until = self.office.after_date(about, lasts)
            case Check.ON_HOLD:
                about = self.mail.on_hold_since(moment)
                if about is not None and self.mail.promised(moment) is None and self.arranged.agreed(moment) is None:
                    until = self.office.later(about, lasts)
            case Check.UNREAD:
                about = self.mail.unread()
                applies = about is not None
            case Check.DRAFT_WAITS:
                about = self.mail.waiting_since(occasion.rule.draft, address) if occasion.rule.draft else None
                if about is not None:
                    until = self.office.later(about, lasts)
            case Check.TOO_LATE:
                return None
        if not applies and (until is None or until <= moment):
            return None
        return self._obstacle(forbid, until, about, occasion=occasion)

    def _limit(self, limit: Limit, occasion: Occasion, moment: datetime) -> Obstacle | None:
        kind = occasion.rule.draft
        if kind is None or kind in _UNLIMITED or kind in limit.besides | limit.lets_pass:
            return None
        if limit.within is None:
            count = len(self.mail.unanswered)
            if kind not in FOLLOW_UPS or count < limit.at_most:
                return None
            return self._obstacle(limit, None, self.mail.unanswered[-1].at, count=count)
        counted = [
            each
            for each in self.contacted
            if self.office.later(each.at, limit.within) > moment
            and each.kind not in limit.besides
            and not (each.kind and {each.kind, kind} <= limit.together)
        ]
        if len(counted) < limit.at_most:
            return None
        until = self.office.later(counted[limit.at_most - 1].at, limit.within)
        return self._obstacle(limit, until, counted[0].at, count=len(counted))

    def _obstacle(
        self,
        rule: Forbid | Limit,
        until: datetime | None,
        about: datetime | date | None,
        *,
        occasion: Occasion | None = None,
        count: int = 0,
    ) -> Obstacle:
        facts = {
            "company": self.mail.interview.company,
            "address": occasion.other_side.email if occasion and occasion.other_side else "",
            "day": self._words(about),
            "until": self._words(until),
            "count": str(count),
        }
        return Obstacle(rule=rule.id, requirements=rule.requires, reason=rule.reason.format_map(facts), until=until)

    def _words(self, moment: datetime | date | None) -> str:
        if moment is None:
            return "an unknown day"
        return day_in_words(self.office.day(moment) if isinstance(moment, datetime) else moment)


def _how_long(obstacle: Obstacle) -> tuple[bool, datetime]:
    return obstacle.until is None, obstacle.until or datetime.min.replace(tzinfo=UTC)
