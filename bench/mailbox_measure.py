"""What one run costs: its own processor time and memory, those of the server, and the bytes between both."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_LAUNCHER = Path(__file__).with_name("mailbox_launcher.py")
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What one process cost, from its start to its end."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, its own and those of the processes that it waited for."""
    server_cpu: float
    """Seconds, all of the server with its TLS."""
    peak: float
    """Megabytes of 1,000,000 octets."""
    out: str
    """What it printed."""


def measured(command: Sequence[str], master: int, folder: Path, *, home: Path) -> Cost:
    """Run a command and return what it cost; `master` is the server's process, `folder` for a short file."""
    file = folder / "cost.json"
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("INTERVIEW_AGENT", "XDG_", "PYTHONUNB"))
    }
    environment |= {"HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[1])}
    before = server_cpu(master)
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(_LAUNCHER), str(file), *command],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    time.sleep(0.1)  # until the server has reaped its processes
    served = server_cpu(master) - before
    if done.returncode:
        raise RuntimeError(f"{command[:4]} ended with status {done.returncode}: {done.stderr.strip()[-600:]}")
    cost = json.loads(file.read_text(encoding="utf-8"))
    return Cost(wall=cost["wall"], cpu=cost["cpu"], server_cpu=served, peak=cost["rss_kb"] * 1024 / 1e6, out=done.stdout)


def server_cpu(master: int) -> float:
    """Return the processor seconds of a server so far: of its first process, of those that ended, and of those that run."""
    total = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                numbers = _stat(int(entry.name))
                if int(numbers[2]) == master:
                    ended = (13, 14) if int(entry.name) == master else ()
                    total += sum(int(numbers[at]) for at in (11, 12, *ended))
    return total / _TICK


def process_cpu(pid: int) -> float:
    """Return the processor seconds of a running process so far, its threads and ended children included."""
    numbers = _stat(pid)
    return sum(int(numbers[at]) for at in (11, 12, 13, 14)) / _TICK


def _stat(pid: int) -> list[str]:
    """Return the fields of proc(5) stat after the name: the third is the group, the times are the 12th to the 15th."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


class Relay:
    """Passes connections on to a port of this machine and counts the bytes, as they go over the wire. Start it with `with`."""

    def __init__(self, port: int) -> None:
        """Pass on to this port."""
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._counted = {"in": 0, "out": 0}
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Listen."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no longer; connections end with those who hold them."""
        self._listener.close()

    def counted(self) -> tuple[int, int]:
        """Return the octets from the server and to the server so far, once all connections have ended."""
        for thread in self._threads:
            thread.join(10)
        return self._counted["in"], self._counted["out"]

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                there = socket.create_connection(("127.0.0.1", self._to))
                for source, target, way in ((here, there, "out"), (there, here, "in")):
                    thread = threading.Thread(target=self._pass, args=(source, target, way), daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def _pass(self, source: socket.socket, target: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(262_144):
                self._counted[way] += len(data)
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
