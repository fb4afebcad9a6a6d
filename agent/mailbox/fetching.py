"""SEARCH and FETCH that survive odd servers: no CHARSET, short lines, and no batch lost for one bad message."""

import imaplib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError

from agent.mailbox.connection import Connection, Opened
from agent.mailbox.rows import Row, number, row
from agent.mailbox.throttling import leave_in_peace
from agent.mailbox.wire import Line, Verdict, Wire

_MOST = 500
_LONGEST_LINE = 4000
_WINDOW = 50_000
_PERHAPS_NOT_ALL = 500
"""Messages from which on an answer to SEARCH may be cut short: some providers name a thousand or four, and do not say so."""
_NEAR = 200
"""How far from a message others are looked for."""

Refuse: TypeAlias = Callable[[int, str], None]
"""Is told of a message that the server cannot give, and why."""

Group: TypeAlias = tuple[Sequence[int], Sequence[str]]
"""Messages, and the items of theirs that are wanted."""


def search(client: IMAPClient, *criteria: str) -> list[int]:
    """Return the UIDs that match, rising; the criteria are ASCII and quoted by the caller.

    Several SEARCH lines, a MODSEQ at the end and a line of any length are taken as they come.
    """
    found: set[int] = set()
    for line in Wire.of(client).command(f"UID SEARCH {' '.join(criteria)}".encode("ascii")):
        if line[0][:9].upper() in {b"* SEARCH", b"* SEARCH "}:
            found.update(int(word) for word in line[0][9:].partition(b"(")[0].split() if word.isdigit() and len(word) <= 10)
    return sorted(found)


def search_above(client: IMAPClient, opened: Opened, uid: int, *criteria: str) -> list[int]:
    """Return the UIDs above `uid` that match, rising, asked for in windows so that no answer line grows past a client's limit.

    Where many are named it is asked what lies before the first and after the last of them, until there is no more.
    """
    found: list[int] = []
    first = uid + 1
    while opened.uidnext is not None and first + _WINDOW < opened.uidnext:
        found += _within(client, first, first + _WINDOW - 1, opened.uidnext, *criteria)
        first += _WINDOW
    return found + _within(client, first, None, opened.uidnext, *criteria)


def _within(client: IMAPClient, first: int, last: int | None, uidnext: int | None, *criteria: str) -> list[int]:
    """Return the UIDs from `first` to `last`, None for the end of the folder, that match."""
    # `n:*` gives the last message also when its UID is below n (RFC 3501 section 6.4.8).
    named = search(client, "UID", f"{first}:{last or '*'}", *criteria)
    found = [uid for uid in named if uid >= first and (last is None or uid <= last)]
    if len(found) < _PERHAPS_NOT_ALL:
        return found
    before = _within(client, first, found[0] - 1, uidnext, *criteria) if found[0] > first else []
    end = last or (uidnext - 1 if uidnext else None)
    after = _within(client, found[-1] + 1, last, uidnext, *criteria) if end is None or found[-1] < end else []
    return before + found + after


def sequence_set(uids: Sequence[int]) -> str:
    """Return the UIDs as a sequence set, neighbours as a range: `1:500,502`; they are in rising order."""
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in _ranges(uids))


def chunks(uids: Sequence[int]) -> Iterator[list[int]]:
    """Yield the UIDs, which are in rising order, in pieces of at most 500 whose sequence set has less than 4,000 octets."""
    piece: list[int] = []
    octets = 0
    for uid in uids:
        # A neighbour costs nothing or the end of a range, another one its digits and a comma.
        cost = len(str(uid)) + 1 if not piece or uid != piece[-1] + 1 or piece[-2:-1] != [uid - 2] else 0
        if piece and (len(piece) == _MOST or octets + cost > _LONGEST_LINE):
            yield piece
            piece, octets = [], 0
        piece.append(uid)
        octets += cost
    if piece:
        yield piece


def fetch(connection: Connection, opened: Opened, uids: Sequence[int], items: Sequence[str], refuse: Refuse) -> dict[int, Row]:
    """Return UID → row for the messages that the server gives; a batch that fails is halved until the bad message stands alone.

    What came before the failure is kept. The bad message is told to `refuse` with the reason; one that ends the connection, or
    whose answer cannot be read, is asked for twice on its own before that: the fault may have been another's. A message that is
    gone meanwhile is in neither.

    Where it is the server that fails, and not a message, that is raised: a wait that runs out, words that ask for peace, and a
    server that gives none of these messages and none of those beside them either (`imaplib.IMAP4.error`).
    """
    rows: dict[int, Row] = {}
    bad: dict[int, str] = {}
    _fetch(connection, opened, uids, items, rows, bad)
    if bad and not rows and not _gives_others(connection, opened, uids):
        raise imaplib.IMAP4.error(next(iter(bad.values())))
    for uid, reason in bad.items():
        refuse(uid, reason)
    return rows


