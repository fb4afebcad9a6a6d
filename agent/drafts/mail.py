"""A draft as the bytes of a mail (RFC 5322), the same bytes whenever the draft and its date are the same."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from agent.drafts.draft import Draft
from agent.messages.message import Address, Message
from agent.policy.verdict import DraftKind

DRAFT_HEADER = "X-Draft-Ref"
"""A header of our own, one of several means to know a draft again. It holds the left part of the Message-ID and says nothing to a
recipient, whom it reaches when the user's server keeps it."""

_MSG_ID = re.compile(r"<[!-;=?-~]+>\Z")
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+\Z")
_NO_DOMAIN = "interview-agent.invalid"
_MAX_REFERENCES = 20
_MAX_MSG_ID = 250
_THREAD = frozenset({"message-id", "in-reply-to", "references"})


def draft_message_id(*, user_address: str, interview: str, kind: DraftKind, occasion: str) -> str:
    """Return the Message-ID that the draft for this occasion has, today and after any crash (promise 3).

    The domain is the user's own when it has a dot: Gmail replaces an id whose domain has none.
    """
    words = json.dumps([user_address.lower(), interview, kind.value, occasion])
    domain = user_address.lower().rpartition("@")[2]
    if len(domain) > 190 or not _DOMAIN.match(domain):
        domain = _NO_DOMAIN
    return f"<{hashlib.sha256(words.encode('ascii')).hexdigest()[:40]}@{domain}>"


def thread_of(parent: Message | None) -> tuple[str | None, tuple[str, ...]]:
    """Return In-Reply-To and References of an answer to `parent` (RFC 5322 section 3.6.4).

    Ids that a header cannot carry are left out, and so is the made-up id of a message that had none. Of a long thread the first
    id and the last nineteen stay.
    """
    if parent is None:
        return None, ()
    own = parent.message_id if _usable(parent.message_id) else None
    chain = parent.references or parent.in_reply_to[:1]
    ids = tuple(dict.fromkeys(msg_id for msg_id in (*chain, *([own] if own else [])) if _usable(msg_id)))
    if own is not None:
        ids = (*(msg_id for msg_id in ids if msg_id != own), own)
    if len(ids) > _MAX_REFERENCES:
        ids = (ids[0], *ids[-(_MAX_REFERENCES - 1) :])
    return own, ids


def draft_bytes(draft: Draft, *, date: datetime) -> bytes:
    """Return the mail with CRLF line ends; `date` is aware and is shown with its own offset.

    Each paragraph is one line, sent as quoted-printable where it is long, so that every client breaks it to its own width and an
    edited draft has no ragged lines. Raises ValueError for a date without a zone or a draft that no check has seen.
    """
    if date.tzinfo is None:
        raise ValueError("the date of a draft must have a zone")
    mail = EmailMessage(policy=_POLICY)
    mail["Date"] = date.replace(microsecond=0)
    mail["From"] = _header(draft.sender)
    mail["To"] = _headers(draft.to)
    mail["Subject"] = draft.subject
    mail["Message-ID"] = draft.message_id
    if draft.in_reply_to:
        mail["In-Reply-To"] = draft.in_reply_to
    if draft.references:
        mail["References"] = " ".join(draft.references)
    mail[DRAFT_HEADER] = draft.message_id.strip("<>").partition("@")[0]
    plain = draft.body.isascii() and all(len(line) <= 76 for line in draft.body.split("\n"))
    mail.set_content(draft.body, charset="utf-8", cte="7bit" if plain else "quoted-printable")
    return mail.as_bytes()


class _DraftPolicy(EmailPolicy):
    """Folds headers of msg-ids between ids only: the standard policy would encode a long id as a word, and break the thread."""

    def fold(self, name: str, value: Any) -> str:
        """Return the header as text."""
        return self._ids(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the header as bytes."""
        ids = self._ids(name, value)
        return ids.encode("ascii") if ids else super().fold_binary(name, value)

    def _ids(self, name: str, value: Any) -> str:
        if name.lower() not in _THREAD:
            return ""
        return f"{name}: " + f"{self.linesep} ".join(str(value).split()) + self.linesep


_POLICY = _DraftPolicy(linesep="\r\n", raise_on_defect=False)


def _usable(msg_id: str) -> bool:
    return len(msg_id) <= _MAX_MSG_ID and bool(_MSG_ID.match(msg_id)) and not msg_id.endswith("@missing.invalid>")


def _header(address: Address) -> HeaderAddress:
    return HeaderAddress(display_name=address.name, addr_spec=address.email)


def _headers(addresses: Iterable[Address]) -> tuple[HeaderAddress, ...]:
    return tuple(_header(address) for address in addresses)
