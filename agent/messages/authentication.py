"""Authentication-Results: what the receiving servers say about the sender (RFC 8601), read tolerantly.

Reading is not believing: any sender can write this field. `above_received` and the authserv-id are kept so that `matching` can
decide.
"""

import re

from agent.messages.header import Header
from agent.messages.message import AuthenticationResult

MOST_FIELDS = 20
LONGEST_FIELD = 8000

_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_METHOD = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9_-]{0,30})(?:\s*/\s*\d+)?\s*=\s*([a-zA-Z]{2,20})\b")
_PROPERTY = re.compile(r"\b(?:header|smtp|policy|body)\s*\.\s*(from|d|i|mailfrom|helo)\s*=\s*\"?([^\s;\"]{1,320})", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9_\u0080-\uffff](?:[a-z0-9_.\u0080-\uffff-]*[a-z0-9\u0080-\uffff])?")
_SPEAKING = frozenset({"from", "d", "i", "mailfrom"})
_METHODS_THAT_NAME = frozenset({"dmarc", "dkim", "spf", "dkim-adsp", "sender-id", "compauth", "dara"})


def authentication_results(header: Header) -> tuple[AuthenticationResult, ...]:
    """Return every Authentication-Results field, topmost first, at most 20. Never raises."""
    found: list[AuthenticationResult] = []
    above = True
    for name, value in header.fields:
        if name == "received":
            above = False
        elif name == "authentication-results" and len(found) < MOST_FIELDS:
            found.append(parse_authentication(value, above_received=above))
    return tuple(found)


def parse_authentication(value: str, *, above_received: bool) -> AuthenticationResult:
    """Return what one field says; `none` gives no methods, and a field without authserv-id (Microsoft 365) an empty one."""
    text = value[:LONGEST_FIELD]
    for _ in range(5):  # comments may nest
        shorter = _COMMENT.sub(" ", text)
        if shorter == text:
            break
        text = shorter
    pieces = text.split(";")
    authserv_id = ""
    if pieces and not _METHOD.match(pieces[0]):
        words = pieces.pop(0).split()
        authserv_id = words[0].lower() if words else ""
    methods: list[tuple[str, str]] = []
    domains: list[str] = []
    for piece in pieces:
        method = _METHOD.match(piece)
        if method is None:
            continue
        name, result = method.group(1).lower(), method.group(2).lower()
        methods.append((name, result))
        if result == "pass" and name in _METHODS_THAT_NAME:
            domains += _domains(piece)
    return AuthenticationResult(
        authserv_id=authserv_id, methods=tuple(methods), domains=tuple(dict.fromkeys(domains)), above_received=above_received
    )


def _domains(piece: str) -> list[str]:
    """Return the domains that the properties of one passing method name, in lower case."""
    found = []
    for kind, value in _PROPERTY.findall(piece):
        domain = value.rpartition("@")[2].strip("<>.").lower()
        if kind.lower() in _SPEAKING and _DOMAIN.fullmatch(domain):
            found.append(domain)
    return found
