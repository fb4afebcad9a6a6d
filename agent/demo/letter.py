"""One mail of the demo, from its entry in a file to the bytes a server holds."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, parseaddr
from html import escape
from typing import Literal

import icalendar
from pydantic import BaseModel, ConfigDict, Field

from agent.demo.moments import fill, moment
from agent.mailbox.interface import FolderRole

_HIDDEN = "display:none;max-height:0;overflow:hidden"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnAddress:
    """Whose mailbox it is."""

    name: str
    email: str
    phone: str
    provider: str
    """The authserv-id of the provider (RFC 8601 section 2.5)."""


class CalendarSpec(BaseModel):
    """The calendar part of a mail (RFC 5545, RFC 5546)."""

    model_config = ConfigDict(extra="forbid")

    uid: str
    method: Literal["REQUEST", "CANCEL"] = "REQUEST"
    sequence: int = 0
    start: str
    minutes: int
    summary: str
    location: str = ""
    with_: list[str] = Field(default=[], alias="with")


class MailSpec(BaseModel):
    """One mail as the demo's files tell it; moments as in `agent.demo.moments`."""

    model_config = ConfigDict(extra="forbid")

    id: str
    folder: FolderRole = FolderRole.INBOX
    at: str
    from_: str | None = Field(default=None, alias="from")
    """Left out in the candidate's own mail."""
    to: str | None = None
    """Left out in mail to the candidate."""
    cc: str | None = None
    subject: str
    answers: str | None = None
    """The id of the mail this one answers."""
    quotes: bool = False
    """Whether what it answers is quoted below it."""
    form: Literal["plain", "both", "html"] = "plain"
    """Plain text, text with HTML beside it, or HTML alone."""
    vouched: Literal["pass", "fail", "none"] = "pass"
    """What the provider found out about the sender (RFC 8601)."""
    seen: bool | None = None
    headers: dict[str, str] = {}
    text: str
    calendar: CalendarSpec | None = None

    def moment(self, now: datetime) -> datetime:
        """Return when it was sent: some seconds into its minute, as real mail is."""
        return moment(self.at, now) + timedelta(seconds=int(_digest(self.id)[:4], 16) % 60)

    def is_seen(self, *, hours_ago: float, read_after: float) -> bool:
        """Return whether the candidate has read it."""
        if self.seen is not None:
            return self.seen
        return self.folder is FolderRole.SENT or (self.folder is FolderRole.INBOX and hours_ago > read_after)


def message_id(spec: MailSpec, own: OwnAddress) -> str:
    """Return the Message-ID of a mail, always the same for one entry."""
    _, sender = parseaddr(spec.from_ or own.email)
    return f"<{_digest(spec.id)[:24]}@{sender.partition('@')[2]}>"


def compose(spec: MailSpec, others: Mapping[str, MailSpec], own: OwnAddress, now: datetime) -> bytes:
    """Return the mail as bytes; `others` holds by id what it may answer. Raises `KeyError` when it answers an unknown mail."""
    at = spec.moment(now)
    mine = f"{own.name} <{own.email}>"
    message = EmailMessage(policy=SMTP)
    if spec.folder is not FolderRole.SENT:
        _passed_on(message, spec, own, at)
    message["From"] = _addresses(spec.from_ or mine)
    message["To"] = _addresses(spec.to or mine)
    if spec.cc:
        message["Cc"] = _addresses(spec.cc)
    message["Subject"] = fill(spec.subject, now)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(spec, own)
    if spec.answers:
        message["In-Reply-To"] = message_id(others[spec.answers], own)
        message["References"] = " ".join(_thread(spec, others, own))
    for name, value in spec.headers.items():
        message[name] = fill(value, now)
    text = fill(spec.text, now)
    html = _as_html(text)
    if spec.quotes and spec.answers:
        before = others[spec.answers]
        said = f"On {before.moment(now):%a, %d %b %Y at %H:%M}, {before.from_ or mine} wrote:"
        quoted = fill(before.text, now).rstrip().splitlines()
        text += f"\n{said}\n\n" + "".join(f"> {line}".rstrip() + "\n" for line in quoted)
        html += f'<div class="gmail_quote"><div class="gmail_attr">{escape(said)}</div>'
        html += f'<blockquote type="cite">{_as_html(chr(10).join(quoted))}</blockquote></div>'
    _fill_body(message, spec, text, html)
    if spec.calendar:
        _add_invitation(message, spec.calendar, spec.from_ or mine, own, at, now)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"----={number}_{_digest(spec.id)[24:48]}")
    return message.as_bytes()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _addresses(text: str) -> tuple[Address, ...]:
    return tuple(Address(display_name=name, addr_spec=address) for name, address in getaddresses([text]))


