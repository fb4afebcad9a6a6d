"""The grants of RFC 6749 (code, refresh) and RFC 8628 (device) with one provider; oauthlib makes the requests.

Every answer becomes tokens, a wish to wait, or one problem. What the user must mend is `SignInNeeded` or `SecretRefused`, what
may pass is `TokenDelayed`; no text holds a token, a code or a secret, also where the provider repeats one.
"""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit

from oauthlib.oauth2 import DeviceClient, MismatchingStateError, OAuth2Error, WebApplicationClient

from agent.accounts.endpoint import Answer, post
from agent.accounts.oauth import Provider
from agent.accounts.problems import SecretRefused, SignInNeeded, TokenDelayed
from agent.accounts.tokens import Tokens

_OVER = frozenset(
    {
        "invalid_grant",
        "interaction_required",
        "login_required",
        "consent_required",
        "expired_token",
        "access_denied",
        "authorization_declined",
        "bad_verification_code",
    }
)
"""After these only a new sign-in helps: RFC 6749 section 5.2, RFC 8628 section 3.5, OpenID Connect Core section 3.1.2.6, and two
of Microsoft's own."""
_PASSING = frozenset({"temporarily_unavailable", "server_error", "slow_down", "authorization_pending"})
_LONGEST_LIFE = timedelta(days=3650).total_seconds()
_SLOWER = timedelta(seconds=5)
"""By which each `slow_down` lengthens the pause between two questions (RFC 8628 section 3.5)."""
_MICROSOFT_TRACE = re.compile(r"\s*(?:Trace ID|Correlation ID|Timestamp):.*", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceCode:
    """A code that the user types on a page of the provider (RFC 8628 section 3.2)."""

    device_code: str = field(repr=False)
    user_code: str
    page: str
    """Where it is typed."""
    page_with_code: str = ""
    """The same page with the code filled in, where the provider has one."""
    pause: timedelta
    """Between two questions whether the user is done."""
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NotYet:
    """The user is not done; the next question may come after the pause."""

    pause: timedelta


def ask_for_device_code(provider: Provider, now: datetime) -> DeviceCode:
    """Return a code for the user."""
    client = DeviceClient(provider.client_id)
    # oauthlib puts the request into an address; RFC 8628 section 3.1 wants it as a form.
    form = urlsplit(client.prepare_request_uri(provider.device_endpoint, scope=list(provider.scopes))).query
    answer = post(provider.device_endpoint, form, ca_file=provider.ca_file)
    said = _understood(provider, answer, _Doing.DEVICE, ())
    code, user_code = said.get("device_code"), said.get("user_code")
    page = said.get("verification_uri") or said.get("verification_url")
    if not (_is_token(code) and _is_plain(user_code) and _is_page(page)):
        raise TokenDelayed(f"{provider.title} gives no device code that can be used")
    whole = said.get("verification_uri_complete")
    return DeviceCode(
        device_code=str(code),
        user_code=str(user_code),
        page=str(page),
        page_with_code=str(whole) if _is_page(whole) else "",
        pause=timedelta(seconds=_seconds(said.get("interval"), 5.0, most=60.0)),
        expires_at=now + timedelta(seconds=_seconds(said.get("expires_in"), 900.0, most=3600.0)),
    )


def ask_for_device(provider: Provider, code: DeviceCode, pause: timedelta, now: datetime) -> Tokens | NotYet:
    """Return the tokens once the user is done; ask again no sooner than the pause says."""
    client = DeviceClient(provider.client_id)
    form = client.prepare_request_body(code.device_code, include_client_id=True)
    answer = post(provider.token_endpoint, _with_secret(provider, form), ca_file=provider.ca_file)
    error = _error(answer)
    if error == "authorization_pending":
        return NotYet(pause=pause)
    if error == "slow_down":
        return NotYet(pause=pause + _SLOWER)
    return _tokens(provider, _understood(provider, answer, _Doing.SIGN_IN, (code.device_code,)), now)


def page_of_consent(provider: Provider, *, redirect: str, state: str, verifier: str) -> str:
    """Return the address at which the user consents, with the challenge of PKCE (RFC 7636) in it."""
    client = WebApplicationClient(provider.client_id)
    challenge = client.create_code_challenge(verifier, "S256")
    return str(
        client.prepare_request_uri(
            provider.authorization_endpoint,
            redirect_uri=redirect,
            scope=list(provider.scopes),
            state=state,
            code_challenge=challenge,
            code_challenge_method="S256",
            **dict(provider.wishes),
        )
    )


def ask_for_code(provider: Provider, came_back: str, *, redirect: str, state: str, verifier: str, now: datetime) -> Tokens:
    """Return the tokens for the address to which the provider sent the browser back; its `state` must be ours."""
    client = WebApplicationClient(provider.client_id)
    problem, code = "", ""
    try:
        # oauthlib wants TLS here; a redirect to the loopback leaves this machine at no point (RFC 8252 section 8.3).
        found = client.parse_request_uri_response(f"https://localhost/?{urlsplit(came_back.strip()).query}", state=state)
        code = str(found.get("code") or "")
    except MismatchingStateError:
        problem = "the address that came back does not belong to this sign-in; begin again"
    except OAuth2Error as error:
        told = dict(parse_qsl(urlsplit(came_back).query))
        said = _said(told.get("error_description", ""), (state, verifier)) or _said(error.error or "", ())
        problem = f"{provider.title} did not sign you in ({said})"
    except ValueError:
        problem = "what came back is no address; begin again"
    if problem or not _is_token(code):
        raise SignInNeeded(f"{problem or 'the address that came back holds no code; begin again'}: `{provider.command}`")
    form = client.prepare_request_body(code=code, redirect_uri=redirect, code_verifier=verifier, include_client_id=True)
    answer = post(provider.token_endpoint, _with_secret(provider, form), ca_file=provider.ca_file)
    return _tokens(provider, _understood(provider, answer, _Doing.SIGN_IN, (code, verifier, state)), now)


def renew(provider: Provider, tokens: Tokens, now: datetime, *, forced: bool = False) -> Tokens:
    """Return new tokens for the refresh token; the provider may have replaced that as well (RFC 6749 section 6)."""
    if not tokens.refresh:
        raise SignInNeeded(
            f"the sign-in of {provider.user} is over: {provider.title} gave nothing to renew it with; run `{provider.command}`"
        )
    client = WebApplicationClient(provider.client_id)
    form = client.prepare_refresh_body(refresh_token=tokens.refresh, client_id=provider.client_id)
    answer = post(provider.token_endpoint, _with_secret(provider, form), ca_file=provider.ca_file)
    said = _understood(provider, answer, _Doing.RENEWAL, (tokens.refresh, tokens.access))
    new = _tokens(provider, said, now)
    if new.refresh_expires_at is None and new.refresh in {"", tokens.refresh}:
        new = replace(new, refresh_given_at=tokens.refresh_given_at, refresh_expires_at=tokens.refresh_expires_at)
    return replace(new, refresh=new.refresh or tokens.refresh, signed_in_at=tokens.signed_in_at, forced=forced)


class _Doing(StrEnum):
    """What was asked for when an answer came."""

    DEVICE = "to give a device code"
    """A code for the user to type."""
    SIGN_IN = "the sign-in"
    """Tokens for what the user consented to."""
    RENEWAL = "to renew the sign-in"
    """New tokens for a refresh token."""


def _tokens(provider: Provider, said: dict[str, Any], now: datetime) -> Tokens:
    """Return the tokens of an answer that has been understood (RFC 6749 section 5.1)."""
    access, refresh = said.get("access_token"), said.get("refresh_token", "")
    kind = said.get("token_type", "Bearer")
    if not _is_token(access) or not (refresh == "" or _is_token(refresh)) or str(kind).lower() != "bearer":
        raise TokenDelayed(f"{provider.title} gives an answer without a token that can be used; it is asked again")
    life, rest = _seconds(said.get("expires_in"), 0.0), _seconds(said.get("refresh_token_expires_in"), 0.0)
    return Tokens(
        access=str(access),
        expires_at=now + timedelta(seconds=life) if life else None,
        refresh=str(refresh),
        signed_in_at=now,
        renewed_at=now,
        refresh_given_at=now,
        refresh_expires_at=now + timedelta(seconds=rest) if rest else None,
        idle_days=provider.idle_days,
        owner=provider.owner,
    )


def _understood(provider: Provider, answer: Answer, doing: _Doing, secrets: tuple[str, ...]) -> dict[str, Any]:
    """Return the object of a good answer; raise the one problem that any other one is."""
    said = _object(answer)
    error = _error(answer)
    host = urlsplit(provider.token_endpoint).hostname or provider.title
    if answer.status == 429 or answer.status >= 500 or error in _PASSING:
        raise TokenDelayed(f"{host} cannot do it just now ({answer.status}); it is asked again", retry_after=answer.retry_after)
    if said is None:
        raise TokenDelayed(f"{host} gives an answer that cannot be read ({answer.status}); it is asked again")
    if not error:
        if answer.status == 200:
            return said
        raise TokenDelayed(f"{host} gives an answer that makes no sense ({answer.status}); it is asked again")
    more = tuple(str(said.get(key) or "") for key in ("access_token", "refresh_token", "device_code", "id_token"))
    words = _said(str(said.get("error_description") or ""), (*secrets, *more, provider.client_secret))
    told = f"{_said(error, (*secrets, *more, provider.client_secret))}{f': {words}' if words else ''}"
    if error in _OVER and doing is _Doing.RENEWAL:
        raise SignInNeeded(f"the sign-in of {provider.user} is over ({told}); run `{provider.command}`")
    if error in _OVER:
        raise SignInNeeded(f"{provider.title} refused {doing} ({told}); begin again: `{provider.command}`")
    if error in {"invalid_client", "unauthorized_client"}:
        keys = f"{provider.table}.client_id and client_secret"
        raise SecretRefused(f"{provider.title} does not know this application as it is named here ({told}); check {keys}")
    raise SecretRefused(f"{provider.title} refused {doing} ({told}); check the table {provider.table}")


def _object(answer: Answer) -> dict[str, Any] | None:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _error(answer: Answer) -> str:
    """Return the error code of an answer (RFC 6749 section 5.2), empty where there is none."""
    found = (_object(answer) or {}).get("error", "")
    return found[:100] if isinstance(found, str) else "an error without a name"


def _with_secret(provider: Provider, form: str) -> str:
    return f"{form}&{urlencode({'client_secret': provider.client_secret})}" if provider.client_secret else form


def _said(text: str, secrets: tuple[str, ...]) -> str:
    """Return what a provider said as one line of at most 200 characters, without any of the secrets."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for shape in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]):
            text = text.replace(shape, "***")
    text = _MICROSOFT_TRACE.sub("", text)
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line[:200].rstrip(".")


def _is_token(value: object) -> bool:
    """Whether it is of visible ASCII, as tokens and codes are (RFC 6749 appendix A), and of a length that servers take."""
    return isinstance(value, str) and 0 < len(value) <= 16_384 and re.fullmatch(r"[\x21-\x7e]+", value) is not None


def _is_plain(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable()


def _is_page(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 2000 and re.fullmatch(r"https://[\x21-\x7e]+", value) is not None


def _seconds(value: object, otherwise: float, *, most: float = _LONGEST_LIFE) -> float:
    """Return a duration that a provider told, in seconds, or the other where it told none that makes sense."""
    try:
        seconds = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else otherwise
    except (ValueError, OverflowError):
        return otherwise
    return min(seconds, most) if seconds > 0 else otherwise
