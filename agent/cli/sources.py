"""Messages from files: .eml, mbox, Maildir, and .jsonl lines."""

import json
import mailbox
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from agent.cli.endings import UsageProblem
from agent.messages import message_from_fields, parse_message
from agent.messages.message import Message

_JSONL_KEYS = ("id", "from", "to", "date", "subject", "body", "html", "eml")


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
    """Yield the messages of all sources in order; raises `UsageProblem` for what is none."""
    for source in sources:
        if source == "-":
            yield from _jsonl(sys.stdin.buffer.read().decode("utf-8", "replace"), "standard input", now)
            continue
        path = Path(source)
        try:
            yield from _of_path(path, now)
        except OSError as error:
            raise UsageProblem(f"{source}: cannot be read ({error.strerror}); check the path") from error


def _of_path(path: Path, now: datetime) -> Iterator[SourceMessage]:
    if path.is_dir():
        if not (path / "cur").is_dir():
            raise UsageProblem(
                f"{path}: is a folder but no Maildir (it has no cur/); name a Maildir, an mbox, .eml or .jsonl file"
            )
        files = sorted(file for part in ("cur", "new") for file in (path / part).glob("*") if file.is_file())
        for file in files:
            yield _of_bytes(file.read_bytes(), now)
    elif path.suffix == ".jsonl":
        yield from _jsonl(path.read_text(encoding="utf-8", errors="replace"), str(path), now)
    else:
        with path.open("rb") as opened:
            is_mbox = opened.read(5) == b"From "
        if is_mbox:
            box = mailbox.mbox(path, create=False)
            try:
                for key in box.iterkeys():
                    yield _of_bytes(_unquoted(box.get_bytes(key)), now, envelope=box.get_message(key).get_from())
            finally:
                box.close()
        else:
            yield _of_bytes(path.read_bytes(), now)


def _unquoted(raw: bytes) -> bytes:
    """Undo the `>From ` quoting of an mbox (RFC 4155 leaves it open; mboxrd is what writers do)."""
    return re.sub(rb"(?m)^>(>*From )", rb"\1", raw)


def _of_bytes(raw: bytes, now: datetime, envelope: str = "") -> SourceMessage:
    return SourceMessage(id="", raw=raw, fields={}, received_at=_date_in(raw) or _envelope_date(envelope) or now)


def _date_in(raw: bytes) -> datetime | None:
    head = re.split(rb"\r?\n\r?\n", raw[:65536], maxsplit=1)[0]
    found = re.search(rb"(?im)^date:[ \t]*(.+)$", head)
    return _parsed(found.group(1).decode("ascii", "replace")) if found else None


def _envelope_date(envelope: str) -> datetime | None:
    words = envelope.split(maxsplit=1)
    try:
        return datetime.strptime(words[1].strip(), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except (IndexError, ValueError):
        return None


def _parsed(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if re.match(r"\d{4}-", text) else parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _jsonl(text: str, where: str, now: datetime) -> Iterator[SourceMessage]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry: Any = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageProblem(f"{where}:{number}:{error.colno}: is not JSON ({error.msg}); each line is one object") from None
        if not isinstance(entry, dict):
            raise UsageProblem(f"{where}:{number}: is no JSON object; each line is one, with the keys {', '.join(_JSONL_KEYS)}")
        fields = {key: str(entry[key]) for key in _JSONL_KEYS if entry.get(key) is not None}
        identity = fields.pop("id", str(number))
        at = _parsed(fields.get("date", "")) or now
        eml = fields.pop("eml", None)
        raw = eml.encode("utf-8", "surrogateescape") if eml is not None else None
        if raw is not None:
            at = _date_in(raw) or at
        yield SourceMessage(id=identity, raw=raw, fields=fields, received_at=at)


def _mail_of(identity: str, fields: dict[str, str]) -> bytes:
    mail = EmailMessage(policy=SMTP)
    for name, key in (("From", "from"), ("To", "to"), ("Subject", "subject"), ("Date", "date")):
        if fields.get(key):
            mail[name] = " ".join(fields[key].split())
    if re.fullmatch(r"<[^<>\s]+@[^<>\s]+>", identity):
        mail["Message-ID"] = identity
    if fields.get("body") is not None or fields.get("html") is None:
        mail.set_content(fields.get("body", ""))
        if fields.get("html"):
            mail.add_alternative(fields["html"], subtype="html")
    else:
        mail.set_content(fields["html"], subtype="html")
    return mail.as_bytes()
