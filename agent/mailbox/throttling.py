"""What a provider says when it was asked for too much, and how long it wants to be left in peace."""

import re
from datetime import timedelta

_SUSPENDED = re.compile(
    r"bandwidth|\[THROTTLED\]|throttled|rate[- ]?limit|\[LIMIT\]|command limit|download limit"
    r"|too many (?:\w+ ){0,2}(?:commands|requests|attempts|logins|failures)"
    r"|temporarily (?:locked|blocked|suspended|restricted|disabled)",
    re.IGNORECASE,
)
"""Too many octets, commands or logins: Gmail counts them over a day, others over an hour."""
_CROWDED = re.compile(
    r"too many .{0,30}(?:connections|sessions|clients)|too many simultaneous|connection limit"
    r"|max(?:imum)? (?:number of )?connections|authenticated but not connected|server unavailable\. \d|\[INUSE\]",
    re.IGNORECASE,
)
"""Too many connections at once: Gmail takes 15 for an account, and Exchange counts one for a while after it has ended."""
_BACK_OFF = re.compile(r"suggested backoff time:\s*(\d{1,9})\s*milliseconds", re.IGNORECASE)
"""How Exchange says for how long."""
_AFTER_SUSPENSION = timedelta(hours=1)
_AFTER_CROWD = timedelta(minutes=5)
_LONGEST = timedelta(days=1)


def leave_in_peace(said: str, *, full: bool = False) -> timedelta | None:
    """Return for how long to ask for nothing, read from a server's words; None where they say nothing of the kind.

    [OVERQUOTA] (RFC 5530) counts unless the command adds to the mailbox (`full`): there it means that no room is left.
    """
    told = _BACK_OFF.search(said)
    if told is not None:
        return min(max(timedelta(milliseconds=int(told[1])), _AFTER_CROWD), _LONGEST)
    if _CROWDED.search(said):
        return _AFTER_CROWD
    if _SUSPENDED.search(said) or (not full and "[OVERQUOTA]" in said.upper()):
        return _AFTER_SUSPENSION
    return None
