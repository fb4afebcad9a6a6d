r"""APPEND as each server takes it best (RFC 3501 section 6.3.11), and what its answer tells."""

import imaplib
import re
import secrets

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError

from agent.mailbox import problems
from agent.mailbox.connection import Connection, quoted
from agent.mailbox.interface import Appended, AppendUnknown
from agent.mailbox.lines import with_crlf
from agent.mailbox.wire import Verdict, Wire

_APPENDUID = re.compile(r"\[APPENDUID ([1-9]\d{0,9}) ([1-9]\d{0,9})\]", re.IGNORECASE)
_APPENDLIMIT = re.compile(rb"APPENDLIMIT=(\d{1,18})\Z", re.IGNORECASE)
_STATUS = re.compile(rb"(OK|NO|BAD)(?: (.*))?\Z", re.DOTALL | re.IGNORECASE)
_SMALL = 4096
"""Octets up to which a server with LITERAL- takes a literal without a go-ahead (RFC 7888 section 5)."""


def append(
    connection: Connection, folder: str, raw: bytes, *, flags: bytes = rb"\Draft \Seen", what: str = "draft"
) -> Appended | AppendUnknown:
    r"""Put a message into the folder, by default with `\Draft \Seen`, dated by the server; unknown when no answer comes.

    `what` is the message in the words of a problem. The flags stand in the command: those that the server drops are not stored
    again, which makes copies on some. Where it says no UID, or one that cannot be read, the UID is unknown. Raises
    `MailboxProblem` where the server refused, or would refuse it.
    """
    octets = with_crlf(raw)
    with connection.asking(f'writing to "{folder}"'):
        client = connection.client(surely_alive=True)
    limit = _limit(client)
    if limit is not None and len(octets) > limit:
        raise problems.too_big(connection.server, folder, len(octets), limit, what=what)
    try:
        verdict = _given(client, folder, octets, flags)
    except (imaplib.IMAP4.abort, ProtocolError, OSError) as error:
        connection.drop()
        return AppendUnknown(problem=str(_ended(connection, f'writing to "{folder}"', error)))
    connection.answered()
    if verdict.status != "OK":
        raise problems.not_taken(connection.server, folder, verdict.text, what=what)
    said = _APPENDUID.search(verdict.text)
    if said is None:
        return Appended(uidvalidity=None, uid=None)
    return Appended(uidvalidity=int(said[1]), uid=int(said[2]))


def _given(client: IMAPClient, folder: str, octets: bytes, flags: bytes) -> Verdict:
    """Send the command and return how the server ended it."""
    wire = Wire.of(client)
    at_once = client.has_capability("LITERAL+") or (client.has_capability("LITERAL-") and len(octets) <= _SMALL)
    tag = secrets.token_hex(4).encode("ascii") + b" "
    flagged = b" (%s)" % flags if flags else b""
    command = b"%sAPPEND %s%s {%d%s}\r\n" % (tag, quoted(folder), flagged, len(octets), b"+" if at_once else b"")
    if at_once:
        wire.send(command + octets + b"\r\n")
    else:
        wire.send(command)
        early = _answer(wire, tag, until_go_ahead=True)
        if early is not None:
            if early.status == "OK":
                raise ProtocolError("done before it was given")
            return early
        wire.send(octets + b"\r\n")
    verdict = _answer(wire, tag)
    if verdict is None:
        raise ProtocolError("no end of the command")
    return verdict


def _answer(wire: Wire, tag: bytes, *, until_go_ahead: bool = False) -> Verdict | None:
    """Return how the command ended; None where the server asks for the message instead."""
    while True:
        line = wire.readline()[0]
        if line.startswith(b"+"):
            if until_go_ahead:
                return None
        elif line[:5].upper() == b"* BYE":
            raise imaplib.IMAP4.abort(line[5:300].decode("utf-8", "replace").strip() or "the server said goodbye")
        elif not line.startswith(b"*"):
            status = _STATUS.match(line[len(tag) :]) if line.startswith(tag) else None
            if status is None:
                raise ProtocolError("a line that belongs to no answer")
            words = (status[2] or status[1])[:300].decode("utf-8", "replace").strip()
            return Verdict(status=status[1].decode("ascii").upper(), text=words)


def _limit(client: IMAPClient) -> int | None:
    """Return how many octets a message may have, where the server says so for all folders (RFC 7889)."""
    limits = [int(found[1]) for each in client.capabilities() if (found := _APPENDLIMIT.match(each))]
    return min(limits, default=None)


def _ended(connection: Connection, doing: str, error: Exception) -> Exception:
    if isinstance(error, ProtocolError):
        return problems.unreadable(connection.server, doing, error)
    return problems.broken_off(connection.server, doing, error)
