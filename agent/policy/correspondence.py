"""What the mail and the events of one candidacy say to a policy: follow-ups, answers, thanks, who is away."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from agent.interviews.candidacy import Candidacy, Letter
from agent.interviews.event import Event, EventKind
from agent.interviews.fold import fold
from agent.interviews.status import HeldRound, State, Status
from agent.messages.message import Address
from agent.policy.office_hours import Office
from agent.policy.policy import FOLLOW_UPS
from agent.policy.verdict import DraftKind
from agent.signals.reading import Label

_SAME = timedelta(hours=1)
"""Two follow-ups closer than this are one: a sent draft and its copy in Sent may differ in id and date."""
_SMALL_TALK = frozenset({Label.ACKNOWLEDGED, Label.INFO_REQUEST, Label.OTHER})
"""Labels of messages after which what they wrote of the time still holds."""
_DECISIONS = frozenset({Label.SENT_ACCEPTANCE, Label.SENT_DECLINE})
_DECIDING = frozenset({DraftKind.OFFER_ACCEPT, DraftKind.OFFER_DECLINE})
_FARTHEST_PROMISE = timedelta(days=1000)
"""A day for news that lies farther ahead is a misreading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """One message of the user that asked how things stand."""

    at: datetime
    number: int
    """1 for the first of the candidacy."""
    to: tuple[Address, ...]
    letter: Letter | None
    """None while only the event is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One day on which the user asked how things stand, by mail or, as far as a call sheet tells, by phone."""

    at: datetime
    number: int
    """1 for the first of the candidacy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One message of theirs, machines' left out."""

    at: datetime
    message_id: str
    label: Label


