"""The header section of a mail: its fields in order, and the addresses, subject and date in them.

This is the one place that knows mail-parser. It is given the header section only: the MIME tree is the standard library's, so
that attachments are not decoded twice and an attached mail is not taken for the body. Where mail-parser raises, the standard
library's `compat32` functions read the same fields.
"""

import datetime as dt
import logging
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import parsedate_to_datetime, parsedate_tz
from functools import cached_property
from typing import TYPE_CHECKING

from agent.messages.charset import decode_text
from agent.messages.cleaning import clean, one_line
from agent.messages.message import Address

if TYPE_CHECKING:
    from mailparser import MailParser

logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)  # it warns of each part that is no text, without being asked

LONGEST_HEADER = 128 * 1024
"""Bytes of the header section that are read."""
LONGEST_FIELD = 16_000
"""Characters of one field that are read."""
MOST_ADDRESSES = 1000

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(=\?)")
_WHOLE_ADDRESS = re.compile(r"(?:\"[^\"<>]{1,200}\"|[^\s<>\"()]{1,200})@[^\s<>\"@]{1,255}")
_LOOSE = r"[^\s<>,;:\"()\[\]@]{1,100}@[^\s<>,;:\"()\[\]@]{1,200}"
_MAILBOX = r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z]"
_PLAIN = re.compile(
    rf"(?:(?:\"([^\W_][\w .,&'/|()+-]{{0,98}})\"|([^\W_](?:[\w &'/|+-]{{0,98}}[^\W_])?)) ?)?<({_MAILBOX})>|({_MAILBOX})",
)
"""One mailbox as nearly all mail writes it: `"name" <address>`, `name <address>`, `<address>`, the address alone."""
_PAIR = re.compile(rf"(?:\"([^\"<>\n]{{0,100}})\"|([^\"<>,;:\n]{{0,100}}))\s?<\s?({_LOOSE})|({_LOOSE})")
"""A mailbox in a field that mail-parser gave up on: `"name" <address`, `name <address`, or the address alone."""
_NO_LINE_END = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029\r]")  # `str.splitlines` breaks here, mail does not
_FOLD = re.compile(r"\n(?=[ \t])")
_ONCE = frozenset({"from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"})
"""Fields that stand once in a header section (RFC 5322 section 3.6)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """A header section: every field, and what the fields of RFC 5322 section 3.6 say."""

    fields: tuple[tuple[str, str], ...]
    """(name in lower case, unfolded value as it stands) from top to bottom."""
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: dt.datetime | None
    """With the offset that the sender wrote; None when missing or unreadable."""
    defects: tuple[str, ...]

    def first(self, name: str) -> str:
        """Return the topmost field of that name (lower case), or the empty string."""
        return next((value for field, value in self.fields if field == name), "")

    def every(self, name: str) -> tuple[str, ...]:
        """Return all fields of that name (lower case), topmost first."""
        return tuple(value for field, value in self.fields if field == name)


def decode_words(value: str) -> str:
    """Return `value` with its encoded words (RFC 2047) decoded; what cannot be decoded stays as it is. Never raises."""
    value = _BETWEEN_WORDS.sub(r"\1\2", value)

    def decoded(word: re.Match[str]) -> str:
        try:
            data, _ = decode_header(word.group())[0]
        except (MessageError, ValueError):
            return word.group()
        return decode_text(data, word.group(1).partition("*")[0])[0] if isinstance(data, bytes) else data

    joined = _joined_words(value)
    return _ENCODED_WORD.sub(decoded, joined)


def _joined_words(value: str) -> str:
    """Return `value` with neighbouring words of one charset and encoding made one: a character may be cut between two."""
    out: list[str] = []
    last: tuple[str, str] | None = None
    end = 0
    for word in _ENCODED_WORD.finditer(value):
        kind = (word.group(1).lower(), word.group(2).lower())
        body = word.group(3)
        can_join = kind[1] == "q" or (bool(out) and not out[-1].endswith("=?="))
        if last == kind and word.start() == end and can_join:
            out[-1] = out[-1][:-2] + body + "?="
        else:
            out += [value[end : word.start()], word.group()]
        last, end = kind, word.end()
    return "".join(out) + value[end:]


def read_header(section: bytes) -> Header:
    r"""Return what a header section (the lines above the first empty one, line ends as `\n`) says. Never raises."""
    defects: list[str] = []
    text = _bounded(section, defects)
    message = HeaderParser().parsestr(_NO_LINE_END.sub(" ", text) + "\n\n")
    raw = tuple((name.lower(), clean(_FOLD.sub("", str(value))).replace("\n", " ").strip()) for name, value in message.items())
    present: dict[str, str] = {}
    for name, value in raw:
        if name in present and name in _ONCE:
            defects.append(f"more than one {name} field, the first is used")
        present.setdefault(name, value)
    opened = _Opened(message, defects)
    lists = {name: _addresses(opened, name, present.get(name, ""), defects) for name in ("from", "reply-to", "to", "cc")}
    date = _date(present.get("date", ""), opened)
    if date is None:
        defects.append("Date cannot be read" if present.get("date") else "no Date")
    if not lists["from"]:
        defects.append("no address in From")
    return Header(
        fields=raw,
        sender=lists["from"][0] if lists["from"] else Address(name="", email=""),
        reply_to=lists["reply-to"],
        to=lists["to"],
        cc=lists["cc"],
        subject=one_line(_subject(present.get("subject", ""), opened)),
        date=date,
        defects=tuple(defects),
    )


class _Opened:
    """The header as mail-parser reads it: opened when first asked, for most headers are plain enough without."""

    def __init__(self, message: Message, defects: list[str]) -> None:
        self.message = message
        self.defects = defects

    @cached_property
    def parser(self) -> "MailParser | None":
        """The opened header, None when the library fails on it."""
        from mailparser import MailParser

        try:
            return MailParser(self.message)
        except Exception as problem_of_library:  # noqa: BLE001 - the library documents no set of errors and met several in trials
            self.defects.append(f"header read without mail-parser ({type(problem_of_library).__name__})")
            return None


def _bounded(section: bytes, defects: list[str]) -> str:
    """Return the section as text, with all that is too long or no text cut off; what was wrong is added to `defects`."""
    if len(section) > LONGEST_HEADER:
        section = section[:LONGEST_HEADER]
        defects.append(f"header section cut at {LONGEST_HEADER} bytes")
    if b"\0" in section:
        section = section.replace(b"\0", b"")
        defects.append("NUL in the header section")
    text, problem = decode_text(section, "utf-8")
    if problem:
        defects.append("header section is neither ASCII nor UTF-8")
    return _cut_fields(text, defects)


def _cut_fields(text: str, defects: list[str]) -> str:
    """Return the section with no field longer than `LONGEST_FIELD`: address and parameter parsers are not all linear."""
    lines: list[str] = []
    length = 0
    cut = False
    for line in text.split("\n"):
        length = length + len(line) if line[:1] in (" ", "\t") else len(line)
        over = length - LONGEST_FIELD
        if over > 0:
            cut = True
            line = line[: max(0, len(line) - over)]
        if line or not over > 0:
            lines.append(line)
    if cut:
        defects.append(f"header field cut at {LONGEST_FIELD} characters")
    return "\n".join(lines)


def _subject(value: str, opened: _Opened) -> str:
    """Return the decoded Subject: by mail-parser where it has encoded words, which it must be ASCII for."""
    if not value.isascii() or "=?" not in value or opened.parser is None:
        return decode_words(value)
    subject = opened.parser.subject
    return str(subject[0] if isinstance(subject, list) else subject)


def _addresses(opened: _Opened, name: str, value: str, defects: list[str]) -> tuple[Address, ...]:
    """Return the mailboxes of one address field: by mail-parser, else whatever looks like an address."""
    if not value:
        return ()
    if plain := _PLAIN.fullmatch(value):
        quoted, bare, email, alone = plain.groups("")
        return (Address(name=one_line(quoted or bare).strip("\"' "), email=(email or alone).lower()),)
    pairs: list[tuple[str, str]] = []
    if opened.parser is not None:
        pairs = list(getattr(opened.parser, "from_" if name == "from" else name.replace("-", "_")))
    if not any(_WHOLE_ADDRESS.fullmatch(email) for _, email in pairs):
        pairs = [(decode_words((quoted or bare).strip()), email or loose) for quoted, bare, email, loose in _PAIR.findall(value)]
        if pairs and opened.parser is not None:
            defects.append(f"{name} is not well formed")
    found: dict[str, Address] = {}
    for shown, email in pairs[:MOST_ADDRESSES]:
        address = "".join(clean(email).split()).strip("<>").lower()
        if "@" in address:
            found.setdefault(address, Address(name=one_line(shown).strip("\"' "), email=address))
    return tuple(found.values())


def parse_date(value: str) -> dt.datetime | None:
    """Return the aware time of a Date field (RFC 5322 section 3.3 or ISO 8601), or None.

    The offset is the one written there; `-0000` and a missing offset count as UTC.
    """
    value = value.strip()[:200]
    if not value:
        return None
    try:
        read = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        read = None
    if read is None:
        try:
            read = dt.datetime.fromisoformat(value)
        except ValueError:
            return _tolerant_date(value)
    if read.tzinfo is None:
        read = read.replace(tzinfo=dt.UTC)
    return _usable(read)


def _tolerant_date(value: str) -> dt.datetime | None:
    """Return the time of a Date field whose offset or seconds are broken, or None."""
    try:
        parts = parsedate_tz(value)
        if parts is None:
            return None
        offset = parts[9] or 0
        zone = dt.timezone(dt.timedelta(seconds=offset)) if abs(offset) < 86_400 else dt.UTC
        return _usable(dt.datetime(*parts[:5], min(parts[5], 59), tzinfo=zone))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _usable(read: dt.datetime) -> dt.datetime | None:
    """Return `read` when it lies well inside what UTC arithmetic can hold, with a whole-minute offset; else None."""
    if not 1971 <= read.year <= 9000:
        return None
    offset = read.utcoffset() or dt.timedelta()
    minutes = dt.timedelta(minutes=round(offset.total_seconds() / 60))
    return read.astimezone(dt.timezone(minutes)) if minutes != offset or not isinstance(read.tzinfo, dt.timezone) else read


def _date(value: str, opened: _Opened) -> dt.datetime | None:
    """Return the Date field's time, by the standard library, else by mail-parser (which gives it in UTC)."""
    read = parse_date(value)
    stamp = opened.parser.date if read is None and value and opened.parser is not None else None
    if isinstance(stamp, dt.datetime):
        read = _usable(stamp if stamp.tzinfo else stamp.replace(tzinfo=dt.UTC))
    return read
