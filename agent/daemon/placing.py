"""The digest placed into the inbox by the hand that reads it: at most once, whatever crashes in between.

Before APPEND the ledger notes which digest it is, what it tells, and how far the inbox had come. Where that note is found again,
nobody knows whether the message was stored: it is looked for by its Message-ID first.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from agent.accounts.problems import SecretRefused
from agent.daemon.account import Account
from agent.daemon.digest import Digest, note, when_due
from agent.mailbox import Appended, Cursor, FolderRole, Mailbox, MailboxProblem
from agent.notify.smtp import NotifyProblem
from agent.store import Fact, Ledger

_Answer = TypeVar("_Answer")
_NOT_ITS_PLACE = frozenset({FolderRole.DRAFTS, FolderRole.SENT})


def place_when_due(account: Account, *, hour: int, now: datetime) -> bool:
    """Place the digest into the inbox when it is time for it and there is something to tell; return whether it lies there.

    `hour` is of the user's day. What goes wrong is told in the log and by `check`; it is tried again later.
    """
    return when_due(account, hour=hour, before=partial(_settle, account), hand_over=partial(_place, account), now=now)


def _settle(account: Account) -> None:
    """Find out what became of a digest that was being placed when the process ended, or the connection."""
    ledger = account.ledger
    noted = ledger.noted(Fact.DIGEST_PLACING)
    if not noted:
        return
    began: dict[str, Any] = json.loads(noted)
    with closing(_opened(account)) as mailbox:
        stored = _asked(partial(_is_stored, mailbox, began))
    _note_outcome(ledger, began, stored=stored)


def _place(account: Account, digest: Digest) -> bool:
    """Place it; return whether it lies in the inbox for certain. Raises `NotifyProblem` where it surely does not."""
    ledger = account.ledger
    with closing(_opened(account)) as mailbox:
        place = _asked(lambda: mailbox.position(FolderRole.INBOX))
        began = {
            "message_id": str(digest.message["Message-ID"]),
            "uidvalidity": place.uidvalidity,
            "last_uid": place.last_uid,
            "told": {str(fact): value for fact, value in digest.told.items()},
        }
        if _asked(lambda: mailbox.find(FolderRole.INBOX, str(digest.message["Message-ID"]))):
            return True  # the ledger is older than the mailbox: it was restored from a copy
        note(ledger, {Fact.DIGEST_PLACING: json.dumps(began)})
        try:
            outcome = mailbox.place_digest(digest.message.as_bytes(), address=account.user.address)
        except MailboxProblem as problem:
            note(ledger, {Fact.DIGEST_PLACING: ""})
            raise _as_notify(problem) from None
        if isinstance(outcome, Appended):
            return True
        # The connection has ended. Where it can be made anew at once, the mailbox tells; else the next try asks it.
        stored = _asked(partial(_is_stored, mailbox, began))
        if stored is False:
            note(ledger, {Fact.DIGEST_PLACING: ""})
            raise NotifyProblem(
                f"the connection ended before the digest was stored ({outcome.problem}); it will be tried again", permanent=False
            )
        return bool(stored)


def _is_stored(mailbox: Mailbox, began: Mapping[str, Any]) -> bool | None:
    """Return whether a digest was stored; None where it may have been, and was moved or deleted since."""
    folders = [role for role in mailbox.folders() if role not in _NOT_ITS_PLACE]
    if any(mailbox.find(role, began["message_id"]) for role in folders):
        return True
    before = Cursor(uidvalidity=began["uidvalidity"], last_uid=began["last_uid"])
    listing = mailbox.listing(FolderRole.INBOX)
    if listing.uidvalidity != before.uidvalidity or not listing.complete:
        return None
    came = [uid for uid in listing.uids if uid > before.last_uid]
    # Every number that was given since is there, and none of them is it: it never came.
    return False if len(came) == listing.last_uid - before.last_uid else None


def _note_outcome(ledger: Ledger, began: Mapping[str, Any], *, stored: bool | None) -> None:
    """Note what a digest told, where it was stored; where that is not known, that its day had one."""
    told = {Fact(fact): value for fact, value in began["told"].items()}
    if stored is None:
        told = {Fact.DIGEST_DAY: told[Fact.DIGEST_DAY]}
    note(ledger, {Fact.DIGEST_PLACING: "", **(told if stored is not False else {})})


def _opened(account: Account) -> Mailbox:
    try:
        return account.open_mailbox()
    except MailboxProblem as problem:
        raise _as_notify(problem) from None
    except SecretRefused as refused:
        raise NotifyProblem(str(refused), permanent=True) from None


def _asked(question: Callable[[], _Answer]) -> _Answer:
    """Return what the mailbox answers; `NotifyProblem` where it cannot."""
    try:
        return question()
    except MailboxProblem as problem:
        raise _as_notify(problem) from None


def _as_notify(problem: MailboxProblem) -> NotifyProblem:
    return NotifyProblem(str(problem), permanent=problem.permanent and problem.reached)
