"""The values in a server's responses: FETCH, STATUS and LIST as numbers, texts and lists (RFC 3501 section 9)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from imapclient.exceptions import ProtocolError

from agent.mailbox.wire import Line

Value: TypeAlias = "bytes | list[Value] | None"
"""An atom, a number, a quoted string or a literal as bytes; None for NIL; a list for what stands in parentheses."""

Row: TypeAlias = Mapping[bytes, Value]
"""What FETCH or STATUS said of one message or folder, by item name in upper case."""

_DEEPEST = 60
"""Lists within lists; a BODYSTRUCTURE of healthy mail has less than ten."""
_MOST = 20_000
"""Values in one response."""

_TOKEN = re.compile(
    rb' *(?:(?P<open>\()|(?P<close>\))|"(?P<quoted>[^"\\]*(?:\\.[^"\\]*)*)"|(?P<literal>~?\{\d{1,20}\+?\})\Z'
    rb'|(?P<atom>[^ ()"{\[]*(?:\[[^\]]*\](?:<\d+>)?|[^ ()"{\[])))',
    re.DOTALL,
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_FETCH = re.compile(rb"\* \d+ FETCH ", re.IGNORECASE)
_DATE = re.compile(rb"([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = {month: number for number, month in enumerate(b"jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


def row(line: Line) -> Row | None:
    """Return what a FETCH response says of one message; None for a response of another kind.

    `ProtocolError` for one that cannot be read, without its words.
    """
    start = _FETCH.match(line[0])
    return _pairs(values(line, start.end())) if start else None


def values(line: Line, start: int = 0) -> list[Value]:
    """Return the values of a response from the octet `start` on; `ProtocolError` where they cannot be read."""
    top: list[Value] = []
    here, above = top, []
    count = 0
    for number in range(0, len(line), 2):
        text, at = line[number], start if number == 0 else 0
        end = len(text.rstrip(b" "))
        while at < end:
            token = _TOKEN.match(text, at)
            count += 1
            if token is None or count > _MOST:
                raise ProtocolError("a response that cannot be read")
            at = token.end()
            kind = token.lastgroup
            if kind == "atom":
                atom = token["atom"]
                here.append(None if atom.upper() == b"NIL" else atom)
            elif kind == "quoted":
                quoted = token["quoted"]
                here.append(_ESCAPED.sub(rb"\1", quoted) if b"\\" in quoted else quoted)
            elif kind == "literal":
                here.append(line[number + 1])
            elif kind == "open":
                inner: list[Value] = []
                here.append(inner)
                above.append(here)
                here = inner
            elif not above:
                raise ProtocolError("a parenthesis too many")
            else:
                here = above.pop()
            if len(above) > _DEEPEST:
                raise ProtocolError("lists that are nested too deeply")
    if above:
        raise ProtocolError("a parenthesis that is not closed")
    return top


def _pairs(found: list[Value]) -> Row:
    """Return the names and values of a list that holds them in turn."""
    pairs = found[0] if len(found) == 1 else None
    if not isinstance(pairs, list) or len(pairs) % 2:
        raise ProtocolError("a response without pairs of names and values")
    read: dict[bytes, Value] = {}
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        if not isinstance(name, bytes):
            raise ProtocolError("a value without a name")
        read[name.upper()] = value
    return read


def status(line: Line) -> tuple[bytes, Row] | None:
    """Return the raw name of the folder and what STATUS says of it; None for another response or one that cannot be read."""
    if line[0][:9].upper() != b"* STATUS ":
        return None
    try:
        name, *pairs = values(line, 9)
        return (name, _pairs(pairs)) if isinstance(name, bytes) else None
    except (ProtocolError, ValueError):
        return None


def number(value: Value) -> int | None:
    """Return a value as a number of at most 64 bits; None where it is none."""
    return int(value) if isinstance(value, bytes) and len(value) <= 20 and value.isdigit() else None


def instant(value: Value) -> datetime | None:
    """Return an INTERNALDATE in UTC; None where there is none that can be read."""
    found = _DATE.fullmatch(value) if isinstance(value, bytes) else None
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        local = datetime(
            int(year), _MONTHS.get(month.lower(), 0), int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC
        )
        return local - ahead if sign == b"+" else local + ahead
    except (ValueError, OverflowError):
        return None