class Correspondence:
    """The answers to a policy's questions about one candidacy, at `now` or at a later moment if nothing happens meanwhile."""

    def __init__(
        self,
        candidacy: Candidacy,
        *,
        now: datetime,
        office: Office,
        own_addresses: Collection[str],
        blocked: Collection[str],
        no_answer: Collection[Label],
    ) -> None:
        """Look at what is dated up to `now`; `no_answer` are the labels that do not count as a word of theirs."""
        self.candidacy = candidacy
        self.interview = candidacy.interview
        self.now = now.astimezone(UTC)
        self.office = office
        self.own = frozenset(address.lower() for address in own_addresses)
        self.blocked = frozenset(address.lower() for address in blocked)
        self.events = [event for event in candidacy.events if event.at <= now]
        self.letters = [letter for letter in candidacy.letters if letter.message.date <= now]
        self.dated_ahead = [
            moment
            for moment in (*(event.at for event in candidacy.events), *(each.message.date for each in candidacy.letters))
            if moment > now
        ]
        """Dates of what a wrong clock dated ahead: it is looked at from then on."""
        self.by_id = {letter.message.message_id: letter for letter in self.letters}
        self.read = [event for event in self.events if event.kind in (EventKind.RECEIVED, EventKind.CONFIRMED)]
        self.words = self._words(frozenset(no_answer))
        self.follow_ups = self._follow_ups()
        self.attempts = self._attempts()
        self.unanswered = [each for each in self.follow_ups if not self.words or each.at >= self.words[-1].at]
        self.unanswered_attempts = [each for each in self.attempts if not self.words or each.at >= self.words[-1].at]
        self._states = self._states_ahead()

    # Where it stands

    @property
    def turns(self) -> list[datetime]:
        """The moments after `now` at which the state changes by the clock: interviews begin and end."""
        return [moment for moment, _ in self._states[1:]]

    def state(self, moment: datetime) -> State:
        """Return the state at `moment`, which is not before `now`, if nothing happens meanwhile."""
        return next(state for start, state in reversed(self._states) if start <= moment)

    def rounds(self) -> tuple[HeldRound, ...]:
        """Return all interviews as they will have been when the last that is fixed is over, by their end."""
        return tuple(sorted(self._states[-1][1].rounds, key=lambda each: each.ends_at))

    def promised(self, moment: datetime) -> date | None:
        """Return the day by which they said that news will come, if that still stands at `moment`.

        It is used up by an interview on or after that day, when it was promised before, and by a message after that day.
        """
        state, day_of = self.state(moment), self.office.day
        day = state.promised_by
        since = self.promised_at(state.promised_in)
        if day is None or day - day_of(since or self.now) > _FARTHEST_PROMISE:
            return None
        for held in state.rounds:
            if held.ends_at <= moment and day_of(held.ends_at) >= day and (since is None or since < held.ends_at):
                return None
        if any(word.message_id != state.promised_in and day_of(word.at) > day for word in self.words):
            return None
        return day

    def promised_at(self, message_id: str | None) -> datetime | None:
        """Return when they wrote the message that promises news, if it is known."""
        return next((event.at for event in self.read if message_id and event.message_id == message_id), None)

    def set_by_hand(self) -> bool:
        """Whether the present status is one that the user set."""
        state = self.candidacy.state
        return any(
            event.kind is EventKind.SET and event.status is state.status and event.at == state.since for event in self.events
        )

    def not_before(self) -> date | None:
        """Return the day before which, as they wrote, no news will come, unless they have written something else since."""
        for word in reversed(self.words):
            letter = self.by_id.get(word.message_id)
            if letter is not None and letter.reading.not_before is not None:
                ahead = letter.reading.not_before - self.office.day(word.at)
                return letter.reading.not_before if ahead <= _FARTHEST_PROMISE else None
            if word.label not in _SMALL_TALK:
                return None
        return None

    def on_hold_since(self, moment: datetime) -> datetime | None:
        """Return since when it is on hold at `moment`, counted from their last word of it; None when it is not."""
        state = self.state(moment)
        if state.status is not Status.ON_HOLD:
            return None
        return max((event.at for event in self.read if event.label is Label.HOLD), default=state.since)

    # Their messages

    def messages(self, labels: Collection[Label], beside: Collection[Label] = ()) -> list[Event]:
        """Return the events of their messages whose primary label is one of `labels`, oldest first.

        Those whose primary label is one of `beside` count too where they say one of `labels` besides.
        """
        return [
            event
            for event in self.read
            if event.message_id
            and (event.label in labels or (event.label in beside and not set(labels).isdisjoint(event.labels)))
            and not self._moves_nothing(event)
        ]

    def _moves_nothing(self, event: Event) -> bool:
        """Whether a calendar calls this a move although no time was known before: its earlier versions went elsewhere."""
        return (
            event.label is Label.RESCHEDULED
            and event.calendar_uid != ""
            and not any(held.at <= event.at for held in self.interview.rounds)
            and not any(each.interview_at is not None for each in self.read if each.at < event.at)
        )

    def later(self, than: datetime, labels: Collection[Label]) -> bool:
        """Whether a later message of theirs says one of `labels`."""
        return any(event.at > than and any(label in labels for label in (event.label, *event.labels)) for event in self.read)

    def unread(self) -> datetime | None:
        """Return when their last message came, where nobody knows what it says: it was not clear, and the user did not look yet.

        A decision in review, a status set by hand or a mail of the user's shows that he did.
        """
        last = self.words[-1] if self.words else None
        letter = self.by_id.get(last.message_id) if last else None
        if last is None or letter is None or not letter.reading.abstained or self.written_since(last.at):
            return None
        looked = any(
            event.message_id == last.message_id or (event.kind is EventKind.SET and event.at > last.at) for event in self.events
        )
        return None if looked else last.at

    def restart(self, after: datetime, labels: Collection[Label], *, answers: bool) -> Word | None:
        """Return their last message after `after` that says one of `labels` or, with `answers`, answers a follow-up."""
        found = None
        for word in self.words:
            if word.at > after and (word.label in labels or (answers and self._answers_follow_up(word))):
                found = word
        return found

    def returns(self, address: str) -> date | None:
        """Return the day on which `address` is back, where the last that came from it is an automatic answer that says so."""
        last = next((event for event in reversed(self.read) if event.correspondent == address), None)
        return last.returns_on if last and last.label is Label.AUTO_REPLY else None

    # The user's messages

    def thanked(self, held: HeldRound, address: str | None) -> bool:
        """Whether the user thanked `address`, or with None anyone, since this interview began."""
        return any(at >= held.starts_at and (address is None or address in to) for at, to in self._own(Label.SENT_THANK_YOU))

    def answered(self, event: Event, letter: Letter | None) -> bool:
        """Whether the user answered the message of `event`: in its thread, later to its sender, or by a status set since."""
        people = {event.correspondent}
        if letter is not None:
            people |= {letter.message.answer_to.email, letter.message.sender.email}
        for own in (each.message for each in self.letters if each.own):
            if event.message_id in own.parent_ids:
                return True
            if own.date > event.at and not people.isdisjoint(address.email for address in own.recipients):
                return True
        return any(
            each.kind is EventKind.SET
            or (each.kind in (EventKind.SENT, EventKind.DRAFT_SENT) and each.correspondent in people - {""})
            for each in self.events
            if each.at > event.at
        )

    def written_since(self, moment: datetime) -> bool:
        """Whether the user wrote anything about this candidacy after `moment`."""
        sent = (EventKind.SENT, EventKind.DRAFT_SENT)
        return any(letter.own and letter.message.date > moment for letter in self.letters) or any(
            event.kind in sent and event.at > moment for event in self.events
        )

    def told(self, address: str, moment: datetime) -> bool:
        """Whether the user wrote to `address` after `moment`."""
        sent = (EventKind.SENT, EventKind.DRAFT_SENT)
        return any(
            letter.own and letter.message.date > moment and address in {each.email for each in letter.message.recipients}
            for letter in self.letters
        ) or any(event.kind in sent and event.at > moment and event.correspondent == address for event in self.events)

    def decided(self, moment: datetime) -> bool:
        """Whether the user accepted or declined an offer after `moment`, with the agent's draft or without."""
        return any(
            (event.kind is EventKind.SENT and event.label in _DECISIONS)
            or (event.kind is EventKind.DRAFT_SENT and event.draft_kind in _DECIDING)
            for event in self.events
            if event.at > moment
        )

    def last_contact(self) -> tuple[datetime, str] | None:
        """Return when the last message of either side was written, and what names it; None before there is any."""
        theirs = [(word.at, word.message_id) for word in self.words]
        own = [(each.message.date.astimezone(UTC), each.message.message_id) for each in self.letters if each.own]
        told = [
            (event.at.astimezone(UTC), event.message_id or f"{event.draft_kind}:{event.occasion}")
            for event in self.events
            if event.kind in (EventKind.SENT, EventKind.DRAFT_SENT) and event.message_id not in self.by_id
        ]
        return max([*theirs, *own, *told], default=None)

    # The agent's drafts

    def drafted(self, kind: DraftKind, occasion: str | None = None, *, within: str | None = None) -> bool:
        """Whether a draft of this kind was ever made: for this occasion, for one that begins with `within`, or at all."""
        return any(
            event.kind is EventKind.DRAFTED
            and event.draft_kind == kind
            and (occasion is None or event.occasion == occasion)
            and (within is None or event.occasion.startswith(within))
            for event in self.candidacy.events
        )

    def waiting_since(self, kind: DraftKind, address: str) -> datetime | None:
        """Return when the draft of this kind for `address` was made that still waits in Drafts, if one does.

        It waits no more once it is sent, withdrawn or deleted, or once the user has written himself.
        """
        waiting: dict[str, datetime] = {}
        for event in self.events:
            if event.draft_kind != kind:
                continue
            if event.kind is EventKind.DRAFTED and event.correspondent in ("", address):
                waiting[event.occasion] = event.at
            elif event.kind in (EventKind.DRAFT_SENT, EventKind.DRAFT_WITHDRAWN, EventKind.DRAFT_DELETED):
                waiting.pop(event.occasion, None)
        return max((at for at in waiting.values() if not self.written_since(at)), default=None)

    # How it is found out

    def _words(self, no_answer: frozenset[Label]) -> list[Word]:
        labels = {event.message_id: event.label for event in self.read if event.label}
        found = {
            letter.message.message_id: Word(
                at=letter.message.date.astimezone(UTC),
                message_id=letter.message.message_id,
                label=labels.get(letter.message.message_id, Label.OTHER if letter.reading.abstained else letter.reading.label),
            )
            for letter in self.letters
            if not letter.own and not letter.message.auto_submitted
        }
        for event in self.read:
            if event.message_id and event.label and event.message_id not in self.by_id:
                found[event.message_id] = Word(at=event.at.astimezone(UTC), message_id=event.message_id, label=event.label)
        return sorted(
            (word for word in found.values() if word.label not in no_answer), key=lambda word: (word.at, word.message_id)
        )

    def _follow_ups(self) -> list[FollowUp]:
        drafted = {
            event.message_id: event.draft_kind in FOLLOW_UPS for event in self.events if event.kind is EventKind.DRAFT_SENT
        }
        found: list[tuple[datetime, tuple[Address, ...], Letter | None]] = []
        for letter in self.letters:
            # What the agent drafted is known better than its words tell.
            if letter.own and drafted.get(letter.message.message_id, letter.reading.label is Label.SENT_FOLLOW_UP):
                people = tuple(address for address in letter.message.to if address.email not in self.own)
                found.append((letter.message.date.astimezone(UTC), people, letter))
        for event in self.events:
            asked = (event.kind is EventKind.SENT and event.label is Label.SENT_FOLLOW_UP) or (
                event.kind is EventKind.DRAFT_SENT and event.draft_kind in FOLLOW_UPS
            )
            if asked and event.message_id not in self.by_id:
                people = (Address(name="", email=event.correspondent),) if event.correspondent else ()
                found.append((event.at.astimezone(UTC), people, None))
        found.sort(key=lambda each: (each[0], each[2] is None))
        distinct: list[tuple[datetime, tuple[Address, ...], Letter | None]] = []
        for each in found:
            reached = not each[1] or any(address.email not in self.blocked for address in each[1])
            if reached and (not distinct or each[0] - distinct[-1][0] > _SAME):
                distinct.append(each)
        return [FollowUp(at=at, number=number, to=to, letter=letter) for number, (at, to, letter) in enumerate(distinct, start=1)]

    def _attempts(self) -> list[Attempt]:
        # A sheet that was taken back counts too: the next one took its place, or they wrote, which starts the count anew anyway.
        sheets = (each for each in self.events if each.kind is EventKind.DRAFTED and each.draft_kind == DraftKind.CALL_SHEET)
        calls = [event.at.astimezone(UTC) for event in sheets]
        distinct: list[datetime] = []
        for at in sorted([*calls, *(each.at for each in self.follow_ups)]):
            if distinct and self.office.day(at) == self.office.day(distinct[-1]):
                distinct.pop()
            distinct.append(at)
        return [Attempt(at=at, number=number) for number, at in enumerate(distinct, start=1)]

    def _states_ahead(self) -> list[tuple[datetime, State]]:
        rounds = self.candidacy.state.rounds
        edges = {moment for held in rounds for moment in (held.starts_at, held.ends_at) if moment > self.now}
        return [
            (datetime.min.replace(tzinfo=UTC), self.candidacy.state),
            *((edge.astimezone(UTC), fold(self.interview, self.candidacy.events, edge)) for edge in sorted(edges)),
        ]

    def _answers_follow_up(self, word: Word) -> bool:
        before = [each.at for each in self.words if each.at < word.at]
        return any(each.at < word.at and (not before or each.at >= before[-1]) for each in self.attempts)

    def _own(self, label: Label) -> Iterable[tuple[datetime, set[str]]]:
        for letter in self.letters:
            if letter.own and letter.reading.label is label:
                yield letter.message.date, {address.email for address in letter.message.recipients}
        for event in self.events:
            if event.kind is EventKind.SENT and event.label is label and event.message_id not in self.by_id:
                yield event.at, {event.correspondent}
