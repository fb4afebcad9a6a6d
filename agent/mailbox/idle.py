"""Waiting for mail on one connection: IDLE (RFC 2177) where it is offered, else now and then a NOOP."""

import imaplib
import re
import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass

from imapclient.exceptions import ProtocolError

from agent.mailbox.connection import Connection, Opened
from agent.mailbox.interface import Place
from agent.mailbox.wire import Line, Wire

_COUNTED = re.compile(rb"\* (\d{1,20}) (EXISTS|EXPUNGE)\s*\Z", re.IGNORECASE)
_JUMP = 5.0
"""Seconds that the two clocks may part within one check; a machine that slept parts them by more."""
_AT_ONCE = 1.0
"""Seconds; a server that ends each IDLE sooner by itself offers it in name only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How often something is asked while nothing happens; all in seconds."""

    renewal: float = 9 * 60.0
    """After which IDLE is given anew and the inbox looked at: routers forget a connection that is silent for ten minutes."""
    check: float = 60.0
    """After which the clocks are compared."""
    noop: float = 4 * 60.0
    """Between two NOOPs where there is no IDLE."""
    goodbye: float = 0.2
    """For the answer to DONE once the wait shall end at once."""


class InboxWatch:
    """Waits for mail, and remembers what it told, so that a difference is told once only. One thread at a time."""

    def __init__(self, connection: Connection, *, pace: Pace | None = None, wall: Callable[[], float] = time.time) -> None:
        """Do nothing yet. `wall` is the clock that goes on while the machine sleeps."""
        self._connection = connection
        self._pace = pace or Pace()
        self._wall = wall
        self._ahead = 0.0
        self._idles = True
        self._count = 0
        self._told: tuple[Place | None, Opened] | None = None

    def wait(self, folder: str, known: Place | None, seconds: float, *, stop: int) -> bool:
        """Return whether mail came into the folder, or went, since it stood as `known`.

        What counts is a higher EXISTS, an EXPUNGE, and a UIDVALIDITY, UIDNEXT or number of messages other than `known`; flags,
        RECENT and what is repeated do not. Ends without news after `seconds`, and within milliseconds when the file descriptor
        `stop` can be read. No command is under way afterwards; where its end was not waited for, the connection is given up.

        A connection that ends is made anew, and the folder compared, where it had lasted for a check; else that is raised:
        `imaplib.IMAP4.error` or `OSError`. A clock that jumped means that the machine slept: then the server is asked at once.
        """
        until = time.monotonic() + seconds
        if not _is_readable(stop):
            self._connection.client(surely_alive=True)
        while not _is_readable(stop):
            began = time.monotonic()
            try:
                return self._watch(folder, known, until, stop)
            except _Stopped:
                break
            except (imaplib.IMAP4.abort, ProtocolError, OSError):
                self._connection.drop()
                if time.monotonic() - began < self._pace.check:
                    raise
        return False

    def _watch(self, folder: str, known: Place | None, until: float, stop: int) -> bool:
        self._has_jumped()
        while True:
            opened = self._connection.examine(folder)
            if self._is_news(known, opened):
                return True
            inbox = _Inbox(opened.exists)
            client = self._connection.client()
            wait = self._idle if self._idles and client.has_capability("IDLE") else self._rest
            wait(Wire.of(client), inbox, until, stop)
            self._connection.answered()
            if inbox.news:
                self._told = None
            if inbox.news or time.monotonic() >= until or _is_readable(stop):
                return inbox.news

    def _is_news(self, known: Place | None, opened: Opened) -> bool:
        if known is None or _is_as(known, opened) or self._told == (known, opened):
            # STATUS and EXAMINE of one server may never agree.
            return False
        self._told = (known, opened)
        return True

    def _idle(self, wire: Wire, inbox: "_Inbox", until: float, stop: int) -> None:
        """Wait in one IDLE command until there is news, or it is time for the next, or for an end."""
        began = time.monotonic()
        tag = self._send(wire, b"IDLE")
        if not self._is_confirmed(wire, tag, inbox, stop):
            return
        until = min(until, began + self._pace.renewal)
        while not inbox.news and (left := until - time.monotonic()) > 0:
            if wire.wait_readable(min(left, self._pace.check), stop):
                line = wire.readline()
                if line[0].startswith(tag):
                    self._idles = time.monotonic() - began >= _AT_ONCE
                    return
                inbox.take(line)
            elif _is_readable(stop) or self._has_jumped():
                break
        wire.send(b"DONE\r\n")
        self._complete(wire, tag, inbox, stop)

    def _is_confirmed(self, wire: Wire, tag: bytes, inbox: "_Inbox", stop: int) -> bool:
        """Wait for the `+`, before which news may come already; a server that refuses is not asked for IDLE again."""
        limit = time.monotonic() + self._connection.server.timeout_seconds
        while not (line := self._next(wire, limit, stop))[0].startswith(b"+"):
            if line[0].startswith(tag):
                self._idles = False
                return False
            inbox.take(line)
        return True

    def _rest(self, wire: Wire, inbox: "_Inbox", until: float, stop: int) -> None:
        """Wait on the silent connection: news comes with the answer to a NOOP, and from some servers by itself."""
        until = min(until, time.monotonic() + self._pace.renewal)
        due = time.monotonic() + self._pace.noop
        while not inbox.news and (left := until - time.monotonic()) > 0:
            if wire.wait_readable(min(left, self._pace.check, max(0.0, due - time.monotonic())), stop):
                inbox.take(wire.readline())
            elif _is_readable(stop):
                return
            elif self._has_jumped() or time.monotonic() >= due:
                self._complete(wire, self._send(wire, b"NOOP"), inbox, stop)
                due = time.monotonic() + self._pace.noop

    def _complete(self, wire: Wire, tag: bytes, inbox: "_Inbox", stop: int) -> None:
        """Take what comes up to the end of the command; when the wait shall end at once, only what comes at once."""
        limit = time.monotonic() + self._connection.server.timeout_seconds
        while not (line := self._next(wire, limit, stop, patience=self._pace.goodbye))[0].startswith(tag):
            inbox.take(line)

    def _next(self, wire: Wire, limit: float, stop: int, *, patience: float = 0.0) -> Line:
        """Return the next line before `limit`; once `stop` can be read, before `patience` is over, else `_Stopped`."""
        left = limit - time.monotonic()
        if left > 0 and wire.wait_readable(left, stop):
            return wire.readline()
        if not _is_readable(stop):
            raise TimeoutError("no answer")
        try:
            if patience:
                return wire.readline(patience)
        except TimeoutError:
            pass
        self._connection.drop()
        raise _Stopped

    def _send(self, wire: Wire, command: bytes) -> bytes:
        """Send a command; return its tag with the blank after it."""
        self._count += 1
        tag = b"W%d " % self._count
        wire.send(tag + command + b"\r\n")
        return tag

    def _has_jumped(self) -> bool:
        """Return whether the clocks parted since this was asked last."""
        before, self._ahead = self._ahead, self._wall() - time.monotonic()
        return abs(self._ahead - before) > _JUMP


class _Stopped(Exception):
    """The wait shall end while a command is under way."""


class _Inbox:
    """What the server says of the folder while it is watched."""

    def __init__(self, exists: int) -> None:
        self._exists = exists
        self.news = False

    def take(self, line: Line) -> None:
        """Take note of one untagged response. `imaplib.IMAP4.abort` at a BYE."""
        if line[0][:5].upper() == b"* BYE":
            raise imaplib.IMAP4.abort(line[0][5:].decode("utf-8", "replace").strip() or "the server said goodbye")
        if line[0][:10].upper() == b"* VANISHED":
            self.news = True
        elif counted := _COUNTED.match(line[0]):
            number = int(counted[1])
            if counted[2].upper() == b"EXPUNGE":
                self.news = True
                self._exists -= 1
            else:
                self.news = self.news or number > self._exists
                self._exists = number


def _is_as(known: Place, opened: Opened) -> bool:
    return (
        known.uidvalidity == opened.uidvalidity
        and known.count == opened.exists
        and (opened.uidnext is None or known.last_uid == opened.uidnext - 1)
    )


def _is_readable(descriptor: int) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(0))
