"""A message without its attachments: a header and the parts that were read, put together as MIME again (RFC 2046)."""

import binascii
import email.parser
import email.policy
import quopri
import re
from collections.abc import Sequence

from agent.mailbox.interface import MESSAGE_FIELDS
from agent.mailbox.rows import Row
from agent.mailbox.structure import Part

PART_LIMIT = 256 * 1024
"""Octets of one part that are read."""
HEADER = f"BODY.PEEK[HEADER.FIELDS ({' '.join(MESSAGE_FIELDS)})]"
"""The item that gives the fields that are read of a message."""

_ID = re.compile(rb"^message-id[ \t]*:\s*<\s*[^\s>]", re.IGNORECASE | re.MULTILINE)
_REPORT = re.compile(
    rb"^x-failed-recipients[ \t]*:|^return-path[ \t]*:\s*<>|^content-type[ \t]*:\s*multipart/report"
    rb"|^from[ \t]*:[^\n]*(?:mailer-daemon|postmaster)",
    re.IGNORECASE | re.MULTILINE,
)
_ENCLOSED = "HEADER.FIELDS (Message-ID Subject)"
_HTML_LIMIT = 64 * 1024
"""Octets of an HTML part that is read only to see what it marks as quoted."""
_SHORT = 60
"""Words; a shorter text/plain may be a mere stub for the HTML beside it (messages take 40, by a finer count)."""
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"^[ \t]*>", re.MULTILINE)
_MARKUP = re.compile(r"</|<br|<html|<!doctype|<body|<div|<p\b|<table", re.IGNORECASE)
_ANSWER = re.compile(
    rb"^(?:in-reply-to|references)[ \t]*:|^subject[ \t]*:\s*[^\s:]{1,12}(?:\[\d+\])?:", re.IGNORECASE | re.MULTILINE
)


def items(tree: Part, parts: Sequence[Part]) -> list[str]:
    """Return the FETCH items that give these parts; the message itself has its header already."""
    asked = []
    for part in parts:
        if part is not tree:
            asked.append(f"BODY.PEEK[{part.number}.MIME]")
        if part.kind == "message/rfc822":
            asked.append(f"BODY.PEEK[{part.number}.{_ENCLOSED}]")
        else:
            asked.append(f"BODY.PEEK[{part.number}]{'' if _is_short(part) else f'<0.{PART_LIMIT}>'}")
    return asked


def needs_html(header: bytes, plain: Part, html: Sequence[Part], given: Row) -> bool:
    """Return whether the HTML beside a text/plain part is wanted too.

    It is where the text may be a stub or HTML itself; and in an answer whose text shows no quote, for HTML may mark one.
    """
    data = _body_of(plain, given)
    if plain.encoding == "base64":
        text = _from_base64(data)
    else:
        text = quopri.decodestring(data) if plain.encoding == "quoted-printable" else data
    try:
        words = text.decode(plain.charset or "utf-8", "replace")
    except (LookupError, ValueError):
        words = text.decode("utf-8", "replace")
    if len(_WORD.findall(words[:4000])) < _SHORT or _MARKUP.search(words[:20_000]):
        return True
    small = all(part.size is not None and part.size <= _HTML_LIMIT for part in html)
    return small and not _QUOTED.search(words) and _ANSWER.search(header) is not None


def header_in(row: Row) -> bytes | None:
    """Return the header that a row gives, with exactly one empty line after it."""
    found = next((value for name, value in row.items() if name.startswith(b"BODY[HEADER")), None)
    return _closed(found) if isinstance(found, bytes) else None


def has_id(header: bytes) -> bool:
    """Return whether a message has a Message-ID; one without is named by its bytes, which must then be whole."""
    return _ID.search(header) is not None


def is_report(header: bytes) -> bool:
    """Return whether a mail server may have written the message (RFC 3464, RFC 5321 section 4.5.5)."""
    return _REPORT.search(header) is not None


def put_together(tree: Part, header: bytes, given: Row) -> bytes | None:
    """Return the message as bytes with the parts that are not in `given` emptied; None where its parts cannot be told apart.

    The tree of parts, the boundaries, and the headers of what was read are those of the message; texts are cut at 256 KiB each.
    """
    if tree.children and boundary(header) is None:
        return None
    return header + _body(tree, header, given)


def beginning(row: Row) -> bytes:
    """Return the first 256 KiB of a message's text, from a row with `BODY[TEXT]<0>`."""
    found = next((value for name, value in row.items() if name.startswith(b"BODY[TEXT]")), None)
    return _cut(found) if isinstance(found, bytes) else b""


def boundary(header: bytes) -> bytes | None:
    """Return what stands between the parts; None where there is none, or none that is ASCII as it must be."""
    try:
        found = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(header).get_boundary()
    except (ValueError, LookupError):  # for a charset (RFC 2231) that is none
        return None
    return found.encode("ascii") if found and found.isascii() else None


def _body(part: Part, header: bytes, given: Row) -> bytes:
    if part.children:
        mark = b"--" + (boundary(header) or part.number.encode("ascii"))
        pieces = []
        for child in part.children:
            own = _own_header(child, given)
            pieces.append(mark + b"\r\n" + own + _body(child, own, given) + b"\r\n")
        return b"".join(pieces) + mark + b"--\r\n"
    if part.kind == "message/rfc822":
        inner = next((v for name, v in given.items() if name.startswith(f"BODY[{part.number}.HEADER".encode("ascii"))), None)
        return _closed(inner) if isinstance(inner, bytes) else b""
    return _body_of(part, given)


def _own_header(part: Part, given: Row) -> bytes:
    """Return the header of a part: its own where it was read, else one that says what the part is."""
    own = given.get(f"BODY[{part.number}.MIME]".encode("ascii"))
    if isinstance(own, bytes) and own.strip():
        return _closed(own)
    lines = [f"Content-Type: {part.kind}"]
    if part.children:
        lines = [f'Content-Type: {part.kind}; boundary="parts-of-{part.number}"']
    elif part.attached:
        lines.append("Content-Disposition: attachment" + (f'; filename="{part.name}"' if part.name else ""))
    return "\r\n".join(lines).encode("ascii", "replace") + b"\r\n\r\n"


def _body_of(part: Part, given: Row) -> bytes:
    name = f"BODY[{part.number}]".encode("ascii")
    found = given.get(name) or given.get(name + b"<0>")
    return _cut(found) if isinstance(found, bytes) else b""


def _is_short(part: Part) -> bool:
    return part.size is not None and part.size <= PART_LIMIT


def _cut(text: bytes) -> bytes:
    """Return the text, cut after its last whole line where it is longer than what is read, so that base64 stays whole."""
    if len(text) < PART_LIMIT:
        return text
    end = text.rfind(b"\n", 0, PART_LIMIT)
    return text[: end + 1] if end > 0 else text[:PART_LIMIT]


def _closed(header: bytes) -> bytes:
    """Return the header with exactly one empty line after it."""
    stripped = header.rstrip(b"\r\n")
    return stripped + b"\r\n\r\n" if stripped else b"\r\n"


def _from_base64(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        return data
