"""The tokens of one sign-in as a value, and until when it is good as far as anybody can know; imports nothing slow."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

_LONGEST_WARNING = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """What a provider gave: the token that opens the mailbox for an hour or so, and the one that renews it."""

    access: str = field(repr=False)
    expires_at: datetime | None
    """When the access token ends; None when the provider does not say."""
    refresh: str = field(default="", repr=False)
    """Empty when the provider gave none: the sign-in ends with the access token then."""
    signed_in_at: datetime
    renewed_at: datetime
    """When the access token was given."""
    refresh_given_at: datetime
    """When the refresh token was given, or its end was told last."""
    refresh_expires_at: datetime | None = None
    """When the refresh token ends, where the provider said so; None otherwise."""
    idle_days: int | None = None
    """After how many days without use the provider lets the refresh token end."""
    owner: str = ""
    """Whose they are: login name, client id and token endpoint."""
    forced: bool = False
    """Whether the access token was asked for because a server refused the one before it, which was good by the clock."""

    def as_text(self) -> str:
        """Return the tokens as JSON, for the file that keeps them."""
        shown: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return json.dumps({name: each.isoformat() if isinstance(each, datetime) else each for name, each in shown.items()})

    @classmethod
    def of_text(cls, text: str) -> "Tokens":
        """Return what `as_text` wrote; ValueError, without any of the text, for what it cannot have written."""
        try:
            found = dict(json.loads(text))
            for name in ("signed_in_at", "renewed_at", "refresh_given_at"):
                found[name] = _moment(found[name])
            for name in ("expires_at", "refresh_expires_at"):
                found[name] = _moment(found[name]) if found.get(name) is not None else None
            tokens = cls(**found)
            well = (
                isinstance(tokens.access, str)
                and tokens.access != ""
                and isinstance(tokens.refresh, str)
                and isinstance(tokens.owner, str)
                and isinstance(tokens.forced, bool)
                and (tokens.idle_days is None or isinstance(tokens.idle_days, int))
            )
        except (ValueError, TypeError, KeyError, RecursionError):
            well = False
        if not well:
            # Raised outside of the handler: the errors of JSON hold the text.
            raise ValueError("these are no tokens")
        return tokens


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """When a sign-in will end unless something is done."""

    at: datetime
    warn_from: datetime
    command: str = "interview-agent sign-in"
    """What the user runs to go on."""

    def noted(self) -> str:
        """Return it as text, for the ledger."""
        return f"{self.warn_from.isoformat()} {self.at.isoformat()} {self.command}"

    @classmethod
    def of_noted(cls, text: str) -> "Ending":
        """Return what `noted` wrote."""
        warn_from, at, command = text.split(" ", 2)
        return cls(at=_moment(at), warn_from=_moment(warn_from), command=command)


def ending(tokens: Tokens, command: str = "interview-agent sign-in") -> Ending | None:
    """Return when the sign-in ends as far as is known, or None.

    What the provider told of the refresh token counts; else for how long it may lie unused, reckoned from its last use. The
    warning begins two days before the end of seven, and seven days before that of three months (RFC 6749 section 1.5 leaves all
    of this to the provider).
    """
    if not tokens.refresh:
        return Ending(at=tokens.expires_at, warn_from=tokens.expires_at, command=command) if tokens.expires_at else None
    ends = [(tokens.refresh_expires_at, tokens.refresh_given_at)] if tokens.refresh_expires_at else []
    if tokens.idle_days is not None:
        ends.append((tokens.renewed_at + timedelta(days=tokens.idle_days), tokens.renewed_at))
    if not ends:
        return None
    at, since = min(ends)
    warning = min((at - since) * 2 / 7, _LONGEST_WARNING)
    return Ending(at=at, warn_from=at - max(warning, timedelta(0)), command=command)


def expiring(ends: Ending | None, now: datetime) -> str | None:
    """Return the warning that a sign-in is about to end, from when it is time for it; None before. Shown in the zone of `now`."""
    if ends is None or now < ends.warn_from:
        return None
    when = f"{ends.at.astimezone(now.tzinfo):%Y-%m-%d %H:%M %Z}"
    if now >= ends.at:
        return f"Your sign-in to the mailbox ended on {when}. Run `{ends.command}`."
    return f"Your sign-in to the mailbox ends on {when}. Run `{ends.command}` before then, or nothing is read any more."


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
