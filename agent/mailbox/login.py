"""Ways to log in: a password or an app password now."""

import imaplib
from dataclasses import dataclass, field
from typing import Protocol

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from agent.mailbox import problems
from agent.mailbox.interface import MailboxProblem
from agent.mailbox.server import ImapServer


class Login(Protocol):
    """A way to log in: a password now; a token would be another."""

    def __call__(self, client: IMAPClient, server: ImapServer) -> None:
        """Log in, or raise `MailboxProblem`; `imaplib.IMAP4.abort` and `OSError` where the connection ended before the answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordLogin:
    """Log in with a password or an app password."""

    secret: str = field(repr=False)

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
            if isinstance(error.__context__, imaplib.IMAP4.abort):
                # The library calls it a refusal too when the connection ends.
                raise imaplib.IMAP4.abort(str(error).replace(self.secret, "***") if self.secret else str(error)) from None
            raise problems.login_refused(server, str(error), self.secret) from None
