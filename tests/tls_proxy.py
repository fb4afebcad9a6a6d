r"""A proxy on loopback that ends TLS, so that it can break a connection at an exact octet of what IMAP says.

with TlsProxy(dovecot.starttls_port) as proxy:  # plain to the server; with ca_file=dovecot.ca_file TLS to its port
    mailbox = open_imap(proxy.server(dovecot.server(user)), user.password)
    proxy.begin()                               # counts from nought; forgets what was to go wrong
    proxy.cut_to_client_at(1200, End.RESET)     # 1200 octets of the server's reach the client, then the connection is reset
    proxy.inject_to_client_at(80, b"* 9 EXISTS\r\n")

Octets are counted over all connections since `begin`, TLS left out; of the faults that were asked for the last one holds, once.
"""

import contextlib
import re
import select
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self

import trustme

from agent.mailbox.server import ImapServer

_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")


class End(StrEnum):
    """How a connection ends for the client."""

    CLEAN = "clean"
    """With TLS's close_notify and a FIN."""
    RESET = "reset"
    """With an RST (SO_LINGER 0)."""
    TRUNCATED = "truncated"
    """With a FIN and no close_notify."""


class Toward(StrEnum):
    """A direction."""

    SERVER = "server"
    """What the client says."""
    CLIENT = "client"
    """What the server says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What goes wrong once that many octets have passed."""

    toward: Toward
    at: int
    end: End | None = None
    """The connection ends so."""
    stall: bool = False
    """Nothing passes over this connection any more, either way; it does not end."""
    inject: bytes = b""
    """The server says this, too, at the next end of a line; what follows is lost where the connection ends."""


class _Count:
    """What passed since one `begin`; connections made before it go on counting for their own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.passed = {Toward.SERVER: 0, Toward.CLIENT: 0}
        self.said = bytearray()
        self.connections = 0
        self.fault: Fault | None = None
        self.fault_done = False

    def pass_on(self, toward: Toward, data: bytes, ends: Sequence[int]) -> tuple[bytes, Fault | None]:
        """Return what passes of this, and what goes wrong after it; `ends` says after which octets of it a line is over."""
        with self.lock:
            fault, start = self.fault, self.passed[toward]
            head = None
            if fault is not None and fault.toward is toward:
                places = ends if fault.inject else range(max(0, fault.at - start), len(data) + 1)
                head = next((place for place in places if start + place >= fault.at), None)
            if fault is None or head is None:
                fault = None
            else:
                self.fault, self.fault_done = None, True
                data, rest = data[:head] + fault.inject, data[head:]
                if fault.end is None and not fault.stall:
                    data, fault = data + rest, None
            self.passed[toward] += len(data)
            if toward is Toward.CLIENT:
                self.said += data
            return data, fault


class _Lines:
    """Knows where the lines of one connection end that no literal (RFC 3501 section 4.3) goes on."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._literal = 0

    def ends(self, data: bytes) -> list[int]:
        """Return after how many octets of what comes next a line is over."""
        found, at = [], 0
        while at < len(data):
            if self._literal:
                step = min(self._literal, len(data) - at)
                self._literal -= step
                at += step
                continue
            end = data.find(b"\n", at)
            step = (end + 1 if end >= 0 else len(data)) - at
            self._line += data[at : at + step]
            at += step
            if end >= 0:
                counted = _LITERAL.search(self._line)
                if counted:
                    self._literal = int(counted[1])
                else:
                    found.append(at)
                self._line.clear()
        return found


