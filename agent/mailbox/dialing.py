"""How a connection comes about: TCP, TLS with the name proved, the greeting, the login."""

import contextlib
import imaplib
import socket
import ssl
import time
from pathlib import Path

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError
from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_before_delay, wait_exponential_jitter

from agent.mailbox import problems
from agent.mailbox.deadline import PlainSocket, TlsSocket, allow
from agent.mailbox.interface import MailboxProblem
from agent.mailbox.login import Login
from agent.mailbox.server import ImapServer

_PATIENCE = 20.0
"""Seconds for all attempts to connect together, and as many for the login."""
_ATTEMPTS = 3
_WHOLE_ANSWER = 5
"""Times the longest wait for one octet that a whole answer may take, beside what its length asks for."""
_LONGEST_ANSWER = 300.0
"""Seconds, where the longest wait for one octet is not set to more."""


def connect(server: ImapServer, login: Login) -> IMAPClient:
    """Return a client that is logged in, or raise `MailboxProblem`.

    Where no server greets, that is tried three times within 20 seconds. Once a password was sent nothing is tried again here:
    a login that is repeated after a refusal locks accounts. A provider that asks to be left in peace is not called again either.
    """
    login.prepare()
    began = time.monotonic()
    for attempt in Retrying(
        retry=retry_if_exception(_is_worth_another_try),
        stop=stop_after_attempt(_ATTEMPTS) | stop_before_delay(_PATIENCE),
        wait=wait_exponential_jitter(multiplier=0.5, max=4, jitter=0.5),
        reraise=True,
    ):
        with attempt:
            left = max(1.0, _PATIENCE - (time.monotonic() - began))
            client = _greeted(server, min(server.timeout_seconds, left))
    return _logged_in(client, server, login)


def hang_up(client: IMAPClient) -> None:
    """End a connection without a word; never raises."""
    with contextlib.suppress(imaplib.IMAP4.error, OSError):
        client.shutdown()


class _Imap(imaplib.IMAP4):
    """The library's connection, over sockets with a deadline."""

    def __init__(self, server: ImapServer, context: ssl.SSLContext | None, timeout: float) -> None:
        self._context, self._timeout = context, timeout
        super().__init__(server.host, server.port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        plain = socket.create_connection((self.host, self.port), timeout or self._timeout)
        _keep_alive(plain)
        made: socket.socket
        if self._context is None:
            made = PlainSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())
            made.settimeout(self._timeout)
        else:
            with plain:
                made = self._context.wrap_socket(plain, server_hostname=self.host)
        allow(made, self._timeout)
        return made

    def _get_capabilities(self) -> None:
        # What was said before TLS began, anyone on the way may have said (RFC 9051 section 11.1).
        self.untagged_responses.clear()
        allow(self.sock, self._timeout)
        super()._get_capabilities()  # type: ignore[misc]


class _Client(IMAPClient):  # type: ignore[misc] # the library has no types
    """The library's client, over the connection above."""

    def __init__(self, server: ImapServer, context: ssl.SSLContext | None, timeout: float) -> None:
        self._server, self._first_context = server, context
        super().__init__(
            server.host,
            port=server.port,
            ssl=context is not None,
            ssl_context=context,
            timeout=SocketTimeout(connect=timeout, read=timeout),
        )
        # The library sets 5, which costs most of the time of a fetch and would put whole mails into a debug log.
        self._imap.debug = 0

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - the library's name
        return _Imap(self._server, self._first_context, self._timeout.connect)


def _is_worth_another_try(error: BaseException) -> bool:
    return isinstance(error, MailboxProblem) and not error.permanent and error.retry_after is None


