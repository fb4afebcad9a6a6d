"""One question to an endpoint: HTTPS with the name proved, no redirect followed, an answer of bounded length in bounded time."""

import http.client
import socket
import ssl
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from agent.accounts.problems import SecretRefused, TokenDelayed

LONGEST_SECONDS = 30.0
"""For one question and its whole answer."""
_LONGEST_ANSWER = 256 * 1024
"""Octets."""
_PIECE = 16 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What an endpoint answered."""

    status: int
    body: bytes = field(repr=False)
    retry_after: float | None = None
    """Seconds for which it asks to be left in peace (RFC 9110 section 10.2.3)."""


def post(url: str, form: str, *, ca_file: Path | None = None) -> Answer:
    """Return what the endpoint answers to a form (`a=b&c=d`), whatever its status.

    Raises `TokenDelayed` where there was no whole answer, and `SecretRefused` for a `ca_file` that is none. Neither text holds
    anything of the form or the answer.
    """
    if not url.startswith("https://"):
        raise ValueError("tokens are asked for over TLS alone")
    host = urlsplit(url).hostname or ""
    asked = urllib.request.Request(  # noqa: S310 (https alone, see above)
        url,
        data=form.encode("ascii"),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        method="POST",
    )
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=_trust(ca_file)), _NoRedirect())
    until = time.monotonic() + LONGEST_SECONDS
    try:
        try:
            with opener.open(asked, timeout=LONGEST_SECONDS) as answer:
                return _whole(answer, until, host)
        except HTTPError as error:
            with error:
                return _whole(error, until, host)
    except (URLError, OSError, http.client.HTTPException, ValueError) as error:
        problem = _why(host, error)
    # Raised outside of the handlers: what a library raises may hold what was sent.
    raise TokenDelayed(problem)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for the answer: what is posted to a token endpoint is for nobody else."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError:
        pass
    raise SecretRefused(f"account.oauth.ca_file: {ca_file} cannot be used as certificates; name a PEM file with the CA's")


def _whole(answer: http.client.HTTPResponse | HTTPError, until: float, host: str) -> Answer:
    pieces, size = [], 0
    while piece := answer.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > _LONGEST_ANSWER:
            raise TokenDelayed(f"{host} gives an answer that is far too long to be one of tokens")
        if time.monotonic() > until:
            raise TokenDelayed(f"{host} answers too slowly")
    said = (answer.headers.get("Retry-After") or "").strip()
    wait = float(said) if said.isascii() and said.isdigit() and len(said) < 6 else None
    return Answer(status=answer.status or 0, body=b"".join(pieces), retry_after=wait)


def _why(host: str, error: Exception) -> str:
    """Return why there was no answer, in words that hold nothing of what was sent."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {host} is not trusted ({reason.verify_message}); is the clock right, is the network a hotel's?"
        )
    if isinstance(reason, TimeoutError):
        return f"{host} does not answer; it is asked again"
    if isinstance(reason, socket.gaierror):
        return f"the host {host} cannot be looked up; is the network up?"
    if isinstance(reason, OSError):
        return f"{host} cannot be reached ({reason.strerror or type(reason).__name__}); it is asked again"
    return f"{host} gives no answer that is HTTP ({type(reason).__name__}); it is asked again"
