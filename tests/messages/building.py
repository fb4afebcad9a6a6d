"""Mail for the tests of this room, built by hand."""

import datetime as dt

from agent.messages import Message, parse_message

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


def read(raw: str | bytes) -> Message:
    return parse_message(raw.encode() if isinstance(raw, str) else raw, received_at=NOW)


def plain(body: str, *more: str) -> Message:
    head = ["From: Dana Cole <dana@acme.example>", "To: sam@home.example", "Subject: Re: Backend Engineer", *more]
    return read("\n".join([*head, "Content-Type: text/plain; charset=utf-8", "", body]))


def html(body: str) -> Message:
    return read(f"From: dana@acme.example\nContent-Type: text/html; charset=utf-8\n\n{body}")


def invitation(calendar: str) -> Message:
    head = "From: dana@acme.example\nDate: Mon, 16 Nov 2026 10:00:00 +0100\nContent-Type: text/calendar; charset=utf-8\n\n"
    return read(head + calendar)
