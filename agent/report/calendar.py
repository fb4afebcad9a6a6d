"""The calendar: interviews, promised days and follow-ups as an iCalendar feed (RFC 5545, RFC 7986)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from agent import __version__
from agent.interviews import EventKind
from agent.messages.cleaning import one_line
from agent.report.coming import Coming, Item, interviews_of
from agent.report.figures import Figures, Told
from agent.report.wording import item_in_words, kind_in_words
from agent.signals import Label

if TYPE_CHECKING:
    from icalendar import Event

_CATEGORIES = {
    Coming.INTERVIEW: "Interview",
    Coming.PROMISED: "Promised news",
    Coming.DRAFT: "Follow-up",
    Coming.DUE: "Follow-up",
    Coming.PLANNED: "Follow-up",
    Coming.HELD: "Follow-up",
}
"""What comes → its category."""

_ABOUT_TIMES = frozenset({Label.INVITATION, Label.SCHEDULED, Label.RESCHEDULED, Label.CANCELLED})
_READ = (EventKind.RECEIVED, EventKind.CONFIRMED, EventKind.SENT, EventKind.SET)


def calendar_of(figures: Figures) -> bytes:
    """Return the feed as UTF-8: interviews past and to come at their times in UTC, days as whole days, without alarms.

    What it is about makes the UID of an entry, so that a calendar that reads the feed again moves it and adds no second one.
    """
    from icalendar import Calendar  # only this looks at calendars, and it takes long to import

    calendar = Calendar()
    calendar.add("prodid", f"-//interview-agent//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "Job search")
    calendar.add("x-wr-calname", "Job search")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for told in figures.told:
        for item in _items(told, figures):
            calendar.add_component(_entry(told, item, figures.search.now))
    return bytes(calendar.to_ical())


def _items(told: Told, figures: Figures) -> Iterator[Item]:
    """Return what goes into the calendar: all interviews, and what comes; a follow-up only once."""
    yield from interviews_of(told.followed, figures.search)
    seen = set()
    for item in told.coming:
        if item.what is not Coming.INTERVIEW and (item.kind, item.occasion) not in seen:
            seen.add((item.kind, item.occasion))
            yield item


def _entry(told: Told, item: Item, now: datetime) -> "Event":
    from icalendar import Event

    interview = told.followed.candidacy.interview
    changed, sequence = _version(told, item, now)
    event = Event()
    event.add("uid", _uid(item))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("last-modified", changed)
    event.add("sequence", sequence)
    event.add("summary", f"{_title(item)}: {one_line(interview.company)}")
    event.add("description", _description(told, item))
    event.add("categories", [_CATEGORIES[item.what]])
    if item.what is Coming.INTERVIEW and item.at is not None and item.ends_at is not None:
        event.add("dtstart", item.at.astimezone(UTC))
        event.add("dtend", item.ends_at.astimezone(UTC))
        event.add("status", "CONFIRMED")
    else:
        event.add("dtstart", item.day)
        event.add("dtend", item.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("status", "TENTATIVE" if item.what in (Coming.PLANNED, Coming.HELD) else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _uid(item: Item) -> str:
    """Return what names an entry for good: a hash, for ids and occasions hold addresses."""
    what = (
        item.occasion
        if item.what is Coming.INTERVIEW
        else item.what
        if item.what is Coming.PROMISED
        else f"{item.kind}|{item.occasion}"
    )
    return f"{sha256('|'.join((*item.name, what)).encode()).hexdigest()[:32]}@interview-agent"


def _version(told: Told, item: Item, now: datetime) -> tuple[datetime, int]:
    """Return when what an entry tells was changed last, and how often: both only grow as the history does."""
    events = [event for event in told.followed.candidacy.events if event.kind in _READ and event.at <= now]
    if item.what is Coming.INTERVIEW:
        events = [event for event in events if event.interview_at is not None or event.label in _ABOUT_TIMES]
    elif item.what is Coming.PROMISED:
        events = [event for event in events if event.promised_by is not None]
    last = max((event.at for event in events), default=None)
    applied = told.followed.candidacy.interview.applied_on
    begun = datetime(applied.year, applied.month, applied.day, tzinfo=UTC) if applied else now
    return (last or min(begun, now)).astimezone(UTC), max(len(events) - 1, 0)


def _title(item: Item) -> str:
    match item.what:
        case Coming.INTERVIEW:
            return item_in_words(item)
        case Coming.PROMISED:
            return "News promised"
        case Coming.DRAFT:
            return f"In Drafts: {kind_in_words(item.kind)}"
    return f"Planned: {kind_in_words(item.kind)}" if item.what is not Coming.DUE else f"Due: {kind_in_words(item.kind)}"


def _description(told: Told, item: Item) -> str:
    interview = told.followed.candidacy.interview
    lines = [f"{one_line(interview.role)} at {one_line(interview.company)}", item_in_words(item), one_line(item.reason)]
    if item.what is not Coming.INTERVIEW and item.at is not None:
        lines.append(f"interview-agent why {one_line(interview.id)}")
    return "\n".join(line for line in dict.fromkeys(lines) if line)
