"""Sockets that give a server so much time for a whole answer, and not only for its next octet.

The timeout of a socket limits each wait; a server that sends one octet a second would never run into it. Here a deadline begins
with what is sent last, and each 4 KiB that come in put it off by one second: a long answer over a slow line may take its time.
"""

import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")
_OCTETS_A_SECOND = 4096


class Deadline:
    """When the answer that is waited for must be complete."""

    def __init__(self) -> None:
        """Set no limit yet."""
        self.allowance: float | None = None
        """Seconds for one answer; None for no limit."""
        self._due: float | None = None

    def begin(self) -> None:
        """Count from now: something was sent, or the first words of the server are waited for."""
        self._due = None if self.allowance is None else time.monotonic() + self.allowance

    def waiting(self, sock: socket.socket, receive: Callable[[], _Answer], octets: Callable[[_Answer], int]) -> _Answer:
        """Return what `receive` returns, which waits as long as the socket allows, but not past the deadline.

        A socket that does not wait at all is not limited. `TimeoutError` past the deadline.
        """
        usual = sock.gettimeout()
        if self._due is None or usual == 0:
            return receive()
        left = self._due - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer does not end")
        if usual is not None and left >= usual:
            answer = receive()
        else:
            sock.settimeout(left)
            try:
                answer = receive()
            finally:
                sock.settimeout(usual)
        self._due += octets(answer) / _OCTETS_A_SECOND
        return answer


class PlainSocket(socket.socket):
    """A TCP socket with a deadline: what is spoken before STARTTLS."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        """Set no limit yet."""
        super().__init__(*arguments, **settings)
        self.deadline = Deadline()

    def sendall(self, *arguments: Any) -> None:
        """See `socket.socket.sendall`; the deadline begins."""
        super().sendall(*arguments)
        self.deadline.begin()

    def recv(self, *arguments: Any) -> bytes:
        """See `socket.socket.recv`."""
        return self.deadline.waiting(self, lambda: super(PlainSocket, self).recv(*arguments), len)

    def recv_into(self, *arguments: Any) -> int:
        """See `socket.socket.recv_into`."""
        return self.deadline.waiting(self, lambda: super(PlainSocket, self).recv_into(*arguments), int)


class TlsSocket(ssl.SSLSocket):
    """A TLS socket with a deadline; `ssl.SSLContext.sslsocket_class` makes a context give it out."""

    _deadline: Deadline | None = None

    @property
    def deadline(self) -> Deadline:
        """The deadline of this socket; the class is never called, so that no constructor could make it."""
        if self._deadline is None:
            self._deadline = Deadline()
        return self._deadline

    def sendall(self, *arguments: Any) -> None:
        """See `ssl.SSLSocket.sendall`; the deadline begins."""
        super().sendall(*arguments)
        self.deadline.begin()

    def recv(self, *arguments: Any) -> bytes:
        """See `ssl.SSLSocket.recv`."""
        return self.deadline.waiting(self, lambda: super(TlsSocket, self).recv(*arguments), len)

    def recv_into(self, *arguments: Any) -> int:
        """See `ssl.SSLSocket.recv_into`."""
        return self.deadline.waiting(self, lambda: super(TlsSocket, self).recv_into(*arguments), int)


def allow(sock: socket.socket, seconds: float) -> None:
    """Give each whole answer on this socket so many seconds, beginning with the one that is waited for."""
    if isinstance(sock, PlainSocket | TlsSocket):
        sock.deadline.allowance = seconds
        sock.deadline.begin()
