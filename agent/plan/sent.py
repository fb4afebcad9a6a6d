"""Which of the agent's drafts a mail of the user's turns out to be, or makes needless."""

import re
from collections.abc import Collection
from datetime import timedelta

from agent.messages.message import Message
from agent.plan.intention import DraftRecord
from agent.plan.pointless import OFFER_ANSWERS
from agent.policy import FOLLOW_UPS, DraftKind
from agent.signals import Label, Reading

_SAME_PURPOSE: dict[Label, frozenset[DraftKind]] = {
    Label.SENT_THANK_YOU: frozenset({DraftKind.THANK_YOU, DraftKind.OFFER_THANKS}),
    Label.SENT_FOLLOW_UP: FOLLOW_UPS,
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
_TELLING = 4
"""Letters of a word that tells one thing from another."""


def answered_drafts(message: Message, reading: Reading, waiting: Collection[DraftRecord]) -> tuple[DraftRecord, ...]:
    """Return the waiting drafts that `message`, found in Sent, is or replaces.

    One is recognised by its Message-ID; else by recipient together with its words, the message that both answer, or the purpose.
    Mail clients rewrite the Message-ID and drop headers, so no single sign is asked for (docs/decisions/drafts-folder.md). Of the
    several answers to an offer it is the one that the mail is by its Message-ID, its purpose or its words: to write to them in
    the thread chooses none.
    """
    same = tuple(draft for draft in waiting if message.message_id == draft.message_id)
    chosen = [] if any(draft.kind in OFFER_ANSWERS for draft in same) else _answers_to_an_offer(message, reading, waiting)
    others = (draft for draft in waiting if draft.kind not in OFFER_ANSWERS and draft not in same)
    return (*same, *chosen, *(draft for draft in others if _is_that(message, reading, draft)))


def _answers_to_an_offer(message: Message, reading: Reading, waiting: Collection[DraftRecord]) -> list[DraftRecord]:
    """Return which of the answers to an offer a mail is: those of its purpose, else the one whose words it has."""
    drafts = [draft for draft in waiting if draft.kind in OFFER_ANSWERS and _may_be(message, draft)]
    purpose = [draft for draft in drafts if draft.kind in _SAME_PURPOSE.get(reading.label, frozenset())]
    if purpose and reading.label is not Label.SENT_THANK_YOU:
        return purpose
    likest = max(drafts, key=lambda draft: likeness(draft.body, message.fresh), default=None)
    if likest is not None and likeness(likest.body, message.fresh) >= _MOSTLY:
        return [likest]
    return purpose or [draft for draft in drafts if draft.kind is DraftKind.OFFER_THANKS and _same_parent(message, draft)]


def _is_that(message: Message, reading: Reading, draft: DraftRecord) -> bool:
    if not _written_to(message, draft):
        return False
    if draft.answer and _same_parent(message, draft):
        return True
    if not _may_be(message, draft):
        return False
    match draft.kind:
        case DraftKind.REFERRER_UPDATE:
            return True  # whatever the user wrote to a referrer since, the news is told
        case DraftKind.SEND_MATERIAL if _names_the_material(message, draft):
            return True
        case _:
            pass
    return draft.kind in _SAME_PURPOSE.get(reading.label, frozenset()) or likeness(draft.body, message.fresh) >= _MOSTLY


def _written_to(message: Message, draft: DraftRecord) -> bool:
    return not {address.email for address in message.recipients}.isdisjoint(draft.to)


def _may_be(message: Message, draft: DraftRecord) -> bool:
    return _written_to(message, draft) and message.date >= draft.decided_at - _LATENESS


def _same_parent(message: Message, draft: DraftRecord) -> bool:
    return bool(draft.in_reply_to) and draft.in_reply_to in message.parent_ids[:1]


def _names_the_material(message: Message, draft: DraftRecord) -> bool:
    """Whether a mail names all that was promised, as the occasion of the draft says it (`material:my portfolio`)."""
    promised = re.findall(r"\w+", draft.occasion.removeprefix("material:").casefold())
    words = {word for word in promised if len(word) >= _TELLING}
    return bool(words) and words <= set(re.findall(r"\w+", message.fresh.casefold()))


def likeness(drafted: str, text: str) -> float:
    """Return the share of the runs of words of a draft, from 0 to 1, that stand in `text` as they did."""
    runs = _runs(drafted)
    return len(runs & _runs(text)) / len(runs) if runs else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
