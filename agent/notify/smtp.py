"""Sending the digest: the one mail that is ever sent, to the one address that it may go to (promise 1)."""

import asyncio
import base64
import logging
import ssl
from collections.abc import Collection
from contextlib import suppress
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import Protocol

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential_jitter

log = logging.getLogger(__name__)

TRIES = 3
LONGEST_PAUSE_SECONDS = 60.0
LONGEST_SECONDS = 240.0
"""For all tries together: well within the time after which systemd takes the service for dead."""


class NotifyProblem(Exception):
    """The digest could not be sent; the text is one clear line for the user and never holds the secret."""

    def __init__(self, text: str, *, permanent: bool) -> None:
        super().__init__(text)
        self.permanent = permanent
        """True when trying again will not help until the user mends something."""


class Bearer(Protocol):
    """Gives access tokens, where the digest is handed in with those of the account."""

    def current(self) -> str:
        """Return a token that is good by the clock; raises `NotifyProblem` when there is none."""

    def renewed(self, refused: str) -> str | None:
        """Return another one than a server refused, or None when there is no point in trying again."""


class Owner(Protocol):
    """Whose digest it is."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The user's addresses, the main one first."""


class Submission(Protocol):
    """The server that takes mail (RFC 6409)."""

    @property
    def host(self) -> str:
        """Its name, which its certificate must bear."""

    @property
    def port(self) -> int:
        """Its port."""

    @property
    def security(self) -> str:
        """`tls` or `starttls`."""

    @property
    def user(self) -> str:
        """Login name."""

    @property
    def ca_file(self) -> Path | None:
        """PEM certificates to trust instead of the system's."""

    @property
    def timeout_seconds(self) -> int:
        """How long one answer may take."""


class DigestTable(Protocol):
    """The part of the settings that is about the digest."""

    @property
    def smtp(self) -> Submission | None:
        """The server, when one is named."""


class DigestSettings(Protocol):
    """What is needed of `agent.accounts.settings.Settings`."""

    @property
    def user(self) -> Owner:
        """Whose digest it is."""

    @property
    def digest(self) -> DigestTable:
        """Where it is handed in."""


def send_digest(
    settings: DigestSettings,
    secret: str | Bearer,
    message: EmailMessage,
    *,
    pause_seconds: float = 5.0,
    longest_seconds: float = LONGEST_SECONDS,
) -> None:
    """Send the digest to the user's main address; what is temporary is tried `TRIES` times, the first pause as given.

    `secret` is a password, or what gives access tokens.

    Raises `NotifyProblem`; a message to anybody else is a broken contract and raises ValueError.
    """
    server = settings.digest.smtp
    if server is None:
        raise NotifyProblem("digest.smtp: no server is named; add the table [digest.smtp]", permanent=True)
    recipient = settings.user.addresses[0]
    _only_to(message, recipient)
    delivery = _deliver(server, secret, message, recipient, _trust(server), pause_seconds)
    try:
        asyncio.run(asyncio.wait_for(delivery, longest_seconds))
    except TimeoutError:
        problem = f"{_where(server)} did not take the digest within {longest_seconds:g} seconds; it will be tried again"
    else:
        return
    raise NotifyProblem(problem, permanent=False)


def try_login(settings: DigestSettings, secret: str | Bearer, *, longest_seconds: float = 60.0) -> None:
    """Connect and log in as for the digest, and hand nothing in; raises `NotifyProblem` where that does not work."""
    server = settings.digest.smtp
    if server is None:
        raise NotifyProblem("digest.smtp: no server is named; add the table [digest.smtp]", permanent=True)
    try:
        asyncio.run(asyncio.wait_for(_once(server, secret, None, "", _trust(server)), longest_seconds))
    except TimeoutError:
        problem = (
            f"{_where(server)} did not answer within {longest_seconds:g} seconds; check digest.smtp.host and digest.smtp.port"
        )
    else:
        return
    raise NotifyProblem(problem, permanent=False)


