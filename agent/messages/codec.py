"""`Message` as plain JSON-able data and back, for whoever keeps it."""

import datetime as dt
from dataclasses import asdict, fields
from typing import Any

from agent.messages.message import Address, AuthenticationResult, Bounce, CalendarEvent, Message


def message_to_dict(message: Message) -> dict[str, Any]:
    """Return the message as a dict of strings, numbers, lists and dicts; times are ISO 8601 with offset, days ISO 8601."""
    plain: dict[str, Any] = _plain(asdict(message))
    return plain


def message_from_dict(data: dict[str, Any]) -> Message:
    """Return the message that `message_to_dict` wrote; keys that it does not know are left aside.

    Raises KeyError, TypeError or ValueError when a required key is missing or no value of its kind.
    """
    known = {field.name for field in fields(Message)}
    values = {key: value for key, value in data.items() if key in known}
    values |= {
        "in_reply_to": tuple(data["in_reply_to"]),
        "references": tuple(data["references"]),
        "date": dt.datetime.fromisoformat(data["date"]),
        "received_at": dt.datetime.fromisoformat(data["received_at"]),
        "sender": Address(**data["sender"]),
        "reply_to": _addresses(data["reply_to"]),
        "to": _addresses(data["to"]),
        "cc": _addresses(data["cc"]),
        "calendar": tuple(_event(event) for event in data["calendar"]),
        "bounce": _bounce(data["bounce"]),
        "authentication": tuple(_result(result) for result in data["authentication"]),
        "returns_on": dt.date.fromisoformat(data["returns_on"]) if data.get("returns_on") else None,
        "defects": tuple(data.get("defects", ())),
    }
    return Message(**values)


def _plain(value: Any) -> Any:
    """Return `value` with tuples as lists and times as text."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _addresses(data: list[dict[str, str]]) -> tuple[Address, ...]:
    """Return a list of addresses."""
    return tuple(Address(**one) for one in data)


def _moment(text: str | None) -> dt.datetime | None:
    """Return an ISO 8601 time, or None for none."""
    return dt.datetime.fromisoformat(text) if text else None


def _event(data: dict[str, Any]) -> CalendarEvent:
    """Return a calendar event."""
    times = {"starts_at": _moment(data["starts_at"]), "ends_at": _moment(data["ends_at"])}
    return CalendarEvent(**(data | times | {"attendees": tuple(data["attendees"])}))


def _bounce(data: dict[str, Any] | None) -> Bounce | None:
    """Return a bounce, or None for none."""
    return Bounce(**(data | {"recipients": tuple(data["recipients"])})) if data is not None else None


def _result(data: dict[str, Any]) -> AuthenticationResult:
    """Return an authentication result."""
    pairs = tuple((method, result) for method, result in data["methods"])
    return AuthenticationResult(**(data | {"methods": pairs, "domains": tuple(data["domains"])}))
