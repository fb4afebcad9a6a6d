"""What was written in one candidacy and when, machines' mail left out: what waits and answers are counted from."""

from dataclasses import dataclass
from datetime import UTC, datetime

from agent.interviews import EventKind
from agent.policy import TO_USER
from agent.report.followed import Followed
from agent.signals import Label

_RECEIPTS = frozenset({Label.ACKNOWLEDGED, Label.AUTO_REPLY, Label.BOUNCE, Label.ALERT})
"""Labels of messages that answer nothing, whatever the policy says: a receipt is no reply to an application."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One message of theirs that a person may have written."""

    at: datetime
    """In UTC."""
    label: Label


def their_words(followed: Followed, now: datetime) -> tuple[Word, ...]:
    """Return their messages up to `now`, oldest first, without receipts and automatic answers."""
    machines = {
        letter.message.message_id for letter in followed.candidacy.letters if not letter.own and letter.message.auto_submitted
    }
    silent = _RECEIPTS | followed.no_answer
    found = {
        (event.message_id or str(event.id)): Word(at=event.at.astimezone(UTC), label=event.label)
        for event in followed.candidacy.events
        if event.kind in (EventKind.RECEIVED, EventKind.CONFIRMED)
        and event.label is not None
        and event.label not in silent
        and event.at <= now
        and event.message_id not in machines
    }
    return tuple(sorted(found.values(), key=lambda word: word.at))


def own_moments(followed: Followed, now: datetime) -> tuple[datetime, ...]:
    """Return when the user wrote to them, up to `now`, in UTC, oldest first; what is addressed to the user is none."""
    sent = {
        event.at.astimezone(UTC)
        for event in followed.candidacy.events
        if event.kind in (EventKind.SENT, EventKind.DRAFT_SENT) and event.draft_kind not in TO_USER and event.at <= now
    }
    return tuple(sorted(sent))
