"""Message identifiers in Message-ID, In-Reply-To and References (RFC 5322 section 3.6.4)."""

import re

_BRACKETED = re.compile(r"<([^<>]{1,998})>")
_BARE = re.compile(r"[^\s<>,;\"()]{1,400}@[^\s<>,;\"()]{1,400}")
_WHITE = re.compile(r"\s+")

LONGEST_CHAIN = 200
"""More ids than this are cut from the middle: the thread's root and the nearest parents say enough."""


def parse_msg_ids(value: str) -> tuple[str, ...]:
    """Return the msg-ids of a header value in order, each once, with brackets.

    Reads folded ids (white space inside the brackets goes), ids without space between them, ids in prose (`Message of Tue
    <a@b>`) and, where no bracket is there at all, bare `a@b` words. Empty ids and one cut off before its `>` are left out.
    Never raises.
    """
    found = [_WHITE.sub("", inner) for inner in _BRACKETED.findall(value)]
    if not found and "<" not in value:
        found = _BARE.findall(value)
    ids = tuple(dict.fromkeys(f"<{inner}>" for inner in found if inner))
    if len(ids) > LONGEST_CHAIN:
        return (ids[0], *ids[-(LONGEST_CHAIN - 1) :])
    return ids