class TlsProxy:
    """Passes octets between any number of clients and one server. Start it with `with`."""

    def __init__(self, target_port: int, *, ca_file: str = "") -> None:
        """Listen on a free port for a server on loopback, which is spoken to in TLS where `ca_file` names its authority."""
        self._target = target_port
        self._to_server = ssl.create_default_context(cafile=ca_file) if ca_file else None
        self._folder = tempfile.TemporaryDirectory(prefix="tls-proxy-")
        self._to_client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # Without tickets nothing but the stream itself passes after the handshake.
        self._to_client.num_tickets = 0
        self.ca_file: str = str(Path(self._folder.name) / "ca.pem")
        self._write_certificate()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port: int = self._listener.getsockname()[1]
        self._count = _Count()
        self._ending = threading.Event()
        self._pause: tuple[int, float] | None = None
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        """End all connections."""
        self._ending.set()
        self.end_connections()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=10)
        self._folder.cleanup()

    def server(self, server: ImapServer) -> ImapServer:
        """Return how to reach the server through this proxy."""
        return replace(server, host="localhost", port=self.port, security="tls", ca_file=self.ca_file)

    def begin(self, fault: Fault | None = None) -> None:
        """Count from nought from now on; this goes wrong with the connections made from now on."""
        self._count = _Count()
        self._count.fault = fault

    def cut_to_server_at(self, octets: int, end: End = End.CLEAN) -> None:
        """End the connection when so many octets of the client's have gone to the server; what it answers is lost."""
        self._count.fault = Fault(toward=Toward.SERVER, at=octets, end=end)

    def cut_to_client_at(self, octets: int, end: End = End.CLEAN) -> None:
        """End the connection when so many octets of the server's have gone to the client."""
        self._count.fault = Fault(toward=Toward.CLIENT, at=octets, end=end)

    def stall_to_server_at(self, octets: int) -> None:
        """Let the connection go silent when so many octets of the client's have gone to the server."""
        self._count.fault = Fault(toward=Toward.SERVER, at=octets, stall=True)

    def stall_to_client_at(self, octets: int) -> None:
        """Let the connection go silent when so many octets of the server's have gone to the client."""
        self._count.fault = Fault(toward=Toward.CLIENT, at=octets, stall=True)

    def inject_to_client_at(self, octets: int, data: bytes) -> None:
        """Let the server say this, too, after so many octets, where a line of its own is over."""
        self._count.fault = Fault(toward=Toward.CLIENT, at=octets, inject=data)

    def drip(self, octets_per_second: int | None) -> None:
        """Let no more than this pass to a client from now on; None for no limit."""
        self._pause = None if octets_per_second is None else (max(1, octets_per_second // 50), 1 / min(50, octets_per_second))

    def end_connections(self) -> None:
        """End what is connected now; new connections are taken."""
        for sock in list(self._open):
            # Not SSLSocket's own, which another thread is using: the TCP connection below it.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    @property
    def to_server(self) -> int:
        """How many octets have gone to the server since `begin`."""
        return self._count.passed[Toward.SERVER]

    @property
    def to_client(self) -> int:
        """How many octets have gone to clients since `begin`."""
        return self._count.passed[Toward.CLIENT]

    @property
    def said(self) -> bytes:
        """What has gone to clients since `begin`."""
        return bytes(self._count.said)

    @property
    def connections(self) -> int:
        """How many clients have come since `begin`."""
        return self._count.connections

    @property
    def fault_done(self) -> bool:
        """Whether what was to go wrong since `begin` has gone wrong."""
        return self._count.fault_done

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._run(self._serve, client, self._count)

    def _serve(self, raw_client: socket.socket, count: _Count) -> None:
        count.connections += 1
        raw_server = socket.create_connection(("127.0.0.1", self._target))
        client: socket.socket = raw_client
        server: socket.socket = raw_server
        try:
            for sock in (raw_client, raw_server):
                sock.settimeout(10)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client = self._to_client.wrap_socket(raw_client, server_side=True)
            if self._to_server is not None:
                server = self._to_server.wrap_socket(raw_server, server_hostname="localhost")
            self._open |= {client, server}
            end = self._relay(client, server, count)
        except OSError:
            end = End.RESET
        finally:
            self._open -= {client, server}
        _end(client, end)
        _end(server, End.CLEAN)

    def _relay(self, client: socket.socket, server: socket.socket, count: _Count) -> End:
        """Pass octets until one side ends or something goes wrong; return how the connection is to end for the client."""
        stalled = False
        lines = {Toward.SERVER: _Lines(), Toward.CLIENT: _Lines()}
        while True:
            ready, _, _ = select.select([client, server], [], [])
            for sock in ready:
                data = _received(sock)
                if data is None:
                    if stalled and sock is server:
                        # Silence lasts until the client gives up.
                        client.setblocking(True)
                        client.settimeout(60)
                        while client.recv(65536):
                            pass
                    return End.CLEAN
                if stalled or not data:
                    continue
                toward = Toward.SERVER if sock is client else Toward.CLIENT
                data, fault = count.pass_on(toward, data, lines[toward].ends(data))
                self._send(server if sock is client else client, data, slowly=sock is server)
                if fault is not None and fault.end is not None:
                    return fault.end
                stalled = fault is not None

    def _send(self, sock: socket.socket, data: bytes, *, slowly: bool) -> None:
        sock.settimeout(30)
        pause = self._pause if slowly else None
        if pause is None:
            sock.sendall(data)
            return
        step, seconds = pause
        for start in range(0, len(data), step):
            sock.sendall(data[start : start + step])
            if self._ending.wait(seconds):
                return

    def _write_certificate(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_file)
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(self._to_client)

    def _run(self, work: object, *arguments: object) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()


def _received(sock: socket.socket) -> bytes | None:
    """Return what has come, which may be nothing yet; None at the end."""
    sock.setblocking(False)
    data = b""
    try:
        while True:
            more = sock.recv(65536)
            if not more:
                # What came before the end is passed on first; the end is seen again with the next look.
                return data or None
            data += more
    except (BlockingIOError, ssl.SSLWantReadError):
        return data
    except OSError:
        return data or None


def _end(sock: socket.socket, end: End) -> None:
    with contextlib.suppress(OSError, ValueError):
        if end is End.RESET:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            if end is End.CLEAN and isinstance(sock, ssl.SSLSocket):
                sock.setblocking(False)
                with contextlib.suppress(OSError, ValueError):
                    sock.unwrap()
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
    sock.close()
