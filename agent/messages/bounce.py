"""Delivery failures: who could not be reached, for how long, and which mail came back.

Three readings, the surest first: the report itself (RFC 3464), flufl.bounce for servers that write their own form, and the
words of servers that both miss (Exchange's HTML among them).
"""

import logging
import re
from collections.abc import Iterator
from email.message import Message as Part

from agent.messages.header import Header
from agent.messages.message import Bounce
from agent.messages.parts import Parts, text_of
from agent.messages.references import parse_msg_ids

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it logs a traceback for each detector that a broken mail trips

LONGEST_FOR_DETECTORS = 200_000
"""Bytes of a mail that flufl.bounce is shown; its patterns are not all linear."""
MOST_RECIPIENTS = 50

_DAEMON = re.compile(
    r"(?:mailer[-_.]?(?:daemon|system)|post-?master|postoffice|mdaemon|maildaemon|mail[-_.]?delivery|maildelivery"
    r"|microsoftexchange\w*|no-?reply-?bounce|bounces?|symantec|mmdf|uucp|root|mailerdaemon|mailmaster|mail_administrator)"
    r"[^@]*@?",
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(
    r"mail delivery|mailer[- ]daemon|postmaster|mail(?:er)? (?:system|administrator)|system administrator"
    r"|internet mail delivery|delivery (?:subsystem|notification)|microsoft outlook",
    re.IGNORECASE,
)
_FAILED_SUBJECT = re.compile(
    r"undeliver|not deliver|non[- ]deliver|delivery (?:status|failure|failed|has failed|problem|error|notification|report"
    r"|incomplete|unsuccessful)|deliver(?:y|ing) .{0,30}(?:fail|delay)|returned mail|returned to sender|mail delivery"
    r"|mail (?:error|failure|could not)|failure notice|failed mail"
    r"|could ?n[o'’]t be delivered|message (?:delayed|rejected|you sent blocked)|warning: (?:could not send|message)"
    r"|unzustellbar|nicht zustellbar|unzustellbarkeit|zustellung fehlgeschlagen|nicht zugestellt|non remis"
    r"|échec de (?:la )?remise|non délivré|no se puede entregar|no entregado|não (?:foi )?entreg|mancato recapito"
    r"|non recapitabile|onbestelbaar|не доставлено|недоставлен",
    re.IGNORECASE,
)
_FAILED_TEXT = re.compile(
    r"could ?n[o'’]t be delivered|(?:was|were|has|have|is) ?n[o'’]t (?:been )?(?:be )?(?:delivered|able to deliver)"
    r"|cannot be delivered|can ?not deliver|can['’]t (?:be )?deliver|unable to deliver|not able to deliver"
    r"|delivery (?:has )?failed|delivery to the following|failed (?:permanently|recipient)|did not reach the following"
    r"|fatal errors|permanent (?:fatal )?(?:error|failure)"
    r"|undeliver|returned to (?:the )?sender|user unknown|unknown user|no such user|mailbox (?:is )?(?:full|unavailable)"
    r"|recipient (?:address )?(?:rejected|not found|unknown|name is not recognized)|does not exist|address not found"
    r"|message (?:was )?(?:blocked|rejected|not sent)|(?:^|\s)55\d[ -]|\b5\.\d\.\d\b"
    r"|nicht zugestellt|konnte nicht|n['’]a pas pu être|n['’]a pas été remis|no se pudo entregar|não pôde ser entregue"
    r"|impossibile (?:recapitare|consegnare)|kon niet worden (?:bezorgd|afgeleverd)|delayed|not yet been delivered"
    r"|will (?:continue|keep) (?:to )?try",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delayed|delay\b|not yet (?:been )?delivered|still (?:trying|being)|will (?:continue|keep|be retr|retry)|warning only"
    r"|do(?:es)? not need to resend|temporar(?:y|ily)|\b4\.\d\.\d\b|(?:^|\s)4\d\d[ -]\d?\.?",
    re.IGNORECASE,
)
_PERMANENT = re.compile(
    r"permanent|5\.\d\.\d|(?:^|\s)55\d[ -]|giving up|gave up|given up|failed|could not be delivered|returned|unknown"
    r"|does not exist|expired",
    re.IGNORECASE,
)
_LOCATED_ID = re.compile(r"^[\s>|*]{0,6}(?:original[- ])?message-id\s*:\s*(<[^<>\n]{3,400}>)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{1,200}\.[A-Za-z0-9-]{2,30}")
_LOOKED_AT = 6000
"""Characters of a text in which words of failure and addresses are looked for."""


def read_bounce(header: Header, parts: Parts, text: str, size: int) -> Bounce | None:
    """Return the delivery failure that a mail reports, or None.

    Success reports and vacation notices are none. `text` is the mail's body, `size` its length in bytes. Never raises.
    """
    failed, delayed, delivered = _reported(parts)
    if failed or delayed:
        return _bounce(header, parts, text, failed or delayed, permanent=bool(failed))
    if delivered or not _from_a_server(header, parts):
        return None
    named = [found.lower() for found in _ADDRESS.findall(" ".join(header.every("x-failed-recipients"))[:_LOOKED_AT])]
    temporary, permanent = _detected(parts, size)
    start = text[:_LOOKED_AT]
    if permanent or temporary:
        return _bounce(header, parts, text, permanent or temporary, permanent=bool(permanent))
    if named:
        return _bounce(header, parts, text, named, permanent=not _only_delayed(header.subject, start))
    if _FAILED_SUBJECT.search(header.subject) and (_daemon(header) or _FAILED_TEXT.search(start) or not start.strip()):
        return _bounce(header, parts, text, _addresses_in(start, header), permanent=not _only_delayed(header.subject, start))
    return None


def _bounce(header: Header, parts: Parts, text: str, recipients: list[str], *, permanent: bool) -> Bounce:
    """Return the value, with the original Message-ID looked up."""
    return Bounce(
        permanent=permanent,
        recipients=tuple(dict.fromkeys(recipients))[:MOST_RECIPIENTS],
        original_message_id=_original_message_id(header, parts, text),
    )


def _blocks(part: Part) -> Iterator[Part]:
    """Yield the groups of fields of a message/delivery-status part."""
    children = part.get_payload()
    if isinstance(children, list):
        yield from (child for child in children if isinstance(child, Part))


def _reported(parts: Parts) -> tuple[list[str], list[str], bool]:
    """Return the failed and the delayed recipients of the report, and whether it says that one was reached."""
    failed: list[str] = []
    delayed: list[str] = []
    delivered = False
    for part in parts.enclosed:
        if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        for block in _blocks(part):
            action = str(block.get("action", "")).strip().lower()
            status = str(block.get("status", "")).strip()
            final = str(block.get("original-recipient") or block.get("final-recipient") or block.get("x-actual-recipient") or "")
            found = _ADDRESS.search(final.rpartition(";")[2]) or _ADDRESS.search(
                str(block.get("final-recipient", "")).rpartition(";")[2]
            )
            who = [found.group().lower()] if found is not None else []
            if not action and not status:
                continue
            if action.startswith(("fail", "error", "expired")) or (not action and status.startswith("5")):
                failed += who or [""]
            elif action.startswith("delayed") or (not action and status.startswith("4")):
                delayed += who or [""]
            else:
                delivered = True
    return _named(failed), _named(delayed), delivered


def _named(recipients: list[str]) -> list[str]:
    """Return the recipients that have a name, or all when none has."""
    return [who for who in recipients if who] or recipients[:1]


def _from_a_server(header: Header, parts: Parts) -> bool:
    """Return whether a mail server wrote the mail, as far as its header says: the gate before all guessing."""
    if header.first("x-failed-recipients") or "<>" in header.first("return-path"):
        return True
    if parts.is_report() and str(parts.root.get_param("report-type", "")).lower() in (
        "delivery-status",
        "disposition-notification",
        "",
    ):
        return True
    if _daemon(header):
        return True
    nobody = not header.sender.email or _DAEMON.search(header.first("from")) is not None
    return nobody and bool(header.fields) and _FAILED_SUBJECT.search(header.subject) is not None


def _daemon(header: Header) -> bool:
    """Return whether the sender's address or name is a mail server's."""
    return _DAEMON.match(header.sender.email) is not None or _DAEMON_NAME.search(header.sender.name) is not None


def _detected(parts: Parts, size: int) -> tuple[list[str], list[str]]:
    """Return the temporary and the permanent failures that flufl.bounce sees."""
    if size > LONGEST_FOR_DETECTORS:
        return [], []
    from flufl.bounce import all_failures  # seldom needed, and slow to import

    try:
        temporary, permanent = all_failures(parts.root)
    except Exception:  # noqa: BLE001 - its detectors let through whatever the standard library's parser raises on broken parts
        return [], []
    return _lower(temporary), _lower(permanent)


def _lower(found: frozenset[bytes]) -> list[str]:
    """Return addresses as text in lower case, sorted, without what is no address."""
    return sorted(address for address in (who.decode("utf-8", "replace").lower() for who in found) if _ADDRESS.fullmatch(address))


def _only_delayed(subject: str, start: str) -> bool:
    """Return whether the words speak of a delay and of no failure for good."""
    both = f"{subject}\n{start}"
    return _DELAYED.search(both) is not None and _PERMANENT.search(both) is None


def _addresses_in(start: str, header: Header) -> list[str]:
    """Return the first addresses of the text that are neither the reader's nor the server's."""
    own = {header.sender.email, *(address.email for address in (*header.to, *header.cc))}
    found = [address.lower() for address in _ADDRESS.findall(start)]
    return [address for address in dict.fromkeys(found) if address not in own and not _DAEMON.match(address)][:3]


def _original_message_id(header: Header, parts: Parts, text: str) -> str:
    """Return the msg-id of the mail that came back: from its header, the text, or what the report answers; else empty."""
    for part in parts.enclosed:
        kind = part.get_content_type()
        children = part.get_payload()
        if (
            kind in ("message/rfc822", "message/global")
            and isinstance(children, list)
            and children
            and isinstance(children[0], Part)
        ):
            ids = parse_msg_ids(str(children[0].get("message-id", "")))
            if ids:
                return ids[0]
        if kind.startswith("message/delivery-status"):
            for block in _blocks(part):
                ids = parse_msg_ids(str(block.get("x-original-message-id") or block.get("original-message-id") or ""))
                if ids:
                    return ids[0]
        elif kind in ("text/rfc822-headers", "message/global-headers", "message/rfc822"):
            located = _located(text_of(part, 20_000, []))
            if located:
                return located
    return _located(text[:50_000]) or next(
        iter((*parse_msg_ids(header.first("in-reply-to")), *reversed(parse_msg_ids(header.first("references"))))), ""
    )


def _located(text: str) -> str:
    """Return the msg-id of the first Message-ID line of `text`, or the empty string."""
    found = _LOCATED_ID.search(text)
    ids = parse_msg_ids(found.group(1)) if found is not None else ()
    return ids[0] if ids else ""
