"""What happened in one candidacy, line by line: messages by label and quote, drafts by what became of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from agent.interviews import EventKind, Status
from agent.plan.intention import DraftState
from agent.report.followed import Followed
from agent.signals.reading import OWN_LABELS


class Who(StrEnum):
    """Whose doing it was."""

    THEY = "they"
    """A message of theirs."""
    YOU = "you"
    """The user: a mail, a status set by hand, a note."""
    AGENT = "agent"
    """The agent's hand in Drafts."""
    CLOCK = "clock"
    """An interview was over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a time line."""

    at: datetime
    who: Who
    what: str
    """A label of a message, a kind of draft, or `set`, `note`, `debriefed`, `over`, `applied`."""
    fate: str = ""
    """For a draft: `queued`, `sent`, `edited`, `deleted`, `withdrawn` or `intended`; for a mail of the user's `sent` where it is
    a draft of the agent's."""
    quote: str = ""
    """The words that say it, as far as they were kept."""
    status: Status | None = None
    """The status that it led to, where that is another than before."""
    refused: str = ""
    """Why it changed nothing, where that is to be told."""

    @property
    def is_mail(self) -> bool:
        """Whether it tells of a message, theirs or the user's."""
        return self.who is Who.THEY or self.what in OWN_LABELS


_FATES = {
    EventKind.DRAFTED: DraftState.QUEUED,
    EventKind.DRAFT_SENT: DraftState.SENT,
    EventKind.DRAFT_WITHDRAWN: DraftState.WITHDRAWN,
    EventKind.DRAFT_DELETED: DraftState.DELETED,
}


def time_line(followed: Followed) -> tuple[Line, ...]:
    """Return what happened in one candidacy, oldest first."""
    return tuple(sorted((*_history(followed), *_drafts(followed), *_notes(followed)), key=lambda line: line.at.astimezone(UTC)))


def _history(followed: Followed) -> Iterator[Line]:
    before: Status | None = Status.APPLIED
    drafted = {event.message_id for event in followed.candidacy.events if event.kind is EventKind.DRAFT_SENT and event.message_id}
    by_hand = {event.id for event in followed.candidacy.events if event.kind is EventKind.SET}
    for entry in followed.candidacy.state.history:
        status = entry.status if entry.status is not before else None
        before = entry.status
        if entry.rule == "clock" and entry.message_id is None:
            who, what = Who.CLOCK, "over"
        elif entry.event in by_hand or not entry.label:
            who, what = Who.YOU, "set"
        else:
            who, what = Who.YOU if entry.label in OWN_LABELS else Who.THEY, entry.label
        fate = DraftState.SENT if entry.message_id in drafted else ""
        yield Line(at=entry.at, who=who, what=what, fate=fate, quote=entry.quote, status=status, refused=entry.refused)


def _drafts(followed: Followed) -> Iterator[Line]:
    lying = {(draft.kind.value, draft.occasion): draft for draft in followed.drafts}
    told = {entry.message_id for entry in followed.candidacy.state.history}
    for event in followed.candidacy.events:
        told_as_mail = event.kind is EventKind.DRAFT_SENT and event.message_id in told
        if event.kind in _FATES and not told_as_mail:
            yield Line(at=event.at, who=Who.AGENT, what=event.draft_kind, fate=_FATES[event.kind])
        if event.kind is EventKind.DRAFTED:
            draft = lying.get((event.draft_kind, event.occasion))
            if draft is not None and draft.state is DraftState.EDITED:
                yield Line(at=event.at, who=Who.YOU, what=event.draft_kind, fate=DraftState.EDITED)
    for draft in followed.drafts:
        if draft.state is DraftState.INTENDED:
            yield Line(at=draft.decided_at, who=Who.AGENT, what=draft.kind, fate=DraftState.INTENDED)


def _notes(followed: Followed) -> Iterator[Line]:
    for event in followed.candidacy.events:
        if event.kind in (EventKind.NOTE, EventKind.DEBRIEFED):
            yield Line(at=event.at, who=Who.YOU, what=event.kind.value)
