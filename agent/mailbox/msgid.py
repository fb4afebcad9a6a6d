"""The msg-id of a message, read from its bytes (RFC 5322 section 3.6.4)."""

import re

_FIELD = re.compile(rb"^message-id[ \t]*:(?P<value>[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


def bare(message_id: str) -> str:
    """Return a msg-id without its angle brackets and the space round it, for comparing."""
    return message_id.strip().removeprefix("<").removesuffix(">").strip()


def msgid_of(raw: bytes) -> str:
    """Return the msg-id of a message, or of a header alone, without its brackets; empty when it has none."""
    end = _END_OF_HEADER.search(raw)
    header = raw[: end.start()] if end else raw
    found = _FIELD.search(header)
    if found is None:
        return ""
    value = b"".join(found["value"].split())
    return bare(value.decode("utf-8", "surrogateescape"))
