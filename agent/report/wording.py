"""How the report says it: stages, statuses, labels, kinds and silences in plain English."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

from agent.interviews import Status, Turn
from agent.plan.intention import DraftState
from agent.policy import DraftKind
from agent.policy.titles import TITLES
from agent.report import course
from agent.report.coming import Coming, Item
from agent.report.follow_ups import OWN_WORDS
from agent.report.silences import ENOUGH, Silence, Verdict
from agent.report.time_line import Line, Who
from agent.report.waits import Stage
from agent.signals import Label

_STAGES: Mapping[str, str] = MappingProxyType(
    {
        course.APPLIED: "Applied",
        course.FOUND: "Found",
        course.TASK: "Task",
        course.INVITED: "Invited",
        course.OFFER: "Offer",
        course.OPEN: "Still open",
        course.QUIET: "Gone quiet",
        Status.ACCEPTED: "Accepted",
        Status.DECLINED: "Declined",
        Status.REJECTED: "Rejected",
        Status.CLOSED: "Role closed",
        Status.WITHDRAWN: "Withdrawn",
        Status.MOVED_ON: "Moved on",
    }
)
_WAITS: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.APPLICATION: "Answer to an application",
        Stage.TIME: "A time for the interview",
        Stage.INTERVIEW: "Word after an interview",
        Stage.TASK: "Word after a task",
        Stage.HOLD: "Word after a delay",
        Stage.OFFER: "Word about an offer",
    }
)
HEAD: Mapping[str, str] = MappingProxyType(
    {
        "all": "tracked",
        "open": "open",
        "yours": "your turn",
        "fixed": "interview fixed",
        "quiet": "gone quiet",
        "drafts": "drafts to look at",
        "offers": "offers",
        "ended": "ended",
    }
)
"""Essential count → what stands beside its number, in the order in which they are shown."""

TURNS: Mapping[Turn, str] = MappingProxyType({Turn.US: "your turn", Turn.THEM: "their turn", Turn.NONE: "ended"})

_COMING: Mapping[Coming, str] = MappingProxyType(
    {
        Coming.INTERVIEW: "Interview",
        Coming.PROMISED: "They promised news by this day",
        Coming.DRAFT: "in Drafts since then",
        Coming.DUE: "is due: the next pass drafts it",
        Coming.PLANNED: "planned, if nothing happens before",
        Coming.HELD: "held until then",
    }
)
_FATES: Mapping[str, str] = MappingProxyType(
    {
        DraftState.INTENDED: "decided, not yet in Drafts",
        DraftState.QUEUED: "put into Drafts",
        DraftState.SENT: "sent by you",
        DraftState.EDITED: "edited by you",
        DraftState.DELETED: "deleted by you",
        DraftState.WITHDRAWN: "taken back",
    }
)
_WHO: Mapping[Who, str] = MappingProxyType({Who.THEY: "They", Who.YOU: "You", Who.AGENT: "Draft", Who.CLOCK: "Clock"})
_WHAT: Mapping[str, str] = MappingProxyType(
    {
        Label.ACKNOWLEDGED: "confirmed your application",
        Label.INVITATION: "invited you",
        Label.SCHEDULED: "confirmed an interview",
        Label.RESCHEDULED: "moved the interview",
        Label.CANCELLED: "called the interview off",
        Label.ASSESSMENT: "set a task",
        Label.INFO_REQUEST: "asked for something",
        Label.TIMELINE: "said when to expect news",
        Label.HOLD: "told of a delay",
        Label.REJECTION: "said no",
        Label.ROLE_CLOSED: "closed the role",
        Label.OFFER: "made an offer",
        Label.WITHDRAWAL: "confirmed that you withdrew",
        Label.AUTO_REPLY: "answered automatically",
        Label.BOUNCE: "did not get your mail",
        Label.OUTREACH: "wrote to you first",
        Label.ALERT: "sent an alert",
        Label.OTHER: "wrote",
        Label.SENT_THANK_YOU: "thanked them",
        Label.SENT_FOLLOW_UP: "asked how things stand",
        Label.SENT_ACCEPTANCE: "accepted the offer",
        Label.SENT_DECLINE: "declined",
        Label.SENT_WITHDRAWAL: "withdrew",
        Label.SENT_OTHER: "wrote",
        "set": "set the status",
        "note": "wrote a note",
        "debriefed": "answered the debrief",
    }
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def stage_in_words(key: str) -> str:
    """Return a stage or an end of the flow: `Round 2`."""
    if key.startswith("round-"):
        number = key.removeprefix("round-")
        return f"Round {number}{'+' if int(number) == course.MOST_ROUNDS else ''}"
    return _STAGES[key]


def wait_in_words(stage: Stage) -> str:
    """Return what a wait is for."""
    return _WAITS[stage]


def plain(word: str) -> str:
    """Return a status, a label or a kind as it is read: `status check`."""
    return word.replace("_", " ")


def kind_in_words(kind: str) -> str:
    """Return a kind of draft: `Status check`, `Answer to the invitation`."""
    return "Follow-up in your own words" if kind == OWN_WORDS else TITLES[DraftKind(kind)]


def number_of(count: int, thing: str) -> str:
    """Return a number of things: `1 day`, `2 days`."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def days_in_words(days: float) -> str:
    """Return a number of days, halves included: `1 day`, `8.5 days`."""
    return f"{days:g} day{'' if days == 1 else 's'}"


