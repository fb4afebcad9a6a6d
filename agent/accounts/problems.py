"""What can be wrong with the configuration or a secret, as values with a place; imports nothing slow."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfigProblem:
    """One mistake in the configuration; the offending value is never part of it, for it may be a misplaced password."""

    place: str
    """The file, with line and column for a syntax error, or the environment variable."""
    key: str
    """Dotted, such as `account.port`; empty when the file as a whole is meant."""
    what: str
    mend: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.key, f"{self.what}; {self.mend}") if part)


class ConfigurationRefused(Exception):
    """A configuration that cannot be used; its text is one line a problem."""

    def __init__(self, problems: list[ConfigProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class SecretRefused(Exception):
    """A secret that cannot be had; its text is one clear line and never holds the secret or the output of a command."""


class SignInNeeded(SecretRefused):
    """A sign-in that is over, or was never made: only the user can make it anew."""


class TokenDelayed(Exception):
    """A token that cannot be had just now although the sign-in stands; its text is one clear line. Trying again may help."""

    def __init__(self, text: str, *, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        """Seconds that the provider asks to be left in peace, where it said so."""
