"""Which interviews are fixed, moved and called off, as the messages and the user's own file tell it.

Calendar updates follow RFC 5545 section 3.8.7.4: of one UID the higher SEQUENCE holds. A text that confirms a time and a calendar
request for the same time are one appointment.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from agent.interviews.event import Event
from agent.interviews.interview import Round
from agent.interviews.status import HeldRound
from agent.signals.reading import Label

USUAL_MINUTES = 60
"""Length of an interview that nobody states."""
SAME_TIME = timedelta(minutes=15)
"""Two starts that differ by no more are one appointment."""
SAME_DAY = timedelta(hours=14)
"""Two starts that differ by less may be one appointment, read once without its zone; sessions this close are one round."""
MADE_UP = timedelta(days=2)
"""A move that arrives within this time after the end says that the interview was missed."""


class Fixing(StrEnum):
    """What a message that fixes a time did."""

    NEW = "new"
    """An appointment that was not known."""
    MOVED = "moved"
    """A known one has another time now."""
    AGAIN = "again"
    """A known one was told again."""
    STALE = "stale"
    """It is older than what is known of the same appointment."""


@dataclass(slots=True)
class Appointment:
    """One interview while its history is being read."""

    starts_at: datetime
    ends_at: datetime
    number: int | None
    with_: tuple[str, ...] = ()
    named: bool = False
    """The user's file says with whom; no calendar entry changes that."""
    message_id: str | None = None
    uid: str = ""
    sequence: int = 0
    told: bool = True
    """A message told of it; False while only the user's file does."""
    over: bool = False

    def near(self, moment: datetime, distance: timedelta) -> bool:
        """Whether it starts within `distance` of `moment`."""
        return abs(self.starts_at - moment) <= distance

    def led_by(self, people: tuple[str, ...]) -> None:
        """Take in whom a calendar entry names, unless the user said it or it names nobody."""
        if people and not self.named:
            self.with_ = people

    def as_round(self) -> HeldRound:
        """Return it as a value."""
        return HeldRound(
            number=self.number or 1,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            with_=self.with_,
            message_id=self.message_id,
        )


