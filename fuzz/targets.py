"""What is fuzzed: one function for each reader, with seeds cut from whole mails and words that its inputs are made of."""

import datetime as dt
import email
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from agent.cli.endings import UsageProblem
from agent.cli.sources import read_sources
from agent.mailbox.msgid import bare, msgid_of
from agent.messages import message_from_fields, parse_message
from agent.messages.authentication import authentication_results
from agent.messages.auto import is_auto_reply, is_list_mail, return_date
from agent.messages.bounce import read_bounce
from agent.messages.calendar import read_calendar
from agent.messages.charset import decode_text
from agent.messages.cleaning import clean
from agent.messages.fresh import fresh_part
from agent.messages.header import decode_words, parse_date, read_header
from agent.messages.markup import CUT, QUOTE, render
from agent.messages.parts import open_parts
from agent.messages.references import parse_msg_ids
from agent.messages.subject import base_subject
from agent.rulebook.phrases import load_phrasebook
from agent.signals import Phrasebook, read_message, read_own_message
from fuzz import promises, servers, words
from fuzz.promises import hold

RECEIVED = dt.datetime(2026, 3, 10, 10, 0, tzinfo=dt.UTC)
"""When all fuzzed mail is received."""
_MOST_SOURCES = 20
_FORMER = ("\r\n", "\r")


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One reader of bytes."""

    run: Callable[[bytes], None]
    """Reads the input and checks what it gave; raises what nobody promised."""
    seeds: Callable[[bytes], Iterator[bytes]]
    """Cuts inputs out of the bytes of a file: a mail, or a calendar."""
    words: tuple[bytes, ...] = ()
    """What inputs are made of, for mutations."""


def _whole(raw: bytes) -> Iterator[bytes]:
    yield raw


def _leaves(raw: bytes, *kinds: str) -> Iterator[tuple[str, bytes]]:
    """Yield (charset, decoded bytes) of the leaf parts of these kinds."""
    for part in email.message_from_bytes(raw).walk():
        data = part.get_payload(decode=True) if not part.is_multipart() else None
        if part.get_content_type() in kinds and isinstance(data, bytes):
            yield str(part.get_param("charset", "")), data


# A whole mail.


def read_mail(data: bytes) -> None:
    """Parse a whole mail, twice: with its own line ends and with those of the other kind."""
    message = parse_message(data, received_at=RECEIVED)
    promises.check_message(message, received_at=RECEIVED)
    if len(data) % 4 == 0:
        again = parse_message(re.sub(rb"\r\n|\r", b"\n", data), received_at=RECEIVED)
        hold(replace(again, message_id=message.message_id) == message, "the kind of line ends changes nothing")
    if len(data) % 4 == 1:
        hold(parse_message(data, received_at=RECEIVED) == message, "the same bytes give the same message")


def read_fields(data: bytes) -> None:
    """Read a mail that is given by its fields, divided by the first bytes of the input."""
    values = [part.decode("utf-8", "surrogateescape") for part in data.split(b"\xff", 6)]
    identity, sender, to, date, subject, body, html = values + [""] * (7 - len(values))
    message = message_from_fields(
        id=identity, sender=sender, to=to, date=date, subject=subject, body=body or None, html=html or None, received_at=RECEIVED
    )
    promises.check_message(message, received_at=RECEIVED)


def _fields_of(raw: bytes) -> Iterator[bytes]:
    mail = email.message_from_bytes(raw)
    fields = [str(mail[name] or "").encode("utf-8", "replace") for name in ("Message-ID", "From", "To", "Date", "Subject")]
    texts = [next((data for _, data in _leaves(raw, kind)), b"") for kind in ("text/plain", "text/html")]
    yield b"\xff".join([*fields, *texts])


@cache
def _phrasebook() -> Phrasebook:
    return load_phrasebook(None)


def read_statements(data: bytes) -> None:
    """Parse a mail and read what it says, as received and as the user's own."""
    message = parse_message(data, received_at=RECEIVED)
    promises.check_reading(read_message(message, _phrasebook()), message)
    promises.check_reading(read_own_message(message, _phrasebook()), message)


# Parts of a mail.


def read_bounces(data: bytes) -> None:
    """Read a mail as a delivery failure, whatever it is."""
    lines = data.replace(b"\r\n", b"\n")
    header = read_header(lines.partition(b"\n\n")[0])
    parts = open_parts(lines)
    text = "\n".join(section.plain or "" for section in parts.body)
    promises.check_bounce(read_bounce(header, parts, text, len(data)))


def read_calendars(data: bytes) -> None:
    """Read a calendar part; the first byte gives the sender's offset."""
    offset = dt.timezone(dt.timedelta(minutes=15 * (data[0] % 57) - 12 * 60)) if data else dt.UTC
    events, problems = read_calendar(clean(data[1:].decode("utf-8", "replace")), sender_offset=offset)
    for event in events:
        promises.check_event(event)
    for problem in problems:
        promises.check_line(problem, "a problem")


def _calendars_of(raw: bytes) -> Iterator[bytes]:
    if b"BEGIN:V" in raw[:200]:
        yield b"0" + raw
    for _, data in _leaves(raw, "text/calendar", "application/ics", "text/x-vcalendar"):
        yield b"0" + data


def read_headers(data: bytes) -> None:
    """Read a header section and all that is taken from its fields."""
    header = read_header(data)
    promises.check_encodable(header)
    promises.check_line(header.subject, "the subject")
    promises.check_aware(header.date, "the date")
    for address in (header.sender, *header.reply_to, *header.to, *header.cc):
        promises.check_address(address, "a header")
    promises.check_encodable(authentication_results(header))
    if is_auto_reply(header):
        return_date(header, RECEIVED.date())
    is_list_mail(header)
    base_subject(header.subject)
    msgid_of(data)
    for _, value in header.fields:
        hold("\n" not in value, "a field is unfolded", value)
        promises.check_encodable((decode_words(value), *parse_msg_ids(value), bare(value)))
        promises.check_aware(parse_date(value), "a date")


