"""Finding the mail servers of an address: SRV records (RFC 6186, RFC 8314), MX records, the usual names."""

import contextlib
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Literal, Protocol

Service = Literal["imap", "smtp"]
Security = Literal["tls", "starttls"]

DNS_SECONDS = 3.0
"""How long one question to the name servers may take in all."""

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


def _plain(name: object) -> str:
    return str(name).rstrip(".").lower()
