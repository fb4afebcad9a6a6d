"""The end of a sign-in in the browser: it comes back to a port of this machine (RFC 8252 section 7.3), or is pasted."""

import contextlib
import selectors
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO
from urllib.parse import parse_qs, urlsplit

from agent.accounts.problems import SignInNeeded

_PATIENCE = 5.0
"""Seconds that a browser gets for its request."""
_LONGEST_REQUEST = 16 * 1024
_PAGE = (
    b"HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n"
    b"Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\r\n%s"
)
_DONE = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Interview Agent</title>"
    b"<p>Interview Agent has what it needs. Go back to the terminal; this page can be closed."
)
_NOTHING = b"<!doctype html><html lang=en><meta charset=utf-8><title>Interview Agent</title><p>There is nothing here."


class Redirect:
    """A port on loopback that waits for one browser. Use it with `with`."""

    def __init__(self, *, host: str, port: int = 0) -> None:
        """Listen; `host` is how the provider calls this machine, port 0 means any free one."""
        self._listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listening.bind(("127.0.0.1", port))
            self._listening.listen(8)
        except OSError as error:
            self._listening.close()
            raise SignInNeeded(f"port {port} of this machine cannot be listened on ({error.strerror}); name another") from None
        self.port: int = self._listening.getsockname()[1]
        self.address = f"http://{host}:{self.port}"
        """What the provider is told to send the browser to."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listening.close()

    def came_back(
        self, *, state: str, seconds: float, pasted: TextIO | None = None, tell: Callable[[str], None] = lambda _line: None
    ) -> str:
        """Return the whole address with which the browser came back, or which was pasted as a line of `pasted`.

        Requests for anything else (an icon, a scan of ports, the state of another sign-in) are answered and passed over.
        """
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            if pasted is not None:
                # What is no terminal or pipe cannot be waited for: the browser is all there is then.
                with contextlib.suppress(OSError, ValueError):
                    selector.register(pasted, selectors.EVENT_READ)
            while (left := until - time.monotonic()) > 0:
                for key, _ in selector.select(left):
                    if key.fileobj is self._listening:
                        found = self._request(state)
                    else:
                        found = pasted.readline() if pasted is not None else ""
                        if found == "":
                            selector.unregister(key.fileobj)
                        elif found.strip() and "state=" not in found:
                            tell(f"That is not it: the whole address begins with {self.address} and holds `state=`.")
                    if "state=" in found:
                        return found.strip()
        raise SignInNeeded(f"nobody came back from the browser within {seconds / 60:g} minutes; begin again")

    def _request(self, state: str) -> str:
        """Answer one browser; return the address that it asked for when that belongs to this sign-in, else nothing."""
        try:
            connection, _ = self._listening.accept()
        except OSError:
            return ""
        with connection:
            path = _asked_for(connection)
            ours = parse_qs(urlsplit(path).query).get("state") == [state]
            status, page = (b"200 OK", _DONE) if ours else (b"404 Not Found", _NOTHING)
            with contextlib.suppress(OSError):
                connection.sendall(_PAGE % (status, len(page), page))
        return f"{self.address}{path}" if ours else ""


def _asked_for(connection: socket.socket) -> str:
    """Return the path of a request, empty when there is none in time."""
    until = time.monotonic() + _PATIENCE
    request = b""
    with contextlib.suppress(OSError):
        while b"\r\n\r\n" not in request and len(request) < _LONGEST_REQUEST and (left := until - time.monotonic()) > 0:
            connection.settimeout(left)
            piece = connection.recv(4096)
            if not piece:
                break
            request += piece
    words = request.split(b"\r\n", 1)[0].split(b" ")
    path = words[1].decode("ascii", "replace") if len(words) == 3 and words[0] == b"GET" else ""
    return path if path.startswith("/") else ""
