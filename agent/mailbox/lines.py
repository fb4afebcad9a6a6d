"""Line ends of messages (RFC 5322 section 2.1: lines end in CRLF)."""

import re

_LINE_END = re.compile(rb"\r\n|\r|\n")


def with_crlf(raw: bytes) -> bytes:
    """Return the message with CRLF at each line end."""
    return _LINE_END.sub(b"\r\n", raw)


def as_on_the_wire(raw: bytes) -> bytes:
    """Return the message with CRLF where a bare LF ends a line, as IMAP would give a file with the line ends of Unix."""
    ends = raw.count(b"\n")
    if ends == raw.count(b"\r\n"):
        return raw
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def as_in_a_file(raw: bytes) -> bytes:
    """Return the message with LF line ends, as it is customary in a Maildir."""
    return raw.replace(b"\r\n", b"\n")


def same_lines(one: bytes, other: bytes) -> bool:
    """Return whether two messages are equal but for the kind of their line ends."""
    return one == other or with_crlf(one) == with_crlf(other)
