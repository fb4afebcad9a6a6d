"""Taking one's own draft out of Drafts again. But for what `appending` puts in, nothing else in a mailbox is ever changed."""

import imaplib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from imapclient import IMAPClient

from agent.mailbox import problems
from agent.mailbox.appending import append
from agent.mailbox.connection import Connection, Opened, quoted
from agent.mailbox.fetching import search, sequence_set
from agent.mailbox.interface import MailboxProblem, Stored
from agent.mailbox.lines import same_lines
from agent.mailbox.rows import Row, instant, number, row
from agent.mailbox.wire import Wire

__all__ = ["append", "remove"]

_JUST_NOW = timedelta(minutes=10)
_NEWEST = 100
"""Messages of a thread that are looked at, from the newest on."""
_GMAIL = "X-GM-MSGID X-GM-THRID X-GM-LABELS INTERNALDATE"


def remove(
    connection: Connection,
    folder: str,
    stored: Stored,
    *,
    trash: str | None,
    elsewhere: Sequence[str] = (),
    now: datetime | None = None,
) -> bool:
    r"""Remove the message of exactly this UID if its bytes are still the stored ones; return whether it was removed.

    On Gmail a draft and the mail that was sent of it are for a moment one message, and whoever removes the one removes the other:
    there nothing is removed that carries the label `\Sent`, nor while one of the folders `elsewhere` (sent mail, all mail) holds
    a message of the same thread that came within the last ten minutes before `now`, drafts and the inbox's mail not counted.
    """
    with connection.asking(f'taking a draft out of "{folder}"'):
        gmail = connection.client().has_capability("X-GM-EXT-1")
        if gmail and _may_be_sent(connection, folder, stored, elsewhere, now or datetime.now(UTC)):
            return False
        try:
            opened = connection.select(folder)
        except imaplib.IMAP4.readonly as error:
            connection.leave()
            raise problems.read_only(connection.server, folder) from error
        client = connection.client()
        try:
            if opened.uidvalidity != stored.uidvalidity or not _is_unchanged(client, stored):
                return False
            return _take_out(client, stored.uid, connection, trash, gmail=gmail)
        finally:
            connection.leave()


def _may_be_sent(connection: Connection, folder: str, stored: Stored, elsewhere: Sequence[str], now: datetime) -> bool:
    opened = connection.examine(folder)
    draft = _rows(connection.client(), [stored.uid], _GMAIL).get(stored.uid)
    thread = number(draft.get(b"X-GM-THRID")) if draft else None
    if draft is None or opened.uidvalidity != stored.uidvalidity or thread is None or b"\\sent" in _labels(draft):
        return True
    return any(
        _holds_a_new_one(connection.client(), connection.examine(name), thread, draft, now)
        for name in dict.fromkeys(elsewhere)
        if name != folder
    )


def _holds_a_new_one(client: IMAPClient, opened: Opened, thread: int, draft: Row, now: datetime) -> bool:
    if not opened.exists:
        return False
    uids = search(client, "X-GM-THRID", str(thread))[-_NEWEST:]
    for other in _rows(client, uids, _GMAIL).values() if uids else ():
        came_at = instant(other.get(b"INTERNALDATE"))
        labels = _labels(other)
        the_same = other.get(b"X-GM-MSGID") == draft.get(b"X-GM-MSGID")
        if b"\\sent" in labels and the_same:
            return True
        received = b"\\inbox" in labels and b"\\sent" not in labels
        if not the_same and not received and b"\\draft" not in labels and (came_at is None or now - came_at < _JUST_NOW):
            return True
    return False


def _rows(client: IMAPClient, uids: Sequence[int], items: str) -> dict[int, Row]:
    """Return what the server says of these messages of the open folder; news of others in between is left out."""
    command = f"UID FETCH {sequence_set(uids)} (UID {items})".encode("ascii")
    rows = [each for line in Wire.of(client).command(command) if (each := row(line)) is not None]
    by_uid = [(number(each.get(b"UID")), each) for each in rows if len(each) > 1]
    return {uid: each for uid, each in by_uid if uid is not None and uid in uids}


def _labels(of: Row) -> set[bytes]:
    """Return Gmail's labels in lower case; for drafts it writes a singular and a plural, which are one here."""
    labels = of.get(b"X-GM-LABELS")
    words = labels if isinstance(labels, list) else [labels]
    return {label.lower().replace(b"\\drafts", b"\\draft") for label in words if isinstance(label, bytes)}


def _is_unchanged(client: IMAPClient, stored: Stored) -> bool:
    raw = _rows(client, [stored.uid], "BODY.PEEK[]").get(stored.uid, {}).get(b"BODY[]")
    return isinstance(raw, bytes) and same_lines(raw, stored.raw)


def _take_out(client: IMAPClient, uid: int, connection: Connection, trash: str | None, *, gmail: bool) -> bool:
    if gmail:
        # On Gmail an expunge takes the label off and leaves the message in All Mail.
        if trash is None:
            raise MailboxProblem(
                f"{connection.server.host} shows no Trash folder, so that a draft cannot be removed", permanent=True
            )
        _do(client, b"UID MOVE %d %s" % (uid, quoted(trash)))
    elif client.has_capability("UIDPLUS"):
        _do(client, b"UID STORE %d +FLAGS.SILENT (\\Deleted)" % uid)
        _do(client, b"UID EXPUNGE %d" % uid)
    elif not _expunge_alone(client, uid):
        return False
    return not search(client, "UID", str(uid))


def _expunge_alone(client: IMAPClient, uid: int) -> bool:
    """Expunge one message without UIDPLUS: EXPUNGE takes all that are marked, so no other may be (RFC 3501 section 6.4.3)."""
    if set(search(client, "DELETED")) - {uid}:
        return False
    _do(client, b"UID STORE %d +FLAGS.SILENT (\\Deleted)" % uid)
    if set(search(client, "DELETED")) != {uid}:
        _do(client, b"UID STORE %d -FLAGS.SILENT (\\Deleted)" % uid)
        return False
    _do(client, b"EXPUNGE")
    return True


def _do(client: IMAPClient, command: bytes) -> None:
    for _ in Wire.of(client).command(command):
        pass
