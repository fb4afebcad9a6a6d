"""Days and times of day as a draft writes them, and which of the proposed times are free.

Times are checked against the tracked interviews only: the user's own calendar is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from agent.drafts.lines import joined
from agent.drafts.markup import render
from agent.drafts.surroundings import Engagement
from agent.drafts.templates import Forms
from agent.interviews.appointments import SAME_TIME, USUAL_MINUTES
from agent.interviews.candidacy import Candidacy
from agent.interviews.interview import Interview
from agent.messages.message import Message
from agent.policy.office_hours import Office
from agent.policy.verdict import DraftKind, Due

_FAR = 180
"""Days from which on a day is written with its year."""
_BETWEEN = timedelta(minutes=30)
"""Between two interviews."""
_MOST_TIMES = 3
_ANSWER_WITHIN = range(7, 11)
"""Days from now in which an answer is asked for (E5)."""
ABOUT_A_TIME = frozenset({DraftKind.REPLY_INVITATION, DraftKind.REPLY_RESCHEDULE})
"""Kinds that answer a message about the time of an interview."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The times of one message that lie ahead."""

    free: tuple[datetime, ...]
    clashing: tuple[datetime, ...]
    """Those that collide with another tracked interview."""


def written(day: date, forms: Forms, *, now: datetime, zone: tzinfo) -> str:
    """Return a day as a person writes it, with the year only when it is more than half a year away."""
    far = abs((day - now.astimezone(zone).date()).days) > _FAR
    parts = {
        "weekday": forms.weekdays[day.weekday()],
        "day": str(day.day),
        "month": forms.months[day.month - 1],
        "year": str(day.year),
        **({"first": "yes"} if day.day == 1 else {}),
    }
    return render(forms.date_with_year if far else forms.date, parts)


def clock(at: time) -> str:
    """Return a time of day as `9:00`."""
    return f"{at.hour}:{at.minute:02}"


def moments(times: Sequence[datetime], forms: Forms, *, now: datetime) -> str:
    """Return times as `Tuesday, 10 March at 14:00 or Friday, 13 March at 9:00`, each in its own zone; three at most."""
    texts = [
        render(
            forms.moment,
            {"date": written(each.date(), forms, now=now, zone=each.tzinfo or UTC), "clock": clock(each.time())},
        )
        for each in times[:_MOST_TIMES]
    ]
    return joined(texts, forms.alternative)


def in_their_words(moment: datetime, message: Message, interview: Interview, zone: ZoneInfo) -> datetime:
    """Return a moment in the zone that their message wrote it in; one that came in UTC, in the employer's zone.

    A time of a text in UTC stays as it is where no zone of the employer is known: its figures are those of the message.
    """
    named = getattr(moment.tzinfo, "key", "UTC") not in ("UTC", "Etc/UTC")
    if moment.utcoffset() or named or not (interview.timezone or message.calendar):
        return moment
    return moment.astimezone(zone)


def choice(due: Due, candidacy: Candidacy, engagements: Sequence[Engagement], *, zone: ZoneInfo, now: datetime) -> Choice:
    """Return which of the times in the message that is answered are free, and which collide with a tracked interview.

    A fixed time is looked at like a proposed one. Where no length is known an interview takes an hour, and half an hour lies
    between two of them.
    """
    if due.kind not in ABOUT_A_TIME or due.parent is None or due.parent.own:
        return Choice(free=(), clashing=())
    reading, message, interview = due.parent.reading, due.parent.message, candidacy.interview
    fixed = reading.interview_at
    ahead = [in_their_words(each, message, interview, zone) for each in ((fixed,) if fixed else reading.proposed) if each > now]
    length = timedelta(minutes=reading.interview_minutes or USUAL_MINUTES)
    own = [
        (held.starts_at, held.ends_at)
        for held in candidacy.state.rounds
        if held.ends_at > now and not (fixed and abs(held.starts_at - fixed) <= SAME_TIME)
    ]
    taken = [*own, *((each.starts_at, each.ends_at) for each in engagements if each.interview != interview.id)]
    clashing = tuple(each for each in ahead if any(_collide(each, each + length, *other) for other in taken))
    return Choice(free=() if fixed else tuple(each for each in ahead if each not in clashing), clashing=clashing)


def answer_by(office: Office, now: datetime) -> date | None:
    """Return the first of their business days that is seven to ten days ahead; None where they work on none of them (E5)."""
    today = office.day(now)
    days = (today + timedelta(days=ahead) for ahead in _ANSWER_WITHIN)
    return next((day for day in days if office.is_business_day(day)), None)


def _collide(starts: datetime, ends: datetime, other_starts: datetime, other_ends: datetime) -> bool:
    return starts < other_ends + _BETWEEN and other_starts < ends + _BETWEEN
