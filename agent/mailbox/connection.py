"""One connection: made when it is needed, and made anew after it broke."""

import contextlib
import imaplib
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError
from imapclient.imap_utf7 import encode as to_modified_utf7

from agent.mailbox import problems
from agent.mailbox.dialing import connect, hang_up
from agent.mailbox.interface import MailboxProblem
from agent.mailbox.login import Login, PasswordLogin
from agent.mailbox.server import ImapServer
from agent.mailbox.wire import Line, Verdict, Wire

__all__ = ["Connection", "Login", "Opened", "PasswordLogin", "quoted"]

_STALE = 30.0
"""Seconds after which a connection is asked whether it still lives before it is used."""
_SIGN_OF_LIFE = 15.0
"""Seconds for the answer to that, where the longest wait is not set to less."""
_EXISTS = re.compile(rb"\* (\d{1,20}) EXISTS\Z", re.IGNORECASE)
_NUMBER = re.compile(rb"\* OK +\[(UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ) +(\d{1,20})\]", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """The folder that is open on a connection."""

    folder: str
    uidvalidity: int
    uidnext: int | None
    exists: int = 0
    """How many messages it holds."""
    modseq: int | None = None
    """HIGHESTMODSEQ (RFC 7162), where the server keeps it."""


class Connection:
    """A connection that is made when it is needed, and made anew after it broke. One thread at a time."""

    def __init__(self, server: ImapServer, login: Login) -> None:
        """Do nothing yet."""
        self.server = server
        self._login = login
        self._client: IMAPClient | None = None
        self._opened: Opened | None = None
        self._used_at = (0.0, 0.0)
        self._abandoned = False

    def client(self, *, surely_alive: bool = False) -> IMAPClient:
        """Return a client that is logged in; with `surely_alive` it answered a NOOP just now."""
        if self._client is not None and (surely_alive or self._is_stale()):
            try:
                self._client.socket().settimeout(min(_SIGN_OF_LIFE, self.server.timeout_seconds))
                self._client.noop()
                self._client.socket().settimeout(self.server.timeout_seconds)
            except (imaplib.IMAP4.error, OSError):
                self.drop()
        if self._abandoned:
            raise MailboxProblem(f"the connection to {self.server.host} was given up: the service ends", permanent=False)
        if self._client is None:
            self._client = connect(self.server, self._login)
        self.answered()
        return self._client

    def answered(self) -> None:
        """Note that the server answered just now."""
        self._used_at = (time.monotonic(), time.time())

    def examine(self, folder: str) -> Opened:
        """Open a folder read-only (EXAMINE) and return what is true of it now."""
        return self._open(folder, readonly=True)

    def select(self, folder: str) -> Opened:
        """Open a folder for writing; `imaplib.IMAP4.readonly` where the server does not allow it."""
        return self._open(folder, readonly=False)

    def within(self, opened: Opened) -> IMAPClient:
        """Return the client with this folder open, read-only, opening it again where another was used meanwhile."""
        client = self.client()
        if self._opened is None or self._opened.folder != opened.folder:
            now = self.examine(opened.folder)
            if now.uidvalidity != opened.uidvalidity:
                raise MailboxProblem(
                    f'the folder "{opened.folder}" got new UIDs from {self.server.host} while it was read; it will be read again',
                    permanent=False,
                )
            return self.client()
        return client

    def leave(self) -> None:
        """Forget which folder is open, so that the next use opens it read-only."""
        self._opened = None

    def drop(self) -> None:
        """Give the connection up without a word; the next use makes a new one."""
        client, self._client, self._opened = self._client, None, None
        if client is not None:
            hang_up(client)

    def close(self) -> None:
        """Log out; never raises."""
        client, self._client, self._opened = self._client, None, None
        if client is not None:
            try:
                client.socket().settimeout(min(5.0, self.server.timeout_seconds))
                client.logout()
            except (imaplib.IMAP4.error, OSError):
                hang_up(client)

    def abandon(self) -> None:
        """End, from another thread, what waits on this connection; none is made any more. Never raises and never waits."""
        self._abandoned = True
        client = self._client
        if client is not None:
            with contextlib.suppress(OSError):
                # Of the TCP connection alone: the TLS layer belongs to the thread that reads from it.
                socket.socket.shutdown(client.socket(), socket.SHUT_RDWR)

    @contextlib.contextmanager
    def asking(self, doing: str) -> Iterator[None]:
        """Turn what goes wrong inside into a `MailboxProblem` that says what was being done."""
        try:
            yield
        except imaplib.IMAP4.readonly as error:
            self.leave()
            raise problems.refused(self.server, doing, f"[READ-ONLY] {error}") from error
        except (imaplib.IMAP4.abort, OSError) as error:
            self.drop()
            raise problems.broken_off(self.server, doing, error) from error
        except ProtocolError as error:
            self.drop()
            raise problems.unreadable(self.server, doing, error) from None
        except imaplib.IMAP4.error as error:
            self.leave()
            raise problems.refused(self.server, doing, str(error)) from error

    def _is_stale(self) -> bool:
        # The one clock stands while the machine sleeps, the other is set by hand.
        passed = (time.monotonic() - self._used_at[0], time.time() - self._used_at[1])
        return max(passed) > _STALE or min(passed) < 0

    def _open(self, folder: str, *, readonly: bool) -> Opened:
        client = self.client()
        self._opened = None
        verdicts: list[Verdict] = []
        command = b"%s %s" % (b"EXAMINE" if readonly else b"SELECT", quoted(folder))
        # All of it, before anything is concluded: what is left unread would be taken for the next answer.
        lines = list(Wire.of(client).pipeline([command], verdicts))
        if verdicts[0].status != "OK":
            raise imaplib.IMAP4.error(verdicts[0].text)
        if not readonly and "[READ-ONLY]" in verdicts[0].text.upper():
            raise imaplib.IMAP4.readonly(verdicts[0].text)
        imap = client._imap  # noqa: SLF001 - the library refuses commands of a state that it did not see begin
        imap.state, imap.is_readonly, imap.untagged_responses = "SELECTED", readonly, {}
        opened = _opened(folder, lines)
        # A folder that is open for writing is never reused for reading.
        self._opened = opened if readonly else None
        return opened


def quoted(folder: str) -> bytes:
    """Return a folder's name as a quoted string in modified UTF-7 (RFC 3501 section 5.1.3)."""
    name: bytes = to_modified_utf7(folder)
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _opened(folder: str, lines: list[Line]) -> Opened:
    """Return what SELECT or EXAMINE said; where it said it twice, as of mail that came in between, the last."""
    exists = 0
    numbers: dict[bytes, int] = {}
    for line in lines:
        if counted := _EXISTS.match(line[0]):
            exists = int(counted[1])
        elif numbered := _NUMBER.match(line[0]):
            numbers[numbered[1].upper()] = int(numbered[2])
    return Opened(
        folder=folder,
        uidvalidity=numbers.get(b"UIDVALIDITY", 0),
        uidnext=numbers.get(b"UIDNEXT"),
        exists=exists,
        modseq=numbers.get(b"HIGHESTMODSEQ"),
    )
