r"""What a server says, read octet for octet below IMAPClient, which loses and misreads answers that servers do give.

    wire = Wire.of(client)
    for line in wire.command(b"UID FETCH 1:500 (UID FLAGS)"):
        line[0]                         # b"* 1 FETCH (UID 1 FLAGS ())"

A *line* is one whole response (RFC 3501 section 7): a list of its text, its first literal, the text after that, its second
literal and so on, without the last line end. The text before a literal ends with its length in braces.

IMAPClient 4.1 and imaplib, which it stands on, spin at the end of file, tear a line in two, do not know literal8 (RFC 3516) or a
bare `TAG OK`, and give up on a line of a million octets. They read through a `Wire` too once there is one for the connection.
"""

import contextlib
import imaplib
import math
import re
import selectors
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError

Line: TypeAlias = list[bytes]
"""One response: text, literal, text, literal, ..., text; always an odd number of pieces."""

_LONGEST_TEXT = 4 * 1024 * 1024
"""Octets between two literals: SEARCH may name some 400,000 messages on one line."""
_LARGEST = 64 * 1024 * 1024
"""Octets of all literals of one response."""
_MOST_WAITS = 20
"""Times the longest wait for one answer that a whole command may take: servers say `* OK still here` to win time."""
_USUAL_WAIT = 60.0
"""Seconds, where the socket has no timeout."""
_CHUNK = 64 * 1024
"""Octets that must come within one wait, of a literal that is longer."""

_LITERAL = re.compile(rb"~?\{(\d{1,20})\+?\}\Z")
_TAGGED = re.compile(rb"([^\s+*]+) (OK|NO|BAD)(?: (.*))?\Z", re.DOTALL | re.IGNORECASE)
_BARE_STATUS = re.compile(rb"[A-Z]{4}\d+ (?:OK|NO|BAD)\Z", re.IGNORECASE)


