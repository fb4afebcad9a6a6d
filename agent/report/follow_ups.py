"""The agent's drafts and the user's follow-ups, and what came of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from agent.interviews import EventKind
from agent.plan.intention import DraftState
from agent.policy import TO_USER, DraftKind
from agent.report.followed import Followed, JobSearch
from agent.report.words import their_words
from agent.signals import Label

WITHIN_DAYS = 7
"""Days within which an answer counts as one to what was sent."""
OWN_WORDS = "own_words"
"""In place of a kind: the user asked how things stand without a draft of the agent."""


class Outcome(StrEnum):
    """What came of one message that the user sent."""

    SOON = "soon"
    """They wrote within `WITHIN_DAYS` days."""
    LATER = "later"
    """They wrote after that."""
    NONE = "none"
    """They have not written in that time, or the user wrote again before they did."""
    PENDING = "pending"
    """They have not written, and that time is not over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One message that the user sent."""

    name: tuple[str, str]
    """Account and id of the interview."""
    kind: str
    """Kind of the draft, or `OWN_WORDS`."""
    at: datetime
    outcome: Outcome
    answered_at: datetime | None
    said: Label | None
    """What the answer says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KindRow:
    """All drafts and messages of one kind, each by the interview that it belongs to."""

    kind: str
    states: dict[DraftState, tuple[tuple[str, str], ...]]
    """State of a draft → interviews, one for each draft."""
    sent: tuple[Sent, ...]

    def with_outcome(self, outcome: Outcome) -> tuple[tuple[str, str], ...]:
        """Return the interviews of the messages that came out so, one for each message."""
        return tuple(each.name for each in self.sent if each.outcome == outcome)


def kind_rows(followed: Sequence[Followed], search: JobSearch) -> tuple[KindRow, ...]:
    """Return a row for each kind that was ever drafted or sent, in the order of the kinds, the user's own words last."""
    sent = [each for one in followed for each in sent_of(one, search)]
    rows = []
    for kind in (*DraftKind, OWN_WORDS):
        states = {
            state: tuple(one.name for one in followed for draft in one.drafts if draft.kind == kind and draft.state is state)
            for state in DraftState
        }
        mine = tuple(each for each in sent if each.kind == kind)
        if mine or any(states.values()):
            rows.append(KindRow(kind=kind, states=states, sent=mine))
    return tuple(rows)


def sent_of(followed: Followed, search: JobSearch) -> tuple[Sent, ...]:
    """Return what the user sent of the agent's drafts, and follow-ups in words of the user's own, oldest first.

    An answer counts for the last message before it, and for that one only.
    """
    now = search.now
    words = their_words(followed, now)
    mine = sorted(_mine(followed, now))
    found = []
    for number, (at, kind) in enumerate(mine):
        following = mine[number + 1][0] if number + 1 < len(mine) else now
        answer = next((word for word in words if at < word.at <= following), None)
        if answer is not None:
            outcome = Outcome.SOON if (search.day(answer.at) - search.day(at)).days <= WITHIN_DAYS else Outcome.LATER
        else:
            over = number + 1 < len(mine) or (search.today - search.day(at)).days > WITHIN_DAYS
            outcome = Outcome.NONE if over else Outcome.PENDING
        found.append(
            Sent(
                name=followed.name,
                kind=kind,
                at=at,
                outcome=outcome,
                answered_at=answer.at if answer else None,
                said=answer.label if answer else None,
            )
        )
    return tuple(found)


def _mine(followed: Followed, now: datetime) -> Iterator[tuple[datetime, str]]:
    events = [event for event in followed.candidacy.events if event.at <= now]
    drafted = {event.message_id for event in events if event.kind is EventKind.DRAFT_SENT and event.message_id}
    for event in events:
        at = event.at.astimezone(UTC)
        if event.kind is EventKind.DRAFT_SENT and event.draft_kind not in TO_USER:
            yield at, event.draft_kind
        elif event.kind is EventKind.SENT and event.label is Label.SENT_FOLLOW_UP and event.message_id not in drafted:
            yield at, OWN_WORDS
