"""What is to be expected in the coming weeks: interviews, days on which they promised news, follow-ups due and planned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from agent.interviews import ENDED
from agent.plan.intention import DraftState
from agent.plan.outlook import HORIZON
from agent.report.followed import Followed, JobSearch


class Coming(StrEnum):
    """What comes."""

    INTERVIEW = "interview"
    """A fixed interview begins."""
    PROMISED = "promised"
    """The last day by which they said that news will come."""
    DRAFT = "draft"
    """A draft lies in Drafts, for the user to send."""
    DUE = "due"
    """A follow-up is due: the next pass drafts it."""
    PLANNED = "planned"
    """A follow-up will be due if nothing happens before."""
    HELD = "held"
    """A follow-up is due by the calendar, and a rule holds it back until then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One thing that comes."""

    name: tuple[str, str]
    """Account and id of the interview."""
    what: Coming
    day: date
    at: datetime | None
    """The moment; None for what has only a day."""
    ends_at: datetime | None = None
    """The end of an interview."""
    kind: str = ""
    """Kind of the draft; empty for interviews and promises."""
    occasion: str = ""
    """Which of several of its kind: the draft's occasion, or `round-2` and, for a second session, `round-2:2`."""
    reason: str = ""
    """One sentence for the user."""


def coming_of(followed: Followed, search: JobSearch) -> tuple[Item, ...]:
    """Return what comes in one candidacy within the weeks that the plan looks ahead, soonest first.

    What should have come by now, a promise or a draft that lies ready, stands before.
    """
    last = search.now + HORIZON
    return tuple(sorted((item for item in _items(followed, search) if (item.at or search.now) <= last), key=order))


def order(item: Item) -> tuple[date, bool, datetime | None, tuple[str, str], str]:
    """Sort key: by day, what has only a day first."""
    return item.day, item.at is not None, item.at, item.name, item.kind


def interviews_of(followed: Followed, search: JobSearch) -> tuple[Item, ...]:
    """Return all interviews of one candidacy that took place or are fixed, in their order, past ones included."""
    found, sessions = [], dict[int, int]()
    for held in followed.candidacy.state.rounds:
        sessions[held.number] = session = sessions.get(held.number, 0) + 1
        found.append(
            Item(
                name=followed.name,
                what=Coming.INTERVIEW,
                day=search.day(held.starts_at),
                at=held.starts_at,
                ends_at=held.ends_at,
                occasion=f"round-{held.number}{'' if session == 1 else f':{session}'}",
            )
        )
    return tuple(found)


def _items(followed: Followed, search: JobSearch) -> Iterator[Item]:
    state = followed.candidacy.state
    for interview in interviews_of(followed, search):
        if interview.ends_at is not None and interview.ends_at > search.now:
            yield interview
    if state.promised_by is not None and state.status not in ENDED and state.promised_by <= search.today + HORIZON:
        yield Item(name=followed.name, what=Coming.PROMISED, day=state.promised_by, at=None)
    for draft in followed.drafts:
        if draft.state in (DraftState.QUEUED, DraftState.EDITED):
            yield _item(
                followed, search, Coming.DRAFT, draft.kind, draft.occasion, draft.queued_at or draft.decided_at, draft.reason
            )
    for due in followed.due:
        yield _item(followed, search, Coming.DUE, due.kind, due.occasion, max(due.due_at, search.now), due.reason)
    for plan in followed.planned:
        yield _item(followed, search, Coming.PLANNED, plan.kind, plan.occasion, plan.due_at, plan.reason)
    for held in followed.held:
        if held.until is not None and held.until > search.now:
            yield _item(followed, search, Coming.HELD, held.kind, held.occasion, held.until, held.reason)


def _item(followed: Followed, search: JobSearch, what: Coming, kind: str, occasion: str, at: datetime, reason: str) -> Item:
    return Item(name=followed.name, what=what, day=search.day(at), at=at, kind=kind, occasion=occasion, reason=reason)


def waiting_now(items: tuple[Item, ...], search: JobSearch) -> tuple[Item, ...]:
    """Return what waits already: drafts to send, follow-ups that are due, promises whose day has passed."""
    return tuple(item for item in items if item.what in (Coming.DRAFT, Coming.DUE) or item.day < search.today)


def weeks_of(items: tuple[Item, ...], search: JobSearch) -> tuple[tuple[date, tuple[Item, ...]], ...]:
    """Return what does not wait already by week, each with its Monday."""
    now = frozenset(waiting_now(items, search))
    weeks: dict[date, list[Item]] = {}
    for item in items:
        if item not in now:
            weeks.setdefault(item.day - timedelta(days=item.day.weekday()), []).append(item)
    return tuple((week, tuple(found)) for week, found in sorted(weeks.items()))
