"""What may be placed into an inbox: the agent's digest from the user to the user, and nothing else (promises 1 and 2)."""

import re
from email import message_from_bytes, policy
from email.errors import MessageError
from email.utils import getaddresses

from agent.mailbox.header import header_of

_ID = re.compile(r"<digest\.\d{8}\.[0-9a-f]{16}(?:\.[a-z0-9-]+)?@[^<>@\s]+>")
_NOWHERE_ELSE = ("Cc", "Bcc", "Resent-From", "Resent-To", "Resent-Cc", "Resent-Bcc", "Sender", "Reply-To")


def only_own_digest(raw: bytes, address: str) -> None:
    """Raise ValueError unless `raw` is a digest: by its Message-ID and mark, from `address` to `address`, and to nobody else."""
    try:
        message = message_from_bytes(header_of(raw), policy=policy.default)
        fields = {name: [str(value) for value in message.get_all(name, [])] for name in ("From", "To", *_NOWHERE_ELSE)}
        ids, marks = message.get_all("Message-ID", []), message.get_all("Auto-Submitted", [])
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, IndexError) as error:
        raise ValueError("only the digest may be placed into the inbox, and this has no header that can be read") from error
    own = [address.lower()]
    to_oneself = all([email.lower() for _, email in getaddresses(fields[name])] == own for name in ("From", "To"))
    if not to_oneself or any(fields[name] for name in _NOWHERE_ELSE):
        raise ValueError("only a mail from the user to the user may be placed into the inbox")
    if len(ids) != 1 or _ID.fullmatch(str(ids[0]).strip()) is None or [str(mark).strip() for mark in marks] != ["auto-generated"]:
        raise ValueError("only the digest may be placed into the inbox, by its own Message-ID")
