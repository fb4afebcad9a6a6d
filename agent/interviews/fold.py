"""From events to the present state: `fold`, the only place where a status comes from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.interviews.appointments import Appointment, Appointments, Fixing
from agent.interviews.event import IMPORTED, Event, EventKind
from agent.interviews.interview import Interview
from agent.interviews.standing import taken_back
from agent.interviews.status import ENDED, HistoryEntry, State, Status, Turn, further
from agent.interviews.transitions import Refusal, step
from agent.signals.reading import OWN_LABELS, Label

_ABOUT_INTERVIEWS = frozenset({Label.INVITATION, Label.SCHEDULED, Label.RESCHEDULED, Label.CANCELLED})
_NEWS = frozenset(
    {
        Label.INVITATION,
        Label.SCHEDULED,
        Label.RESCHEDULED,
        Label.CANCELLED,
        Label.ASSESSMENT,
        Label.TIMELINE,
        Label.HOLD,
        Label.REJECTION,
        Label.ROLE_CLOSED,
        Label.OFFER,
        Label.WITHDRAWAL,
    }
)
"""Labels that answer an earlier promise of news."""
_MAY_PROMISE = _NEWS | {Label.ACKNOWLEDGED, Label.INFO_REQUEST}
_FIXES_BESIDE = frozenset(
    {Label.INVITATION, Label.ASSESSMENT, Label.INFO_REQUEST, Label.TIMELINE, Label.ACKNOWLEDGED, Label.OFFER}
)
"""Primary labels beside which a `scheduled` in the same message fixes a time all the same."""
_TURNS: dict[Label, Turn] = {
    Label.INVITATION: Turn.US,
    Label.SCHEDULED: Turn.THEM,
    Label.CANCELLED: Turn.THEM,
    Label.ASSESSMENT: Turn.US,
    Label.INFO_REQUEST: Turn.US,
    Label.TIMELINE: Turn.THEM,
    Label.HOLD: Turn.THEM,
    Label.OFFER: Turn.US,
}
"""Whose turn it is after a message; a label that is not named leaves it as it was."""
_ONE_DAY = timedelta(days=1)
_OURS = frozenset({Status.INVITED, Status.ASSESSMENT, Status.OFFER})
"""Statuses that wait for the user when set by hand."""


def fold(interview: Interview, events: Sequence[Event], now: datetime) -> State:
    """Return where `interview` stands at `now`; the events may come in any order and are read by their `at`.

    The clock is part of it: an interview whose end lies behind `now` has taken place, and it is their turn. What the user took
    back stands in the history and changes nothing.
    """
    course = _Course(interview, taken_back(events))
    for event in sorted(events, key=order):
        course.pass_time(min(event.at, now))
        course.take_in(event)
    course.pass_time(now)
    return course.state()


def order(event: Event) -> tuple[datetime, bool, int]:
    """Sort key: when it happened, then the order in which it was stored."""
    return event.at.astimezone(UTC), event.id is None, event.id or 0


class _Course:
    """One candidacy while its events are being read, in order."""

    def __init__(self, interview: Interview, back: frozenset[int]) -> None:
        self.back = back
        self.status = Status.APPLIED
        self.since = _start_of(interview)
        self.round: int | None = None
        self.turn = Turn.THEM
        self.promised_by: date | None = None
        self.promised_in: str | None = None
        self.appointments = Appointments(interview.rounds)
        self.history: list[HistoryEntry] = []
        self.set_by_hand = False
        self.invited_in: str | None = None
        """The message that invited to the round that is still to come."""
        self.behind = 0
        """The last round that the user said is behind."""

    def pass_time(self, moment: datetime) -> None:
        """Let the clock run to `moment`: what has ended has taken place."""
        if self.status in ENDED:
            return
        for over in self.appointments.ending_by(moment):
            over.over = True
            self.number(over)
            if self.promised_by is not None and self.promised_by < over.starts_at.date():
                self.promised_by = self.promised_in = None
            self.invited_in = None
            told_by_user = not over.told
            over.told = True
            if self.appointments.fixed():
                continue
            if self.status in (Status.SCHEDULED, Status.ASSESSMENT) or (
                told_by_user and self.status in (Status.APPLIED, Status.INVITED, Status.ON_HOLD)
            ):
                self.turn = Turn.THEM
                at = max(over.ends_at, self.history[-1].at) if self.history else over.ends_at
                self.reach(Status.AWAITING, at)
                self.history.append(HistoryEntry(at=at, status=self.status, message_id=None, label="", rule="clock", quote=""))

    def take_in(self, event: Event) -> None:
        """Read one event."""
        refused = "You took this back." if event.id in self.back else ""
        match event.kind:
            case EventKind.RECEIVED | EventKind.SENT | EventKind.CONFIRMED | EventKind.SET if refused:
                pass
            case _ if refused:
                return
            case EventKind.RECEIVED | EventKind.SENT | EventKind.CONFIRMED:
                if event.label is not None:
                    refused = self.read(event, event.label)
            case EventKind.SET if event.rule == IMPORTED and event.status is not None and not further(event.status, self.status):
                refused = "What was known already is at least as far on."
            case EventKind.SET:
                self.set(event)
            case EventKind.DRAFT_SENT:
                if self.status not in ENDED and not (event.draft_kind == "thank_you" and self.status in _OURS):
                    self.turn = Turn.THEM
                return
            case _:
                return
        self.since = self.since or event.at
        self.history.append(
            HistoryEntry(
                at=event.at,
                status=self.status,
                message_id=event.message_id,
                label=event.label.value if event.label else "",
                rule=event.rule,
                quote=event.quote,
                refused=refused,
                event=event.id,
            )
        )

    def reach(self, status: Status, at: datetime) -> None:
        """Change the status, and with an end all that it ends."""
        if status is not self.status:
            self.status, self.since = status, at
        if status in ENDED:
            self.turn = Turn.NONE
            self.promised_by = self.promised_in = None

    def read(self, event: Event, label: Label) -> str:
        """Take in what a message says; return why it changed nothing, where the table refuses it."""
        confirmed = event.kind is EventKind.CONFIRMED
        allowed = step(self.status, label, has_time=event.interview_at is not None, confirmed=confirmed)
        if isinstance(allowed, Refusal):
            if label in OWN_LABELS and self.status not in ENDED:
                self.turn = Turn.THEM
            return allowed.reason
        if self.status in ENDED and allowed is self.status:
            return ""
        if label in OWN_LABELS:
            self.write(event, label, allowed)
            return self.agree(event) if event.interview_at is not None and self.status not in ENDED else ""
        if event.round is not None and label in _ABOUT_INTERVIEWS and event.round > 0:
            self.round = max(self.round or 1, event.round)
        match label:
            case Label.SCHEDULED | Label.RESCHEDULED if event.interview_at is not None:
                if refused := self.fix(event, allowed):
                    return refused
            case Label.SCHEDULED:
                self.invite(event, allowed)
                self.turn = Turn.THEM
            case Label.RESCHEDULED:
                self.unfix(event, allowed)
            case Label.CANCELLED:
                called_off = self.appointments.call_off(event)
                if called_off is None and (self.status is not Status.SCHEDULED or self.appointments.fixed()):
                    return "" if event.calendar_uid == "" else "No appointment that still stands is the one that this calls off."
                if not self.appointments.fixed():
                    self.reach(allowed, event.at)
                self.turn = Turn.THEM
            case Label.INVITATION:
                self.invite(event, allowed)
                self.turn = Turn.US
            case _:
                self.reach(allowed, event.at)
                self.turn = self.turn if self.status in ENDED else _TURNS.get(label, self.turn)
        if label in _FIXES_BESIDE and Label.SCHEDULED in event.labels and event.interview_at is not None:
            self.fix(event, self.status)
        if self.status is Status.ON_HOLD or self.status in ENDED:
            self.appointments.drop_ahead()
        elif Label.INFO_REQUEST in event.labels and label is not Label.INFO_REQUEST:
            self.turn = Turn.US
        self.promise(event, label)
        return ""

    def promise(self, event: Event, label: Label) -> None:
        """Note by when they said that news will come; newer news of theirs replaces or clears it."""
        if self.status in ENDED:
            self.promised_by = self.promised_in = None
        elif label in _NEWS or (event.promised_by is not None and label in _MAY_PROMISE):
            self.promised_by = event.promised_by
            self.promised_in = event.message_id if event.promised_by is not None else None

    def write(self, event: Event, label: Label, allowed: Status) -> None:
        """Take in the user's own mail."""
        thanks_for_an_interview = label is Label.SENT_THANK_YOU and any(
            each.over and (event.at - each.ends_at).days < 3 for each in self.appointments
        )
        if thanks_for_an_interview and self.status in _OURS:
            return
        if self.status is Status.ASSESSMENT and allowed is Status.AWAITING:
            allowed = Status.SCHEDULED if self.appointments.fixed() else allowed
        self.turn = Turn.THEM
        self.reach(allowed, event.at)
        if allowed in ENDED:
            self.appointments.drop_ahead()

    def agree(self, event: Event) -> str:
        """Take in the time that the user's own answer takes of those proposed: it is fixed unless they say otherwise."""
        if any(not each.told and event.interview_at and each.near(event.interview_at, _ONE_DAY) for each in self.appointments):
            # The user's file says the time itself, and in the right zone.
            return ""
        fixed = step(self.status, Label.SCHEDULED, has_time=True)
        if isinstance(fixed, Refusal):
            return fixed.reason
        # What follows answers them, not the user's own mail.
        return self.fix(replace(event, message_id=self.invited_in or event.message_id), fixed)

    def invite(self, event: Event, allowed: Status) -> None:
        """Take in an invitation: the first round, or the next one when the last has taken place."""
        if self.round is None:
            self.round = 1
        elif not self.appointments.fixed() and (self.appointments.took_place(self.round) or self.behind >= self.round):
            self.round += 1
        self.invited_in = event.message_id
        self.reach(allowed, event.at)

    def fix(self, event: Event, allowed: Status) -> str:
        """Take in a fixed time; return why it changed nothing where it is out of date."""
        fixing, appointment = self.appointments.fix(event)
        if fixing is Fixing.STALE or appointment is None:
            return "A newer version of this appointment is already known."
        if fixing is Fixing.AGAIN and appointment.over:
            return ""
        self.number(appointment, event.round)
        self.reach(allowed, event.at)
        if event.label in (Label.SCHEDULED, Label.RESCHEDULED):
            self.turn = Turn.THEM
        return ""

    def unfix(self, event: Event, allowed: Status) -> None:
        """Take in a move that names no new time."""
        moved = self.appointments.to_be_moved(event.at, event.round)
        if moved is not None:
            self.number(moved, event.round)
            self.appointments.remove(moved)
            if not self.appointments.fixed():
                self.reach(allowed, event.at)
        else:
            self.invite(event, allowed)
        self.turn = Turn.US

    def number(self, appointment: Appointment, stated: int | None = None) -> None:
        """Give an appointment the number of its round, and note the round that has been reached."""
        if appointment.number is None:
            session = self.appointments.same_day(appointment.starts_at)
            if session is not None and session.number is not None:
                appointment.number = session.number
            elif self.round is None:
                appointment.number = 1
            else:
                known = any(each.number == self.round for each in self.appointments)
                appointment.number = self.round + 1 if known else self.round
        appointment.message_id = appointment.message_id or self.invited_in
        if stated is not None:
            appointment.number = max(appointment.number, stated)
        self.round = max(self.round or 1, appointment.number)

    def set(self, event: Event) -> None:
        """Take in a status that the user set by hand."""
        if event.status is None:
            return
        self.set_by_hand = True
        self.reach(event.status, event.at)
        if event.status in ENDED or event.status is Status.INVITED:
            self.appointments.drop_ahead()
        elif event.interview_at is not None:
            _, appointment = self.appointments.fix(event)
            if appointment is not None and not appointment.over:
                self.number(appointment, event.round)
        if event.round is not None:
            self.round = event.round
        elif self.round is None and event.status in (Status.INVITED, Status.SCHEDULED, Status.AWAITING):
            self.round = 1
        if event.status is Status.AWAITING:
            self.behind = self.round or 0
        if event.status not in ENDED:
            self.turn = Turn.US if event.status in _OURS else Turn.THEM

    def state(self) -> State:
        """Return what has been computed, with the fixed times of the user's file that still lie ahead."""
        ended = self.status in ENDED
        ahead = [] if ended else self.appointments.fixed(told=False)
        if ahead and not self.set_by_hand and self.status in (Status.APPLIED, Status.INVITED, Status.AWAITING):
            self.status, self.turn = Status.SCHEDULED, Turn.THEM
        for appointment in ahead:
            self.number(appointment)
        kept = [each for each in self.appointments if each.over or not ended]
        return State(
            status=self.status,
            since=self.since,
            round=ahead[0].number if ahead else self.round,
            next_at=ahead[0].starts_at if ahead else None,
            promised_by=self.promised_by,
            promised_in=self.promised_in,
            turn=Turn.NONE if ended else self.turn,
            rounds=tuple(each.as_round() for each in kept),
            history=tuple(self.history),
        )


def _start_of(interview: Interview) -> datetime | None:
    if interview.applied_on is None:
        return None
    return datetime.combine(interview.applied_on, time(), tzinfo=interview.zone(ZoneInfo("UTC"))).astimezone(UTC)
