"""From what sockets, TLS and servers say to one line for the user: what, where, how to mend it."""

import re
import socket
import ssl
from collections.abc import Sequence

from agent.mailbox.interface import MailboxProblem
from agent.mailbox.server import ImapServer
from agent.mailbox.throttling import leave_in_peace

_TEMPORARY = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|THROTTLED|SYS/TEMP)\]|too many|try (?:again|later)|temporar|not connected"
    r"|internal (?:server )?error|timed? ?out|server (?:is )?(?:busy|unavailable|error)|system error|bandwidth|throttled"
    r"|rate[- ]limit|service (?:is )?(?:not |un)available|maintenance|shutting down|overload",
    re.IGNORECASE,
)
_IMAP_OFF = re.compile(
    r"imap4? (?:access )?(?:is )?(?:currently )?(?:disabled|not enabled|switched off|turned off)|not enabled for imap|enable imap"
    r"|imap access .{0,20}(?:disabled|not allowed)",
    re.IGNORECASE,
)
_NO_PASSWORDS = re.compile(
    r"application-specific password|app(?:lication)? password|basicauth|basic auth|web ?login required|weblogin|logindisabled"
    r"|use oauth|oauth2? (?:is )?required",
    re.IGNORECASE,
)
_ON_THE_WEB = re.compile(
    r"(?:log|sign) ?in (?:via|with|through|on|using) (?:your )?(?:web|(?:a )?browser)|unsafe login|unusual (?:sign-?in|activity)"
    r"|account (?:is |has been )?(?:locked|blocked|suspended|restricted)|verify your account",
    re.IGNORECASE,
)
_PASSWORD_EXPIRED = re.compile(r"\[EXPIRED\]|password (?:has |is )?expired", re.IGNORECASE)
_OVER_QUOTA = re.compile(r"\[OVERQUOTA\]|over ?quota|quota exceeded|exceeded .{0,30}quota|mailbox (?:is )?full", re.IGNORECASE)
_TOO_BIG = re.compile(r"\[TOOBIG\]|(?:message|literal|mail) (?:is )?too (?:big|large)|maximum (?:message )?size", re.IGNORECASE)
_NO_FOLDER = re.compile(
    r"\[(?:TRYCREATE|NONEXISTENT)\]|does(?:n't| not) exist|unknown mailbox|no such mailbox|mailbox not found", re.IGNORECASE
)
_ECHO = re.compile(r"(unexpected (?:tagged )?response|unterminated line): .*", re.DOTALL)
"""Where imaplib repeats the line that it did not understand: that may be a line of a mail, and problems are logged."""
_READ_ONLY = re.compile(r"\[(?:NOPERM|READ-ONLY)\]|read-?\s?only|permission|not writable|acl", re.IGNORECASE)

# X509_V_ERR_* of OpenSSL (x509_vfy.h).
_EXPIRED, _NOT_YET = 10, 9
_SELF_SIGNED = {18, 19}
_UNKNOWN_ISSUER = {2, 20, 21}
_OTHER_NAME = {62, 64}