def _logged_in(client: IMAPClient, server: ImapServer, login: Login) -> IMAPClient:
    try:
        allow(client.socket(), min(server.timeout_seconds, _PATIENCE))
        client._imap.untagged_responses.pop("CAPABILITY", None)  # noqa: SLF001 - there is no public way
        login(client, server)
        _take_up_capabilities(client)
        client.socket().settimeout(server.timeout_seconds)
        allow(client.socket(), max(server.timeout_seconds, min(_WHOLE_ANSWER * server.timeout_seconds, _LONGEST_ANSWER)))
        client.normalise_times = False
    except MailboxProblem:
        hang_up(client)
        raise
    except (imaplib.IMAP4.abort, OSError) as error:
        hang_up(client)
        raise problems.broken_off(server, "logging in", error) from None
    except imaplib.IMAP4.error as error:
        hang_up(client)
        raise problems.refused(server, "the login", str(error)) from None
    except BaseException:
        # Whatever ends it (a stop, too): no connection is left open that nobody knows of.
        hang_up(client)
        raise
    return client


def _take_up_capabilities(client: IMAPClient) -> None:
    """Forget what the server could before the login; it may say what it can now with its answer, else it is asked."""
    imap = client._imap  # noqa: SLF001 - see above
    said = imap.untagged_responses.pop("CAPABILITY", None)
    if not said:
        _, said = imap.capability()
    if not said or not isinstance(said[-1], bytes):
        raise imaplib.IMAP4.error("the server does not say what it can")
    client._cached_capabilities = tuple(said[-1].upper().split())  # noqa: SLF001 - see above


def _greeted(server: ImapServer, timeout: float) -> IMAPClient:
    try:
        client = _dial(server, _verifying(server), timeout)
    except ssl.SSLCertVerificationError as error:
        raise problems.untrusted(server, error, _names_in_certificate(server, timeout)) from error
    except OSError as error:
        raise problems.unreachable(server, error) from error
    except imaplib.IMAP4.error as error:
        said = str(error)
        if "* BYE" in said or said.startswith("command: ") or "socket error: EOF" in said:
            raise problems.turned_away(server, said) from error
        # Without the cause: what it repeats is no word of a mail server.
        raise problems.no_greeting(server) from None
    return client


def _dial(server: ImapServer, context: ssl.SSLContext, timeout: float) -> IMAPClient:
    client = _Client(server, context if server.security == "tls" else None, timeout)
    if client._imap.state != "NONAUTH":  # noqa: SLF001 - see above
        hang_up(client)
        raise problems.logged_in_already(server)
    try:
        if server.security == "starttls":
            _start_tls(client, server, context)
    except BaseException:
        hang_up(client)
        raise
    return client


def _start_tls(client: IMAPClient, server: ImapServer, context: ssl.SSLContext) -> None:
    try:
        client.starttls(context)
    except CapabilityError:
        raise problems.without_starttls(server) from None
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise problems.without_starttls(server, str(error)) from error


def _verifying(server: ImapServer) -> ssl.SSLContext:
    if server.ca_file is not None and not Path(server.ca_file).is_file():
        raise MailboxProblem(f"ca_file {server.ca_file}: there is no such file", permanent=True)
    try:
        context = ssl.create_default_context(cafile=server.ca_file)
    except OSError as error:
        raise MailboxProblem(f"ca_file {server.ca_file} cannot be read as PEM certificates", permanent=True) from error
    context.sslsocket_class = TlsSocket
    return context


def _names_in_certificate(server: ImapServer, timeout: float) -> list[str]:
    """Return the names in a certificate whose issuer is trusted; nothing but the greeting passes over this connection."""
    context = _verifying(server)
    context.check_hostname = False
    try:
        client = _dial(server, context, timeout)
    except (imaplib.IMAP4.error, OSError, MailboxProblem):
        return []
    try:
        certificate = client.socket().getpeercert() or {}
    finally:
        hang_up(client)
    return [value for kind, value in certificate.get("subjectAltName", ()) if kind in {"DNS", "IP Address"}][:5]


def _keep_alive(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # A draft goes out in two writes: without this the second waits for the server's delayed acknowledgement, some 45 ms.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 60), ("TCP_KEEPCNT", 3)):
        option = getattr(socket, name, None)
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
