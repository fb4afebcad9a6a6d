r"""A server on loopback that says exactly what a test tells it, octet for octet.

    def conversation(talk: Talk) -> None:
        talk.log_in("IMAP4rev1 IDLE")      # greets, and answers up to the login
        talk.expect("EXAMINE")             # takes one command; its tag is talk.tag
        talk.send(b"* 3 EXISTS\r\n")
        talk.end("OK [READ-ONLY] done")    # the status line with that tag

    with ScriptedServer(conversation, tmp_path) as server: open_imap(server.imap, "secret")

Each connection is one call of the conversation, which ends it. What was not as expected is raised at the end of the `with`.
"""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self

import trustme

from agent.mailbox.server import ImapServer


class Talk:
    """One connection, seen from the server."""

    def __init__(self, sock: socket.socket, number: int, context: ssl.SSLContext, ended: threading.Event) -> None:
        self._sock = sock
        self._context = context
        self._lines = sock.makefile("rb")
        self._ended = ended
        self.number = number
        """1 for the first connection of a client, 2 for the second."""
        self.tag = ""

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def expect(self, start: str) -> str:
        """Take the next line, which must begin so after its tag; return it without the tag."""
        if self._lines.closed:
            raise ConnectionResetError
        line = self._lines.readline().decode("utf-8").rstrip("\r\n")
        if start == "DONE":
            assert line == "DONE", f"DONE was expected, and {line!r} came"
            return line
        self.tag, _, command = line.partition(" ")
        if not line:
            raise ConnectionResetError
        assert command.startswith(start), f"{start} was expected, and {command!r} came"
        return command

    def line(self) -> bytes:
        """Return the next line, whatever it is, without its end."""
        return self._lines.readline().rstrip(b"\r\n")

    def read(self, octets: int) -> bytes:
        return self._lines.read(octets)

    def end(self, status: str) -> None:
        self.send(f"{self.tag} {status}\r\n".encode())

    def log_in(self, capability: str = "IMAP4rev1") -> None:
        self.send(b"* OK ready\r\n")
        for command in ("CAPABILITY", "LOGIN", "CAPABILITY"):
            self.expect(command)
            if command == "CAPABILITY":
                self.send(f"* CAPABILITY {capability}\r\n".encode())
            self.end("OK done")

    def examine(self, exists: int = 3, uidnext: int = 4, uidvalidity: int = 7) -> None:
        self.expect("EXAMINE")
        self.send(f"* {exists} EXISTS\r\n* OK [UIDVALIDITY {uidvalidity}] x\r\n* OK [UIDNEXT {uidnext}] x\r\n".encode())
        self.end("OK [READ-ONLY] done")

    def start_tls(self) -> None:
        self._lines.close()
        self._sock = self._context.wrap_socket(self._sock, server_side=True)
        self._lines = self._sock.makefile("rb")

    def wait_for_end(self) -> None:
        """Say nothing more until the client ends the connection, or the test is over."""
        with contextlib.suppress(OSError):
            self._lines.read()

    def pause(self, seconds: float) -> None:
        self._ended.wait(seconds)

    def drip(self, data: bytes, seconds: float = 0.02) -> None:
        """Send one octet after another, over and over, until the client ends the connection."""
        while True:
            for octet in data:
                self.send(bytes([octet]))
                if self._ended.wait(seconds):
                    return

    def reset(self) -> None:
        """End the connection with RST."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._lines.close()
        self._sock.close()

    def close(self) -> None:
        self._lines.close()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()


class ScriptedServer:
    """Holds one conversation with each client."""

    def __init__(
        self,
        conversation: Callable[[Talk], None],
        folder: Path,
        *,
        security: Literal["tls", "starttls"] = "tls",
        timeout_seconds: float = 5.0,
    ) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "scripted-ca.pem"))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self._context)
        self._conversation = conversation
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._wrong: list[BaseException] = []
        self.connections = 0
        self.imap = ImapServer(
            host="localhost",
            port=self._listener.getsockname()[1],
            security=security,
            user="me",
            ca_file=str(folder / "scripted-ca.pem"),
            timeout_seconds=timeout_seconds,
        )

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)
        if kind is None and self._wrong:
            raise self._wrong[0]

    def _run(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._run(self._serve, plain, self.connections)

    def _serve(self, plain: socket.socket, number: int) -> None:
        try:
            # A greeting behind the last octets of the handshake would wait for their acknowledgement (40 ms).
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock = plain
            if self.imap.security == "tls":
                sock = self._context.wrap_socket(plain, server_side=True)
            self._sockets.append(sock)
            talk = Talk(sock, number, self._context, self._ended)
            try:
                self._conversation(talk)
            finally:
                talk.close()
        except OSError:
            # The client is gone: some conversations are held to the point where it goes.
            plain.close()
        except AssertionError as error:
            self._wrong.append(error)
