"""What the header of a message tells by its bytes alone: the fields of a heading, and when the message arrived."""

import email.utils
import re
from datetime import UTC, datetime, timedelta

from agent.mailbox.interface import HEADING_FIELDS

_NAMES = frozenset(name.lower().encode() for name in HEADING_FIELDS)
_RECEIVED = re.compile(rb"^received[ \t]*:(?P<value>[^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE)
_DATE = re.compile(rb"^date[ \t]*:(?P<value>[^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE)
_USUAL = re.compile(
    rb"(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)([0-5]\d)\b"
)
_MONTHS = {name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""What claims to be older comes from a clock that was never set."""


def header_of(raw: bytes) -> bytes:
    """Return the header of a message, with the empty line that ends it where it has one."""
    if raw.startswith((b"\n", b"\r\n")):
        return b""
    end = len(raw)
    # What the first line ends with is looked for first: then the other kind is looked for in the header alone.
    kinds = (b"\n\r\n", b"\n\n") if raw[: raw.find(b"\n")].endswith(b"\r") else (b"\n\n", b"\n\r\n")
    for empty in kinds:
        at = raw.find(empty, 0, end)
        end = at + len(empty) if at >= 0 else end
    return raw[:end]


def heading_fields(header: bytes) -> bytes:
    """Return those of `HEADING_FIELDS` that a header has, as they stand there, with CRLF line ends and an empty line."""
    kept: list[bytes] = []
    wanted = False
    for line in header.rstrip(b"\r\n").split(b"\n"):
        if not line.startswith((b" ", b"\t")):
            wanted = line.partition(b":")[0].rstrip(b" \t").lower() in _NAMES
        if wanted:
            kept.append(line.removesuffix(b"\r"))
    return b"\r\n".join([*kept, b"", b""]) if kept else b"\r\n"


def field(header: bytes, name: str) -> str:
    """Return the value of the first field of this name, unfolded; empty when there is none."""
    found = re.search(
        rb"^" + re.escape(name.encode()) + rb"[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", header, re.IGNORECASE | re.MULTILINE
    )
    return " ".join(found[1].decode("utf-8", "replace").split()) if found else ""


def arrived_at(header: bytes) -> datetime | None:
    """Return when the message arrived, in UTC: what the last server wrote into the topmost Received field (RFC 5321 section 4.4).

    Without a Received field the message was never on its way, and it is its Date field. None where neither can be read, or is
    older than 1990.
    """
    received = _RECEIVED.search(header)
    if received is not None:
        return _instant(received["value"].rpartition(b";")[2])
    written = _DATE.search(header)
    return _instant(written["value"]) if written else None


def _instant(value: bytes) -> datetime | None:
    usual = _USUAL.search(value)
    try:
        if usual is None:
            read = email.utils.parsedate_to_datetime(" ".join(value.decode("ascii", "replace").split()))
            at = read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)
        else:
            day, month, year, hour, minute, second, sign, hours, minutes = usual.groups()
            local = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC)
            ahead = timedelta(hours=int(hours), minutes=int(minutes))
            at = local - ahead if sign == b"+" else local + ahead
    except (ValueError, OverflowError):
        return None
    return at if at >= _EARLIEST else None
