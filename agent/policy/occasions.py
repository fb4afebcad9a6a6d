"""From the rules of a policy to the occasions that one candidacy gives them: what, when, for whom, and once and for all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from agent.interviews.candidacy import Letter
from agent.interviews.event import Event
from agent.interviews.status import HeldRound
from agent.messages.message import Address
from agent.policy.arrangements import Arrangements
from agent.policy.correspondence import Correspondence
from agent.policy.policy import TO_USER, Anchor, Phone, Policy, Promise, Recipient, Rule, Thread, Unless
from agent.policy.recipients import Recipients


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """One follow-up that a rule may want, with its window; whether it is wanted and allowed is for others to say."""

    rule: Rule
    name: str
    """`Due.occasion`."""
    start: datetime
    """From when the rule wants it."""
    until: datetime | None
    anchor: date
    """The day that it counts from, in their zone."""
    to: Address | None
    round: HeldRound | None
    parent: Letter | None
    event: Event | None
    """The message that it answers, if it answers one."""
    since: datetime | None
    """The moment that it counts from; None where that is a day."""
    promise: date | None = None
    """The promised day that it counts from, if it does."""
    agreed: date | None = None
    """The agreed day that it counts from, if it does."""
    person: Address | None = None
    """For a draft to the user, whom it is about."""
    for_round: bool = False
    """It stands for all interviewers of the round, as none of them is known."""

    @property
    def what(self) -> str:
        """The kind of draft, or the status that is suggested."""
        return self.rule.draft or self.rule.suggest or ""

    @property
    def to_user(self) -> bool:
        """Whether it is for the user's own eyes."""
        return self.rule.draft in TO_USER

    @property
    def other_side(self) -> Address | None:
        """Whom it concerns at the employer: who gets it, or whom a draft to the user is about."""
        return self.person if self.to_user else self.to


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trigger:
    """One moment that a rule counts from."""

    at: datetime | date
    """A plain date counts from its end."""
    name: str
    round: HeldRound | None = None
    event: Event | None = None
    agreed: bool = False
    """The day is an agreed one, not a promised one."""