def day_in_words(day: date, today: date) -> str:
    """Return a day, with its year where that is not the present one: `Tue 24 Nov`."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def moment_in_words(moment: datetime, today: date) -> str:
    """Return a moment in the zone that it is given in: `Tue 24 Nov 14:00`."""
    return f"{day_in_words(moment.date(), today)} {moment:%H:%M}"


def week_in_words(monday: date, today: date) -> str:
    """Return a week by its Monday."""
    weeks = (monday - (today - timedelta(days=today.weekday()))).days // 7
    match weeks:
        case 0:
            return "This week"
        case 1:
            return "Next week"
    return f"Week of {day_in_words(monday, today)}"


def item_in_words(item: Item) -> str:
    """Return what comes, without its day and its interview."""
    match item.what:
        case Coming.INTERVIEW:
            number = item.occasion.removeprefix("round-").partition(":")[0]
            return f"Interview, round {number}"
        case Coming.PROMISED:
            return _COMING[item.what]
    return f"{kind_in_words(item.kind)}: {_COMING[item.what]}"


def line_in_words(line: Line) -> tuple[str, str]:
    """Return who did it and what, for one line of a time line."""
    if line.who is Who.CLOCK:
        return "Clock", "the interview is over"
    if line.is_mail:
        return _WHO[line.who], f"{_WHAT[line.what]}{', with the agent’s draft' if line.fate else ''}"
    if line.fate:
        return "Draft", f"{kind_in_words(line.what)}: {_FATES[line.fate]}"
    return _WHO[line.who], _WHAT[line.what]


def verdict_in_words(silence: Silence, today: date) -> tuple[str, str]:
    """Return in a word whether a silence is unusual, and in a sentence why that is said."""
    named = day_in_words(silence.day, today) if silence.day else ""
    few = _few(silence)
    match silence.verdict:
        case Verdict.PROMISED:
            return "not yet due", f"They promised news by {named}."
        case Verdict.LATE:
            return "overdue", f"They promised news by {named}."
        case Verdict.WITHIN:
            return "not yet", f"{few} Your policy waits until {named}."
        case Verdict.BEYOND:
            return "long enough", f"{few} By your policy a follow-up was due on {named}."
        case Verdict.UNKNOWN:
            return "cannot say", f"{few} Your policy asks for no follow-up from here."
    compared = f"{silence.sooner} of {silence.known} earlier answers came sooner."
    return {Verdict.USUAL: "usual", Verdict.LONG: "long", Verdict.UNUSUAL: "unusual"}[silence.verdict], compared


def _few(silence: Silence) -> str:
    if not silence.known:
        return "No earlier answer is known at this stage."
    return f"Only {number_of(silence.known, 'earlier answer')} at this stage: too few to compare ({ENOUGH} are needed)."
