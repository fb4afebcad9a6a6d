"""Finding the servers of an address: by a real name server on loopback, and a real Dovecot that proves its name."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from agent.accounts.autodiscovery import Names, Server, SystemNames, Told, candidates, usual
from agent.accounts.greeting import Outcome, attempt, try_all
from tests.dovecot import Dovecot

Zone = Mapping[tuple[str, str], list[str]]
"""(name, type) → the data of its records."""


class NameServer:
    """Answers questions about one zone over UDP; all other names do not exist."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.asked: list[str] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                data, sender = self._socket.recvfrom(4096)
                if not data:
                    return
                self._socket.sendto(self._answer(dns.message.from_wire(data)).to_wire(), sender)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{name} {kind}")
        if found := self._zone.get((name, kind)):
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, found))
        elif not any(known == name for known, _ in self._zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer


@pytest.fixture
def ask() -> Iterator[Callable[[Zone], Names]]:
    """Give what asks a name server of its own about a zone."""
    started: list[NameServer] = []

    def start(zone: Zone) -> Names:
        server = NameServer(zone)
        server.start()
        started.append(server)
        return Names(nameservers=["127.0.0.1"], port=server.port)

    yield start
    for server in started:
        server.stop()


def imap(host: str, port: int = 993, security: str = "tls") -> Server:
    return Server(protocol="imap", host=host, port=port, security="tls" if security == "tls" else "starttls")


def test_a_domain_announces_its_servers(ask: Callable[[Zone], Names]) -> None:
    names = ask({
        ("acme.example", "MX"): ["20 second.acme.example.", "10 First.Acme.Example."],
        ("_imaps._tcp.acme.example", "SRV"): ["9 5 1993 b.acme.example.", "9 50 1993 a.acme.example.", "0 0 993 c.acme.example."],
        ("_imap._tcp.acme.example", "SRV"): ["0 0 143 plain.acme.example."],
        ("_submissions._tcp.acme.example", "SRV"): ["0 0 465 out.acme.example."],
    })  # fmt: skip

    told = names.told("acme.example")

    assert told.reachable
    assert told.mx == ("first.acme.example", "second.acme.example")
    assert [str(server) for server in told.announced] == [
        "c.acme.example:993 (TLS)", "a.acme.example:1993 (TLS)", "b.acme.example:1993 (TLS)",
        "plain.acme.example:143 (STARTTLS)", "out.acme.example:465 (TLS)",
    ]  # fmt: skip


def test_a_service_that_is_announced_as_absent_is_no_server(ask: Callable[[Zone], Names]) -> None:
    names = ask({("_imap._tcp.acme.example", "SRV"): ["0 0 0 ."], ("acme.example", "MX"): ["0 ."]})

    assert names.told("acme.example") == Told(mx=(), announced=(), reachable=True)


def test_what_the_domain_announces_is_tried_before_the_usual_names(ask: Callable[[Zone], Names]) -> None:
    names = ask({("_imaps._tcp.acme.example", "SRV"): ["0 0 993 mail.acme.example."]})

    tried = candidates(names.told("acme.example"), "acme.example", "imap")

    assert [str(server) for server in tried] == [
        "mail.acme.example:993 (TLS)", "imap.acme.example:993 (TLS)", "acme.example:993 (TLS)",
        "imap.acme.example:143 (STARTTLS)", "mail.acme.example:143 (STARTTLS)",
    ]  # fmt: skip
    assert [server.port for server in usual("acme.example", "smtp")] == [465, 465, 465, 587, 587]


def test_a_server_is_found_when_it_greets_under_the_announced_name(ask: Callable[[Zone], Names]) -> None:
    with Dovecot(names=["imap.acme.example"]) as server:
        names = ask({
            ("_imaps._tcp.acme.example", "SRV"): [f"0 0 {server.port} imap.acme.example."],
            ("_imap._tcp.acme.example", "SRV"): [f"0 0 {server.starttls_port} imap.acme.example."],
            ("imap.acme.example", "A"): ["127.0.0.1"],
            ("other.acme.example", "A"): ["127.0.0.1"],
        })  # fmt: skip
        announced = names.told("acme.example").announced
        mine = Path(server.ca_file)

        assert [each.outcome for each in try_all(announced, names, ca_file=mine)] == [Outcome.FOUND, Outcome.FOUND]
        assert [each.outcome for each in try_all(announced, names)] == [Outcome.UNTRUSTED, Outcome.UNTRUSTED]
        wrong = [imap("other.acme.example", server.port), imap("nobody.acme.example"), imap("imap.acme.example", 1)]
        assert [(each.outcome, each.detail) for each in try_all(wrong, names, ca_file=mine)] == [
            (Outcome.UNTRUSTED, "Hostname mismatch, certificate is not valid for 'other.acme.example'."),
            (Outcome.UNKNOWN, "there is no such host"),
            (Outcome.CLOSED, "connection refused"),
        ]
        crossed = [imap("imap.acme.example", server.starttls_port)]
        assert [each.outcome for each in try_all(crossed, names, ca_file=mine)] == [Outcome.OTHER]


def test_what_is_no_mail_server_is_not_taken_for_one(ask: Callable[[Zone], Names], dovecot: Dovecot) -> None:
    smtp = Server(protocol="smtp", host="localhost", port=dovecot.port, security="tls")

    tried = attempt(smtp, SystemNames(), ca_file=Path(dovecot.ca_file), seconds=3)

    assert (tried.outcome, tried.detail) == (Outcome.OTHER, "it is no mail server with encryption")


def test_without_a_network_it_ends_soon_and_calmly() -> None:
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 0))
    with silent:
        names = Names(nameservers=["127.0.0.1"], port=silent.getsockname()[1], seconds=0.3)

        assert names.told("acme.example") == Told(reachable=False)
        assert [each.outcome for each in try_all(usual("acme.example", "imap")[:2], names)] == [Outcome.UNKNOWN] * 2


@pytest.mark.parametrize("domain", ["", "a..b", "x" * 70 + ".example", "exa mple", "ü.example"])
def test_a_name_that_cannot_be_asked_for_is_one_that_nobody_has(domain: str, ask: Callable[[Zone], Names]) -> None:
    names = ask({})

    assert names.told(domain).announced == ()
    assert names.addresses(f"imap.{domain}") == ()
