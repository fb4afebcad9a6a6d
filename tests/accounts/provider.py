"""A provider of tokens on loopback, over TLS with an authority of its own: what a healthy one does, and what others do.

    with TokenProvider(folder) as provider:
        provider.device = ["authorization_pending", "slow_down"]    # what the next questions for a device code are told first
        provider.answers = [Said(status=503)]                       # what the next questions for tokens get instead
        ...
        provider.sent_back(page)                                    # where the browser goes once the user has consented
        provider.refuse_renewals = True                             # the user took the permission back

Access tokens are JSON Web Tokens (HS256) that `token_dovecot` takes. Each refresh token can be used once.
"""

import base64
import hashlib
import hmac
import itertools
import json
import ssl
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import trustme

ISSUER = "https://login.mailbox.example"
KEY = "the key by which provider and mail server know each other"
CLIENT = "client-of-robin"
CLIENT_SECRET = "a-desktop-secret-of-no-secrecy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One answer that is not the healthy one."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    silent: bool = False
    """Whether nothing is said at all."""


@dataclass(kw_only=True)
class TokenProvider:
    """One running provider. Start it with `with`."""

    folder: Path
    user: str = "robin@mailbox.example"
    """Who signs in, whatever name they were asked for."""
    life: int = 3600
    """Seconds that an access token is said to be good for."""
    really: int = 3600
    """Seconds that it is good for; 0 or less for one that the mail server refuses."""
    sign_in_life: int | None = None
    """Seconds after which a refresh token ends, where that is told."""
    rotates: bool = True
    refuse_renewals: bool = False
    device: list[str] = field(default_factory=list)
    answers: list[Said] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    """The forms that came, in order."""
    given: list[dict[str, Any]] = field(default_factory=list)
    """The good answers with tokens, in order."""

    def __enter__(self) -> Self:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        self.ca_file = self.folder / "provider-ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        self._numbers = itertools.count(1)
        self._codes: dict[str, dict[str, str]] = {}
        self._device_codes: set[str] = set()
        self._good: set[str] = set()
        self._over = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._page(self)

            def do_POST(self) -> None:
                provider._question(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.context = context
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def url(self, path: str) -> str:
        return f"https://localhost:{self._server.server_address[1]}/{path}"

    def settings(self, **changes: object) -> dict[str, object]:
        """Return what stands in `[account.oauth]`."""
        usual: dict[str, object] = {
            "client_id": CLIENT,
            "device_endpoint": self.url("device"),
            "authorization_endpoint": self.url("authorize"),
            "token_endpoint": self.url("token"),
            "scopes": ["mail", "offline_access"],
            "ca_file": str(self.ca_file),
        }
        return {key: value for key, value in (usual | changes).items() if value is not None}

    def renewals(self) -> int:
        """Return how often a renewal was asked for."""
        return sum(form.get("grant_type") == "refresh_token" for form in self.asked)

    def sent_back(self, page: str) -> str:
        """Be the user, who consents in the browser; return the address to which that is sent back then."""
        context = ssl.create_default_context(cafile=self.ca_file)
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _Stays())
        try:
            opener.open(page, timeout=10).close()
        except urllib.error.HTTPError as moved:
            with moved:
                return str(moved.headers["Location"])
        raise AssertionError("the page sends nobody back")

    def access_token(self, *, life: int | None = None) -> str:
        """Return a token for the mail server."""
        now = int(time.time())
        good_for = self.really if life is None else life
        claims: dict[str, object] = {"iss": ISSUER, "sub": self.user, "email": self.user, "jti": f"{next(self._numbers)}"}
        claims |= {"iat": now - 10_000, "nbf": now - 10_000, "exp": now + good_for}
        signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
        signature = hmac.new(KEY.encode(), signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_base64(signature)}"

    def _page(self, handler: BaseHTTPRequestHandler) -> None:
        """Consent at once, and send the browser back with a code (RFC 6749 section 4.1.2)."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        code = f"code-{next(self._numbers)}"
        self._codes[code] = asked
        handler.send_response(302)
        handler.send_header("Location", f"{asked['redirect_uri']}/?{urlencode({'code': code, 'state': asked['state']})}")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def _question(self, handler: BaseHTTPRequestHandler) -> None:
        form = dict(parse_qsl(handler.rfile.read(int(handler.headers["Content-Length"])).decode()))
        self.asked.append(form)
        if self.answers and handler.path == "/token":
            said = self.answers.pop(0)
            if said.silent:
                self._over.wait(10)
                return
        else:
            status, body = self._device(form) if handler.path == "/device" else self._token(form)
            said = Said(status=status, body=json.dumps(body).encode(), headers=(("Content-Type", "application/json"),))
        handler.send_response(said.status)
        for name, value in said.headers:
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(said.body)))
        handler.end_headers()
        handler.wfile.write(said.body)

    def _device(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form.get("client_id") != CLIENT:
            return 401, {"error": "invalid_client"}
        code = f"device-{next(self._numbers)}"
        self._device_codes.add(code)
        page = f"{ISSUER}/device"
        return 200, {
            "device_code": code,
            "user_code": "WDJB-MJHT",
            "verification_uri": page,
            "expires_in": 900,
            "interval": 0.05,
        }

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        kind = form.get("grant_type", "")
        if kind == "urn:ietf:params:oauth:grant-type:device_code":
            if form.get("device_code") not in self._device_codes:
                return 400, {"error": "invalid_grant"}
            if self.device:
                return 400, {"error": self.device.pop(0)}
            self._device_codes.remove(form["device_code"])
        elif kind == "authorization_code":
            consented = self._codes.pop(form.get("code", ""), None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if (
                consented is None
                or consented.get("code_challenge_method") != "S256"
                or consented.get("code_challenge") != _base64(digest)
                or consented.get("redirect_uri") != form.get("redirect_uri")
            ):
                return 400, {"error": "invalid_grant", "error_description": "The code does not fit."}
        elif kind == "refresh_token":
            if self.refuse_renewals or form.get("refresh_token") not in self._good:
                return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            if self.rotates:
                self._good.discard(form["refresh_token"])
        else:
            return 400, {"error": "unsupported_grant_type"}
        return 200, self._tokens(kind)

    def _tokens(self, kind: str) -> dict[str, Any]:
        answer: dict[str, Any] = {"access_token": self.access_token(), "token_type": "Bearer", "expires_in": self.life}
        if self.rotates or kind != "refresh_token":
            answer["refresh_token"] = f"refresh-{next(self._numbers)}-{'x' * 40}"
            self._good.add(answer["refresh_token"])
            if self.sign_in_life is not None:
                answer["refresh_token_expires_in"] = self.sign_in_life
        self.given.append(answer)
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    context: ssl.SSLContext

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the thread of the connection: a client that is slow to begin TLS must not hold the others up.
        try:
            request.settimeout(10)
            with self.context.wrap_socket(request, server_side=True) as secure:
                super().finish_request(secure, client_address)
        except OSError:
            pass  # a client that does not trust the certificate, or did not wait for the answer

    def shutdown_request(self, request: Any) -> None:
        request.close()


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _part(value: dict[str, object]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