def _only_to(message: EmailMessage, recipient: str) -> None:
    """Raise ValueError unless the message is addressed to the recipient and to nobody else."""
    named = [
        address.lower()
        for header in ("To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc")
        for _, address in getaddresses([str(value) for value in message.get_all(header, [])])
    ]
    if named != [recipient.lower()]:
        raise ValueError("the digest may go to the user's own main address and to nobody else")


def _trust(server: Submission) -> ssl.SSLContext:
    """Return a context that verifies certificate and name."""
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except OSError as error:  # an SSLError is one
        problem = f"digest.smtp.ca_file: {server.ca_file} cannot be used as certificates ({_line(str(error))})"
    raise NotifyProblem(f"{problem}; name a PEM file with the CA's certificate", permanent=True)


async def _deliver(
    server: Submission, secret: str | Bearer, message: EmailMessage, recipient: str, trust: ssl.SSLContext, pause_seconds: float
) -> None:
    retrying = AsyncRetrying(
        retry=retry_if_exception(lambda error: isinstance(error, NotifyProblem) and not error.permanent),
        stop=stop_after_attempt(TRIES),
        wait=wait_exponential_jitter(multiplier=pause_seconds, max=LONGEST_PAUSE_SECONDS, jitter=pause_seconds),
        before_sleep=_say,
        reraise=True,
    )
    async for attempt in retrying:
        with attempt:
            await _once(server, secret, message, recipient, trust)


def _say(state: RetryCallState) -> None:
    problem = state.outcome.exception() if state.outcome is not None else None
    log.warning("the digest could not be sent, try %d of %d: %s", state.attempt_number, TRIES, problem)


async def _once(
    server: Submission, secret: str | Bearer, message: EmailMessage | None, recipient: str, trust: ssl.SSLContext
) -> None:
    """Hand the message in, or only log in where there is none.

    Raises `NotifyProblem`, permanent or not, outside of the handler so that no cause shows the secret.

    A token that is refused is renewed once, and tried once more over a new connection.
    """
    word = secret if isinstance(secret, str) else await asyncio.to_thread(secret.current)
    bears = not isinstance(secret, str)
    problem = await _tried(server, word, message, recipient, trust, bears=bears)
    if isinstance(problem, _TokenRefused) and not isinstance(secret, str):
        again = await asyncio.to_thread(secret.renewed, word)
        if again is not None:
            problem = await _tried(server, again, message, recipient, trust, bears=True)
    if problem is not None:
        raise problem


class _TokenRefused(NotifyProblem):
    """A token that the server does not take; another one may be taken."""


async def _tried(
    server: Submission, secret: str, message: EmailMessage | None, recipient: str, trust: ssl.SSLContext, *, bears: bool
) -> NotifyProblem | None:
    """Hand the message in; return what went wrong."""
    try:
        refused = await _handed_in(server, secret, message, recipient, trust, bears=bears)
    except (aiosmtplib.SMTPException, OSError) as error:
        return _problem(server, error, secret, bears=bears)
    return NotifyProblem(f"{_where(server)} refused {', '.join(refused)}", permanent=True) if refused else None


async def _handed_in(
    server: Submission, secret: str, message: EmailMessage | None, recipient: str, trust: ssl.SSLContext, *, bears: bool
) -> Collection[str]:
    """Return the recipients that the server refused; the connection is closed when it returns, or raises."""
    tls = server.security == "tls"
    client = aiosmtplib.SMTP(
        hostname=server.host, port=server.port, use_tls=tls, start_tls=False, tls_context=trust, timeout=server.timeout_seconds
    )
    await client.connect()
    protocol = client.protocol
    try:
        if not tls:
            await client.starttls()
        await (_bear(client, server.user, secret) if bears else client.login(server.user, secret))
        refused: Collection[str] = ()
        if message is not None:
            refused, _ = await client.send_message(message, recipients=[recipient])
        with suppress(aiosmtplib.SMTPException):
            await client.quit()
        return tuple(refused)
    finally:
        client.close()
        await _hung_up(protocol)