class Ended(ConnectionAbortedError):
    """The server closed the connection."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """How a server ended a command."""

    status: str
    """`OK`, `NO` or `BAD`."""
    text: str
    """Its words, with the response code in brackets where it gave one; at most 300 characters."""


class Wire:
    """The octets of one logged-in connection. One thread at a time.

    Every wait ends after the timeout of the socket with `TimeoutError`; the end of the connection is `Ended`, `* BYE` is
    `imaplib.IMAP4.abort`, and what is no IMAP is `ProtocolError`. After each of these the connection is of no more use.
    """

    def __init__(self, client: IMAPClient) -> None:
        """Take over the reading from the library; `Wire.of` does so once for a connection."""
        self._imap = client._imap  # noqa: SLF001 - there is no public way to the octets
        self._socket: socket.socket = self._imap.sock
        self._buffer = bytearray()
        self._at = 0
        self._searched = 0
        self._count = 0
        self._take_over()

    @classmethod
    def of(cls, client: IMAPClient) -> "Wire":
        """Return the one reader of this connection, which is made with the first call."""
        reader = getattr(client._imap.readline, "__self__", None)  # noqa: SLF001 - see above
        return reader if isinstance(reader, cls) else cls(client)

    def command(self, text: bytes) -> Iterator[Line]:
        """Send one command, and yield the untagged responses until it is done, whatever they are about.

        A refusal is raised after them: NO and BAD as `imaplib.IMAP4.error`. The caller takes all that comes.
        """
        verdicts: list[Verdict] = []
        yield from self.pipeline([text], verdicts)
        if verdicts[0].status != "OK":
            raise imaplib.IMAP4.error(verdicts[0].text)

    def pipeline(self, texts: Sequence[bytes], verdicts: list[Verdict]) -> Iterator[Line]:
        """Send commands at once, and yield the untagged responses until all are done; `verdicts` gets one for each, in order.

        They must not depend on each other (RFC 3501 section 5.5). The caller takes all that comes.
        """
        tags = [self._tag() for _ in texts]
        given: dict[bytes, Verdict] = {}
        limit = self._deadline(_MOST_WAITS)
        self.send(b"".join(b"%s %s\r\n" % pair for pair in zip(tags, texts, strict=True)))
        try:
            while len(given) < len(tags):
                line = self.readline()
                start = line[0][:2]
                if start == b"* ":
                    if line[0][:5].upper() == b"* BYE":
                        raise imaplib.IMAP4.abort(f"the server said goodbye: {_words(line[0][5:])}")
                    yield line
                elif start[:1] != b"+":
                    tagged = _TAGGED.match(line[0])
                    if tagged is None or tagged[1] not in tags or tagged[1] in given:
                        raise ProtocolError("a line that belongs to no answer")
                    given[tagged[1]] = Verdict(status=tagged[2].decode("ascii").upper(), text=_words(tagged[3] or tagged[2]))
                if time.monotonic() > limit:
                    raise TimeoutError("the answers do not end")
        except GeneratorExit:
            # The rest of the answer would be taken for that of the next command.
            self._hang_up()
            raise
        verdicts += [given[tag] for tag in tags]

    def send(self, data: bytes) -> None:
        """Send octets as they are."""
        self._socket.sendall(data)

    def readline(self, timeout: float | None = None) -> Line:
        """Return the next whole response, also one that is no untagged one; each wait takes at most `timeout` seconds."""
        if timeout is None:
            return self._line()
        usual = self._socket.gettimeout()
        self._socket.settimeout(timeout)
        try:
            return self._line()
        finally:
            self._socket.settimeout(usual)

    def wait_readable(self, seconds: float, stop: int) -> bool:
        """Return whether a whole line of text came within `seconds`; at once when the file descriptor `stop` can be read.

        What was read before, by TLS too, counts. `Ended` when the server closed the connection.
        """
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            selector.register(stop, selectors.EVENT_READ)
            while True:
                self._take_what_is_there()
                if self._has_line():
                    return True
                ready = selector.select(max(0.0, until - time.monotonic()))
                if not ready or any(key.fd == stop for key, _ in ready):
                    self._take_what_is_there()
                    return self._has_line()

    def _take_over(self) -> None:
        """Make the library read here, and begin with what it has read ahead."""
        ahead = self._imap.__dict__.get("file")
        usual = self._socket.gettimeout()
        self._socket.settimeout(0)
        try:
            # Without blocking: `peek` reads once where nothing was read ahead.
            while ahead is not None and (data := ahead.peek(1)):
                self._buffer += ahead.read(len(data))
        except (ssl.SSLWantReadError, BlockingIOError):
            pass
        finally:
            self._socket.settimeout(usual)
        # From Python 3.14 on imaplib keeps what it read ahead in a list.
        self._buffer += b"".join(self._imap.__dict__.get("_readbuf", ()))
        for name, reader in (("read", self._octets), ("readline", self._library_line)):
            setattr(self._imap, name, reader)

    def _library_line(self) -> bytes:
        """Return a line with its end as imaplib wants it."""
        text = self._text()
        return text + (b" \r\n" if _BARE_STATUS.match(text) else b"\r\n")

    def _line(self) -> Line:
        line = [self._text()]
        octets = 0
        while line[-1].endswith(b"}") and (literal := _LITERAL.search(line[-1])):
            size = int(literal[1])
            octets += size
            if octets > _LARGEST:
                raise ProtocolError("a literal that is too large")
            line.append(self._octets(size))
            line.append(self._text())
        return line

    def _text(self) -> bytes:
        """Return the octets up to the next line end, which is CRLF or LF, without it."""
        until = 0.0
        while (end := self._buffer.find(b"\n", self._searched)) < 0:
            self._searched = len(self._buffer)
            if self._searched - self._at > _LONGEST_TEXT:
                raise ProtocolError("a line that is too long")
            until = until or self._deadline()
            self._receive(until)
        text = bytes(memoryview(self._buffer)[self._at : end])
        self._at = self._searched = end + 1
        return text[:-1] if text.endswith(b"\r") else text

    def _octets(self, size: int) -> bytes:
        """Return exactly that many octets."""
        have = len(self._buffer) - self._at
        if have < size and size > _CHUNK:
            return self._large(size)
        if have < size:
            until = self._deadline()
            while len(self._buffer) - self._at < size:
                self._receive(until)
        data = bytes(memoryview(self._buffer)[self._at : self._at + size])
        self._at += size
        self._searched = self._at
        return data

    def _large(self, size: int) -> bytes:
        """Return octets that are more than a buffer full, each held once."""
        pieces = [bytes(memoryview(self._buffer)[self._at :])]
        self._buffer.clear()
        self._at = self._searched = 0
        missing = size - len(pieces[0])
        while missing:
            piece = bytearray()
            until = self._deadline()
            while len(piece) < min(missing, _CHUNK):
                piece += self._octets_now(min(missing, _CHUNK) - len(piece), until)
            pieces.append(bytes(piece))
            missing -= len(piece)
        return b"".join(pieces)

    def _receive(self, until: float) -> None:
        """Wait for more octets."""
        if self._at:
            del self._buffer[: self._at]
            self._searched -= self._at
            self._at = 0
        self._buffer += self._octets_now(_CHUNK, until)

    def _octets_now(self, most: int, until: float) -> bytes:
        """Return what comes next; a server that drips is late too."""
        if time.monotonic() > until:
            raise TimeoutError("the answer comes too slowly")
        data = self._socket.recv(most)
        if not data:
            raise Ended("the server closed it")
        return data

    def _deadline(self, waits: int = 1) -> float:
        return time.monotonic() + waits * (self._socket.gettimeout() or _USUAL_WAIT)

    def _take_what_is_there(self) -> None:
        """Read what came, without waiting."""
        usual = self._socket.gettimeout()
        self._socket.settimeout(0)
        try:
            while not self._has_line() and len(self._buffer) - self._at <= _LONGEST_TEXT:
                self._receive(math.inf)
        except (ssl.SSLWantReadError, BlockingIOError):
            pass
        finally:
            self._socket.settimeout(usual)

    def _has_line(self) -> bool:
        return self._buffer.find(b"\n", self._at) >= 0

    def _tag(self) -> bytes:
        self._count += 1
        return b"R%d" % self._count

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


def _words(text: bytes) -> str:
    """Return what a server says to people."""
    return text[:300].decode("utf-8", "replace").strip()
