"""A TCP proxy on loopback that breaks connections at a chosen point; TLS passes through it as bytes.

with Proxy(dovecot.port) as proxy:
    mailbox = open_imap(dovecot.server(user, port=proxy.port), user.password)
    proxy.cut_after(100)           # ends the connection when 100 more octets have gone to the server
    proxy.lose_answer_after(5000)  # once 5000 more octets have gone to the server: throws its answer away and ends the connection
    proxy.stall()                  # lets nothing through any more, and ends nothing
"""

import contextlib
import socket
import threading
from typing import Self


class Proxy:
    """Passes octets between any number of clients and one server."""

    def __init__(self, target_port: int) -> None:
        """Listen on a free port for a server on loopback."""
        self._target = target_port
        self._lock = threading.Lock()
        self._left: int | None = None
        self._loses_answer = False
        self._stalled = False
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        """How many clients have come so far."""
        self.octets_to_clients = 0
        """How much the server has said so far, TLS included."""

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        """End all connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.end_connections()
        for thread in self._threads:
            thread.join(timeout=10)

    def cut_after(self, octets: int) -> None:
        """End the connection when this many more octets have gone to the server; once."""
        with self._lock:
            self._left, self._loses_answer = octets, False

    def lose_answer_after(self, octets: int) -> None:
        """Throw the server's next answer away when this many more octets have gone to it, and end the connection; once."""
        with self._lock:
            self._left, self._loses_answer = octets, True

    def stall(self) -> None:
        """Let nothing through any more."""
        self._stalled = True

    def flow(self) -> None:
        """Let new octets through again."""
        self._stalled = False

    def end_connections(self) -> None:
        """End what is connected now; new connections are taken."""
        for sock in self._sockets:
            _end(sock)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self._target))
            self._sockets += [client, server]
            self._run(self._to_server, client, server)
            self._run(self._to_client, client, server)

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        while data := _received(client):
            if self._stalled:
                continue
            with self._lock:
                cut = self._left is not None and not self._loses_answer and len(data) >= self._left
                if cut:
                    data, self._left = data[: self._left], None
                elif self._left is not None:
                    self._left = max(0, self._left - len(data))
            _send(server, data)
            if cut:
                break
        _end(client)
        _end(server)

    def _to_client(self, client: socket.socket, server: socket.socket) -> None:
        while data := _received(server):
            if self._stalled:
                continue
            with self._lock:
                lost = self._loses_answer and self._left == 0
                if lost:
                    self._left, self._loses_answer = None, False
            if lost:
                break
            self.octets_to_clients += len(data)
            _send(client, data)
        _end(client)
        _end(server)

    def _run(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()


def _received(sock: socket.socket) -> bytes:
    try:
        return sock.recv(65536)
    except OSError:
        return b""


def _send(sock: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        sock.sendall(data)


def _end(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
