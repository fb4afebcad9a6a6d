"""Which of the agent's drafts a mail of the user's turns out to be, or makes needless."""

import re
from collections.abc import Collection
from datetime import timedelta

from agent.messages.message import Message
from agent.plan.intention import DraftRecord
from agent.policy import DraftKind
from agent.signals import Label, Reading

_SAME_PURPOSE: dict[Label, frozenset[DraftKind]] = {
    Label.SENT_THANK_YOU: frozenset({DraftKind.THANK_YOU}),
    Label.SENT_FOLLOW_UP: frozenset(
        {DraftKind.STATUS_CHECK, DraftKind.TIMELINE_REQUEST, DraftKind.FINAL_NOTE, DraftKind.CLOSE_LOOP}
    ),
    Label.SENT_ACCEPTANCE: frozenset({DraftKind.OFFER_THANKS, DraftKind.OFFER_ACCEPT}),
    Label.SENT_DECLINE: frozenset({DraftKind.OFFER_THANKS, DraftKind.OFFER_DECLINE}),
    Label.SENT_WITHDRAWAL: frozenset({DraftKind.WITHDRAW}),
}
"""What a mail of the user's is for → the kinds of draft that are for the same."""

_LATENESS = timedelta(days=1)
"""How much older than the draft a mail of the same purpose may be and still count: Sent is not always in step."""

_RUN = 4
"""Words in a row that are compared."""
_MOSTLY = 0.5
"""Share of a draft's runs of words that make a mail that draft, edited or not."""


def answered_drafts(message: Message, reading: Reading, waiting: Collection[DraftRecord]) -> tuple[DraftRecord, ...]:
    """Return the waiting drafts that `message`, found in Sent, is or replaces.

    One is recognised by its Message-ID; else by recipient together with its words, the message that both answer, or the purpose.
    Mail clients rewrite the Message-ID and drop headers, so no single sign is asked for (imap notes, section 4.1).
    """
    return tuple(draft for draft in waiting if _is_that(message, reading, draft))


def _is_that(message: Message, reading: Reading, draft: DraftRecord) -> bool:
    if message.message_id == draft.message_id:
        return True
    if not {address.email for address in message.recipients} & set(draft.to):
        return False
    if draft.in_reply_to and draft.in_reply_to in message.parent_ids[:1] and draft.answer:
        return True
    if message.date < draft.decided_at - _LATENESS:
        return False
    return draft.kind in _SAME_PURPOSE.get(reading.label, frozenset()) or likeness(draft.body, message.fresh) >= _MOSTLY


def likeness(drafted: str, text: str) -> float:
    """Return the share of the runs of words of a draft, from 0 to 1, that stand in `text` as they did."""
    runs = _runs(drafted)
    return len(runs & _runs(text)) / len(runs) if runs else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
