"""With what the digest is handed in by SMTP: the password, or the tokens of the account."""

from agent.accounts.problems import SecretRefused, TokenDelayed
from agent.accounts.secrets import read_secret
from agent.accounts.settings import Settings
from agent.cli.logins import Bearing, access_of
from agent.notify.smtp import Bearer, NotifyProblem


def smtp_secret_of(settings: Settings) -> str | Bearer:
    """Return what hands the digest in: the password, or what gives tokens; raises `NotifyProblem`."""
    smtp = settings.digest.smtp
    access = access_of(settings) if settings.sends_by_token else None
    if access is not None:
        return Bearing(access, told=_digest_problem)
    problem = "digest.smtp: no server is named; add the table [digest.smtp]"
    try:
        if smtp is not None:
            return read_secret(smtp.secret)
    except SecretRefused as refused:
        problem = str(refused)
    raise NotifyProblem(problem, permanent=True)


def _digest_problem(problem: SecretRefused | TokenDelayed) -> NotifyProblem:
    return NotifyProblem(str(problem), permanent=isinstance(problem, SecretRefused))
