"""What became of a draft of the agent's: told from what lies in Drafts now, and from what the user sent.

Mail clients save an edited draft as a new message: with a new UID, often with a new Message-ID, without the headers that they do
not know, the text rewrapped or turned to HTML (RFC 9051 knows no other way). So no single sign is asked for, and nothing that is
concluded here removes a message: the agent takes out only bytes that are its own (promise 2).
"""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from agent.drafts import DRAFT_HEADER
from agent.interviews import EventKind
from agent.interviews.candidacy import Candidacy
from agent.messages.message import Message
from agent.messages.subject import base_subject
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.sent import likeness
from agent.policy import TO_USER

GRACE = timedelta(minutes=10)
"""How long a draft must be missing before it counts as deleted: Sent may lag behind, and a client saves in two steps."""
_REPAIRED = timedelta(days=1)
"""The same where a folder that held many messages is empty all at once, or has other UIDs: a server may still be filling it."""
_MANY = 5
_ALIKE = 0.5
"""Share of a draft's runs of words that make a text that draft, edited."""
_LITTLE = 0.2
"""Share that is enough beside another sign."""
_PLACE = 1
"""Rank of a message that stands where a draft stood, in whatever words."""
_CLOCKS = timedelta(minutes=5)
"""How far the clocks of a mail client and of this machine may differ."""
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_REF = re.compile(rb"^" + DRAFT_HEADER.encode() + rb"[ \t]*:[ \t]*([0-9a-f]+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_LINE_END = re.compile(rb"\r\n|\r|\n")


Key = tuple[str, str, str]
"""`DraftRecord.key`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lying:
    """One message that lies in Drafts."""

    uid: int
    message: Message
    ref: str
    """What the agent's own header says, where a client kept it."""
    digest: str
    """`digest_of` its bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One full look at Drafts."""

    uidvalidity: int
    uids: frozenset[int]
    complete: bool
    """False where the server named fewer messages than it counts."""
    before: int
    """How many messages lay there when it was not empty last."""
    found: tuple[Lying, ...]
    """Those that were read: what is new, by rising UID."""


class Fate(StrEnum):
    """What became of a draft since the last look."""

    UNTOUCHED = "untouched"
    """It lies there as it did: in its place, flagged, or under another UID with the same words."""
    EDITED = "edited"
    """The user saved it with other words than before."""
    MISSING = "missing"
    """It is not there, which may mean anything: it is waited."""
    SENT = "sent"
    """It is gone, and the user wrote to the same person in its place."""
    DELETED = "deleted"
    """It is gone for good."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Life:
    """What became of one draft, and the record of it from now on."""

    fate: Fate
    draft: DraftRecord
    lying: Lying | None = None
    """The user's text, for an edited one."""
    sent_as: Message | None = None
    """The mail of the user's, for one that was sent."""


def digest_of(raw: bytes) -> str:
    """Return what tells the bytes of one message from those of another, whatever kind of line ends they have."""
    return hashlib.sha256(_LINE_END.sub(b"\r\n", raw)).hexdigest()


def words_digest(message: Message) -> str:
    """Return what tells the words of one message from those of another: its text, subject and recipients, however laid out."""
    return _words_digest(message.text, message.subject, [each.email for each in message.recipients])


def lying(uid: int, raw: bytes, message: Message) -> Lying:
    """Return a message of Drafts as this room looks at it; `message` is what was parsed from `raw`."""
    end = _END_OF_HEADER.search(raw)
    ref = _REF.search(raw[: end.start()] if end else raw)
    return Lying(uid=uid, message=message, ref=ref[1].decode("ascii").lower() if ref else "", digest=digest_of(raw))


def as_written(found: Lying, draft: DraftRecord) -> bool:
    """Whether a message says word for word what the agent wrote: some servers and clients change no more than its header."""
    written = _words_digest(draft.body, draft.subject, draft.to)
    return found.digest == digest_of(draft.raw) or words_digest(found.message) == written


def lives(
    drafts: Sequence[DraftRecord],
    look: Look,
    candidacies: Mapping[str, Candidacy],
    *,
    own_addresses: Collection[str],
    now: datetime,
) -> tuple[Life, ...]:
    """Return what became of each of the living `drafts` (queued or edited), in their order.

    `candidacies` are those of the drafts, by the id of the interview. A draft that is not found is waited for as long as the
    folder does not name all its messages, and for a day where it has other UIDs than the draft was seen under.
    """
    copies = owners(look.found, drafts, look, own_addresses=own_addresses)
    return tuple(_life(draft, copies.get(draft.key), look, candidacies[draft.interview], now=now) for draft in drafts)


def owners(
    found: Sequence[Lying], drafts: Sequence[DraftRecord], look: Look, *, own_addresses: Collection[str], sure: bool = False
) -> dict[Key, Lying]:
    """Return for each draft, by its key, the newest message that is a copy of it; a message is the copy of one draft at most.

    With `sure` it must be known by its words, its id or the agent's header, whether or not the draft is still in its place.
    """
    copies: dict[Key, Lying] = {}
    for each in sorted(found, key=lambda each: each.uid):
        ranked = [
            (rank, number)
            for number, draft in enumerate(drafts)
            if (rank := _rank(each, draft, look, own_addresses=own_addresses)) is not None and (rank[0] > _PLACE or not sure)
        ]
        if ranked:
            copies[drafts[max(ranked)[1]].key] = each
    return copies


def _rank(
    found: Lying, draft: DraftRecord, look: Look, *, own_addresses: Collection[str]
) -> tuple[int, bool, bool, float] | None:
    """Return how surely a message in Drafts is a copy of `draft`, for comparing; None when it is none.

    In this order: the place where it is known to lie; its Message-ID; the agent's own header with any other sign; its thread and
    its words; its recipient and its words. A draft that is no longer in its place is known by its thread or subject and its
    recipient as well.
    """
    message = found.message
    missing = not _in_place(draft, look)
    subject = _same_subject(message, draft)
    alike = likeness(draft.body, message.text)

    def by(sign: int) -> tuple[int, bool, bool, float]:
        return sign, missing, subject, alike

    if not missing and found.uid == draft.uid:
        return by(6)
    if message.message_id == draft.message_id:
        return by(5)
    if message.sender.email and message.sender.email not in own_addresses:
        return None
    recipient, thread = _same_person(message, draft), _same_thread(message, draft)
    if found.ref and found.ref == _ref_of(draft) and (recipient or thread or alike >= _LITTLE):
        return by(4)
    if thread and alike >= _ALIKE:
        return by(3)
    if recipient and alike >= _ALIKE:
        return by(2)
    if missing and recipient and (thread or (subject and (draft.in_reply_to is None or alike >= _LITTLE))):
        return by(_PLACE)
    return None


def _life(draft: DraftRecord, copy: Lying | None, look: Look, candidacy: Candidacy, *, now: datetime) -> Life:
    if copy is not None:
        placed = replace(draft, uidvalidity=look.uidvalidity, uid=copy.uid, missing_since=None)
        words = words_digest(copy.message)
        if words == draft.words or (draft.state is DraftState.QUEUED and as_written(copy, draft)):
            return Life(fate=Fate.UNTOUCHED, draft=placed)
        return Life(fate=Fate.EDITED, draft=replace(placed, state=DraftState.EDITED, words=words), lying=copy)
    if _in_place(draft, look):
        return Life(fate=Fate.UNTOUCHED, draft=replace(draft, missing_since=None))
    if not look.complete:
        return Life(fate=Fate.MISSING, draft=draft)
    if draft.missing_since is None:
        return Life(fate=Fate.MISSING, draft=replace(draft, missing_since=now))
    repaired = draft.uidvalidity != look.uidvalidity or (not look.uids and look.before >= _MANY)
    if now - draft.missing_since < (_REPAIRED if repaired else GRACE):
        return Life(fate=Fate.MISSING, draft=draft)
    sent = _sent_instead(draft, candidacy)
    if sent is not None:
        return Life(fate=Fate.SENT, draft=replace(draft, state=DraftState.SENT), sent_as=sent)
    return Life(fate=Fate.DELETED, draft=replace(draft, state=DraftState.DELETED))


def look_again_at(draft: DraftRecord) -> datetime | None:
    """Return when a missing draft may be told as deleted."""
    return draft.missing_since + GRACE if draft.missing_since else None


def noted_since(draft: DraftRecord, candidacy: Candidacy) -> bool:
    """Whether the user has written something down about the candidacy that the words of `draft` do not know yet."""
    told = (event for event in candidacy.events if event.kind in (EventKind.NOTE, EventKind.DEBRIEFED))
    return any((event.id or 0) > draft.seen_event and event.note for event in told)


def undrafted(candidacy: Candidacy, draft: DraftRecord) -> Candidacy:
    """Return the candidacy as if `draft` had not been put into Drafts yet: so that it can be asked what it would say today."""
    made = (draft.kind, draft.occasion)
    events = (
        event for event in candidacy.events if event.kind is not EventKind.DRAFTED or (event.draft_kind, event.occasion) != made
    )
    return replace(candidacy, events=tuple(events))


def is_to_oneself(message: Message, *, own_addresses: Collection[str]) -> bool:
    """Whether one of the user's addresses wrote a mail to none but these."""
    recipients = {each.email for each in message.recipients}
    return message.sender.email in own_addresses and bool(recipients) and recipients <= set(own_addresses)


def draft_to_oneself(message: Message, drafts: Sequence[DraftRecord]) -> DraftRecord | None:
    """Return the draft to the user that a mail to oneself in Sent is: some clients save only by sending."""
    ranked = [
        ((message.message_id == draft.message_id, _same_subject(message, draft), alike), number)
        for number, draft in enumerate(drafts)
        if draft.kind in TO_USER
        and ((alike := likeness(draft.body, message.text)) >= _ALIKE or message.message_id == draft.message_id)
    ]
    return drafts[max(ranked)[1]] if ranked else None


def _in_place(draft: DraftRecord, look: Look) -> bool:
    return draft.uid is not None and draft.uidvalidity == look.uidvalidity and draft.uid in look.uids


def _sent_instead(draft: DraftRecord, candidacy: Candidacy) -> Message | None:
    """Return the mail that the user wrote in place of a draft that is gone, in whatever words.

    It went to the same person in the same thread or under the same subject, after the draft was there, and is no other draft's.
    """
    if draft.kind in TO_USER:
        return None
    taken = {event.message_id for event in candidacy.events if event.kind is EventKind.DRAFT_SENT}
    since = (draft.queued_at or draft.decided_at) - _CLOCKS
    for letter in reversed(candidacy.letters):
        message = letter.message
        if not letter.own or message.date < since or message.message_id in taken:
            continue
        if _same_person(message, draft) and (_same_thread(message, draft) or _same_subject(message, draft)):
            return message
    return None


def _same_person(message: Message, draft: DraftRecord) -> bool:
    return not {each.email for each in message.recipients}.isdisjoint(draft.to)


def _same_thread(message: Message, draft: DraftRecord) -> bool:
    return draft.in_reply_to is not None and draft.in_reply_to in message.parent_ids


def _same_subject(message: Message, draft: DraftRecord) -> bool:
    return base_subject(message.subject).casefold() == base_subject(draft.subject).casefold()


def _ref_of(draft: DraftRecord) -> str:
    return draft.message_id.strip("<>").partition("@")[0].lower()


def _words_digest(text: str, subject: str, recipients: Collection[str]) -> str:
    said = " ".join(re.findall(r"\w+", text.casefold()))
    parts = (said, " ".join(subject.casefold().split()), *sorted({each.casefold() for each in recipients}))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
