"""Looking into Drafts: what became of the agent's drafts, and what the user answered there.

Nothing is changed in the folder. It is looked at only while a draft of the agent's is alive, and only what came into it since the
last look is read, so that hundreds of drafts of the user's cost nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.daemon import journal
from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.interviews import Event, EventKind
from agent.mailbox import FolderRole, Listing, Mailbox
from agent.messages import parse_message
from agent.plan.debriefed import debriefed
from agent.plan.desk import Desk
from agent.plan.draft_life import Fate, Life, Look, Lying, lives, look_again_at, lying, owners
from agent.plan.intention import DraftRecord, DraftState
from agent.store import Fact

_AT_A_TIME = 50
"""Messages that are held at a time."""
_ELSEWHERE = (FolderRole.ARCHIVE, FolderRole.INBOX, FolderRole.JUNK)
"""Folders to which a user may have moved a draft."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """What a look tells about a draft whose APPEND may or may not have come about."""

    uidvalidity: int
    copy: Lying | None
    """The user's copy of it."""
    gone: bool
    """A message came into the folder after it was to be appended, and is there no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """What the last look saw."""

    uidvalidity: int
    last_uid: int
    count: int
    """How many messages lay there when it was not empty last."""


class DraftsFolder:
    """The Drafts folder of one account, as far as it tells of the agent's drafts."""

    def __init__(self, account: Account, mailbox: Mailbox, casebook: Casebook) -> None:
        self._ledger = account.ledger
        self._own = frozenset(account.user.addresses)
        self._mailbox = mailbox
        self._casebook = casebook

    def look(self, desk: Desk, now: datetime) -> datetime | None:
        """Find out what became of each living draft, and record it; return when a missing one is to be looked for again.

        Where the folder is gone nothing is concluded. Raises `MailboxProblem`.
        """
        drafts = self._ledger.drafts(DraftState.QUEUED, DraftState.EDITED)
        if not drafts or FolderRole.DRAFTS not in self._mailbox.folders():
            return None
        listing = self._mailbox.listing(FolderRole.DRAFTS)
        seen = self._seen(listing)
        found = self._read(listing, drafts, self._floor(listing, seen, drafts), now)
        if found is None:
            return None
        look = _look(listing, found, before=seen.count)
        candidacies = {draft.interview: self._casebook.candidacy(draft.interview) for draft in drafts}
        told = lives(drafts, look, candidacies, own_addresses=self._own, now=now)
        ended = [self._unless_moved(draft, life, now) for draft, life in zip(drafts, told, strict=True)]
        events = [event for life in ended for event in self._events(life, desk, now)]
        with self._ledger.transaction():
            for draft, life in zip(drafts, ended, strict=True):
                if life.draft != draft:
                    self._ledger.update_draft(life.draft)
            for event in events:
                self._ledger.add_event(event)
            self._ledger.note(Fact.DRAFTS_SEEN, f"{listing.uidvalidity} {listing.last_uid} {len(listing.uids) or seen.count}")
        for draft, life in zip(drafts, ended, strict=True):
            if life.draft != draft or life.fate is Fate.EDITED:
                self._casebook.changed(draft.interview)
                _tell(draft, life)
        for event in events:
            if event.kind is EventKind.DEBRIEFED:
                journal.debriefed(interview=event.interview, occasion=event.occasion)
        again = (look_again_at(life.draft) for life in ended if life.fate is Fate.MISSING)
        return min((moment for moment in again if moment is not None and moment > now), default=None)

    def since(self, draft: DraftRecord, now: datetime) -> Since:
        """Return what tells whether a draft that is not found under its Message-ID was in Drafts all the same."""
        listing = self._mailbox.listing(FolderRole.DRAFTS)
        validity, after = draft.append_after or (draft.uidvalidity or 0, draft.uid or 0)
        known = validity == listing.uidvalidity
        later = [uid for uid in listing.uids if not known or uid > after]
        drafts = [draft, *self._ledger.drafts(DraftState.QUEUED, DraftState.EDITED)]
        found = [each for each in self._parsed(listing, later, now) or () if each.uid not in _places(listing, drafts[1:])]
        hole = draft.append_after is not None and known and listing.complete and listing.last_uid - after > len(later)
        look = _look(listing, found, before=len(listing.uids))
        copy = owners(found, drafts, look, own_addresses=self._own, sure=not (hole or draft.taking_out)).get(draft.key)
        return Since(uidvalidity=listing.uidvalidity, copy=copy, gone=hole)

    def _seen(self, listing: Listing) -> _Seen:
        words = (self._ledger.noted(Fact.DRAFTS_SEEN) or "0 0 0").split()
        uidvalidity, last_uid, count = (int(word) for word in words)
        return _Seen(uidvalidity=uidvalidity, last_uid=last_uid if uidvalidity == listing.uidvalidity else 0, count=count)

    def _floor(self, listing: Listing, seen: _Seen, drafts: Sequence[DraftRecord]) -> int:
        """Return the UID above which messages are read: nothing below the oldest living draft is a copy of one.

        When a draft is missing for the first time, what came after it is read once more: its copy may have come before it went,
        and not have been enough like it to be known.
        """
        if any(draft.append_after is None or draft.append_after[0] != listing.uidvalidity for draft in drafts):
            oldest = 0
        else:
            oldest = min(draft.append_after[1] for draft in drafts if draft.append_after)
        places = _places(listing, drafts)
        newly_missing = [
            draft.uid
            for draft in drafts
            if draft.uid is not None
            and draft.missing_since is None
            and draft.uidvalidity == listing.uidvalidity
            and draft.uid not in places
        ]
        return max(oldest, min([seen.last_uid, *newly_missing]))

    def _read(self, listing: Listing, drafts: Sequence[DraftRecord], floor: int, now: datetime) -> list[Lying] | None:
        """Return what is to be looked at: what is new, and edited drafts whose words were not read yet."""
        places = _places(listing, drafts)
        unread = _places(listing, [draft for draft in drafts if draft.state is DraftState.EDITED and not draft.words])
        return self._parsed(listing, [uid for uid in listing.uids if uid in unread or (uid > floor and uid not in places)], now)

    def _parsed(self, listing: Listing, uids: Sequence[int], now: datetime) -> list[Lying] | None:
        """Return the messages under these UIDs; None where the folder got other UIDs meanwhile."""
        found: list[Lying] = []
        for start in range(0, len(uids), _AT_A_TIME):
            for stored in self._mailbox.fetch(FolderRole.DRAFTS, uids[start : start + _AT_A_TIME]):
                if stored.uidvalidity != listing.uidvalidity:
                    return None
                found.append(lying(stored.uid, stored.raw, parse_message(stored.raw, received_at=now)))
        return found

    def _unless_moved(self, draft: DraftRecord, life: Life, now: datetime) -> Life:
        """Return what became of a draft, where it is not deleted but moved to another folder: it is waited for as before."""
        folders = self._mailbox.folders() if life.fate is Fate.DELETED else {}
        if any(role in folders and self._mailbox.find(role, draft.message_id) for role in _ELSEWHERE):
            return Life(fate=Fate.MISSING, draft=replace(draft, missing_since=now))
        return life

    def _events(self, life: Life, desk: Desk, now: datetime) -> Iterator[Event]:
        """Yield what the history is told."""
        match life.fate:
            case Fate.DELETED:
                yield draft_event(EventKind.DRAFT_DELETED, life.draft, now)
            case Fate.SENT if life.sent_as is not None:
                sent = draft_event(EventKind.DRAFT_SENT, life.draft, life.sent_as.date)
                yield replace(sent, message_id=life.sent_as.message_id)
            case Fate.EDITED if life.lying is not None:
                candidacy = self._casebook.candidacy(life.draft.interview)
                answers = debriefed(life.lying.message, life.draft, candidacy, desk=desk, now=now)
                if answers is not None:
                    yield answers


