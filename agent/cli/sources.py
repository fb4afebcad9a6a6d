"""Messages from files: .eml, mbox, Maildir, and .jsonl lines."""

import json
import mmap
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from agent.cli.endings import UsageProblem
from agent.mailbox import mbox
from agent.messages import message_from_fields, parse_message
from agent.messages.header import parse_date
from agent.messages.message import Message

_JSONL_KEYS = ("id", "from", "to", "date", "subject", "body", "html", "eml")
_STANDARD_INPUT = "standard input"


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceMessage:
    """One message of a source."""

    id: str
    """The `id` of a .jsonl line; empty otherwise."""
    raw: bytes | None
    """The bytes; None for a .jsonl line that gives the fields."""
    fields: dict[str, str]
    received_at: datetime
    """The best that the source says: its own date, else now."""

    def message(self) -> Message:
        """Return it parsed."""
        if self.raw is not None:
            return parse_message(self.raw, received_at=self.received_at)
        return message_from_fields(
            id=self.id,
            sender=self.fields.get("from", ""),
            to=self.fields.get("to", ""),
            date=self.fields.get("date"),
            subject=self.fields.get("subject", ""),
            body=self.fields.get("body"),
            html=self.fields.get("html"),
            received_at=self.received_at,
        )

    def as_bytes(self) -> bytes:
        """Return it as a mail, made from the fields where there are no bytes."""
        return self.raw if self.raw is not None else _mail_of(self.id, self.fields)


def read_sources(sources: list[str], *, now: datetime) -> Iterator[SourceMessage]:
    """Yield the messages of all sources in order; raises `UsageProblem` for what is none.

    A file that begins with `{` is read as .jsonl and one that begins with `From ` as an mbox, whatever its name.
    """
    for source in sources:
        if source == "-":
            yield from _jsonl(sys.stdin.buffer.read(), _STANDARD_INPUT, now)
            continue
        try:
            yield from _of_path(Path(source), now)
        except OSError as error:
            raise UsageProblem(f"{source}: cannot be read ({error.strerror}); check the path") from error


def _of_path(path: Path, now: datetime) -> Iterator[SourceMessage]:
    if path.is_dir():
        if not (path / "cur").is_dir():
            raise UsageProblem(
                f"{path}: is a folder but no Maildir (it has no cur/); name a Maildir, an mbox, .eml or .jsonl file"
            )
        files = (file for part in ("cur", "new") for file in (path / part).glob("[!.]*") if file.is_file())
        for file in sorted(files, key=lambda file: (file.name.split(":")[0], file.name)):
            yield _of_bytes(file.read_bytes(), now)
        return
    with path.open("rb") as opened:
        if path.suffix == ".mbox" and path.stat().st_size == 0:
            return
        start = opened.peek(5)[:5]
        if path.suffix == ".jsonl" or start.startswith(b"{"):
            yield from _jsonl(opened.read(), str(path), now)
        elif start != b"From ":
            yield _of_bytes(opened.read(), now)
        elif stat.S_ISREG(path.stat().st_mode):
            with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                yield from _of_mbox(mapped, now)
        else:
            yield from _of_mbox(opened.read(), now)


def _of_mbox(box: bytes | mmap.mmap, now: datetime) -> Iterator[SourceMessage]:
    span = None
    for span in mbox.spans(box):
        yield _of_bytes(mbox.unquoted(box[span.start : span.end]), now, envelope=box[span.envelope : span.start])
    if span is None:
        yield _of_bytes(box[:], now)


def _of_bytes(raw: bytes, now: datetime, envelope: bytes = b"") -> SourceMessage:
    return SourceMessage(id="", raw=raw, fields={}, received_at=_date_in(raw) or mbox.envelope_date(envelope) or now)


def _date_in(raw: bytes) -> datetime | None:
    head = re.split(rb"\r?\n\r?\n", raw[:65536], maxsplit=1)[0]
    found = re.search(rb"(?im)^date:[ \t]*(.+)$", head)
    return parse_date(found.group(1).decode("ascii", "replace")) if found else None


def _jsonl(raw: bytes, where: str, now: datetime) -> Iterator[SourceMessage]:
    for number, line in enumerate(raw.decode("utf-8", "replace").removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry: Any = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageProblem(f"{where}:{number}:{error.colno}: is not JSON ({error.msg}); each line is one object") from None
        except (RecursionError, ValueError):
            raise UsageProblem(f"{where}:{number}:1: is JSON beyond all measure; each line is one plain object") from None
        if not isinstance(entry, dict):
            raise UsageProblem(f"{where}:{number}:1: is no JSON object; each line is one, with the keys {', '.join(_JSONL_KEYS)}")
        fields = {key: _text(entry[key]) for key in _JSONL_KEYS if entry.get(key) is not None}
        identity = fields.pop("id", str(number))
        mail = _bytes(entry["eml"]) if fields.pop("eml", None) is not None else None
        at = (_date_in(mail) if mail is not None else None) or parse_date(fields.get("date", "")) or now
        yield SourceMessage(id=identity, raw=mail, fields=fields, received_at=at)


def _text(value: Any) -> str:
    r"""Return a value as text; half a character (`\ud800`), which JSON can hold and mail cannot, becomes U+FFFD."""
    return re.sub("[\ud800-\udfff]", "\ufffd", str(value))


def _bytes(value: Any) -> bytes:
    r"""Return a whole mail as bytes; `\udc80` to `\udcff` stand for bytes that are no UTF-8 (Python's surrogateescape)."""
    return re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", str(value)).encode("utf-8", "surrogateescape")


def _mail_of(identity: str, fields: dict[str, str]) -> bytes:
    """Return the mail that the fields of a line describe; its header is in UTF-8 (RFC 6532), whatever stands in it."""
    at = parse_date(fields.get("date", ""))
    header = {
        "From": fields.get("from"),
        "To": fields.get("to"),
        "Subject": fields.get("subject"),
        "Date": format_datetime(at) if at else None,
        "Message-ID": f"<{''.join(identity.split()).strip('<>')}>",
    }
    lines = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in header.items() if value)
    mail = EmailMessage(policy=SMTP)
    if fields.get("body") is not None or fields.get("html") is None:
        mail.set_content(fields.get("body", ""))
        if fields.get("html"):
            mail.add_alternative(fields["html"], subtype="html")
    else:
        mail.set_content(fields["html"], subtype="html")
    return lines.encode() + mail.as_bytes()
