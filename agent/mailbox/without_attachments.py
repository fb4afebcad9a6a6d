"""A message without its attachments, made from the beginning of its bytes: for files too large to be taken in whole."""

import email.parser
import email.policy
import re

from agent.mailbox.excerpt import boundary
from agent.mailbox.header import header_of

_LONGEST_TEXT = 256 * 1024
_DEEPEST = 20
_MOST_PARTS = 40
_READ = frozenset({"application/ics", "message/delivery-status", "message/disposition-notification"})


def without_attachments(beginning: bytes) -> bytes:
    """Return header, text and calendar parts of a message with CRLF line ends, of which only the beginning may be given.

    The tree of parts, their headers and boundaries are those of the message; other parts are empty, and texts are cut at 256 KiB
    each. What is not in the beginning is not in the answer either.
    """
    return _part(beginning, _DEEPEST)


def _part(raw: bytes, depth: int) -> bytes:
    header = header_of(raw)
    body = raw[len(header) :] if header else raw.removeprefix(b"\r\n")
    said = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(header)
    kind, between = said.get_content_type(), boundary(header)
    header = header or b"\r\n"
    if kind.startswith("multipart/") and between and depth:
        mark = b"--" + between
        parts = [mark + b"\r\n" + _part(child, depth - 1) + b"\r\n" for child in _children(body, mark)]
        return header + b"".join(parts) + mark + b"--\r\n"
    if kind == "message/rfc822":
        return header + header_of(body)
    if kind.startswith(("text/", "multipart/")) or kind in _READ:
        return header + _text(body)
    return header


def _children(body: bytes, mark: bytes) -> list[bytes]:
    """Return the parts between the boundary lines (RFC 2046 section 5.1.1), the last one as far as it is there."""
    marks = list(re.finditer(rb"^" + re.escape(mark) + rb"(--)?[ \t]*(?:\r\n|\Z)", body, re.MULTILINE))
    children = []
    for number, found in enumerate(marks[:_MOST_PARTS]):
        if found[1]:
            break
        end = marks[number + 1].start() if number + 1 < len(marks) else len(body)
        children.append(body[found.end() : end].removesuffix(b"\r\n"))
    return children


def _text(body: bytes) -> bytes:
    """Return a text, cut after a whole line where it is long, so that base64 stays whole."""
    if len(body) <= _LONGEST_TEXT:
        return body
    end = body.rfind(b"\n", 0, _LONGEST_TEXT)
    return body[: end + 1] if end > 0 else body[:_LONGEST_TEXT]
