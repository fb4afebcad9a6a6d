"""A real SMTP server on loopback (aiosmtpd), with a CA of its own, that can be told to refuse."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER = "robin"
PASSWORD = "hunter2-very-secret"


@dataclass(kw_only=True)
class Answers:
    """What the server answers, the next one first; what is empty accepts. And what it saw."""

    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    login: list[str] = field(default_factory=list)
    accepted: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.pop(0) if self.rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if not session.authenticated:
            return "530 5.7.0 login first"
        answer = self.data.pop(0) if self.data else "250 taken"
        if answer.startswith("250"):
            self.accepted.append(envelope)
            transport = server.transport
            self.encrypted.append(transport is not None and transport.get_extra_info("ssl_object") is not None)
        return answer

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        if self.login:
            return AuthResult(success=False, handled=False, message=self.login.pop(0))
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False, message=None if right else "535 5.7.8 no")


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A running server."""

    port: int
    answers: Answers


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def serve(authority: trustme.CA) -> Iterator[Callable[..., Server]]:
    """Give a function that starts a server: `security` is `tls`, `starttls` or `none`, `name` is on its certificate.

    `answers` is what it answers, where that is more than passwords.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    running: list[asyncio.Server] = []
    sessions: list[SMTP] = []

    def start(security: str = "tls", *, name: str = "localhost", answers: Answers | None = None) -> Server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        answers = answers or Answers()
        starttls = security == "starttls"

        def session() -> SMTP:
            begun = SMTP(
                answers,
                hostname="mail.hale.example",
                authenticator=answers.authenticate,
                auth_require_tls=starttls,
                require_starttls=starttls,
                tls_context=context if starttls else None,
                loop=loop,
            )
            sessions.append(begun)
            return begun

        async def listen() -> asyncio.Server:
            return await loop.create_server(session, "127.0.0.1", 0, ssl=context if security == "tls" else None)

        server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
        running.append(server)
        return Server(port=server.sockets[0].getsockname()[1], answers=answers)

    async def end() -> None:
        for server in running:
            server.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        # A client that has gone may not have been noticed yet, and its connection would be left to the garbage collector.
        for session in sessions:
            if isinstance(session.transport, asyncio.WriteTransport):
                # CPython 3.11.2 forgets the protocol of a TLS transport that is closed already, and fails on aborting it.
                with contextlib.suppress(AttributeError):
                    session.transport.abort()
        for _ in range(3):
            await asyncio.sleep(0)

    yield start
    asyncio.run_coroutine_threadsafe(end(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
