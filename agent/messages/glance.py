"""A mail as its heading shows it: the few fields that can tell that its text is not needed, read in some 30 microseconds."""

import re
from dataclasses import dataclass

from agent.messages.charset import decode_text
from agent.messages.cleaning import one_line
from agent.messages.header import LONGEST_FIELD, LONGEST_HEADER, decode_words
from agent.messages.references import parse_msg_ids

_FOLD = re.compile(r"\n[ \t]+")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]{1,100}@[^\s<>,;:\"()\[\]@]{1,200}")
_NO_NAME = re.compile(r"<[^<>]{0,400}>|[^\s<>,;:\"()\[\]@]{1,100}@[^\s<>,;:\"()\[\]@]{1,200}")
_BULK = frozenset({"bulk", "list", "junk"})
_LISTS = ("list-id", "list-unsubscribe", "list-post")
_MOST_ADDRESSES = 50
_PLAIN = frozenset(
    {
        "",
        "text/plain",
        "text/html",
        "multipart/alternative",
        "multipart/mixed",
        "multipart/related",
        "multipart/signed",
        "multipart/encrypted",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Glance:
    """One mail without its text."""

    message_id: str
    """msg-id with its brackets; empty when it has none."""
    parent_ids: tuple[str, ...]
    """All msg-ids that it answers, the nearest first, each once."""
    senders: tuple[str, ...]
    """Addresses of From and Reply-To in lower case, From first."""
    name: str
    """What From says beside addresses, decoded."""
    recipients: tuple[str, ...]
    """Addresses of To and Cc in lower case, the first fifty."""
    subject: str
    """Decoded and on one line."""
    bulk: bool
    """List-ID, List-Unsubscribe or Precedence: bulk is there: written to many."""
    notice: bool
    """A machine wrote it of its own accord: Auto-Submitted: auto-generated or auto-notified (RFC 3834)."""
    special: bool
    """The whole of it is no text: a calendar entry, a delivery report."""


def read_glance(header: bytes) -> Glance:
    """Return what the fields of `header` say (RFC 5322); any others may stand there too. Never raises on any bytes.

    Of a field that stands there twice the first counts, as in `read_header`. Addresses are read more generously than there: what
    looks like one is one.
    """
    fields = _fields(header)
    sender = fields.get("from", "")
    senders = [*_ADDRESS.findall(sender), *_ADDRESS.findall(fields.get("reply-to", ""))]
    name = _NO_NAME.sub(" ", decode_words(sender) if "=?" in sender else sender)
    subject = fields.get("subject", "")
    submitted = fields.get("auto-submitted", "").lower()
    kind = fields.get("content-type", "").partition(";")[0].strip().lower()
    chain = (*parse_msg_ids(fields.get("in-reply-to", "")), *reversed(parse_msg_ids(fields.get("references", ""))))
    ids = parse_msg_ids(fields.get("message-id", ""))
    return Glance(
        message_id=ids[0] if ids else "",
        parent_ids=tuple(dict.fromkeys(chain)),
        senders=_addresses(senders),
        name=one_line(name).strip("\"' "),
        recipients=_addresses(_ADDRESS.findall(f"{fields.get('to', '')} {fields.get('cc', '')}")),
        subject=one_line(decode_words(subject) if "=?" in subject else subject),
        bulk=any(field in fields for field in _LISTS) or fields.get("precedence", "").lower() in _BULK,
        notice=submitted.startswith(("auto-generated", "auto-notified")),
        special=kind not in _PLAIN,
    )


def _fields(header: bytes) -> dict[str, str]:
    """Return name in lower case → unfolded value of the first field of that name."""
    if len(header) > LONGEST_HEADER:
        header = header[:LONGEST_HEADER]
    text = header.decode("ascii") if header.isascii() else decode_text(header, "utf-8")[0]
    found: dict[str, str] = {}
    for line in _FOLD.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        name, _, value = line.partition(":")
        found.setdefault(name.strip().lower(), value[:LONGEST_FIELD].strip())
    return found


def _addresses(found: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip("'.").lower() for each in found[:_MOST_ADDRESSES]))