def draft_event(kind: EventKind, draft: DraftRecord, at: datetime, *, note: str = "") -> Event:
    """Return the entry of the history that something became of a draft."""
    return Event(
        interview=draft.interview,
        at=at,
        kind=kind,
        message_id=draft.message_id,
        rule=draft.rule,
        correspondent=draft.to[0],
        note=note,
        draft_kind=draft.kind,
        occasion=draft.occasion,
    )


def _look(listing: Listing, found: Sequence[Lying], *, before: int) -> Look:
    return Look(
        uidvalidity=listing.uidvalidity,
        uids=frozenset(listing.uids),
        complete=listing.complete,
        before=before,
        found=tuple(found),
    )


def _places(listing: Listing, drafts: Sequence[DraftRecord]) -> frozenset[int]:
    """Return the UIDs under which drafts are known to lie, and do."""
    known = {draft.uid for draft in drafts if draft.uid is not None and draft.uidvalidity == listing.uidvalidity}
    return frozenset(known & set(listing.uids))


def _tell(before: DraftRecord, life: Life) -> None:
    draft = life.draft
    match life.fate:
        case Fate.EDITED:
            journal.draft_edited(interview=draft.interview, kind=draft.kind, occasion=draft.occasion)
        case Fate.DELETED:
            journal.draft_deleted(interview=draft.interview, kind=draft.kind, occasion=draft.occasion)
        case Fate.SENT:
            journal.draft_sent(interview=draft.interview, kind=draft.kind, occasion=draft.occasion)
        case Fate.MISSING if before.missing_since is None:
            journal.draft_missing(interview=draft.interview, kind=draft.kind, occasion=draft.occasion)
