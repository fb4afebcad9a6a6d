"""Gmail's labels, as Google Takeout writes them into a header, and which role a message has by them."""

import email.errors
import email.header
import re

from agent.mailbox.folder_names import KNOWN_NAMES, TRASH_NAMES
from agent.mailbox.header import field
from agent.mailbox.interface import FolderRole

_FIELDS = ("X-Gmail-Labels", "X-GM-LABELS")
_INBOX = frozenset(
    {
        *("inbox", "posteingang", "boîte de réception", "recibidos", "bandeja de entrada", "posta in arrivo", "in arrivo"),
        *("caixa de entrada", "entrada", "postvak in", "indbakke", "innboks", "inkorg", "saapuneet", "odebrane", "doručené"),
        *(
            "beérkező levelek",
            "входящие",
            "вхідні",
            "εισερχόμενα",
            "gelen kutusu",
            "受信トレイ",
            "收件箱",
            "收件匣",
            "받은편지함",
        ),
    }
)
"""What Gmail calls the inbox; labels are written in the language of the account."""
_SENT = frozenset(name.casefold() for name in KNOWN_NAMES[FolderRole.SENT])
_LEFT_OUT = frozenset(name.casefold() for name in (*KNOWN_NAMES[FolderRole.DRAFTS], *KNOWN_NAMES[FolderRole.JUNK], *TRASH_NAMES))


def labels_of(header: bytes) -> frozenset[str]:
    """Return the labels in a header, in lower case; none where the message does not come from Gmail."""
    said = ",".join(_decoded(field(header, name)) for name in _FIELDS)
    return frozenset(label.strip().strip('"').removeprefix("\\").casefold() for label in said.split(",")) - {""}


def role_by(labels: frozenset[str]) -> FolderRole | None:
    """Return `SENT`, `INBOX` or `ARCHIVE`; None for drafts, spam and deleted mail, which All Mail would not show."""
    if labels & _LEFT_OUT:
        return None
    if labels & _SENT:
        return FolderRole.SENT
    return FolderRole.INBOX if labels & _INBOX else FolderRole.ARCHIVE


def _decoded(value: str) -> str:
    """Return the text of a field in which encoded words stand (RFC 2047), as it is where they are broken."""
    if not re.search(r"=\?.*\?=", value):
        return value
    try:
        return str(email.header.make_header(email.header.decode_header(value)))
    except (email.errors.MessageError, LookupError, ValueError):
        return value