async def _bear(client: aiosmtplib.SMTP, user: str, token: str) -> None:
    """Log in with a token: by OAUTHBEARER (RFC 7628) where the server has it, else by XOAUTH2."""
    await client.ehlo()
    known = {method.lower() for method in client.server_auth_methods}
    if "oauthbearer" not in known:
        if "xoauth2" not in known:
            raise aiosmtplib.SMTPException("it takes no tokens: name a password under [digest.smtp]")
        await client.auth_xoauth2(user, token)
        return
    header = f"n,a={user.replace('=', '=3D').replace(',', '=2C')},"
    encoded = base64.b64encode(f"{header}\1auth=Bearer {token}\1\1".encode())
    response = await client.execute_command(b"AUTH", b"OAUTHBEARER", encoded)
    if response.code == aiosmtplib.SMTPStatus.auth_continue:
        # The error of the mechanism; an answer of one octet 1 lets the server come to its refusal (RFC 7628 section 3.2.3).
        response = await client.execute_command(base64.b64encode(b"\1"))
    if response.code != aiosmtplib.SMTPStatus.auth_successful:
        raise aiosmtplib.SMTPAuthenticationError(response.code, response.message)


async def _hung_up(protocol: SMTPProtocol | None) -> None:
    """Wait a second at most until the connection is closed: TLS says goodbye first, and a loop that ends would leave it open."""
    for _ in range(100):
        if protocol is None or protocol.transport is None:
            return
        await asyncio.sleep(0.01)


def _problem(server: Submission, error: Exception, secret: str, *, bears: bool) -> NotifyProblem:
    """Return what an error of the connection means for the user."""
    where = _where(server)
    certificate = next((each for each in (error, error.__cause__) if isinstance(each, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        text = (
            f"{where}: its certificate is not valid for this name ({_line(certificate.verify_message)}); correct "
            "digest.smtp.host, or name the CA of the server in digest.smtp.ca_file"
        )
        return NotifyProblem(text, permanent=True)
    if any(isinstance(each, ssl.SSLError) for each in (error, error.__cause__)):
        return NotifyProblem(
            f"{where} does not speak TLS as asked for; check digest.smtp.port and digest.smtp.security", permanent=True
        )
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPResponseException):
        temporary = 400 <= error.code < 500
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            if bears and not temporary:
                mend = "was it made as this user, and may the application send mail? `interview-agent sign-in` makes it anew"
                return _TokenRefused(
                    f"{where} does not take the token of the sign-in for {server.user} ({error.code}); {mend}", permanent=True
                )
            mend = "try again later" if bears else "check digest.smtp.user and its password"
            return NotifyProblem(f"{where} refused the login of {server.user} ({error.code}); {mend}", permanent=not temporary)
        said = _line(error.message.replace(secret, "***") if secret else error.message)
        if temporary:
            return NotifyProblem(
                f"{where} refused the digest for now: {error.code} {said}; it will be tried again", permanent=False
            )
        mend = "ask the provider, or check digest.sender"
        return NotifyProblem(f"{where} refused the digest: {error.code} {said}; {mend}", permanent=True)
    if isinstance(error, OSError):  # connection lost or never made, time-outs: aiosmtplib's own are OSErrors too
        said = _line(str(error).replace(secret, "***") if secret else str(error))
        return NotifyProblem(
            f"{where} cannot be reached ({said}); check the network, digest.smtp.host and digest.smtp.port", permanent=False
        )
    return NotifyProblem(
        f"{where} cannot take the digest ({_line(str(error))}); check digest.smtp.security and digest.smtp.port", permanent=True
    )


def _where(server: Submission) -> str:
    return f"mail server {server.host}:{server.port}"


def _line(text: str) -> str:
    """Return what a server said as one line of at most 200 characters."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[:200]
