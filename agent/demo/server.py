"""The demo's mail server: pymap on loopback, over TLS, filled before it opens its port.

pymap knows neither SPECIAL-USE nor CONDSTORE; its folders are found by their usual names. It writes an answer in many pieces,
which imapclient's `idle_check` takes for a broken line; here each answer is written in one piece.
"""

import asyncio
import ssl
import tempfile
import threading
from argparse import Namespace
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme
from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.sock import SocketInfo
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import Config, DictBackend, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.concurrent import Subsystem
from pymap.context import connection_exit
from pymap.imap import IMAPConnection
from pymap.imap.state import ConnectionState
from pymap.parsing.message import AppendMessage
from pymap.parsing.response import Response
from pymap.parsing.specials.flag import Seen
from pymap.user import Passwords, UserMetadata

from agent.demo.search import DemoMessage

FOLDERS = {"sent": "Sent", "drafts": "Drafts", "junk": "Junk"}
"""The folders beside INBOX, by role, under the names that most servers give them."""

START_SECONDS = 20.0
"""How long the server may take to open its port."""


class DemoServer:
    """An IMAP server on loopback that holds the given mail for as long as the `with` block lasts.

    `host`, `port`, `user` and `password` say how to log in, over TLS from the first byte; `ca_file` names the file (PEM) of the
    authority that vouches for the server, made at start and removed at the end. Raises `OSError` when no port can be opened.
    """

    host = "127.0.0.1"
    user = "demo"
    password = "demo"  # noqa: S105 - a public one, of a server that only this machine can reach

    def __init__(self, mail: Iterable[DemoMessage], *, port: int = 0) -> None:
        self.port = port
        """The port that listens; before the start 0 for any free one."""
        self._mail = list(mail)
        self._folder = tempfile.TemporaryDirectory(prefix="interview-agent-demo-")
        self.ca_file = Path(self._folder.name) / "ca.pem"
        self._ready = threading.Event()
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=self._serve_in_thread, name="demo mail server", daemon=True)

    def __enter__(self) -> Self:
        """Fill the folders, open the port and return the server."""
        self._tls = _tls_of_own_authority(self.ca_file)
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            self._failure = TimeoutError(f"the demo's mail server did not start within {START_SECONDS:.0f} s")
        if self._failure is not None:
            self._folder.cleanup()
            raise self._failure
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Say goodbye to whoever is connected, close the port and remove the certificate."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._folder.cleanup()

    def _serve_in_thread(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as problem:
            self._failure = problem
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        with ThreadPoolExecutor(max_workers=1) as passwords:
            config = _config(self, Subsystem.for_threading(passwords))
            config.apply_context()
            login = Login(config)
            hashed = await Passwords(config).hash_password(self.password)
            await login.demo_user_identity.set(UserMetadata(config, self.user, password=hashed))
            config.set_cache[self.user] = (await _folders(self._mail), FilterSet())
            connections = _Connections(DictBackend(login, config))
            reader = ProxyProtocolReader(ProxyProtocolVersion.get(None))
            server = await asyncio.start_server(reader.get_callback(connections), self.host, self.port, ssl=self._tls)
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stop.wait()
            server.close()
            await connections.end()
            await server.wait_closed()


class _Connections:
    """Runs pymap's side of each connection, and can end them all."""

    def __init__(self, backend: DictBackend) -> None:
        self._backend = backend
        self._open: dict[StreamWriter, asyncio.Task[None] | None] = {}
        self._ending = False

    async def __call__(self, reader: StreamReader, writer: StreamWriter, sock_info: SocketInfo) -> None:
        config = self._backend.config
        task = asyncio.current_task()
        self._open[writer] = task
        try:
            async with AsyncExitStack() as stack:
                connection_exit.set(stack)
                connection = _WholeAnswers(config.commands, config, reader, writer, sock_info)
                stack.callback(connection.close)
                await connection.run(ConnectionState(self._backend.login, config))
        finally:
            if not self._ending:
                del self._open[writer]

    async def end(self) -> None:
        """Cancel all connections: pymap answers each with BYE. Does not wait for clients that are slow to hang up."""
        self._ending = True
        tasks = [task for task in self._open.values() if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0)


class _WholeAnswers(IMAPConnection):
    """A connection that writes each answer in one piece."""

    async def write_response(self, resp: Response) -> None:
        whole = _Pieces()
        await resp.async_write(whole)
        try:
            self.writer.write(bytes(whole.gathered))
            await self.writer.drain()
        except ConnectionError:
            return  # the client is gone; the reading side notices


class _Pieces:
    """What pymap wants to write to: something with `write`."""

    def __init__(self) -> None:
        self.gathered = bytearray()

    def write(self, data: bytes) -> None:
        """Keep one more piece."""
        self.gathered += data


class _LoopbackConfig(Config):
    """pymap's configuration, without the look-up of this machine's name that can take seconds off line."""

    @property
    def greeting(self) -> bytes:
        return b"Interview Agent demo"


def _config(server: DemoServer, passwords: Subsystem) -> Config:
    return _LoopbackConfig(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        host=server.host,
        port=server.port,
        demo_data=False,
        demo_user=server.user,
        demo_password=server.password,
        tls_enabled=False,  # no STARTTLS: the connection is TLS from its first byte
        ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        cpu_subsystem=passwords,
        reject_dnsbl=False,
    )


async def _folders(mail: list[DemoMessage]) -> MailboxSet:
    """Return the folders with the mail in them, oldest first, under the dates it came in."""
    folders = MailboxSet()
    for name in FOLDERS.values():
        await folders.add_mailbox(name)
        await folders.set_subscribed(name, subscribed=True)
    for message in sorted(mail, key=lambda message: message.received_at):
        folder = await folders.get_mailbox(FOLDERS.get(message.folder, "INBOX"))
        flags = frozenset({Seen}) if message.seen else frozenset()
        await folder.append(AppendMessage(message.raw, message.received_at, flags))
    return folders


def _tls_of_own_authority(ca_file: Path) -> ssl.SSLContext:
    """Make an authority, write its certificate to `ca_file` and return a context with a server certificate for loopback."""
    authority = trustme.CA(organization_name="Interview Agent demo")
    authority.cert_pem.write_to_path(ca_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context