class Occasions:
    """The occasions of one candidacy under one policy."""

    def __init__(self, mail: Correspondence, policy: Policy, user: Address) -> None:
        """Look at `mail` with the eyes of `policy`; `user` gets what is for the user's own eyes."""
        self.mail = mail
        self.policy = policy
        self.user = user
        self.office = mail.office
        self.people = Recipients(mail, policy)
        self.arranged = Arrangements(mail)

    def __iter__(self) -> Iterator[Occasion]:
        """Yield every occasion whose draft was not made yet, in the order of the rules; each (kind, name) once."""
        seen: set[tuple[str, str]] = set()
        for rule in self.policy.rules:
            for trigger in self._triggers(rule):
                for occasion in self._addressed(rule, trigger):
                    key = (occasion.what, occasion.name)
                    if key not in seen and not self._made(occasion):
                        seen.add(key)
                        yield occasion

    def wanted(self, occasion: Occasion, moment: datetime) -> bool:
        """Whether the conditions of the rule hold at `moment`, which is not before now, if nothing happens meanwhile."""
        when = occasion.rule.when
        state = self.mail.state(moment)
        unanswered = len(self.mail.unanswered)
        attempts = len(self.mail.unanswered_attempts)
        promise, agreed = self.mail.promised(moment), self.arranged.agreed(moment)
        return (
            (when.status is None or state.status in when.status)
            and (when.turn is None or state.turn is when.turn)
            and when.unanswered_from <= unanswered
            and (when.unanswered_to is None or unanswered <= when.unanswered_to)
            and when.attempts_from <= attempts
            and (when.attempts_to is None or attempts <= when.attempts_to)
            and (when.promise is None or (promise is not None) == (when.promise is Promise.STANDS))
            and (when.agreed is None or (agreed is not None) == (when.agreed is Promise.STANDS))
            and (when.channel is None or when.channel is self.arranged.channel)
            and (when.phone is None or bool(self.people.number(occasion.other_side)) == (when.phone is Phone.KNOWN))
            and (not when.by_hand or self.mail.set_by_hand())
            and (occasion.promise is None or occasion.promise == promise)
            and (occasion.agreed is None or occasion.agreed == agreed)
            and not any(self._needless(unless, occasion) for unless in occasion.rule.unless)
            and not (occasion.event and self.mail.later(occasion.event.at, occasion.rule.overtaken_by))
        )

    def _needless(self, unless: Unless, occasion: Occasion) -> bool:
        match unless:
            case Unless.THANKED:
                address = None if occasion.for_round or occasion.to is None else occasion.to.email
                return occasion.round is not None and self.mail.thanked(occasion.round, address)
            case Unless.ANSWERED:
                return occasion.event is not None and self.mail.answered(occasion.event, occasion.parent)
            case Unless.WRITTEN:
                return occasion.since is not None and self.mail.written_since(occasion.since)
            case Unless.TOLD:
                if occasion.since is None or occasion.to is None:
                    return False
                return self.mail.told(occasion.to.email, occasion.since)
            case Unless.DECIDED:
                return occasion.since is not None and self.mail.decided(occasion.since)

    def _made(self, occasion: Occasion) -> bool:
        kind = occasion.rule.draft
        if kind is None:
            return False
        if occasion.rule.once:
            return self.mail.drafted(kind)
        if occasion.for_round and occasion.round is not None:
            return self.mail.drafted(kind, within=f"round-{occasion.round.number}:")
        return self.mail.drafted(kind, occasion.name)

    # What the rules count from

    def _triggers(self, rule: Rule) -> Iterator[_Trigger]:
        rounds = self.mail.rounds()
        last = rounds[-1] if rounds else None
        match rule.anchor:
            case Anchor.EACH_INTERVIEW:
                for held in reversed(rounds):
                    yield _Trigger(at=held.ends_at, name=f"round-{held.number}", round=held)
            case Anchor.LAST_INTERVIEW if last is not None:
                restart = self.mail.restart(last.ends_at, rule.restarted_by, answers=rule.restarted_by_answers)
                if restart is None:
                    yield _Trigger(at=last.ends_at, name=f"after-round-{last.number}", round=last)
                else:
                    yield _Trigger(at=restart.at, name=restart.message_id, round=last)
            case Anchor.PROMISED_DATE:
                day = self.mail.promised(self._last_turn())
                if day is not None:
                    yield _Trigger(at=day, name=f"promise-{day.isoformat()}", round=last)
            case Anchor.AGREED_DATE:
                day = self.arranged.agreed(self._last_turn())
                if day is not None:
                    yield _Trigger(at=day, name=f"agreed-{day.isoformat()}", round=last, agreed=True)
            case Anchor.LAST_FOLLOW_UP if self.mail.follow_ups:
                follow_up = self.mail.follow_ups[-1]
                yield _Trigger(at=follow_up.at, name=f"follow-up-{follow_up.number}", round=last)
            case Anchor.LAST_ATTEMPT if self.mail.attempts:
                attempt = self.mail.attempts[-1]
                yield _Trigger(at=attempt.at, name=f"attempt-{attempt.number}", round=last)
            case Anchor.LAST_CONTACT:
                contact = self.mail.last_contact()
                if contact is not None:
                    yield _Trigger(at=contact[0], name=contact[1], round=last)
            case Anchor.OUTCOME:
                state = self.mail.candidacy.state
                if rule.when.status and state.status in rule.when.status and state.since is not None:
                    yield _Trigger(at=state.since, name=f"outcome-{state.status}", round=last)
            case Anchor.PROMISED_MATERIAL:
                material = self.arranged.material()
                if material is not None:
                    yield _Trigger(at=material[0], name=f"material:{' '.join(material[1].split())}", round=last)
            case Anchor.LAST_MESSAGE | Anchor.FIRST_MESSAGE:
                event = self._message(rule)
                if event is not None and event.message_id:
                    yield _Trigger(at=event.at, name=event.message_id, event=event)

    def _last_turn(self) -> datetime:
        """Return the moment from which on the clock alone changes nothing."""
        return self.mail.turns[-1] if self.mail.turns else self.mail.now

    def _message(self, rule: Rule) -> Event | None:
        events = self.mail.messages(rule.says, rule.says_beside)
        if rule.anchor is Anchor.FIRST_MESSAGE and events:
            since = self.mail.candidacy.state.since
            return next((event for event in events if since is None or event.at >= since), events[-1])
        return events[-1] if events else None

    # Whom they go to

    def _addressed(self, rule: Rule, trigger: _Trigger) -> Iterator[Occasion]:
        letter = self.mail.by_id.get(trigger.event.message_id or "") if trigger.event else None
        if rule.draft in TO_USER:
            name = f"{trigger.name}:{rule.draft}" if rule.anchor is Anchor.EACH_INTERVIEW else trigger.name
            yield self._occasion(rule, trigger, name, self.user, None, person=self.people.callee(rule.about))
            return
        if Recipient.EACH_REFERRER in rule.to:
            for address in self.people.referrers():
                yield self._occasion(rule, trigger, f"{trigger.name}:{address.email}", address, letter)
            return
        if Recipient.EACH_INTERVIEWER in rule.to and trigger.round is not None:
            interviewers = self.people.interviewers(trigger.round)
            for address in interviewers:
                yield self._occasion(rule, trigger, f"{trigger.name}:{address.email}", address, letter)
            if interviewers:
                return
        correspondent = trigger.event.correspondent if trigger.event else ""
        to = self.people.first(rule.to, letter, correspondent)
        for_round = rule.anchor is Anchor.EACH_INTERVIEW
        name = f"{trigger.name}:{to.email if to else ''}" if for_round else trigger.name
        yield self._occasion(rule, trigger, name, to, letter, for_round=for_round)

    def _occasion(
        self,
        rule: Rule,
        trigger: _Trigger,
        name: str,
        to: Address | None,
        letter: Letter | None,
        *,
        person: Address | None = None,
        for_round: bool = False,
    ) -> Occasion:
        office, at = self.office, trigger.at
        if isinstance(at, datetime):
            start, anchor = office.later(at, rule.after), office.day(at)
            until = office.later(at, rule.until) if rule.until else None
        else:
            start, anchor = office.after_date(at, rule.after), at
            until = office.after_date(at, rule.until) if rule.until else None
        return Occasion(
            rule=rule,
            name=name,
            start=start,
            until=until,
            anchor=anchor,
            to=to,
            round=trigger.round,
            parent=None if rule.draft in TO_USER else self._parent(rule, trigger.round, to, letter),
            event=trigger.event,
            since=at if isinstance(at, datetime) else None,
            promise=None if isinstance(at, datetime) or trigger.agreed else at,
            agreed=at if trigger.agreed and not isinstance(at, datetime) else None,
            person=person,
            for_round=for_round,
        )

    def _parent(self, rule: Rule, held: HeldRound | None, to: Address | None, letter: Letter | None) -> Letter | None:
        if rule.thread is Thread.NEW:
            return None
        if rule.thread is Thread.MESSAGE:
            return letter
        invitation = self.mail.by_id.get(held.message_id or "") if held else None
        if rule.thread is Thread.SHARED_INVITATION:
            return invitation if invitation and to and to.email in self._in_thread(invitation) else None
        if rule.thread is Thread.FOLLOW_UP and self.mail.follow_ups and self.mail.follow_ups[-1].letter:
            return self.mail.follow_ups[-1].letter
        return invitation or self.mail.by_id.get(self.mail.candidacy.state.promised_in or "")

    def _in_thread(self, letter: Letter) -> set[str]:
        """Return the addresses that take part in the conversation of `letter`."""
        ids = {letter.message.message_id, *letter.message.parent_ids}
        people: set[str] = set()
        for each in self.mail.letters:
            message = each.message
            if message.message_id in ids or not ids.isdisjoint(message.parent_ids):
                people |= {address.email for address in (message.sender, *message.reply_to, *message.recipients)}
                people.update(attendee for event in message.calendar for attendee in (event.organizer, *event.attendees))
        return people
