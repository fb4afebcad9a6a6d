"""Writing to Drafts: put one in, take one's own out again. Nothing else in the mailbox is ever changed."""

import imaplib
import re

from imapclient import IMAPClient

from agent.mailbox import problems
from agent.mailbox.connection import Connection
from agent.mailbox.fetching import search
from agent.mailbox.interface import Appended, AppendUnknown, MailboxProblem, Stored
from agent.mailbox.lines import same_lines

_APPENDUID = re.compile(r"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)


def append(connection: Connection, folder: str, raw: bytes) -> Appended | AppendUnknown:
    r"""Put a message into the folder with `\Draft \Seen`, dated by the server; unknown when the answer does not come."""
    with connection.asking(f'writing to "{folder}"'):
        client = connection.client(surely_alive=True)
    try:
        # imaplib makes every line end CRLF on the way.
        answer = client.append(folder, raw, flags=(b"\\Draft", b"\\Seen"))
    except imaplib.IMAP4.readonly as error:
        raise problems.read_only(connection.server, folder) from error
    except (imaplib.IMAP4.abort, OSError) as error:
        connection.drop()
        return AppendUnknown(problem=str(problems.broken_off(connection.server, f'writing to "{folder}"', error)))
    except imaplib.IMAP4.error as error:
        raise problems.draft_refused(connection.server, folder, str(error)) from error
    said = _APPENDUID.search(answer.decode("ascii", "replace") if isinstance(answer, bytes) else str(answer))
    if said is None:
        return Appended(uidvalidity=None, uid=None)
    return Appended(uidvalidity=int(said[1]), uid=int(said[2]))


def remove(connection: Connection, folder: str, stored: Stored, *, trash: str | None) -> bool:
    """Remove the message of exactly this UID if its bytes are still the stored ones; return whether it was removed."""
    doing = f'taking a draft out of "{folder}"'
    with connection.asking(doing):
        try:
            opened = connection.select(folder)
        except imaplib.IMAP4.readonly as error:
            connection.leave()
            raise problems.read_only(connection.server, folder) from error
        client = connection.client()
        try:
            if opened.uidvalidity != stored.uidvalidity or not _is_unchanged(client, stored):
                return False
            return _take_out(client, stored.uid, connection, trash)
        finally:
            connection.leave()


def _is_unchanged(client: IMAPClient, stored: Stored) -> bool:
    row = client.fetch([stored.uid], ["UID", "BODY.PEEK[]"]).get(stored.uid, {})
    raw = row.get(b"BODY[]")
    return isinstance(raw, bytes) and same_lines(raw, stored.raw)


def _take_out(client: IMAPClient, uid: int, connection: Connection, trash: str | None) -> bool:
    if client.has_capability("X-GM-EXT-1"):
        # On Gmail an expunge takes the label off and leaves the message in All Mail.
        if trash is None:
            raise MailboxProblem(
                f"{connection.server.host} shows no Trash folder, so that a draft cannot be removed", permanent=True
            )
        client.move([uid], trash)
    elif client.has_capability("UIDPLUS"):
        client.add_flags([uid], [b"\\Deleted"], silent=True)
        client.uid_expunge([uid])
    elif not _expunge_alone(client, uid):
        return False
    return not search(client, "UID", str(uid))


def _expunge_alone(client: IMAPClient, uid: int) -> bool:
    """Expunge one message without UIDPLUS: EXPUNGE takes all that are marked, so no other may be (RFC 3501 section 6.4.3)."""
    if set(search(client, "DELETED")) - {uid}:
        return False
    client.add_flags([uid], [b"\\Deleted"], silent=True)
    if set(search(client, "DELETED")) != {uid}:
        client.remove_flags([uid], [b"\\Deleted"], silent=True)
        return False
    client.expunge()
    return True
