"""Candidacies for the tests, a line an event; all days are of September 2026, all times UTC."""

from datetime import UTC, date, datetime

from agent.interviews import Event, EventKind, Interview, Round, State, Status, fold
from agent.signals.reading import OWN_LABELS, Label


def on(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=UTC)


def tracked(*rounds: Round, applied_on: date | None = date(2026, 9, 1)) -> Interview:
    return Interview(id="acme", company="Acme Robotics", role="Backend Engineer", applied_on=applied_on, rounds=rounds)


def mail(at: datetime, label: Label, **more: object) -> Event:
    """A message of theirs, or the user's own for `sent_*`; its Message-ID is `<day.hour>`."""
    kind = EventKind.SENT if label in OWN_LABELS else EventKind.RECEIVED
    given: dict[str, object] = {"kind": kind, "message_id": f"<{at.day}.{at.hour}>", "labels": (label,), **more}
    return Event(interview="acme", at=at, label=label, **given)  # type: ignore[arg-type]


def by_hand(at: datetime, status: Status) -> Event:
    return Event(interview="acme", at=at, kind=EventKind.SET, status=status)


def confirmed(at: datetime, label: Label, **more: object) -> Event:
    return mail(at, label, kind=EventKind.CONFIRMED, **more)


def state(now: datetime, *events: Event, interview: Interview | None = None) -> State:
    return fold(interview or tracked(), events, now)