def unreachable(server: ImapServer, error: OSError) -> MailboxProblem:
    """Return why no connection came about."""
    at = f"{server.host}:{server.port}"
    if isinstance(error, socket.gaierror):
        if error.errno == socket.EAI_AGAIN:
            return MailboxProblem(
                f"the host {server.host} cannot be looked up now: is the network up, and is `host` written correctly?",
                permanent=False,
                reached=False,
            )
        return MailboxProblem(f"the host {server.host} is unknown: check `host` under [account]", permanent=True, reached=False)
    if isinstance(error, ConnectionRefusedError):
        return MailboxProblem(
            f"nothing listens at {at}: check `host` and `port`, or the server is down", permanent=False, reached=False
        )
    if isinstance(error, TimeoutError):
        return MailboxProblem(
            f"{at} does not answer: check `host`, `port` and the firewall, or the server is down", permanent=False, reached=False
        )
    if isinstance(error, ssl.SSLError):
        if error.reason in {"WRONG_VERSION_NUMBER", "UNEXPECTED_MESSAGE", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"}:
            other = 'security = "starttls"' if server.security == "tls" else 'security = "tls"'
            return MailboxProblem(
                f"{at} does not speak TLS from the start: check `port`, or set `{other}`", permanent=True, reached=False
            )
        return MailboxProblem(f"TLS with {at} failed: {error.reason or error}", permanent=False, reached=False)
    return MailboxProblem(f"{at} cannot be reached: {error.strerror or error}", permanent=False, reached=False)


def untrusted(server: ImapServer, error: ssl.SSLCertVerificationError, names: Sequence[str]) -> MailboxProblem:
    """Return why the certificate is not trusted; `names` are those that it carries, where known."""
    at = f"{server.host}:{server.port}"
    if error.verify_code in _OTHER_NAME:
        carries = (
            f"; it is for {', '.join(names)}: set `host` to that name" if names else ": set `host` to the name that it carries"
        )
        return MailboxProblem(f"the certificate of {at} is not for {server.host}{carries}", permanent=True, reached=False)
    if error.verify_code == _EXPIRED:
        return MailboxProblem(
            f"the certificate of {at} has expired: its operator must renew it (or this clock is wrong)",
            permanent=True,
            reached=False,
        )
    if error.verify_code == _NOT_YET:
        return MailboxProblem(
            f"the certificate of {at} is not valid yet: is the clock of this machine right?", permanent=True, reached=False
        )
    if error.verify_code in _SELF_SIGNED | _UNKNOWN_ISSUER:
        kind = (
            "is self-signed or of a private authority"
            if error.verify_code in _SELF_SIGNED
            else "is of an authority not trusted here"
        )
        return MailboxProblem(
            f"the certificate of {at} {kind}: if that is meant to be, name its CA certificate (PEM) in `ca_file`",
            permanent=True,
            reached=False,
        )
    return MailboxProblem(f"the certificate of {at} is not trusted: {error.verify_message}", permanent=True, reached=False)


def turned_away(server: ImapServer, text: str) -> MailboxProblem:
    """Return that the server greeted with a refusal (BYE)."""
    said = _one_line(re.sub(r"^(?:b')?\* BYE\s*", "", text))
    return MailboxProblem(
        f"{server.host}:{server.port} turned the connection away: {said}", permanent=False, retry_after=leave_in_peace(said)
    )


def no_greeting(server: ImapServer) -> MailboxProblem:
    """Return that what answered does not greet as an IMAP server does (RFC 3501 section 7.1); its words are not repeated."""
    return MailboxProblem(
        f"{server.host}:{server.port} does not greet as an IMAP server: check `host` and `port`, or the server is out of order",
        permanent=False,
    )


def logged_in_already(server: ImapServer) -> MailboxProblem:
    """Return that the server greeted with PREAUTH: it is not known whose mailbox that is, and STARTTLS is no longer possible."""
    return MailboxProblem(
        f"{server.host}:{server.port} greets as if someone were logged in already (PREAUTH): check `host` and `port`",
        permanent=True,
        reached=server.security == "tls",
    )


def without_starttls(server: ImapServer, said: str = "") -> MailboxProblem:
    """Return that the server did not begin TLS. Nothing proved its name: the network itself may have taken STARTTLS out."""
    reason = f"refuses STARTTLS ({_one_line(said)})" if said else "does not offer STARTTLS"
    return MailboxProblem(
        f'{server.host}:{server.port} {reason}: use `security = "tls"` (port 993)', permanent=True, reached=False
    )


def login_refused(server: ImapServer, text: str, secret: str) -> MailboxProblem:
    """Return why the login failed, read from the server's words; the secret is taken out of them."""
    said = _one_line(text.replace(secret, "***") if secret else text)
    who = f"{server.user} at {server.host}"
    if _IMAP_OFF.search(said):
        return MailboxProblem(
            f"IMAP is switched off for {who}: switch it on in the settings of the mail provider (it says: {said})", permanent=True
        )
    if _NO_PASSWORDS.search(said):
        return MailboxProblem(
            f"{who}: the provider does not take this password; make an app password there and use that (it says: {said})",
            permanent=True,
        )
    wait = leave_in_peace(said)
    if wait is not None or _TEMPORARY.search(said):
        return MailboxProblem(
            f"the server does not let {who} in at present: {said}{_UNCONNECTED if 'not connected' in said else ''}",
            permanent=False,
            retry_after=wait,
        )
    if _ON_THE_WEB.search(said):
        return MailboxProblem(
            f"{who}: the provider wants you to sign in on its web page first, and to allow IMAP there (it says: {said})",
            permanent=True,
        )
    if _PASSWORD_EXPIRED.search(said):
        return MailboxProblem(f"the password for {who} has expired: set a new one (the server says: {said})", permanent=True)
    return MailboxProblem(f"wrong user name or password for {who} (the server says: {said})", permanent=True)


def token_refused(server: ImapServer, text: str, told: str, token: str) -> MailboxProblem:
    """Return why a token does not open the mailbox; `told` is what the error of the mechanism says (RFC 7628 section 3.2.2)."""
    said = _one_line(text.replace(token, "***"))
    who = f"{server.user} at {server.host}"
    if _IMAP_OFF.search(said) or _TEMPORARY.search(said) or leave_in_peace(said) is not None:
        return login_refused(server, text, token)
    more = f"; {_one_line(told.replace(token, '***'))}" if told else ""
    return MailboxProblem(
        f"the server does not take the token of the sign-in for {who} (it says: {said}{more}): was it made as {server.user}, and "
        "may the application read mail? `interview-agent sign-in` makes it anew",
        permanent=True,
    )


_UNCONNECTED = "; if it stays so, look whether IMAP is switched on for this mailbox"
"""Exchange says the same of too many connections, of IMAP switched off and of another's mailbox."""


def refused(server: ImapServer, doing: str, text: str) -> MailboxProblem:
    """Return that the server refused a command that adds nothing to the mailbox."""
    said = _one_line(text)
    wait = leave_in_peace(said)
    permanent = bool(_NO_FOLDER.search(said) or _READ_ONLY.search(said)) and not (wait or _TEMPORARY.search(said))
    more = _UNCONNECTED if "not connected" in said else ""
    return MailboxProblem(f"{server.host} refused {doing}: {said}{more}", permanent=permanent, retry_after=wait)


def unreadable(server: ImapServer, doing: str, error: Exception) -> MailboxProblem:
    """Return that an answer makes no sense; without the error's words, which may be those of a mail."""
    return MailboxProblem(
        f"{server.host} gave an answer that cannot be read ({doing}, {type(error).__name__}): it will be tried again",
        permanent=False,
    )


def not_taken(server: ImapServer, folder: str, text: str, *, what: str) -> MailboxProblem:
    """Return why the server did not take a message; `what` it is: a draft, or the digest."""
    said = _one_line(text)
    where = f'the folder "{folder}" at {server.host}'
    wait = leave_in_peace(said, full=True)
    if wait is not None:
        return MailboxProblem(f"{where} takes no {what} at present: {said}", permanent=False, retry_after=wait)
    if _TOO_BIG.search(said):
        return MailboxProblem(f"{where} takes no {what} of this size: {said}", permanent=True)
    if _OVER_QUOTA.search(said):
        return MailboxProblem(f"{where} takes no {what}: the mailbox is full; make room in it", permanent=True)
    if what == "draft" and _NO_FOLDER.search(said):
        return MailboxProblem(
            f'{where} does not exist: make it, or name another in `[account.folders] drafts = "..."`', permanent=True
        )
    if _READ_ONLY.search(said):
        if what == "draft":
            return read_only(server, folder)
        return MailboxProblem(
            f'{where} is read-only for {server.user}: let the digest go by mail instead, `[digest] by = "smtp"`', permanent=True
        )
    return MailboxProblem(f"{where} took no {what}: {said}", permanent=False)


def too_big(server: ImapServer, folder: str, size: int, limit: int, *, what: str) -> MailboxProblem:
    """Return that a message is longer than the server says it takes (APPENDLIMIT, RFC 7889); both in octets."""
    return MailboxProblem(
        f'the folder "{folder}" at {server.host} takes no {what} of {size:,} octets: its limit is {limit:,} (APPENDLIMIT)',
        permanent=True,
    )


def read_only(server: ImapServer, folder: str) -> MailboxProblem:
    """Return that the drafts folder cannot be written to."""
    return MailboxProblem(
        f'the folder "{folder}" at {server.host} is read-only for {server.user}: '
        'give the account the right to write there, or name another in `[account.folders] drafts = "..."`',
        permanent=True,
    )


def broken_off(server: ImapServer, doing: str, error: Exception) -> MailboxProblem:
    """Return that the connection ended, or that the server fell silent, in the middle of something."""
    if isinstance(error, TimeoutError):
        return MailboxProblem(
            f"{server.host} gave no answer within {server.timeout_seconds:g} seconds ({doing}): it will be tried again",
            permanent=False,
        )
    said = _one_line(str(error))
    return MailboxProblem(
        f"the connection to {server.host} ended ({doing}): {said}", permanent=False, retry_after=leave_in_peace(said)
    )


def _one_line(text: str) -> str:
    """Return the words of a server on one line, without the traces of Python or words of a mail, at most 200 characters."""
    text = _ECHO.sub(r"\1", text)
    text = re.sub(r"\bb'((?:[^'\\]|\\.)*)'|\bb\"((?:[^\"\\]|\\.)*)\"", lambda found: found[1] or found[2] or "", text)
    text = re.sub(r"^command: [A-Z ]+ => |\bsocket error: (?=EOF)", "", text)
    text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.split())[:200] or "no reason given"
