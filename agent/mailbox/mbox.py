"""Many messages in one file: where each begins and ends in an mbox (RFC 4155), as mboxo, mboxrd and Google Takeout write it.

Not the standard library's reader, which takes every line that begins with `From ` for one, and fails where it is not ASCII.
"""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_LONGEST_FIELD_NAME = 1000
_TIME_AND_YEAR = re.compile(rb"\d:\d\d.*\d{4}")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_DATES = ("%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S %z %Y")


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Where one message lies, as offsets in the file."""

    envelope: int
    """Where its `From ` line begins."""
    start: int
    end: int
    """After its last octet; an empty line before the next message belongs to it still."""


def spans(box: bytes | mmap.mmap) -> Iterator[Span]:
    """Yield the messages in the order of the file; none where it is no mbox.

    A message begins at a line `From ...` after an empty line, or with a date in it, that a header follows.
    """
    begun: tuple[int, int] | None = None
    at = 0 if box[:5] == b"From " else _next(box, 0)
    while at >= 0:
        start = _start(box, at)
        if start is not None:
            if begun is not None:
                yield Span(envelope=begun[0], start=begun[1], end=at)
            begun = at, start
        at = _next(box, at)
    if begun is not None:
        yield Span(envelope=begun[0], start=begun[1], end=len(box))


def unquoted(raw: bytes) -> bytes:
    """Return a message as it was before it was put into an mbox: without the empty line at its end and the `>` before `From `.

    RFC 4155 leaves the quoting open; mboxrd is what writers do.
    """
    ending = next((end for end in (b"\r\n", b"\n") if raw.endswith(end)), b"")
    return _QUOTED.sub(rb"\1", raw.removesuffix(ending))


def envelope_date(line: bytes) -> datetime | None:
    """Return the time of delivery in a `From ` line, which is UTC where it names no zone; None where there is none."""
    words = line.decode("ascii", "replace").split(maxsplit=2)
    for form in _DATES if len(words) == 3 else ():
        try:
            at = datetime.strptime(words[2].strip(), form)  # noqa: DTZ007 - the zone is given one below
        except ValueError:
            continue
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    return None


def _next(box: bytes | mmap.mmap, at: int) -> int:
    found = box.find(b"\nFrom ", at)
    return found + 1 if found >= 0 else -1


def _start(box: bytes | mmap.mmap, at: int) -> int | None:
    """Return where the message begins whose `From ` line stands here; None when it is a line of text."""
    end = box.find(b"\n", at)
    if end < 0 or not _FIELD.match(box[end + 1 : end + 1 + _LONGEST_FIELD_NAME]):
        return None
    after_empty_line = at == 0 or box[max(at - 2, 0) : at] == b"\n\n" or box[max(at - 3, 0) : at] == b"\n\r\n"
    return end + 1 if after_empty_line or _TIME_AND_YEAR.search(box[at:end]) else None
