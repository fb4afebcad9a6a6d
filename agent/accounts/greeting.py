"""Whether a mail server is there: it is asked to greet, and to prove its name by its certificate. Nothing secret goes out."""

import contextlib
import imaplib
import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from agent.accounts.autodiscovery import Addresses, Server

TRY_SECONDS = 5.0
"""How long a server may take for each step of its greeting."""


class Outcome(StrEnum):
    """What came of trying a server."""

    FOUND = "found"
    """It greets, and its certificate proves its name."""
    UNTRUSTED = "untrusted"
    """It answers, and its certificate is not trusted or is for another name."""
    UNKNOWN = "unknown"
    """There is no such host."""
    CLOSED = "closed"
    """Nothing listens there, or nobody answers in time."""
    OTHER = "other"
    """What answers is no such server, or has no encryption."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """A server that was tried."""

    server: Server
    outcome: Outcome
    detail: str = ""
    """Why not, in few words."""


def try_all(
    servers: Iterable[Server], names: Addresses, *, ca_file: Path | None = None, seconds: float = TRY_SECONDS
) -> list[Tried]:
    """Return what came of each server, in the same order; all are tried at the same time."""
    wanted = list(servers)
    if not wanted:
        return []
    with ThreadPoolExecutor(len(wanted)) as threads:
        return list(threads.map(lambda server: attempt(server, names, ca_file=ca_file, seconds=seconds), wanted))


def attempt(server: Server, names: Addresses, *, ca_file: Path | None = None, seconds: float = TRY_SECONDS) -> Tried:
    """Return what comes of connecting to a server, up to its greeting over TLS. Nothing is sent that anybody could use."""
    addresses = names.addresses(server.host)
    if not addresses:
        return Tried(server=server, outcome=Outcome.UNKNOWN, detail="there is no such host")
    tried = Tried(server=server, outcome=Outcome.CLOSED, detail="nobody answers there")
    for address in addresses[:3]:
        tried = _attempt(server, address, ca_file, seconds)
        if tried.outcome is not Outcome.CLOSED:
            break
    return tried


def _attempt(server: Server, address: str, ca_file: Path | None, seconds: float) -> Tried:
    try:
        context = ssl.create_default_context(cafile=ca_file)
        with _greeted(server, address, context, seconds):
            return Tried(server=server, outcome=Outcome.FOUND)
    except ssl.SSLCertVerificationError as error:
        return Tried(server=server, outcome=Outcome.UNTRUSTED, detail=error.verify_message)
    except ssl.SSLError:
        return Tried(server=server, outcome=Outcome.OTHER, detail="it does not speak TLS")
    except TimeoutError:
        return Tried(server=server, outcome=Outcome.CLOSED, detail="it does not answer")
    except (imaplib.IMAP4.error, smtplib.SMTPException, ValueError):
        what = "IMAP" if server.protocol == "imap" else "mail"
        return Tried(server=server, outcome=Outcome.OTHER, detail=f"it is no {what} server with encryption")
    except OSError as error:
        return Tried(server=server, outcome=Outcome.CLOSED, detail=(error.strerror or "nobody answers there").lower())


@contextlib.contextmanager
def _greeted(server: Server, address: str, context: ssl.SSLContext, seconds: float) -> Iterator[None]:
    """Connect to an address, as the server of this name, until it greeted over TLS; hang up in the end."""
    connection: _Imap | _Smtp
    connection = (_Imap if server.protocol == "imap" else _Smtp)(server, address, context, seconds)
    try:
        if server.security == "starttls":
            connection.begin_tls(context)
        yield
    finally:
        with contextlib.suppress(OSError):
            connection.hang_up()


def _dial(server: Server, address: str, context: ssl.SSLContext, seconds: float) -> socket.socket:
    plain = socket.create_connection((address, server.port), seconds)
    if server.security == "starttls":
        return plain
    with plain:
        return context.wrap_socket(plain, server_hostname=server.host)


class _Imap(imaplib.IMAP4):
    """The library's connection, to an address that the name servers gave."""

    def __init__(self, server: Server, address: str, context: ssl.SSLContext, seconds: float) -> None:
        self._dialing = (server, address, context, seconds)
        super().__init__(server.host, server.port, seconds)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:  # noqa: ARG002 (the library's own)
        return _dial(*self._dialing)

    def begin_tls(self, context: ssl.SSLContext) -> None:
        """Go over to TLS (RFC 3501 section 6.2.1)."""
        self.starttls(context)

    def hang_up(self) -> None:
        """End the connection without a word."""
        self.shutdown()


class _Smtp(smtplib.SMTP):
    """The library's connection, to an address that the name servers gave."""

    def __init__(self, server: Server, address: str, context: ssl.SSLContext, seconds: float) -> None:
        self._dialing = (server, address, context, seconds)
        super().__init__(server.host, server.port, local_hostname="[127.0.0.1]", timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 (the library's own)
        return _dial(*self._dialing)

    def begin_tls(self, context: ssl.SSLContext) -> None:
        """Go over to TLS (RFC 3207)."""
        self.starttls(context=context)

    def hang_up(self) -> None:
        """End the connection without a word."""
        self.close()
