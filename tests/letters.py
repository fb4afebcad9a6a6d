"""Mail for tests, built line by line as a mail server would deliver it."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

PROVIDER = "mx.mailbox.example"
"""The authserv-id of the user's provider in all test mail."""


def letter(
    *,
    message_id: str,
    at: datetime,
    sender: str,
    to: str = "Robin Hale <robin.hale@mailbox.example>",
    subject: str,
    body: str,
    in_reply_to: str | None = None,
    references: str | None = None,
    vouched: str | None = "pass",
    html: str | None = None,
    calendar: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """Return one mail; `vouched` is the DMARC result that the user's provider wrote, None for a provider that says nothing."""
    mail = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2].rstrip(">")
    if vouched:
        mail["Authentication-Results"] = f"{PROVIDER}; dmarc={vouched} header.from={domain}"
        mail["Received"] = f"from {domain} by {PROVIDER}; {format_datetime(at)}"
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    if in_reply_to:
        mail["In-Reply-To"] = in_reply_to
        mail["References"] = references or in_reply_to
    for name, value in headers:
        mail[name] = value
    mail.set_content(body)
    if html:
        mail.add_alternative(html, subtype="html")
    if calendar:
        mail.add_attachment(calendar.encode(), maintype="text", subtype="calendar", params={"method": "REQUEST"})
    return mail.as_bytes()


def request(*, uid: str, start: datetime, end: datetime, summary: str, organizer: str, sequence: int = 0) -> str:
    """Return a calendar invitation (RFC 5546 REQUEST), times in UTC."""
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//tests//EN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"SEQUENCE:{sequence}",
            f"DTSTAMP:{start:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{end:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{summary}",
            f"ORGANIZER:mailto:{organizer}",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )
