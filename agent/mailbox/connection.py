"""One connection: dial, verify, log in, and try again what is temporary."""

import contextlib
import imaplib
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, LoginError, ProtocolError
from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_before_delay, wait_exponential_jitter

from agent.mailbox import problems
from agent.mailbox.interface import MailboxProblem
from agent.mailbox.server import ImapServer

_PATIENCE = 20.0
"""Seconds for all attempts to connect and log in together."""
_ATTEMPTS = 3
_STALE = 30.0
"""Seconds after which a connection is asked whether it still lives before it is used."""


class Login(Protocol):
    """A way to log in: a password now; a token would be another."""

    def __call__(self, client: IMAPClient, server: ImapServer) -> None:
        """Log in, or raise `MailboxProblem`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordLogin:
    """Log in with a password or an app password."""

    secret: str = field(repr=False)

    def __call__(self, client: IMAPClient, server: ImapServer) -> None:
        """Log in by LOGIN, or by AUTHENTICATE PLAIN where the characters or the server ask for it (RFC 4616)."""
        both = server.user + self.secret
        if any(ord(character) < 32 for character in both):
            raise MailboxProblem(f"the user name or the password for {server.host} contains a control character", permanent=True)
        plain, disabled = client.has_capability("AUTH=PLAIN"), client.has_capability("LOGINDISABLED")
        if disabled and not plain:
            raise MailboxProblem(
                f"{server.host} takes no passwords over this connection: check `host` and `port`", permanent=True
            )
        simple = both.isascii() and not set(server.user) & set(' (){%*"\\]')
        try:
            if plain and (disabled or not simple):
                client.plain_login(server.user, self.secret)
            elif simple:
                client.login(server.user, self.secret)
            else:
                raise MailboxProblem(
                    f"{server.host} takes no characters outside ASCII in user name and password: change the password",
                    permanent=True,
                )
        except LoginError as error:
            # Without the cause: its text may repeat the command, and with it the secret.
            raise problems.login_refused(server, str(error), self.secret) from None


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """The folder that is open on a connection."""

    folder: str
    uidvalidity: int
    uidnext: int | None
    exists: int = 0
    """How many messages it holds."""


class Connection:
    """A connection that is made when it is needed, and made anew after it broke. One thread at a time."""

    def __init__(self, server: ImapServer, login: Login) -> None:
        """Do nothing yet."""
        self.server = server
        self._login = login
        self._client: IMAPClient | None = None
        self._opened: Opened | None = None
        self._used_at = 0.0

    def client(self, *, surely_alive: bool = False) -> IMAPClient:
        """Return a client that is logged in; with `surely_alive` it answered a NOOP just now."""
        if self._client is not None and (surely_alive or time.monotonic() - self._used_at > _STALE):
            try:
                self._client.noop()
            except (imaplib.IMAP4.error, OSError):
                self.drop()
        if self._client is None:
            self._client = connect(self.server, self._login)
        self._used_at = time.monotonic()
        return self._client

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
            _hang_up(client)

    def close(self) -> None:
        """Log out; never raises."""
        client, self._client, self._opened = self._client, None, None
        if client is not None:
            try:
                client.socket().settimeout(min(5.0, self.server.timeout_seconds))
                client.logout()
            except (imaplib.IMAP4.error, OSError):
                _hang_up(client)

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

    def _open(self, folder: str, *, readonly: bool) -> Opened:
        client = self.client()
        self._opened = None
        said = client.select_folder(folder, readonly=readonly)
        opened = Opened(
            folder=folder,
            uidvalidity=said.get(b"UIDVALIDITY", 0),
            uidnext=said.get(b"UIDNEXT"),
            exists=said.get(b"EXISTS", 0),
        )
        # A folder that is open for writing is never reused for reading.
        self._opened = opened if readonly else None
        return opened


def connect(server: ImapServer, login: Login) -> IMAPClient:
    """Return a client that is logged in; what is temporary is tried three times within 20 seconds, then raised."""
    began = time.monotonic()
    for attempt in Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, MailboxProblem) and not error.permanent),
        stop=stop_after_attempt(_ATTEMPTS) | stop_before_delay(_PATIENCE),
        wait=wait_exponential_jitter(multiplier=0.5, max=4, jitter=0.5),
        reraise=True,
    ):
        with attempt:
            left = max(1.0, _PATIENCE - (time.monotonic() - began))
            return _attempt(server, login, min(server.timeout_seconds, left))
    raise AssertionError("tenacity ends with a result or with an error")


def _attempt(server: ImapServer, login: Login, timeout: float) -> IMAPClient:
    client = _greeted(server, timeout)
    try:
        login(client, server)
        client.capabilities()
        client.socket().settimeout(server.timeout_seconds)
        _keep_alive(client.socket())
        client.normalise_times = False
    except MailboxProblem:
        _hang_up(client)
        raise
    except (imaplib.IMAP4.abort, OSError) as error:
        _hang_up(client)
        raise problems.broken_off(server, "logging in", error) from None
    except imaplib.IMAP4.error as error:
        _hang_up(client)
        raise problems.refused(server, "the login", str(error)) from None
    return client


def _greeted(server: ImapServer, timeout: float) -> IMAPClient:
    try:
        return _dial(server, _verifying(server), timeout)
    except ssl.SSLCertVerificationError as error:
        raise problems.untrusted(server, error, _names_in_certificate(server, timeout)) from error
    except CapabilityError as error:
        raise MailboxProblem(
            f'{server.host}:{server.port} does not offer STARTTLS: use `security = "tls"` (port 993)', permanent=True
        ) from error
    except OSError as error:
        raise problems.unreachable(server, error) from error
    except imaplib.IMAP4.error as error:
        raise problems.turned_away(server, str(error)) from error


def _dial(server: ImapServer, context: ssl.SSLContext, timeout: float) -> IMAPClient:
    tls = server.security == "tls"
    client = IMAPClient(
        server.host,
        port=server.port,
        ssl=tls,
        ssl_context=context if tls else None,
        timeout=SocketTimeout(connect=timeout, read=timeout),
    )
    # IMAPClient sets 5, which costs most of the time of a fetch and would put whole mails into a debug log.
    client._imap.debug = 0  # noqa: SLF001 - there is no public way
    if not tls:
        try:
            client.starttls(context)
        except (imaplib.IMAP4.error, OSError):
            _hang_up(client)
            raise
    return client


def _verifying(server: ImapServer) -> ssl.SSLContext:
    if server.ca_file is None:
        return ssl.create_default_context()
    if not Path(server.ca_file).is_file():
        raise MailboxProblem(f"ca_file {server.ca_file}: there is no such file", permanent=True)
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except OSError as error:
        raise MailboxProblem(f"ca_file {server.ca_file} cannot be read as PEM certificates", permanent=True) from error


def _names_in_certificate(server: ImapServer, timeout: float) -> list[str]:
    """Return the names in a certificate whose issuer is trusted; nothing but the greeting passes over this connection."""
    context = _verifying(server)
    context.check_hostname = False
    try:
        client = _dial(server, context, timeout)
    except (imaplib.IMAP4.error, OSError):
        return []
    try:
        certificate = client.socket().getpeercert() or {}
    finally:
        _hang_up(client)
    return [value for kind, value in certificate.get("subjectAltName", ()) if kind in {"DNS", "IP Address"}][:5]


def _keep_alive(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 60), ("TCP_KEEPCNT", 3)):
        option = getattr(socket, name, None)
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)


def _hang_up(client: IMAPClient) -> None:
    with contextlib.suppress(imaplib.IMAP4.error, OSError):
        client.shutdown()