class Appointments:
    """The appointments of one candidacy; changed only while `fold` reads its events."""

    def __init__(self, rounds: Iterable[Round]) -> None:
        self._known = [
            Appointment(
                starts_at=entry.at,
                ends_at=entry.at + timedelta(minutes=entry.minutes),
                number=None,
                with_=entry.with_,
                named=bool(entry.with_),
                told=False,
            )
            for entry in rounds
        ]
        self._called_off: dict[str, int] = {}

    def __iter__(self) -> Iterator[Appointment]:
        return iter(sorted(self._known, key=lambda appointment: appointment.starts_at))

    def fixed(self, *, told: bool = True) -> list[Appointment]:
        """Return those that are not over, soonest first; with `told` only those that a message told of."""
        return [appointment for appointment in self if not appointment.over and (appointment.told or not told)]

    def ending_by(self, moment: datetime) -> list[Appointment]:
        """Return those that have ended by `moment` and are not marked as over, soonest first."""
        ended = [appointment for appointment in self._known if not appointment.over and appointment.ends_at <= moment]
        return sorted(ended, key=lambda appointment: appointment.ends_at)

    def took_place(self, number: int) -> bool:
        """Whether round `number` is over and nothing of it is still to come."""
        of_round = [appointment for appointment in self._known if appointment.number == number]
        return bool(of_round) and all(appointment.over for appointment in of_round)

    def same_day(self, start: datetime) -> Appointment | None:
        """Return a known appointment so near to `start` that both are sessions of one round."""
        return next((known for known in self if known.number is not None and known.near(start, SAME_DAY)), None)

    def fix(self, event: Event) -> tuple[Fixing, Appointment | None]:
        """Take in a message that fixes `event.interview_at`, and return what that did to which appointment."""
        start = event.interview_at
        if start is None:
            return Fixing.STALE, None
        if event.calendar_uid:
            if event.calendar_sequence < self._called_off.get(event.calendar_uid, 0):
                return Fixing.STALE, None
            known = next((each for each in self._known if each.uid == event.calendar_uid), None)
            if known is not None and event.calendar_sequence < known.sequence:
                return Fixing.STALE, known
            if known is not None and (known.near(start, SAME_TIME) or not known.over or event.at <= known.ends_at + MADE_UP):
                return self._give_time(known, event, start)
        known = next((each for each in self if each.near(start, SAME_TIME)), None)
        if known is not None:
            if not known.uid:
                known.uid, known.sequence = event.calendar_uid, event.calendar_sequence
            known.told = True
            known.led_by(event.with_)
            known.message_id = known.message_id or event.message_id
            return Fixing.AGAIN, known
        known = self._meant_by(event)
        if known is not None:
            if known.uid and not event.calendar_uid and event.label is not Label.RESCHEDULED and known.near(start, SAME_DAY):
                return Fixing.AGAIN, known
            return self._give_time(known, event, start)
        known = Appointment(
            starts_at=start,
            ends_at=_end(event, start),
            number=None,
            with_=event.with_,
            message_id=event.message_id,
            uid=event.calendar_uid,
            sequence=event.calendar_sequence,
        )
        self._known.append(known)
        return Fixing.NEW, known

    def _give_time(self, known: Appointment, event: Event, start: datetime) -> tuple[Fixing, Appointment]:
        again = known.near(start, timedelta(0))
        if event.interview_minutes is None and event.calendar_uid != known.uid:
            known.ends_at = start + (known.ends_at - known.starts_at)
        else:
            known.ends_at = _end(event, start)
        known.starts_at = start
        known.told = True
        known.led_by(event.with_)
        known.message_id = event.message_id or known.message_id
        if event.calendar_uid:
            known.uid, known.sequence = event.calendar_uid, event.calendar_sequence
        if again:
            return Fixing.AGAIN, known
        known.over = False
        return Fixing.MOVED, known

    def _meant_by(self, event: Event) -> Appointment | None:
        """Return the appointment to which a message gives another time, if it is about a known one."""
        if event.label is Label.RESCHEDULED:
            return self.to_be_moved(event.at, event.round)
        for known in self.fixed():
            two_calendars = known.uid and event.calendar_uid and known.uid != event.calendar_uid
            other_round = event.round is not None and known.number is not None and event.round != known.number
            if not two_calendars and not other_round:
                return known
        return None

    def to_be_moved(self, moment: datetime, number: int | None) -> Appointment | None:
        """Return the appointment that a move at `moment` is about: the next, else one that was just missed."""
        ahead = self.fixed() or self.fixed(told=False)
        chosen = next((each for each in ahead if number is not None and each.number == number), None)
        if chosen is not None or ahead:
            return chosen or ahead[0]
        missed = [each for each in self if each.over and each.starts_at <= moment <= each.ends_at + MADE_UP]
        return missed[-1] if missed else None

    def call_off(self, event: Event) -> Appointment | None:
        """Take a cancellation in; return the appointment that it takes away, or None when it takes away nothing."""
        uid, start = event.calendar_uid, event.interview_at
        ahead = self.fixed() or self.fixed(told=False)
        known = next((each for each in ahead if uid and each.uid == uid), None)
        if known is not None and event.calendar_sequence < known.sequence:
            return None
        if uid:
            self._called_off[uid] = max(event.calendar_sequence, self._called_off.get(uid, 0))
        if known is None and start is not None:
            known = next((each for each in ahead if each.near(start, SAME_DAY) and not (uid and each.uid)), None)
        elif known is None:
            known = next((each for each in ahead if not (uid and each.uid)), None)
        if known is not None:
            self._known.remove(known)
        return known

    def remove(self, appointment: Appointment) -> None:
        """Take one away that has no time any more."""
        self._known.remove(appointment)

    def drop_ahead(self) -> None:
        """Take away all that messages told of and that are not over; those of the user's file stay."""
        self._known = [each for each in self._known if each.over or not each.told]


def _end(event: Event, start: datetime) -> datetime:
    return start + timedelta(minutes=event.interview_minutes or USUAL_MINUTES)
