"""Carrying intentions out: the last look, the search for what a crash left behind, APPEND, and the record of it."""

from dataclasses import replace
from datetime import datetime

from agent.daemon import journal
from agent.daemon.account import Account, PassReport
from agent.daemon.casebook import Casebook
from agent.interviews import Event, EventKind
from agent.mailbox import Appended, FolderRole, Mailbox, MailboxProblem
from agent.mailbox.lines import same_lines
from agent.plan.intention import DraftRecord, DraftState


class Drafter:
    """Puts intended drafts into Drafts and takes pointless ones back."""

    def __init__(self, account: Account, mailbox: Mailbox, casebook: Casebook, report: PassReport) -> None:
        self._ledger = account.ledger
        self._mailbox = mailbox
        self._casebook = casebook
        self._report = report

    def adopt(self, draft: DraftRecord, now: datetime) -> bool:
        """Look for an intended draft that a crash left in Drafts, or that was sent since; return whether it was found."""
        found = self._mailbox.find(FolderRole.DRAFTS, draft.message_id)
        if found:
            self._queued(draft, now, uidvalidity=found[0].uidvalidity, uid=found[0].uid)
            journal.draft_adopted(
                interview=draft.interview, kind=draft.kind, occasion=draft.occasion, message_id=draft.message_id
            )
            return True
        if FolderRole.SENT in self._mailbox.folders() and self._mailbox.find(FolderRole.SENT, draft.message_id):
            with self._ledger.transaction():
                self._ledger.update_draft(replace(draft, state=DraftState.SENT, queued_at=draft.queued_at or now))
            self._casebook.changed(draft.interview)
            return True
        return False

    def append(self, draft: DraftRecord, now: datetime) -> None:
        """Put an intended draft into Drafts and record it.

        Raises `MailboxProblem` when the outcome is not known: the intention stays, and the next pass looks for it first.
        """
        outcome = self._mailbox.append_draft(draft.raw)
        if not isinstance(outcome, Appended):
            raise MailboxProblem(
                "the connection ended before the server said whether the draft was stored "
                f"({outcome.problem}); the next pass looks for it",
                permanent=False,
            )
        self._queued(draft, now, uidvalidity=outcome.uidvalidity, uid=outcome.uid)
        journal.draft_queued(interview=draft.interview, kind=draft.kind, occasion=draft.occasion, message_id=draft.message_id)

    def stop(self, draft: DraftRecord, why: str) -> None:
        """Give an intention up before it was carried out."""
        with self._ledger.transaction():
            self._ledger.update_draft(replace(draft, state=DraftState.WITHDRAWN))
        self._casebook.changed(draft.interview)
        self._report.stopped.append(draft.message_id)
        journal.draft_stopped(interview=draft.interview, kind=draft.kind, occasion=draft.occasion, reason=why)

    def withdraw(self, draft: DraftRecord, why: str, now: datetime) -> None:
        """Take a pointless draft out of Drafts, if it is still as the agent wrote it; an edited one is the user's."""
        found = self._mailbox.find(FolderRole.DRAFTS, draft.message_id)
        untouched = [stored for stored in found if same_lines(stored.raw, draft.raw)]
        if untouched and all(self._mailbox.remove_draft(stored) for stored in untouched):
            state = DraftState.WITHDRAWN
        else:
            state = DraftState.EDITED if found else DraftState.DELETED
        with self._ledger.transaction():
            self._ledger.update_draft(replace(draft, state=state))
            if state is DraftState.WITHDRAWN:
                self._ledger.add_event(_event(EventKind.DRAFT_WITHDRAWN, draft, now, note=why))
        self._casebook.changed(draft.interview)
        if state is DraftState.WITHDRAWN:
            self._report.withdrawn.append(draft.message_id)
            journal.draft_withdrawn(interview=draft.interview, kind=draft.kind, occasion=draft.occasion, reason=why)

    def _queued(self, draft: DraftRecord, now: datetime, *, uidvalidity: int | None, uid: int | None) -> None:
        with self._ledger.transaction():
            self._ledger.update_draft(
                replace(draft, state=DraftState.QUEUED, queued_at=now, uidvalidity=uidvalidity, uid=uid),
            )
            self._ledger.add_event(_event(EventKind.DRAFTED, draft, now, note=draft.reason))
        self._casebook.changed(draft.interview)
        self._report.queued.append(draft.message_id)


def _event(kind: EventKind, draft: DraftRecord, now: datetime, *, note: str) -> Event:
    return Event(
        interview=draft.interview,
        at=now,
        kind=kind,
        message_id=draft.message_id,
        rule=draft.rule,
        correspondent=draft.to[0],
        note=note,
        draft_kind=draft.kind,
        occasion=draft.occasion,
    )
