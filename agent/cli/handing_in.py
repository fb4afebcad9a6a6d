"""With what the digest is handed in by SMTP: the password, or the tokens of the account."""

from collections.abc import Callable
from functools import partial

from agent.accounts.access import AccessTokens
from agent.accounts.problems import SecretRefused, TokenDelayed
from agent.accounts.secrets import read_secret
from agent.accounts.settings import Settings
from agent.cli.logins import access_of
from agent.notify.smtp import Bearer, NotifyProblem


def smtp_secret_of(settings: Settings) -> str | Bearer:
    """Return what hands the digest in: the password, or what gives tokens; raises `NotifyProblem`."""
    smtp = settings.digest.smtp
    access = access_of(settings) if settings.sends_by_token else None
    if access is not None:
        return _ForDigest(access)
    problem = "digest.smtp: no server is named; add the table [digest.smtp]"
    try:
        if smtp is not None:
            return read_secret(smtp.secret)
    except SecretRefused as refused:
        problem = str(refused)
    raise NotifyProblem(problem, permanent=True)


class _ForDigest:
    """Access tokens whose problems are those of the digest."""

    def __init__(self, access: AccessTokens) -> None:
        self._access = access

    def current(self) -> str:
        """See `agent.notify.smtp.Bearer`."""
        return self._asked(self._access.current) or ""

    def renewed(self, refused: str) -> str | None:
        """See `agent.notify.smtp.Bearer`."""
        return self._asked(partial(self._access.renewed, refused))

    def _asked(self, ask: Callable[[], str | None]) -> str | None:
        try:
            return ask()
        except SecretRefused as refused:
            problem = NotifyProblem(str(refused), permanent=True)
        except TokenDelayed as delayed:
            problem = NotifyProblem(str(delayed), permanent=False)
        raise problem
