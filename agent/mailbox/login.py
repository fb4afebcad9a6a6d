"""Ways to log in: with a password or an app password, or with a token."""

import imaplib
import json
from dataclasses import dataclass, field
from typing import Protocol

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from agent.mailbox import problems
from agent.mailbox.interface import MailboxProblem
from agent.mailbox.server import ImapServer


class Login(Protocol):
    """A way to log in."""

    def prepare(self) -> None:
        """Get what is needed, before a connection is made that would have to wait for it; `MailboxProblem` where that fails."""

    def __call__(self, client: IMAPClient, server: ImapServer) -> None:
        """Log in, or raise `MailboxProblem`; `imaplib.IMAP4.abort` and `OSError` where the connection ended before the answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordLogin:
    """Log in with a password or an app password."""

    secret: str = field(repr=False)

    def prepare(self) -> None:
        """Do nothing: the password is there."""

    def __call__(self, client: IMAPClient, server: ImapServer) -> None:
        """Log in by LOGIN, or by AUTHENTICATE PLAIN where the characters or the server ask for it (RFC 4616)."""
        both = server.user + self.secret
        if any(ord(character) < 32 for character in both):
            raise MailboxProblem(f"the user name or the password for {server.host} contains a control character", permanent=True)
        plain, disabled = client.has_capability("AUTH=PLAIN"), client.has_capability("LOGINDISABLED")
        if disabled and not plain:
            raise MailboxProblem(
                f"{server.host} takes no passwords over this connection: check `host` and `port`", permanent=True
            )
        simple = both.isascii() and not set(server.user) & set(' (){%*"\\]')
        try:
            if plain and (disabled or not simple):
                client.plain_login(server.user, self.secret)
            elif simple:
                client.login(server.user, self.secret)
            else:
                raise MailboxProblem(
                    f"{server.host} takes no characters outside ASCII in user name and password: change the password",
                    permanent=True,
                )
        except LoginError as error:
            # Without the cause: its text may repeat the command, and with it the secret.
            _not_an_end(error, self.secret)
            raise problems.login_refused(server, str(error), self.secret) from None


class Bearer(Protocol):
    """Gives access tokens."""

    def current(self) -> str:
        """Return a token that is good by the clock; raises `MailboxProblem` when there is none."""

    def renewed(self, refused: str) -> str | None:
        """Return another one than a server refused, or None when there is no point in trying again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenLogin:
    """Log in with an access token: by OAUTHBEARER (RFC 7628) where the server has it, else by XOAUTH2."""

    bearer: Bearer

    def prepare(self) -> None:
        """Have a token that is good, renewed where it is time for that."""
        self.bearer.current()

    def __call__(self, client: IMAPClient, server: ImapServer) -> None:
        """Log in; a token that is refused is renewed once, and tried once more over the same connection."""
        mechanism = next((each for each in ("OAUTHBEARER", "XOAUTH2") if client.has_capability(f"AUTH={each}")), None)
        if mechanism is None:
            raise MailboxProblem(f'{server.host} takes no tokens: set sign_in = "password" under [account]', permanent=True)
        token = self.bearer.current()
        problem = _refusal(client, server, mechanism, token)
        if problem is not None and problem.permanent and (again := self.bearer.renewed(token)) is not None:
            problem = _refusal(client, server, mechanism, again)
        if problem is not None:
            raise problem


def _refusal(client: IMAPClient, server: ImapServer, mechanism: str, token: str) -> MailboxProblem | None:
    """Try one token; return why the server does not take it, or None when it does."""
    header = (
        f"n,a={server.user.replace('=', '=3D').replace(',', '=2C')}," if mechanism == "OAUTHBEARER" else f"user={server.user}"
    )
    challenges: list[bytes] = []

    def answer(challenge: bytes) -> str:
        """Give the token to the first challenge; another one is the server's error, which wants an empty answer."""
        challenges.append(challenge)
        if len(challenges) == 1:
            return f"{header}\1auth=Bearer {token}\1\1"
        return "\1" if mechanism == "OAUTHBEARER" else ""

    try:
        client.sasl_login(mechanism, answer)
    except LoginError as error:
        _not_an_end(error, token)
        return problems.token_refused(server, str(error), _told(challenges[1:]), token)
    return None


def _told(challenges: list[bytes]) -> str:
    """Return what the server's error says (RFC 7628 section 3.2.2): its status, and the scope that it wants."""
    try:
        found = json.loads(challenges[0]) if challenges else {}
    except (ValueError, RecursionError):
        return ""
    named = found if isinstance(found, dict) else {}
    status, scope = named.get("status"), named.get("scope")
    return ", ".join([*([f"status {status}"] if status else []), *([f"it wants the scope {scope}"] if scope else [])])


def _not_an_end(error: LoginError, secret: str) -> None:
    """Raise `imaplib.IMAP4.abort` where the connection has ended: the library calls that a refusal too."""
    if isinstance(error.__context__, imaplib.IMAP4.abort):
        raise imaplib.IMAP4.abort(str(error).replace(secret, "***") if secret else str(error)) from None
