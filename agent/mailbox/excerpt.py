"""A large message without its attachments: header, text and calendar by BODYSTRUCTURE (RFC 3501 section 7.4.2)."""

import email.parser
import email.policy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agent.mailbox.fetching import Row

_PART_LIMIT = 256 * 1024
_MOST_PARTS = 40
_READ = {"application/ics", "message/delivery-status", "message/disposition-notification"}

Ask = Callable[[Sequence[str]], Row | None]
"""Fetches items of the message; None when the server does not give them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One node of the tree of parts."""

    number: str
    """As in FETCH: `1.2`; empty for the message itself when it has several parts."""
    kind: str
    """`text/plain`, in lower case; `multipart/...` for a node with children."""
    children: tuple["Part", ...] = ()

    @property
    def is_read(self) -> bool:
        """Return whether its text is wanted."""
        return self.kind.startswith("text/") or self.kind in _READ


def excerpt(ask: Ask) -> bytes | None:
    """Return the message as bytes with the large parts emptied, or None when the server gives not even its header.

    The header, the tree of parts, their headers and boundaries are those of the message; texts are cut at 256 KiB each.
    """
    row = ask(["BODY.PEEK[HEADER]"])
    header = row.get(b"BODY[HEADER]") if row else None
    if not isinstance(header, bytes):
        return None
    row = ask(["BODYSTRUCTURE"])
    tree = parts(row.get(b"BODYSTRUCTURE")) if row else None
    if tree is None or (tree.children and _boundary(header) is None):
        return _header(header) + _beginning(ask)
    wanted = _wanted(tree)
    given: dict[bytes, object] = {}
    for start in range(0, len(wanted), 50):
        row = ask(wanted[start : start + 50])
        given |= row or {}
    return _header(header) + _body(tree, header, given)


def parts(structure: object, number: str = "") -> Part | None:
    """Return the tree of parts of what IMAPClient made of a BODYSTRUCTURE, or None when it makes no sense."""
    if not isinstance(structure, tuple) or len(structure) < 2:
        return None
    if isinstance(structure[0], list):
        children = [parts(child, f"{number}.{n}" if number else str(n)) for n, child in enumerate(structure[0], 1)]
        known = tuple(child for child in children if child is not None)
        return Part(number=number, kind=f"multipart/{_word(structure[1])}", children=known[:_MOST_PARTS])
    return Part(number=number or "1", kind=f"{_word(structure[0])}/{_word(structure[1])}")


def _wanted(tree: Part) -> list[str]:
    """Return the FETCH items for all parts; the message itself has its header already."""
    wanted = []
    for part in _walk(tree):
        if part is not tree:
            wanted.append(f"BODY.PEEK[{part.number}.MIME]")
        if part.is_read:
            wanted.append(f"BODY.PEEK[{part.number}]<0.{_PART_LIMIT}>")
        elif part.kind == "message/rfc822":
            wanted.append(f"BODY.PEEK[{part.number}.HEADER]")
    return wanted


def _walk(part: Part) -> Iterator[Part]:
    yield part
    for child in part.children:
        yield from _walk(child)


def _body(part: Part, header: bytes, given: dict[bytes, object]) -> bytes:
    if part.children:
        mark = b"--" + (_boundary(header) or b"")
        pieces = []
        for child in part.children:
            own = given.get(f"BODY[{child.number}.MIME]".encode())
            own = _header(own if isinstance(own, bytes) else b"")
            pieces.append(mark + b"\r\n" + own + _body(child, own, given) + b"\r\n")
        return b"".join(pieces) + mark + b"--\r\n"
    if part.is_read:
        return _text(given.get(f"BODY[{part.number}]<0>".encode()))
    if part.kind == "message/rfc822":
        inner = given.get(f"BODY[{part.number}.HEADER]".encode())
        return _header(inner) if isinstance(inner, bytes) else b""
    return b""


def _beginning(ask: Ask) -> bytes:
    row = ask([f"BODY.PEEK[TEXT]<0.{_PART_LIMIT}>"])
    return _text(row.get(b"BODY[TEXT]<0>")) if row else b""


def _text(text: object) -> bytes:
    """Return the text, cut after its last whole line where the server cut it, so that base64 stays whole."""
    if not isinstance(text, bytes):
        return b""
    if len(text) < _PART_LIMIT:
        return text
    end = text.rfind(b"\n")
    return text[: end + 1] if end > 0 else text


def _header(header: bytes) -> bytes:
    """Return the header with exactly one empty line after it."""
    stripped = header.rstrip(b"\r\n")
    return stripped + b"\r\n\r\n" if stripped else b"\r\n"


def _boundary(header: bytes) -> bytes | None:
    found = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(header).get_boundary()
    return found.encode("ascii", "surrogateescape") if found else None


def _word(word: object) -> str:
    return word.decode("ascii", "replace").lower() if isinstance(word, bytes) else "unknown"
