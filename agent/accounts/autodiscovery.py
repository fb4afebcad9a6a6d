"""Finding the mail servers of an address: SRV records (RFC 6186, RFC 8314), MX records, the usual names; each tried over TLS.

Nothing secret is sent anywhere: a server is only asked to greet, and to prove its name by its certificate.
"""

import contextlib
import imaplib
import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, Protocol

Service = Literal["imap", "smtp"]
Security = Literal["tls", "starttls"]

DNS_SECONDS = 3.0
"""How long one question to the name servers may take in all."""
TRY_SECONDS = 5.0
"""How long a server may take for each step of its greeting."""

_SERVICES: dict[Service, tuple[tuple[str, Security], ...]] = {
    "imap": (("_imaps._tcp", "tls"), ("_imap._tcp", "starttls")),
    "smtp": (("_submissions._tcp", "tls"), ("_submission._tcp", "starttls")),
}
"""TLS from the first octet goes first (RFC 8314 section 3)."""
_USUAL: dict[Service, tuple[tuple[str, int, Security], ...]] = {
    "imap": (
        ("imap.{}", 993, "tls"),
        ("mail.{}", 993, "tls"),
        ("{}", 993, "tls"),
        ("imap.{}", 143, "starttls"),
        ("mail.{}", 143, "starttls"),
    ),
    "smtp": (
        ("smtp.{}", 465, "tls"),
        ("mail.{}", 465, "tls"),
        ("{}", 465, "tls"),
        ("smtp.{}", 587, "starttls"),
        ("mail.{}", 587, "starttls"),
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """Where a mail server may stand."""

    protocol: Service
    host: str
    port: int
    security: Security

    def __str__(self) -> str:
        how = "TLS" if self.security == "tls" else "STARTTLS"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port} ({how})"


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the name servers say of a mail domain."""

    mx: tuple[str, ...] = ()
    """The hosts that take its mail in, the preferred first, in lower case without the dot at the end."""
    announced: tuple[Server, ...] = ()
    """Servers by SRV records, in the order in which they should be tried."""
    reachable: bool = True
    """False where no name server answered."""


class Addresses(Protocol):
    """Knows the IP addresses of hosts."""

    def addresses(self, host: str) -> tuple[str, ...]:
        """Return the IP addresses of a host, none where there is no such host."""


class SystemNames:
    """Asks the system, as every connection does later: its own table of hosts, then the name servers."""

    def addresses(self, host: str) -> tuple[str, ...]:
        """Return the IP addresses of a host."""
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return ()
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Names:
    """Asks the name servers, each question once at most."""

    def __init__(self, *, nameservers: Sequence[str] = (), port: int = 53, seconds: float = DNS_SECONDS) -> None:
        """Use the name servers of the system, unless others are named."""
        import dns.exception
        import dns.resolver

        try:
            self._resolver = dns.resolver.Resolver(configure=not nameservers)
        except (dns.exception.DNSException, OSError):
            self._resolver = dns.resolver.Resolver(configure=False)
        if nameservers:
            self._resolver.nameservers = list(nameservers)
            self._resolver.port = port
        self._resolver.timeout = min(1.5, seconds)
        self._resolver.lifetime = seconds
        self._answered = False

    def told(self, domain: str) -> Told:
        """Return what is said of a mail domain; empty where there is nothing, or nobody to ask."""
        questions = [(domain, "MX"), *((f"{service}.{domain}", "SRV") for kinds in _SERVICES.values() for service, _ in kinds)]
        with ThreadPoolExecutor(len(questions)) as threads:
            answers = dict(zip(questions, threads.map(lambda question: self._ask(*question), questions), strict=True))
        mx = sorted((record.preference, _plain(record.exchange)) for record in answers[domain, "MX"])
        announced = [
            Server(protocol=protocol, host=_plain(record.target), port=record.port, security=security)
            for protocol, kinds in _SERVICES.items()
            for service, security in kinds
            for record in sorted(answers[f"{service}.{domain}", "SRV"], key=lambda each: (each.priority, -each.weight))
            if _plain(record.target)  # a dot alone: there is no such service (RFC 6186 section 3.4)
        ]
        return Told(mx=tuple(host for _, host in mx if host), announced=tuple(announced), reachable=self._answered)

    def addresses(self, host: str) -> tuple[str, ...]:
        """Return the IP addresses of a host: of an address itself, of the system's own table, else by A and AAAA records."""
        with contextlib.suppress(ValueError):
            return (str(ip_address(host)),)
        if host == "localhost" or host.endswith(".localhost"):
            return ("127.0.0.1", "::1")  # RFC 6761 section 6.3
        return tuple(record.address for kind in ("A", "AAAA") for record in self._ask(host, kind))

    def _ask(self, name: str, kind: str) -> list[Any]:
        import dns.exception
        import dns.resolver

        try:
            answer = list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            self._answered = True
            return []
        except (dns.exception.DNSException, OSError, ValueError):
            return []
        self._answered = True
        return answer


def usual(domain: str, protocol: Service) -> list[Server]:
    """Return where the servers of a domain mostly stand, the likeliest first."""
    return [
        Server(protocol=protocol, host=pattern.format(domain), port=port, security=security)
        for pattern, port, security in _USUAL[protocol]
    ]


def candidates(told: Told, domain: str, protocol: Service) -> list[Server]:
    """Return all servers that are worth a try, those first that the domain itself announces."""
    announced = [server for server in told.announced if server.protocol == protocol]
    return list(dict.fromkeys([*announced, *usual(domain, protocol)]))


def try_all(servers: Iterable[Server], names: Names, *, ca_file: Path | None = None, seconds: float = TRY_SECONDS) -> list[Tried]:
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


def try_login(
    server: Server, user: str, password: str, names: Addresses, *, ca_file: Path | None = None, seconds: float = 20.0
) -> str:
    """Sign in at a server that takes mail, once, and hang up; return why not, in few words, or nothing."""
    problem = "nobody answers there"
    for address in names.addresses(server.host)[:1]:
        connection = None
        try:
            connection = _Smtp(server, address, ssl.create_default_context(cafile=ca_file), seconds)
            if server.security == "starttls":
                connection.starttls(context=ssl.create_default_context(cafile=ca_file))
            connection.login(user, password)
            problem = ""
        except smtplib.SMTPResponseException as error:
            said = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
            problem = f"it says: {' '.join(said.replace(password, '***').split())[:200]}"
        except (smtplib.SMTPException, OSError, ValueError) as error:
            problem = f"the connection failed ({type(error).__name__})"
        finally:
            if connection is not None:
                connection.hang_up()
    return problem


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


def _plain(name: object) -> str:
    return str(name).rstrip(".").lower()