def _fetch(
    connection: Connection,
    opened: Opened,
    uids: Sequence[int],
    items: Sequence[str],
    rows: dict[int, Row],
    bad: dict[int, str],
    *,
    again: bool = True,
) -> None:
    """Put what the server gives into `rows`, and why it does not give what is left into `bad`."""
    if not uids:
        return
    reason = ""
    doubtful = False
    try:
        reason = _ask(Wire.of(connection.within(opened)), [(uids, items)], rows)
    except TimeoutError:
        raise
    except (imaplib.IMAP4.abort, OSError) as error:
        connection.drop()
        if leave_in_peace(str(error)) is not None:
            raise
        doubtful = True
        reason = f"the connection ended each time it was asked for ({type(error).__name__})"
    except ProtocolError as error:
        connection.drop()
        doubtful = True
        reason = _unreadable(error)
    left_out = [uid for uid in uids if uid not in rows]
    if left_out and not reason:
        there = search(connection.within(opened), "UID", sequence_set(left_out))
        left_out = [uid for uid in left_out if uid in there]
        reason = "the server gives nothing for it"
    if not left_out:
        return
    if len(uids) > 1:
        middle = len(left_out) // 2
        for half in (left_out[:middle], left_out[middle:]):
            _fetch(connection, opened, half, items, rows, bad)
    elif doubtful and again:
        _fetch(connection, opened, uids, items, rows, bad, again=False)
    else:
        bad[uids[0]] = reason


def _gives_others(connection: Connection, opened: Opened, uids: Sequence[int]) -> bool:
    """Whether the server gives a field of a message beside these; also where there is none."""
    before = search(connection.within(opened), "UID", f"{max(1, uids[0] - _NEAR)}:{uids[0] - 1}") if uids[0] > 1 else []
    after = search(connection.within(opened), "UID", f"{uids[-1] + 1}:{uids[-1] + _NEAR}")
    others = [uid for uid in (*before[-2:], *after[:2]) if uid not in uids]
    for uid in others:
        rows: dict[int, Row] = {}
        try:
            _ask(Wire.of(connection.within(opened)), [([uid], ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])], rows)
        except TimeoutError:
            raise
        except (imaplib.IMAP4.abort, OSError, ProtocolError):
            connection.drop()
        if rows:
            return True
    return not others


def gather(connection: Connection, opened: Opened, groups: Sequence[Group], refuse: Refuse) -> dict[int, Row]:
    """Return UID → row for several groups of messages in one round trip; no message stands in two of them.

    What the server does not give at once is asked for again as in `fetch`.
    """
    groups = [group for group in groups if group[0]]
    rows: dict[int, Row] = {}
    if len(groups) > 1:
        try:
            _ask(Wire.of(connection.within(opened)), groups, rows)
        except TimeoutError:
            raise
        except (imaplib.IMAP4.abort, OSError, ProtocolError) as error:
            connection.drop()
            if leave_in_peace(str(error)) is not None:
                raise
    for uids, items in groups:
        rows |= fetch(connection, opened, [uid for uid in uids if uid not in rows], items, refuse)
    return rows


def _ask(wire: Wire, groups: Sequence[Group], rows: dict[int, Row]) -> str:
    """Put what the server gives into `rows`; return why it did not give the rest, empty where it does not say."""
    asked = {uid for uids, _ in groups for uid in uids}
    verdicts: list[Verdict] = []
    unreadable = ""
    commands = [f"UID FETCH {sequence_set(uids)} (UID {' '.join(items)})".encode("ascii") for uids, items in groups]
    for line in wire.pipeline(commands, verdicts):
        try:
            uid, given = _given(line)
        except ProtocolError as error:
            unreadable = _unreadable(error)
        else:
            if uid in asked and given:
                rows[uid] = {**rows.get(uid, {}), **given}
    refused = [verdict.text for verdict in verdicts if verdict.status != "OK"]
    for said in refused:
        if leave_in_peace(said) is not None:
            raise imaplib.IMAP4.error(said)
    return refused[0] if refused else unreadable


def _given(line: Line) -> tuple[int, Row]:
    """Return the UID of a FETCH response and what it gives besides; nothing for one that only tells of flags, or of no UID."""
    read = row(line) or {}
    uid = number(read.get(b"UID"))
    return uid or 0, {name: value for name, value in read.items() if name not in {b"UID", b"FLAGS", b"MODSEQ"}}


def _unreadable(error: Exception) -> str:
    """Return that an answer makes no sense, without its words: they may be those of a mail."""
    return f"the server's answer cannot be read ({type(error).__name__})"


def _ranges(uids: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = last = 0
    for uid in uids:
        if last and uid == last + 1:
            last = uid
            continue
        if last:
            yield first, last
        first = last = uid
    if last:
        yield first, last
