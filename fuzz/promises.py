"""What every reading of bytes promises, whatever the bytes are; a promise that is broken is raised as `Broken`."""

import dataclasses
import datetime as dt
import re
import unicodedata
from typing import Any

from pydantic import TypeAdapter

from agent.messages.message import Address, Bounce, CalendarEvent, Message
from agent.messages.parse import MOST_DEFECTS
from agent.signals import Reading

_MESSAGES: TypeAdapter[Message] = TypeAdapter(Message)
_MSG_ID = re.compile(r"<[^<>\s]+>")


class Broken(Exception):
    """A reading did not keep what its docstring promises."""


def hold(kept: object, promise: str, value: object = "") -> None:
    """Raise `Broken` unless the promise was kept; `value` shows by what it was broken."""
    if not kept:
        raise Broken(f"{promise}: {value!r:.200}" if value != "" else promise)


def strings(value: Any) -> list[str]:
    """Return all strings in a value of frozen dataclasses and tuples."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, (tuple, list)):
        return [text for each in value for text in strings(each)]
    if dataclasses.is_dataclass(value):
        return [text for field in dataclasses.fields(value) for text in strings(getattr(value, field.name))]
    return []


def check_encodable(value: Any) -> None:
    """Check that every string can be written as UTF-8: none holds a lone surrogate."""
    for text in strings(value):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise Broken(f"text can be written as UTF-8: {error}") from error


def check_line(text: str, name: str) -> None:
    """Check that the text stands on one line, without control characters."""
    hold("\n" not in text, f"{name} stands on one line", text)
    check_text(text, name)


def check_text(text: str, name: str) -> None:
    r"""Check that the text holds no control character but `\n` and tabulators."""
    bad = next((character for character in text if character not in "\n\t" and unicodedata.category(character) == "Cc"), None)
    hold(bad is None, f"{name} holds no control character", bad)


def check_aware(at: dt.datetime | None, name: str) -> None:
    """Check that the time is aware, and can be told in UTC."""
    if at is not None:
        hold(at.utcoffset() is not None, f"{name} is aware", at)
        try:
            at.astimezone(dt.UTC)
        except (OverflowError, ValueError) as error:
            raise Broken(f"{name} can be told in UTC: {at}") from error


def check_address(address: Address, name: str) -> None:
    """Check that the address is in lower case and without space, and the display name on one line."""
    check_line(address.name, f"the display name in {name}")
    hold(address.email == address.email.lower(), f"the address in {name} is in lower case", address.email)
    hold(not any(character.isspace() for character in address.email), f"the address in {name} has no space", address.email)


def check_event(event: CalendarEvent) -> None:
    """Check that a calendar event has aware times and single lines."""
    check_aware(event.starts_at, "the start")
    check_aware(event.ends_at, "the end")
    for name in ("method", "uid", "status", "summary", "organizer", "location", "recurrence_id"):
        check_line(getattr(event, name), f"the {name} of an event")
    hold(event.sequence >= 0, "SEQUENCE is not negative", event.sequence)
    check_encodable(event)


def check_bounce(bounce: Bounce | None) -> None:
    """Check that a bounce names addresses, and one msg-id or none."""
    if bounce is not None:
        check_encodable(bounce)
        original = bounce.original_message_id
        hold(not original or _MSG_ID.fullmatch(original), "the original Message-ID is one", original)
        hold(all(who == who.lower() for who in bounce.recipients), "recipients are in lower case", bounce.recipients)


def check_message(message: Message, *, received_at: dt.datetime) -> None:
    """Check all that `Message` says of its fields, and that the ledger can keep it and give it back."""
    check_encodable(message)
    for name in ("message_id", *("in_reply_to", "references")):
        value = getattr(message, name)
        for msg_id in (value,) if isinstance(value, str) else value:
            hold(_MSG_ID.fullmatch(msg_id), f"{name} is a msg-id with its brackets", msg_id)
    check_aware(message.date, "the date")
    hold(message.date <= received_at + dt.timedelta(days=1), "the date is at most a day after the receipt", message.date)
    hold(message.received_at == received_at, "the receipt is what the mailbox says", message.received_at)
    check_line(message.subject, "the subject")
    for name in ("text", "fresh", "signature"):
        check_text(getattr(message, name), f"the {name}")
    for name in ("to", "cc", "reply_to"):
        for address in getattr(message, name):
            hold("@" in address.email, f"an address in {name} has an @", address.email)
            check_address(address, name)
    hold("@" in message.sender.email or not message.sender.email, "the sender has an @, or is empty", message.sender.email)
    check_address(message.sender, "from")
    for event in message.calendar:
        check_event(event)
    check_bounce(message.bounce)
    hold(len(message.defects) <= MOST_DEFECTS, f"at most {MOST_DEFECTS} defects are told", len(message.defects))
    for defect in message.defects:
        check_line(defect, "a defect")
        hold(len(defect) <= 200, "a defect is a short phrase", defect)
    kept = _MESSAGES.validate_json(_MESSAGES.dump_json(message, exclude_defaults=True))
    hold(kept == message, "the ledger gives a message back as it was")


def check_reading(reading: Reading, message: Message) -> None:
    """Check that each quote stands at its offsets, each confidence lies between 0 and 1, and times are aware."""
    check_encodable(reading)
    for signal in reading.signals:
        hold(0 <= signal.confidence <= 1, "confidence lies between 0 and 1", signal)
        hold(0 <= signal.start <= signal.end <= len(message.fresh), "offsets lie inside the text", signal)
        if signal.end:
            hold(message.fresh[signal.start : signal.end] == signal.quote, "the quote stands at its offsets", signal)
    for at in (reading.interview_at, *reading.proposed):
        check_aware(at, "a time that was read")
    for name in ("company", "role", "requisition", "phone"):
        check_line(getattr(reading, name) or "", f"the {name}")
