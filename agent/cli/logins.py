"""From the configuration to a login: with the password, or with the tokens of a sign-in."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from agent.accounts.access import AccessTokens, PrintedTokens, SignedIn
from agent.accounts.oauth import provider_of
from agent.accounts.problems import SecretRefused, TokenDelayed
from agent.accounts.secrets import read_secret
from agent.accounts.settings import Settings
from agent.accounts.token_store import TokenFile, TokenKeyring, TokenStore
from agent.mailbox import MailboxProblem
from agent.mailbox.login import Login, PasswordLogin, TokenLogin


def token_store_of(settings: Settings) -> TokenStore:
    """Return where the tokens of an account lie, whether there are any or not."""
    folder, account = settings.state.folder, settings.account
    if account.oauth.token_store == "keyring":  # noqa: S105 (no password: the kind of place)
        return TokenKeyring(folder, service=f"interview-agent/{account.host}/tokens", user=account.user)
    return TokenFile(folder)


def access_of(settings: Settings) -> AccessTokens | None:
    """Return what gives the account's access tokens, and reads nothing before it is asked; None where there is a password."""
    account, name = settings.account, settings.name
    if account.maildir is not None or account.sign_in == "password":
        return None
    if account.oauth.token_command:
        return PrintedTokens(account.oauth.token_command, table=f"accounts.{name}.oauth" if name else "account.oauth")
    return SignedIn(partial(provider_of, account, name=name, sends=settings.sends_by_token), token_store_of(settings))


def login_of(settings: Settings, access: AccessTokens | None = None) -> Login:
    """Return how to log in to the mailbox; raises `SecretRefused` where the password cannot be had."""
    access = access or access_of(settings)
    if access is None:
        return PasswordLogin(secret=read_secret(settings.account.secret))
    return TokenLogin(bearer=Bearing(access, told=_mailbox_problem))


def _mailbox_problem(problem: SecretRefused | TokenDelayed) -> MailboxProblem:
    if isinstance(problem, SecretRefused):
        return MailboxProblem(str(problem), permanent=True)
    wait = timedelta(seconds=problem.retry_after) if problem.retry_after is not None else None
    return MailboxProblem(str(problem), permanent=False, reached=False, retry_after=wait)


class Bearing:
    """Access tokens whose problems are told as those of what they open: the mailbox, or the server of the digest."""

    def __init__(self, access: AccessTokens, *, told: Callable[[SecretRefused | TokenDelayed], Exception]) -> None:
        self._access = access
        self._told = told

    def current(self) -> str:
        """See `agent.mailbox.login.Bearer` and `agent.notify.smtp.Bearer`."""
        return self._asked(self._access.current) or ""

    def renewed(self, refused: str) -> str | None:
        """See `current`."""
        return self._asked(partial(self._access.renewed, refused))

    def _asked(self, ask: Callable[[], str | None]) -> str | None:
        try:
            return ask()
        except (SecretRefused, TokenDelayed) as refused:
            problem = self._told(refused)
        # Raised outside of the handler: what lies behind it may hold what nobody should read.
        raise problem
