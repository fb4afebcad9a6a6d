"""Line ends of messages (RFC 5322 section 2.1: lines end in CRLF)."""

import re

_LINE_END = re.compile(rb"\r\n|\r|\n")


def with_crlf(raw: bytes) -> bytes:
    """Return the message with CRLF at each line end."""
    return _LINE_END.sub(b"\r\n", raw)


def same_lines(one: bytes, other: bytes) -> bool:
    """Return whether two messages are equal but for the kind of their line ends."""
    return one == other or with_crlf(one) == with_crlf(other)
