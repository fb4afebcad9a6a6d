"""Access tokens for an account, renewed in time: by one process at a time, and never again and again."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from agent.accounts.oauth import Provider
from agent.accounts.problems import SignInNeeded, TokenDelayed
from agent.accounts.secrets import output_of
from agent.accounts.token_store import TokenStore
from agent.accounts.tokens import Ending, Tokens, ending

_MARGIN = timedelta(minutes=5)
"""Before its end a token is renewed so early, and by some more, so that several accounts do not ask at once."""
_JITTER = timedelta(minutes=2)
_SHARE = 0.2
"""Of the life of a token that the margin takes at most."""
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(minutes=30)
_AFTER_REFUSAL = timedelta(minutes=10)
"""For so long a refresh token that the provider has refused is not shown to it again, whoever asks for a token meanwhile."""


class AccessTokens(Protocol):
    """Gives access tokens, to a login by IMAP as to one by SMTP."""

    def current(self) -> str:
        """Return a token that is good for some minutes by the clock; raises `SecretRefused` or `TokenDelayed`."""

    def renewed(self, refused: str) -> str | None:
        """Return another token than one that a server refused, or None when there is no point in trying again."""

    def ends(self) -> Ending | None:
        """Return when the sign-in ends, as far as is known."""


class SignedIn:
    """The tokens of a sign-in with a provider, kept in a store. Several threads may ask."""

    def __init__(
        self,
        provider: Callable[[], Provider],
        store: TokenStore,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Read nothing yet; `provider` is asked with each renewal, for the secret of the client may change."""
        self._provider = provider
        self._store = store
        self._clock = clock
        self._jitter = random.random()  # noqa: S311 (no secret depends on it)
        self._delays = 0
        self._again_at: datetime | None = None
        self._over: tuple[str, datetime, str] | None = None
        """A refresh token that was refused, until when it is not tried again, and what was said."""

    def current(self) -> str:
        """See `AccessTokens.current`.

        While the old token is good a renewal that fails for now is no failure; it is tried again after growing pauses.
        """
        provider = self._provider()
        tokens = self._owned(provider)
        now = self._clock()
        if not self._is_due(tokens, now):
            return tokens.access
        good = tokens.expires_at is not None and now < tokens.expires_at
        if good and self._again_at is not None and now < self._again_at:
            return tokens.access
        try:
            return self._renewed(provider, tokens.access, forced=False).access
        except TokenDelayed as delayed:
            self._delays += 1
            doubled: timedelta = _FIRST_PAUSE * 2 ** min(self._delays - 1, 10)
            self._again_at = now + max(min(doubled, _LONGEST_PAUSE), timedelta(seconds=delayed.retry_after or 0))
            if not good:
                raise
            return tokens.access

    def renewed(self, refused: str) -> str | None:
        """See `AccessTokens.renewed`: one renewal although the clock asks for none, and no second one for its fruit."""
        provider = self._provider()
        tokens = self._owned(provider)
        if tokens.access != refused:
            return tokens.access
        if tokens.forced or not tokens.refresh:
            return None
        return self._renewed(provider, refused, forced=True).access

    def ends(self) -> Ending | None:
        """See `AccessTokens.ends`."""
        provider = self._provider()
        return ending(self._owned(provider), provider.command)

    def _owned(self, provider: Provider) -> Tokens:
        """Return the tokens that are kept, if they are those of this account and registration."""
        tokens, problem = None, ""
        try:
            tokens = self._store.read()
        except SignInNeeded as unreadable:
            problem = str(unreadable)
        if problem:
            raise SignInNeeded(f"{problem}; run `{provider.command}`")
        if tokens is None:
            raise SignInNeeded(f"nobody has signed {provider.user} in yet; run `{provider.command}`")
        if tokens.owner != provider.owner:
            raise SignInNeeded(
                f"the sign-in that is kept is not one of {provider.user} with this client_id; run `{provider.command}`"
            )
        return tokens

    def _is_due(self, tokens: Tokens, now: datetime) -> bool:
        if tokens.expires_at is None:
            return False
        if now < tokens.renewed_at - _MARGIN:
            return True  # the clock was set back: how long the token is good cannot be told any more
        margin = min(_MARGIN + self._jitter * _JITTER, (tokens.expires_at - tokens.renewed_at) * _SHARE)
        return now >= tokens.expires_at - margin

    def _renewed(self, provider: Provider, old: str, *, forced: bool) -> Tokens:
        """Return new tokens; they are kept before anybody uses them. Another who renewed meanwhile has done it for us."""
        from agent.accounts.grants import renew

        with self._store.alone():
            tokens = self._owned(provider)
            if tokens.access != old:
                return tokens
            now = self._clock()
            if self._over is not None and self._over[0] == tokens.refresh and now < self._over[1]:
                raise SignInNeeded(self._over[2])
            try:
                new = renew(provider, tokens, now, forced=forced)
            except SignInNeeded as refused:
                self._over = (tokens.refresh, now + _AFTER_REFUSAL, str(refused))
                raise
            self._store.write(new)
        self._delays, self._again_at, self._over = 0, None, None
        return new


class PrintedTokens:
    """Tokens that another program prints, and keeps."""

    def __init__(self, command: tuple[str, ...], *, table: str) -> None:
        self._command = command
        self._key = f"{table}.token_command"

    def current(self) -> str:
        """See `AccessTokens.current`."""
        return output_of(self._command, self._key)

    def renewed(self, refused: str) -> str | None:
        """See `AccessTokens.renewed`: the program may have noticed by itself."""
        again = self.current()
        return again if again != refused else None

    def ends(self) -> Ending | None:
        """See `AccessTokens.ends`: only the other program knows."""
        return None
