"""What every real mail server of the tests has in common: a folder, a certificate, and a way to look into it from outside.

`tests/dovecot.py` and `tests/cyrus.py` start one each. The user's hand in a mailbox is an IMAP session of its own.
"""

import contextlib
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import trustme
from imapclient.imap_utf7 import encode as to_modified_utf7

from agent.mailbox.server import ImapServer

PASSWORD = "correct-horse-7"
"""The password of every user."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailboxUser:
    """One user of a server."""

    name: str
    password: str = PASSWORD


class MailServer:
    """One running server on loopback that speaks TLS. Start it with `with`."""

    def __init__(self, *, names: Sequence[str], password: str = PASSWORD, not_after: datetime | None = None) -> None:
        """Describe the server: names in its certificate, and how long that is good."""
        self.host = "localhost" if "localhost" in names else "127.0.0.1"
        self.port = 0
        self.ca_file = ""
        self._names = names
        self._password = password
        self._not_after = not_after
        self._home = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self._sessions: dict[str, imaplib.IMAP4_SSL] = {}

    def __enter__(self) -> Self:
        """Start the server and wait until it greets."""
        # Not pytest's own temporary folder: the path of a unix socket must stay under 108 octets.
        self._home = Path(tempfile.mkdtemp(prefix=f"{type(self).__name__.lower()}-"))
        self._write_certificate()
        for attempt in range(3):
            words, environment = self._configure()
            self._start(words, environment)
            if self._greets():
                return self
            said = self._said()
            self._end()
            if attempt == 2 or "Address already in use" not in said:
                break
        shutil.rmtree(self._home, ignore_errors=True)
        raise RuntimeError(f"{type(self).__name__} did not start:\n{said}")

    def __exit__(self, *_: object) -> None:
        """Stop the server and remove all that it kept."""
        for session in self._sessions.values():
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                session.logout()
        self._sessions.clear()
        self._end()
        shutil.rmtree(self._home, ignore_errors=True)

    def server(self, user: MailboxUser, **changes: Any) -> ImapServer:
        """Return how to reach this user's mailbox, with what a test wants to be different."""
        settings: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "user": user.name,
            "ca_file": self.ca_file,
            "timeout_seconds": 20.0,
        }
        return ImapServer(**settings | changes)

    def deliver(
        self,
        user: MailboxUser,
        folder: str,
        raw: bytes,
        flags: Iterable[str] = (),
        internaldate: datetime | None = None,
    ) -> int:
        """Put a message into a folder; return its UID. Without `internaldate` it came in now."""
        session = self._session(user)
        typ, answer = session.append(_quoted(folder), f"({' '.join(flags)})", internaldate, raw)
        _must(typ, answer)
        said = re.search(rb"APPENDUID \d+ (\d+)", b" ".join(part for part in answer if isinstance(part, bytes)))
        return int(said[1]) if said else max(self.messages(user, folder))

    def messages(self, user: MailboxUser, folder: str) -> dict[int, bytes]:
        """Return the messages of a folder by UID; no flag changes."""
        rows = self._fetch(user, folder, "(UID BODY.PEEK[])")
        return {_uid_in(row[0]): row[1] for row in rows if isinstance(row, tuple)}

    def flags(self, user: MailboxUser, folder: str) -> dict[int, frozenset[str]]:
        r"""Return the flags of the messages of a folder by UID, without `\\Recent`."""
        found: dict[int, frozenset[str]] = {}
        for row in self._fetch(user, folder, "(UID FLAGS)"):
            text = row if isinstance(row, bytes) else b"".join(row)
            listed = re.search(rb"FLAGS \(([^)]*)\)", text)
            if listed:
                found[_uid_in(text)] = frozenset(listed[1].decode("ascii").split()) - {"\\Recent"}
        return found

    def store(self, user: MailboxUser, folder: str, uid: int, flag: str) -> None:
        """Set a flag, as the user's mail client does."""
        session = self._session(user)
        _must(*session.select(_quoted(folder)))
        _must(*session.uid("STORE", str(uid), "+FLAGS", f"({flag})"))
        _must(*session.select(_quoted(folder), readonly=True))

    def remove(self, user: MailboxUser, folder: str, uid: int) -> None:
        """Delete one message, as the user's mail client does."""
        session = self._session(user)
        _must(*session.select(_quoted(folder)))
        _must(*session.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)"))
        _must(*session.expunge())
        _must(*session.select(_quoted(folder), readonly=True))

    def create(self, user: MailboxUser, folder: str) -> None:
        """Make a folder."""
        _must(*self._session(user).create(_quoted(folder)))

    def delete(self, user: MailboxUser, folder: str) -> None:
        """Remove a folder and all that is in it."""
        session = self._session(user)
        _must(*session.select("INBOX", readonly=True))
        _must(*session.delete(_quoted(folder)))

    def rename(self, user: MailboxUser, folder: str, name: str) -> None:
        """Give a folder another name."""
        session = self._session(user)
        # A session whose folder goes away is ended by the server.
        _must(*session.select("INBOX", readonly=True))
        _must(*session.rename(_quoted(folder), _quoted(name)))

    def _configure(self) -> tuple[list[str], dict[str, str]]:
        """Choose free ports and write all files of the server; return the words that start it, and its environment."""
        raise NotImplementedError

    def log(self) -> str:
        """Return what the server wrote into its log."""
        return ""

    def _session(self, user: MailboxUser) -> imaplib.IMAP4_SSL:
        if user.name not in self._sessions:
            context = ssl.create_default_context(cafile=self.ca_file)
            context.check_hostname = False
            session = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=context, timeout=20)
            # A literal goes out in two pieces; without this the second one waits for the first one's acknowledgement (40 ms).
            session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session.login(user.name, self._password)
            self._sessions[user.name] = session
        return self._sessions[user.name]

    def hang_up(self, user: MailboxUser) -> None:
        """End the session by which a test looks into this mailbox; the next look makes a new one."""
        session = self._sessions.pop(user.name, None)
        if session is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                session.logout()

    def _fetch(self, user: MailboxUser, folder: str, items: str) -> list[Any]:
        session = self._session(user)
        _must(*session.select(_quoted(folder), readonly=True))
        typ, rows = session.uid("FETCH", "1:*", items)
        _must(typ, rows)
        return [row for row in rows if row is not None]

    def _write_certificate(self) -> None:
        authority = trustme.CA()
        certificate = authority.issue_cert(*self._names, not_after=self._not_after)
        authority.cert_pem.write_to_path(str(self._home / "ca.pem"))
        certificate.private_key_pem.write_to_path(str(self._home / "key.pem"))
        for number, blob in enumerate(certificate.cert_chain_pems):
            blob.write_to_path(str(self._home / "cert.pem"), append=number > 0)
        self.ca_file = str(self._home / "ca.pem")

    def _start(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = plain_account()
            for path in [self._home, *self._home.rglob("*")]:
                os.chown(path, account.pw_uid, account.pw_gid)
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        with (self._home / "stderr").open("wb") as errors:
            self._process = subprocess.Popen(
                words,
                cwd="/",
                env=os.environ | dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
                **identity,
            )

    def _greets(self) -> bool:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), timeout=5) as sock,
                context.wrap_socket(sock) as secure,
            ):
                if secure.recv(5) == b"* OK ":
                    return True
            time.sleep(0.01)
        return False

    def _said(self) -> str:
        path = self._home / "stderr"
        return (path.read_text(encoding="utf-8", errors="replace") if path.exists() else "") + self.log()

    def _end(self) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            # The whole group at once: the master alone waits a second for its children.
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)
        self._process = None


def plain_account() -> pwd.struct_passwd:
    """Return as whom a server runs: as root it is `nobody`, so that it is the same plain server for everyone."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _quoted(folder: str) -> str:
    name: bytes = to_modified_utf7(folder)
    return f'"{name.decode("ascii")}"'


def _must(typ: str, answer: object) -> None:
    if typ != "OK":
        raise RuntimeError(f"the server said {typ}: {answer!r}")


def _uid_in(row: bytes) -> int:
    found = re.search(rb"UID (\d+)", row)
    if found is None:
        raise RuntimeError(f"no UID in {row!r}")
    return int(found[1])
