"""Carrying intentions out: the search for what a crash left behind, APPEND, and the record of it; and taking drafts back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from agent.daemon import journal
from agent.daemon.account import Account, PassReport
from agent.daemon.casebook import Casebook
from agent.daemon.drafts_folder import DraftsFolder, draft_event
from agent.interviews import EventKind
from agent.mailbox import Appended, FolderRole, Mailbox, MailboxProblem, Stored
from agent.messages import parse_message
from agent.plan.draft_life import as_written, digest_of, lying
from agent.plan.intention import DraftRecord, DraftState


class Drafter:
    """Puts intended drafts into Drafts, writes them anew, and takes pointless ones back."""

    def __init__(
        self, account: Account, mailbox: Mailbox, casebook: Casebook, report: PassReport, drafts_folder: DraftsFolder
    ) -> None:
        self._ledger = account.ledger
        self._mailbox = mailbox
        self._casebook = casebook
        self._report = report
        self._drafts_folder = drafts_folder

    def adopt(self, draft: DraftRecord, now: datetime) -> bool:
        """Look for an intended draft that a crash left behind; return whether what became of it is known now.

        It may lie in Drafts, or the user may have edited, sent or deleted it since. False: it is still to be appended.
        """
        found = self._mailbox.find(FolderRole.DRAFTS, draft.message_id)
        ours = [stored for stored in found if digest_of(stored.raw) == digest_of(draft.raw)]
        superseded = [stored for stored in found if digest_of(stored.raw) == draft.supersedes]
        theirs = [stored for stored in found if stored not in ours and stored not in superseded]
        if theirs:
            self._is_there(draft, now, theirs[-1])
            return True
        if ours:
            self._is_there(draft, now, ours[-1])
            return True
        if superseded:
            return False
        if FolderRole.SENT in self._mailbox.folders() and self._mailbox.find(FolderRole.SENT, draft.message_id):
            with self._ledger.transaction():
                self._ledger.update_draft(replace(draft, state=DraftState.SENT, queued_at=draft.queued_at or now))
            self._casebook.changed(draft.interview)
            return True
        return self._is_the_users(draft, now)

    def append(self, draft: DraftRecord, now: datetime) -> None:
        """Put an intended draft into Drafts and record it; what it supersedes is taken out before.

        Raises `MailboxProblem` when the outcome is not known: the intention stays, and the next pass looks for it first.
        """
        if draft.supersedes:
            cleared = self._take_out_superseded(draft)
            if cleared is None:
                return
            draft = cleared
        place = self._mailbox.position(FolderRole.DRAFTS)
        # What was appended and is gone when it is looked for was taken away by the user: it must not come back.
        draft = replace(draft, append_after=(place.uidvalidity, place.last_uid))
        self._update(draft)
        outcome = self._mailbox.append_draft(draft.raw)
        if not isinstance(outcome, Appended):
            self._forget_what_was_not_stored(draft)
            raise MailboxProblem(
                "the connection ended before the server said whether the draft was stored "
                f"({outcome.problem}); the next pass looks for it",
                permanent=False,
            )
        self._queued(draft, now, uidvalidity=outcome.uidvalidity or place.uidvalidity, uid=outcome.uid)
        if not draft.supersedes:
            journal.draft_queued(interview=draft.interview, kind=draft.kind, occasion=draft.occasion, message_id=draft.message_id)

    def stop(self, draft: DraftRecord, why: str) -> None:
        """Give an intention up before it was carried out."""
        self._update(replace(draft, state=DraftState.WITHDRAWN))
        self._report.stopped.append(draft.message_id)
        journal.draft_stopped(interview=draft.interview, kind=draft.kind, occasion=draft.occasion, reason=why)

    def withdraw(self, draft: DraftRecord, why: str, now: datetime) -> bool:
        """Take a pointless draft out of Drafts, if it is still as the agent wrote it; an edited one is the user's.

        One that is not found is left: what became of it is told by full looks at the folder, not by one search. Return False
        where the mailbox did not take it out for now, so that it is worth another try.
        """
        found = self._mailbox.find(FolderRole.DRAFTS, draft.message_id)
        own = {digest_of(draft.raw), draft.supersedes}
        theirs = [stored for stored in found if digest_of(stored.raw) not in own]
        if theirs:
            self._is_edited(draft, theirs[-1].uidvalidity, theirs[-1].uid, now)
            self.overtaken(draft, why)
            return True
        if not (self._taken_out(draft, found) if found else draft.taking_out):
            return not found
        with self._ledger.transaction():
            withdrawn = replace(draft, state=DraftState.WITHDRAWN, missing_since=None, supersedes="", taking_out=False)
            self._ledger.update_draft(withdrawn)
            self._ledger.add_event(draft_event(EventKind.DRAFT_WITHDRAWN, draft, now, note=why))
        self._casebook.changed(draft.interview)
        self._report.withdrawn.append(draft.message_id)
        journal.draft_withdrawn(interview=draft.interview, kind=draft.kind, occasion=draft.occasion, reason=why)
        return True

    def clear_away(self, draft: DraftRecord) -> bool:
        """Take out an untouched draft in whose place the user wrote something else; return False where it is worth another try.

        It stays what it is, sent; one that is gone, or that the user has touched meanwhile, is left to the user.
        """
        found = [
            stored
            for stored in self._mailbox.find(FolderRole.DRAFTS, draft.message_id)
            if digest_of(stored.raw) == digest_of(draft.raw)
        ]
        if found and not self._taken_out(draft, found):
            return False
        current = next((each for each in self._casebook.drafts(draft.interview) if each.key == draft.key), draft)
        self._update(replace(current, left_over=False, taking_out=False))
        return True

    def overtaken(self, draft: DraftRecord, why: str) -> None:
        """Note that an edited draft may be needed no more: it stays, and the user is told."""
        current = next((each for each in self._casebook.drafts(draft.interview) if each.key == draft.key), draft)
        self._update(replace(current, overtaken=why))
        journal.draft_overtaken(interview=draft.interview, kind=draft.kind, occasion=draft.occasion, reason=why)

    def intend_anew(self, draft: DraftRecord, anew: DraftRecord) -> bool:
        """Commit that the untouched `draft` is to be replaced by the text of `anew`; return False where it is not untouched.

        From then on it is an intention like any other, which says what it supersedes.
        """
        found = self._mailbox.find(FolderRole.DRAFTS, draft.message_id)
        if len(found) != 1 or digest_of(found[0].raw) != digest_of(draft.raw):
            return False
        self._update(
            replace(
                anew,
                decided_at=draft.decided_at,
                queued_at=draft.queued_at,
                uidvalidity=found[0].uidvalidity,
                uid=found[0].uid,
                supersedes=digest_of(draft.raw),
            )
        )
        return True

    def _is_there(self, draft: DraftRecord, now: datetime, stored: Stored) -> None:
        """Record that an intended draft lies in Drafts: as the agent wrote it, or with the user's words."""
        journal.draft_adopted(interview=draft.interview, kind=draft.kind, occasion=draft.occasion, message_id=draft.message_id)
        found = lying(stored.uid, stored.raw, parse_message(stored.raw, received_at=now))
        if as_written(found, draft):
            self._queued(draft, now, uidvalidity=stored.uidvalidity, uid=stored.uid)
        else:
            self._is_edited(draft, stored.uidvalidity, stored.uid, now)

    def _is_edited(self, draft: DraftRecord, uidvalidity: int, uid: int, now: datetime) -> None:
        """Record that the user's words lie in place of a draft; the next look reads them."""
        self._in_drafts(replace(draft, state=DraftState.EDITED, uidvalidity=uidvalidity, uid=uid, words=""), now)
        journal.draft_edited(interview=draft.interview, kind=draft.kind, occasion=draft.occasion)

    def _is_the_users(self, draft: DraftRecord, now: datetime) -> bool:
        """Whether an intended draft that is nowhere under its Message-ID was there, and the user has edited or deleted it."""
        if draft.supersedes and not draft.taking_out:
            # What it was to replace is gone, and not by the agent's hand: looks at the folder tell what became of it.
            self._update(replace(draft, state=DraftState.QUEUED, supersedes=""))
            return True
        if draft.append_after is None and not draft.taking_out:
            return False
        seen = self._drafts_folder.since(draft, now)
        if seen.copy is not None:
            self._is_edited(draft, seen.uidvalidity, seen.copy.uid, now)
            return True
        if seen.gone:
            self._in_drafts(replace(draft, state=DraftState.DELETED), now)
            with self._ledger.transaction():
                self._ledger.add_event(draft_event(EventKind.DRAFT_DELETED, draft, now))
            self._casebook.changed(draft.interview)
            journal.draft_deleted(interview=draft.interview, kind=draft.kind, occasion=draft.occasion)
            return True
        return False

    def _take_out_superseded(self, draft: DraftRecord) -> DraftRecord | None:
        """Remove the text that a new one replaces; return None where that is not possible, or the user was faster."""
        old = [stored for stored in self._superseded(draft) if digest_of(stored.raw) == draft.supersedes]
        if old and not self._taken_out(draft, old):
            return None
        return replace(draft, taking_out=True)

    def _taken_out(self, draft: DraftRecord, stored: Sequence[Stored]) -> bool:
        """Remove all of these; return whether all of them were removed.

        That the agent is about to do so is committed first: if they are gone and no answer came, it was not the user's hand.
        """
        self._update(replace(draft, taking_out=True))
        try:
            gone = False not in [self._mailbox.remove_draft(each) for each in stored]
        except MailboxProblem:
            if self._superseded(draft):
                self._update(draft)
            raise
        if not gone:
            self._update(draft)
        return gone

    def _superseded(self, draft: DraftRecord) -> Sequence[Stored]:
        return self._mailbox.find(FolderRole.DRAFTS, draft.message_id)

    def _forget_what_was_not_stored(self, draft: DraftRecord) -> None:
        """Where the connection can be made anew at once and nothing has come into Drafts, the draft surely was not stored."""
        place = self._mailbox.position(FolderRole.DRAFTS)
        if (place.uidvalidity, place.last_uid) == draft.append_after:
            self._update(replace(draft, append_after=None))

    def _queued(self, draft: DraftRecord, now: datetime, *, uidvalidity: int | None, uid: int | None) -> None:
        queued = replace(draft, state=DraftState.QUEUED, uidvalidity=uidvalidity, uid=uid)
        if draft.supersedes:
            self._update(replace(queued, supersedes="", taking_out=False))
            self._report.rewritten.append(draft.message_id)
            journal.draft_rewritten(
                interview=draft.interview, kind=draft.kind, occasion=draft.occasion, message_id=draft.message_id
            )
            return
        self._in_drafts(queued, now)
        self._report.queued.append(draft.message_id)

    def _in_drafts(self, draft: DraftRecord, now: datetime) -> None:
        """Record where a draft stands that was put into Drafts; the first time the history is told."""
        with self._ledger.transaction():
            self._ledger.update_draft(replace(draft, queued_at=draft.queued_at or now, supersedes="", taking_out=False))
            if draft.queued_at is None:
                self._ledger.add_event(draft_event(EventKind.DRAFTED, draft, now, note=draft.reason))
        self._casebook.changed(draft.interview)

    def _update(self, draft: DraftRecord) -> None:
        with self._ledger.transaction():
            self._ledger.update_draft(draft)
        self._casebook.changed(draft.interview)