def _header_of(raw: bytes) -> Iterator[bytes]:
    yield raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]


def read_charset(data: bytes) -> None:
    """Decode a text under the charset that stands in the first line."""
    name, _, text = data.partition(b"\n")
    decoded, problem = decode_text(text, name.decode("latin-1"))
    promises.check_line(clean(problem), "a problem")
    cleaned = clean(decoded)
    promises.check_encodable(cleaned)
    promises.check_text(cleaned, "cleaned text")
    hold(not any(mark in cleaned for mark in _FORMER), "cleaned text has one kind of line end")


def _charsets_of(raw: bytes) -> Iterator[bytes]:
    for charset, data in _leaves(raw, "text/plain", "text/html"):
        yield charset.encode("ascii", "replace") + b"\n" + data[:4000]


def read_html(data: bytes) -> None:
    """Render an HTML body."""
    rendered = render(clean(data.decode("utf-8", "replace")))
    promises.check_encodable(rendered)
    promises.check_text(rendered.text, "rendered text")
    hold(QUOTE not in rendered.text and CUT not in rendered.text, "the text for the reader holds no mark of ours")
    fresh_part(rendered.marked)


def _html_of(raw: bytes) -> Iterator[bytes]:
    for _, data in _leaves(raw, "text/html"):
        yield data


def read_fresh(data: bytes) -> None:
    """Take the new part out of a text; nothing in it is new that was not there."""
    text = clean(data.decode("utf-8", "replace"))
    fresh = fresh_part(text)
    for word in fresh.text.split():
        hold(word in text, "what is new stood there", word)
    hold(len(fresh.text) <= len(text), "what is new is not longer than the whole")


def _text_of(raw: bytes) -> Iterator[bytes]:
    for _, data in _leaves(raw, "text/plain"):
        yield data


# Files.


def read_files(data: bytes) -> None:
    """Read the bytes as a source of `classify`: .eml, mbox or .jsonl, as they look; only `UsageProblem` may come of it."""
    with tempfile.NamedTemporaryFile(dir=_quick_folder(), suffix=".mbox" if data[:1] == b"F" else "") as file:
        file.write(data)
        file.flush()
        try:
            for number, source in enumerate(read_sources([file.name], now=RECEIVED)):
                promises.check_aware(source.received_at, "the receipt of a source")
                if number < _MOST_SOURCES:
                    promises.check_message(source.message(), received_at=source.received_at)
                    parse_message(source.as_bytes(), received_at=RECEIVED)
        except UsageProblem as problem:
            promises.check_line(str(problem), "a problem")


@cache
def _quick_folder() -> str | None:
    memory = Path("/dev/shm")  # noqa: S108 (a folder of its own is made there by `tempfile`)
    return str(memory) if memory.is_dir() else None


def _files_of(raw: bytes) -> Iterator[bytes]:
    yield raw
    yield (
        b"From someone@example.org Tue Mar 10 10:00:00 2026\n" + raw + b"\n\nFrom x@example.org Tue Mar 10 10:00:01 2026\n" + raw
    )
    mail = email.message_from_bytes(raw)
    body = next((data.decode("utf-8", "replace") for _, data in _leaves(raw, "text/plain")), "")
    fields = {
        "id": "1",
        "from": str(mail["From"]),
        "to": str(mail["To"]),
        "date": str(mail["Date"]),
        "subject": str(mail["Subject"]),
    }
    yield json.dumps({**fields, "body": body}).encode("utf-8", "replace")
    yield json.dumps({"id": "2", "eml": raw.decode("utf-8", "surrogateescape")}).encode("utf-8", "replace")


TARGETS: dict[str, Target] = {
    "mail": Target(run=read_mail, seeds=_whole, words=words.HEADER + words.MIME + words.REPORT + words.TEXT),
    "statements": Target(run=read_statements, seeds=_whole, words=words.SAYING + words.TEXT + words.CALENDAR),
    "bounce": Target(run=read_bounces, seeds=_whole, words=words.HEADER + words.MIME + words.REPORT),
    "header": Target(run=read_headers, seeds=_header_of, words=words.HEADER),
    "calendar": Target(run=read_calendars, seeds=_calendars_of, words=words.CALENDAR),
    "html": Target(run=read_html, seeds=_html_of, words=words.HTML),
    "fresh": Target(run=read_fresh, seeds=_text_of, words=words.TEXT),
    "charset": Target(run=read_charset, seeds=_charsets_of, words=words.MIME),
    "fields": Target(run=read_fields, seeds=_fields_of, words=words.HEADER + words.HTML),
    "answers": Target(run=servers.read_answers, seeds=servers.answers_of, words=words.ANSWERS),
    "folders": Target(run=servers.read_folders, seeds=servers.folders_of, words=words.ANSWERS),
    "raw-header": Target(run=servers.read_raw_headers, seeds=_whole, words=words.HEADER),
    "beginning": Target(run=servers.read_beginnings, seeds=servers.wholes_of, words=words.MIME + words.ANSWERS),
    "mail-files": Target(run=servers.read_mail_files, seeds=servers.boxes_of, words=words.FILE + words.HEADER),
    "files": Target(run=read_files, seeds=_files_of, words=words.FILE + words.HEADER),
}
"""By the name under which they are asked for."""
