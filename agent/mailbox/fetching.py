"""SEARCH and FETCH that survive odd servers: no CHARSET, short lines, and no batch lost for one bad message."""

import imaplib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError

from agent.mailbox.connection import Connection, Opened

Row: TypeAlias = Mapping[bytes, Any]
"""What FETCH said of one message, by item name in upper case."""

_MOST = 500
_LONGEST_LINE = 4000
_WINDOW = 50_000

_UNREADABLE = (ProtocolError, ValueError, IndexError, TypeError, KeyError, AttributeError)
"""What IMAPClient raises on answers it cannot read; none of it says that the connection is gone."""


def search(client: IMAPClient, *criteria: str) -> list[int]:
    """Return the UIDs that match, rising; the criteria are ASCII and quoted by the caller.

    Several SEARCH lines and a MODSEQ at the end are taken as they come, on which IMAPClient's own `search` fails.
    """
    typ, lines = client._imap.uid("SEARCH", *criteria)  # noqa: SLF001 - see above
    if typ != "OK":
        raise imaplib.IMAP4.error(f"SEARCH failed: {lines}")
    words = b" ".join(line for line in lines if isinstance(line, bytes)).split()
    return sorted({int(word) for word in words if word.isdigit()})


def search_above(client: IMAPClient, opened: Opened, uid: int, *criteria: str) -> list[int]:
    """Return the UIDs above `uid` that match, rising, asked for in windows so that no answer line grows past a client's limit."""
    found: list[int] = []
    first = uid + 1
    while opened.uidnext is not None and first + _WINDOW < opened.uidnext:
        found += search(client, "UID", f"{first}:{first + _WINDOW - 1}", *criteria)
        first += _WINDOW
    # `n:*` gives the last message also when its UID is below n (RFC 3501 section 6.4.8).
    found += [number for number in search(client, "UID", f"{first}:*", *criteria) if number >= first]
    return found


def chunks(uids: Sequence[int]) -> Iterator[list[int]]:
    """Yield the UIDs in pieces of at most 500 that make a command line of less than 4,000 octets."""
    piece: list[int] = []
    octets = 0
    for uid in uids:
        if piece and (len(piece) == _MOST or octets + len(str(uid)) + 1 > _LONGEST_LINE):
            yield piece
            piece, octets = [], 0
        piece.append(uid)
        octets += len(str(uid)) + 1
    if piece:
        yield piece


def fetch(
    connection: Connection,
    opened: Opened,
    uids: Sequence[int],
    items: Sequence[str],
    refuse: Callable[[int, str], None],
    *,
    again: bool = True,
) -> dict[int, Row]:
    """Return UID → row for the messages that the server gives; a batch that fails is halved until the bad message stands alone.

    That one is told to `refuse` with the reason. A message that ends the connection is asked for twice on its own before that.
    A message that is gone meanwhile is in neither. A wait that runs out is raised: the server is slow, not the message bad.
    """
    if not uids:
        return {}
    client = connection.within(opened)
    try:
        rows = client.fetch(uids, ["UID", *items])
    except TimeoutError:
        raise
    except (imaplib.IMAP4.abort, OSError) as error:
        connection.drop()
        if len(uids) > 1:
            return _halves(connection, opened, uids, items, refuse)
        if again:
            return fetch(connection, opened, uids, items, refuse, again=False)
        refuse(uids[0], f"the connection ended each time it was asked for ({type(error).__name__})")
        return {}
    except (imaplib.IMAP4.error, *_UNREADABLE) as error:
        if len(uids) > 1:
            return _halves(connection, opened, uids, items, refuse)
        refuse(uids[0], _reason(error))
        return {}
    given: dict[int, Row] = {uid: row for uid, row in rows.items() if len(row) > 1}
    left_out = [uid for uid in uids if uid not in given]
    if left_out and len(uids) > 1:
        for uid in left_out:
            given |= fetch(connection, opened, [uid], items, refuse)
    elif left_out and search(client, "UID", str(uids[0])):
        refuse(uids[0], "the server gives nothing for it")
    return given


def _reason(error: Exception) -> str:
    """Return why a message was not given: in the server's words, but not in those of an answer that cannot be read."""
    if isinstance(error, _UNREADABLE):
        return f"the server's answer cannot be read ({type(error).__name__})"
    return str(error)


def _halves(
    connection: Connection, opened: Opened, uids: Sequence[int], items: Sequence[str], refuse: Callable[[int, str], None]
) -> dict[int, Row]:
    middle = len(uids) // 2
    return fetch(connection, opened, uids[:middle], items, refuse) | fetch(connection, opened, uids[middle:], items, refuse)
