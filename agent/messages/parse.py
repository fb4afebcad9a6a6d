"""The way in: the bytes of a mail, or its bare fields, to a `Message`."""

import datetime as dt
import hashlib
import re
from email.message import Message as Part

from agent.messages.authentication import authentication_results
from agent.messages.auto import is_auto_reply, is_list_mail, return_date
from agent.messages.body import Body, read_body
from agent.messages.bounce import read_bounce
from agent.messages.calendar import read_calendar
from agent.messages.cleaning import clean
from agent.messages.header import Header, parse_date, read_header
from agent.messages.message import CalendarEvent, Message
from agent.messages.parts import LONGEST_HTML, LONGEST_TEXT, BodySection, Parts, few_lines, open_parts
from agent.messages.references import parse_msg_ids

MOST_DEFECTS = 20

_CLOCKS_DIFFER = dt.timedelta(days=1)
"""How far a sender's clock may be ahead of the mailbox before its Date is not believed."""

_LINE_END = re.compile(rb"\r\n|\r")
_NOT_IN_ID = re.compile(r"[\s<>]")


def parse_message(raw: bytes, *, received_at: dt.datetime) -> Message:
    """Return the mail that `raw` holds (RFC 5322). Never raises on any bytes.

    Line ends may be CRLF or LF, an mbox `From ` line may stand above. `received_at` must be aware; it stands in for a missing
    or broken Date. What was broken is told in `defects`.
    """
    lines = _LINE_END.sub(b"\n", raw).lstrip(b"\n") if b"\r" in raw else raw.lstrip(b"\n")
    if lines.startswith(b"From ") and b"\n" in lines:
        lines = lines.partition(b"\n")[2]
    section, _, _ = lines.partition(b"\n\n")
    header = read_header(section)
    try:
        parts = open_parts(lines)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, IndexError) as problem:
        parts = Parts(root=Part(), defects=[f"body cannot be read ({type(problem).__name__})"])
    return _message(header, parts, received_at=received_at, fallback_id=_missing_id(raw), size=len(raw))


def message_from_fields(
    *,
    id: str,  # noqa: A002 - the key of the .jsonl form
    sender: str,
    to: str,
    date: str | None,
    subject: str,
    body: str | None,
    html: str | None,
    received_at: dt.datetime,
) -> Message:
    """Return the mail that the fields of a `.jsonl` line describe.

    `received_at` (aware) stands in for a missing or unreadable date. The Message-ID is `id`, in brackets. Never raises.
    """
    fields = {"From": sender, "To": to, "Subject": subject}
    section = "\n".join(f"{name}: {' '.join(value.split())}" for name, value in fields.items() if value)
    if date and (read := parse_date(date)) is not None:
        section += f"\nDate: {read.strftime('%d %b %Y %H:%M:%S %z')}"
    header = read_header(section.encode("utf-8", "replace"))
    plain = clean(body)[:LONGEST_TEXT] if body is not None else None
    markup = clean(html)[:LONGEST_HTML] if html is not None else None
    parts = Parts(root=Part())
    parts.body = [BodySection(plain=few_lines(plain, parts.defects) if plain is not None else None, html=markup)]
    if any(text is not None and len(text) > longest for text, longest in ((body, LONGEST_TEXT), (html, LONGEST_HTML))):
        parts.defects.append("text cut")
    bare = _NOT_IN_ID.sub("", clean(id))
    whole = "\0".join((sender, to, date or "", subject, body or "", html or ""))
    own_id = f"<{bare}>" if bare else _missing_id(whole.encode("utf-8", "replace"))
    return _message(header, parts, received_at=received_at, fallback_id=own_id, size=len(whole))


def _missing_id(data: bytes) -> str:
    """Return the msg-id of a mail that has none: it follows from its bytes."""
    return f"<sha256-{hashlib.sha256(data).hexdigest()}@missing.invalid>"


def _message(header: Header, parts: Parts, *, received_at: dt.datetime, fallback_id: str, size: int) -> Message:
    """Put the readings of header and parts together."""
    defects = [*header.defects, *parts.defects]
    body = _body(parts, defects)
    message_ids = parse_msg_ids(header.first("message-id"))
    if not message_ids and header.first("received"):
        defects.append("no Message-ID")
    date = header.date or received_at
    if date > received_at + _CLOCKS_DIFFER:
        # A Date to come, by a wrong clock or by intent, would stand after all news for ever.
        date = received_at.astimezone(date.tzinfo)
        defects.append("Date lies in the future")
    auto = is_auto_reply(header)
    return Message(
        message_id=message_ids[0] if message_ids else fallback_id,
        in_reply_to=parse_msg_ids(header.first("in-reply-to")),
        references=parse_msg_ids(header.first("references")),
        date=date,
        received_at=received_at,
        sender=header.sender,
        reply_to=header.reply_to,
        to=header.to,
        cc=header.cc,
        subject=header.subject,
        text=body.text,
        fresh=body.fresh,
        signature=body.signature,
        calendar=_calendar(parts, date, defects),
        auto_submitted=auto,
        list_mail=is_list_mail(header),
        bounce=read_bounce(header, parts, body.text, size),
        authentication=authentication_results(header),
        returns_on=return_date(header, date.date()) if auto else None,
        defects=tuple(dict.fromkeys(defects))[:MOST_DEFECTS],
    )


def _body(parts: Parts, defects: list[str]) -> Body:
    """Return the body; its defects are added to `defects`."""
    body = read_body(parts.body)
    defects += body.defects
    return body


def _calendar(parts: Parts, date: dt.datetime, defects: list[str]) -> tuple[CalendarEvent, ...]:
    """Return the events of all calendar parts, each once: clients send the same one as a part and as an attachment."""
    offset = dt.timezone(date.utcoffset() or dt.timedelta())
    events: list[CalendarEvent] = []
    for text in parts.calendars:
        found, problems = read_calendar(text, sender_offset=offset)
        events += found
        defects += problems
    return tuple(dict.fromkeys(events))
