"""What mail clients make of a draft when it is saved or sent: a new message each time, with what they keep and what they drop."""

import email
import itertools
from email.message import EmailMessage, Message
from email.policy import SMTP, default
from html import escape
from typing import Protocol

_KEPT = ("From", "To", "Cc", "Subject", "Date", "References")
_NUMBERS = itertools.count(1)


class Client(Protocol):
    """Saves a draft with a text of the user's."""

    def __call__(self, raw: bytes, text: str) -> bytes:
        """Return the message that it puts in place of `raw`."""


def text_of(raw: bytes) -> str:
    """Return the plain text of a draft as a client shows it for editing."""
    body = email.message_from_bytes(raw, policy=default).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def message_id_of(raw: bytes) -> str:
    return str(email.message_from_bytes(raw)["Message-ID"])


def thunderbird(raw: bytes, text: str) -> bytes:
    """Keep the Message-ID, take In-Reply-To from References, drop all X-headers but its own, and flow the text."""
    old = email.message_from_bytes(raw, policy=SMTP)
    mail = _begun(old)
    mail["Message-ID"] = str(old["Message-ID"])
    if old["References"]:
        mail["In-Reply-To"] = str(old["References"]).split()[-1]
    mail["X-Mozilla-Draft-Info"] = "internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0"
    mail["X-Identity-Key"] = "id1"
    mail.set_content(_wrapped(text), charset="utf-8", cte="8bit", params={"format": "flowed"})
    return mail.as_bytes()


def k9(raw: bytes, text: str) -> bytes:
    """Give it a new Message-ID with each save; keep In-Reply-To and References; drop all X-headers but its own."""
    old = email.message_from_bytes(raw, policy=SMTP)
    mail = _begun(old)
    mail["Message-ID"] = f"<K9-{next(_NUMBERS)}@mailbox.example>"
    if old["In-Reply-To"]:
        mail["In-Reply-To"] = str(old["In-Reply-To"])
    mail["X-K9mail-Identity"] = "!l=100&o=0&qs=PREFIX&f=TEXT"
    mail.set_content(text, charset="utf-8", cte="quoted-printable")
    return mail.as_bytes()


def gmail(raw: bytes, text: str) -> bytes:
    """Turn the text to HTML in `div`s with a plain part beside it, under a new Message-ID."""
    old = email.message_from_bytes(raw, policy=SMTP)
    mail = _begun(old)
    mail["Message-ID"] = f"<CA+{next(_NUMBERS)}@mail.gmail.example>"
    if old["In-Reply-To"]:
        mail["In-Reply-To"] = str(old["In-Reply-To"])
    mail.set_content(_wrapped(text))
    lines = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))
    mail.add_alternative(f'<div dir="ltr">{lines}</div>', subtype="html")
    return mail.as_bytes()


def _begun(old: Message) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    for name in _KEPT:
        if old[name]:
            mail[name] = str(old[name])
    return mail


def _wrapped(text: str) -> str:
    """Break the lines at 72 characters, as clients do that send plain text."""
    out: list[str] = []
    for line in text.split("\n"):
        words, current = line.split(" "), ""
        for word in words:
            if current and len(current) + 1 + len(word) > 72:
                out.append(current + " ")
                current = word
            else:
                current = f"{current} {word}" if current else word
        out.append(current)
    return "\n".join(out)
