"""The running service: the time from a recruiter's mail to the draft that answers it, and what it costs to be idle."""

import contextlib
import ctypes
import os
import pwd
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from bench.mailbox_measure import process_cpu
from tests.journeys.home import Home
from tests.letters import letter

_FIRST = ("Hazel", "Copper", "Linden", "Marble", "Saffron", "Willow", "Cobalt", "Juniper")
_SECOND = ("Optics", "Freight", "Robotics", "Insurance", "Textiles", "Maritime", "Dental", "Seeds")
_MOVED_TO, _CREATE = 0x80, 0x100
_PATIENCE = 30.0
"""Seconds after which a draft that has not come is told as missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Idle:
    """What the service cost while nothing happened."""

    seconds: float
    cpu: float
    passes: int
    """Passes that it made meanwhile, by its log."""


def employers(many: int) -> list[tuple[str, str]]:
    """Return names and domains of so many employers, at most 64."""
    names = [f"{first} {second}" for second in _SECOND for first in _FIRST]
    return [(name, f"{name.lower().replace(' ', '-')}.example") for name in names[:many]]


def interviews(many: int) -> str:
    """Return candidacies at these employers as an interviews file."""
    return "".join(
        f"- id: arrival-{number}\n  company: {name}\n  domains: [{domain}]\n  role: Field Engineer\n  timezone: Europe/London\n"
        f"  contacts:\n    - {{name: Dana Cole, email: dana@{domain}, role: recruiter}}\n"
        for number, (name, domain) in enumerate(employers(many))
    )


@contextmanager
def running(home: Home) -> Iterator["Service"]:
    """Start `interview-agent run` in this home, with a socket of systemd's kind beside it; end it at the end."""
    path = Path(tempfile.mkdtemp(prefix="notify-")) / "socket"
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("INTERVIEW_AGENT", "XDG_", "PYTHONUNB"))
    }
    environment |= {"HOME": str(home.folder), "NOTIFY_SOCKET": str(path)}
    log = home.folder / "service.log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, log.open("w", encoding="utf-8") as out:
        manager.bind(str(path))
        process = subprocess.Popen(
            [sys.executable, "-m", "agent", "run", "--config", str(home.config)],
            env=environment,
            stdout=out,
            stderr=out,
        )
        try:
            yield Service(process=process, manager=manager, log=log)
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            if process.poll() is None:
                process.kill()
                process.wait()
            path.unlink(missing_ok=True)
            path.parent.rmdir()


@dataclass(kw_only=True, slots=True)
class Service:
    """A running service."""

    process: "subprocess.Popen[bytes]"
    manager: socket.socket
    log: Path

    def until_idle(self, seconds: float = 600) -> None:
        """Wait until it says that it has made a pass and waits."""
        self.manager.settimeout(seconds)
        while not self.manager.recv(4096).startswith(b"STATUS=idle"):
            pass

    def listen(self) -> None:
        """Hear what it has said meanwhile: the socket holds only so many words."""
        self.manager.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            while self.manager.recv(4096):
                pass

    def idle(self, seconds: float) -> Idle:
        """Let it be for so long; return what that cost."""
        passes, cpu, began = self._passes(), process_cpu(self.process.pid), time.monotonic()
        while (left := seconds - (time.monotonic() - began)) > 0:
            time.sleep(min(left, 10))
            self.listen()
        return Idle(seconds=time.monotonic() - began, cpu=process_cpu(self.process.pid) - cpu, passes=self._passes() - passes)

    def _passes(self) -> int:
        return self.log.read_text(encoding="utf-8").count("pass_began")


class Arrivals:
    """Watches the Drafts of a Maildir by inotify(7): the kernel tells of a new file, nobody asks for it. Use it with `with`."""

    def __init__(self, maildir: Path) -> None:
        """Watch below this Maildir."""
        self._folders = [maildir / ".Drafts" / part for part in ("cur", "new")]
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._watch = -1
        self._by: dict[int, Path] = {}

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._watch = self._libc.inotify_init()
        for folder in self._folders:
            number = self._libc.inotify_add_watch(self._watch, os.fsencode(folder), _MOVED_TO | _CREATE)
            if number < 0:
                raise OSError(ctypes.get_errno(), "inotify_add_watch", str(folder))
            self._by[number] = folder
        return self

    def __exit__(self, *_: object) -> None:
        """Watch no longer."""
        os.close(self._watch)

    def next_to(self, address: str, within: float) -> float | None:
        """Return the moment, by the monotonic clock, at which a draft to this address was seen; None when none came in time."""
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._watch], [], [], left)[0]:
                continue
            data, seen = os.read(self._watch, 65_536), time.monotonic()
            while data:
                number, _, _, length = struct.unpack_from("iIII", data)
                name, data = data[16 : 16 + length].rstrip(b"\0"), data[16 + length :]
                with contextlib.suppress(FileNotFoundError):
                    if address.encode() in (self._by[number] / os.fsdecode(name)).read_bytes():
                        return seen
        return None


def deliver(maildir: Path, raw: bytes, number: int) -> float:
    """Let a mail come into the inbox as a delivery agent does it, by a rename into `new`; return the moment of the rename."""
    content = raw.replace(b"\r\n", b"\n")
    name = f"{int(time.time())}.M{number:06d}P2.arrival,S={len(content)}"
    path = maildir / "tmp" / name
    path.write_bytes(content)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    target = maildir / "new" / name
    began = time.monotonic()
    path.rename(target)
    return began


def delays(maildir: Path, service: Service, many: int) -> list[float | None]:
    """Let mails come that ask for an answer, one at a time; return the seconds until each draft, None where none came."""
    found: list[float | None] = []
    with Arrivals(maildir) as arrivals:
        for number, (name, domain) in enumerate(employers(many)):
            address = f"dana@{domain}"
            raw = letter(
                message_id=f"<arrival.{number}@{domain}>",
                at=datetime.now(UTC).replace(microsecond=0),
                sender=f"Dana Cole <{address}>",
                subject="Interview for Field Engineer",
                body=f"Hi Robin,\n\nWe would like to invite you to an interview for the Field Engineer role at {name}. "
                "Could you let me know your availability next week?\n\nBest\nDana\n",
            )
            began = deliver(maildir, raw, number)
            seen = arrivals.next_to(address, _PATIENCE)
            found.append(None if seen is None else seen - began)
            service.listen()
            # Neither at the same moment of the server's own rhythm each time, nor in the middle of the pass that queued the last.
            time.sleep(1.5 + number % 7 * 0.13)
    return found