def _thread(spec: MailSpec, others: Mapping[str, MailSpec], own: OwnAddress) -> list[str]:
    """Return the Message-IDs of what was answered, the first mail first."""
    ids: list[str] = []
    while spec.answers:
        spec = others[spec.answers]
        ids.insert(0, message_id(spec, own))
    return ids


def _passed_on(message: EmailMessage, spec: MailSpec, own: OwnAddress, at: datetime) -> None:
    """Add what the provider's server writes above a mail that comes in."""
    domain = parseaddr(spec.from_ or own.email)[1].partition("@")[2]
    number = int(_digest(spec.id)[4:6], 16)
    address = f"203.0.113.{number}" if spec.vouched == "pass" else f"198.51.100.{number}"
    host = f"out-{number}.{domain}" if spec.vouched == "pass" else f"host-{number}.hosting.example"
    bounce = f"bounce-{_digest(spec.id)[6:14]}@{domain}"
    message["Return-Path"] = f"<{bounce}>"
    message["Received"] = (
        f"from {host} ({host} [{address}]) by {own.provider} with ESMTPS id {_digest(spec.id)[14:24]} "
        f"for <{own.email}>; {format_datetime((at + timedelta(seconds=2)).astimezone(UTC))}"
    )
    if spec.vouched == "pass":
        message["Authentication-Results"] = (
            f"{own.provider}; dkim=pass header.i=@{domain} header.s=s1 header.b={_digest(domain)[:8]}; "
            f"spf=pass ({own.provider}: domain of {bounce} designates {address} as permitted sender) smtp.mailfrom={bounce}; "
            f"dmarc=pass (p=QUARANTINE sp=QUARANTINE dis=NONE) header.from={domain}"
        )
    elif spec.vouched == "fail":
        message["Authentication-Results"] = (
            f"{own.provider}; dkim=none; "
            f"spf=fail ({own.provider}: domain of {bounce} does not designate {address}) smtp.mailfrom={bounce}; "
            f"dmarc=fail (p=NONE sp=NONE dis=NONE) header.from={domain}"
        )


def _as_html(text: str) -> str:
    paragraphs = (paragraph.strip() for paragraph in text.split("\n\n"))
    return "".join(f"<p>{escape(paragraph, quote=False).replace(chr(10), '<br>')}</p>\n" for paragraph in paragraphs if paragraph)


def _fill_body(message: EmailMessage, spec: MailSpec, text: str, html: str) -> None:
    page = f"<html><body>{html}</body></html>"
    if spec.form == "html":
        message.set_content(_as_newsletter(spec.subject, html), subtype="html", cte="quoted-printable")
        return
    message.set_content(text, cte="7bit" if text.isascii() and max(map(len, text.splitlines())) < 900 else "quoted-printable")
    if spec.form == "both" or spec.calendar:
        message.add_alternative(page, subtype="html", cte="quoted-printable")


def _as_newsletter(subject: str, html: str) -> str:
    """Return a page laid out in tables with a hidden first line, as sending platforms make them."""
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><style>td{font-family:Arial}p{margin:0 0 12px}</style></head><body>'
        f'<div style="{_HIDDEN}">{escape(subject)}</div><table width="100%"><tr><td align="center"><table width="600"><tr><td>\n'
        f"{html}</td></tr></table></td></tr></table></body></html>"
    )


def _add_invitation(
    message: EmailMessage, spec: CalendarSpec, organizer: str, own: OwnAddress, at: datetime, now: datetime
) -> None:
    """Add the calendar as a third alternative, and once more as a file, as the large calendar programs do."""
    start = moment(spec.start, now)
    event = icalendar.Event()
    event.add("uid", spec.uid)
    event.add("sequence", spec.sequence)
    event.add("status", "CANCELLED" if spec.method == "CANCEL" else "CONFIRMED")
    event.add("dtstamp", at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=spec.minutes))
    event.add("summary", fill(spec.summary, now))
    if spec.location:
        event.add("location", spec.location)
    event.add("organizer", _calendar_address(organizer))
    for guest in [f"{own.name} <{own.email}>", *spec.with_]:
        event.add("attendee", _calendar_address(guest))
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Calendar of the demo//EN")
    calendar.add("version", "2.0")
    calendar.add("method", spec.method)
    calendar.add_component(event)
    year = start.year
    calendar.add_missing_timezones(first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))
    text = calendar.to_ical().decode()
    message.add_alternative(text, subtype="calendar", cte="quoted-printable", params={"method": spec.method})
    message.add_attachment(text.encode(), maintype="application", subtype="ics", filename="invite.ics")


def _calendar_address(mailbox: str) -> icalendar.vCalAddress:
    name, address = parseaddr(mailbox)
    person = icalendar.vCalAddress(f"mailto:{address}")
    person.params["CN"] = name or address
    return person
