"""`interview-agent` for the commands of the pages: forked from a process that has imported it, instead of started each time.

`python -m tests.docs.starting SOCKET ROUTES` serves a socket; the program written by `write_client` asks it. Each command is a
process of its own, with its own arguments, environment, working folder and streams. In it the host names of `ROUTES` lead to the
mail server of the tests, as a name server of the reader's would lead to the reader's.
"""

import atexit
import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import dns.resolver

from agent.cli.main import main
from tests.forking import _become, _import_the_program

_CLIENT = """#!{python} -IS
import json, os, signal, socket, sys
asked = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
asked.connect({address!r})
request = {{"module": "agent", "words": sys.argv[1:], "environment": dict(os.environ), "folder": os.getcwd()}}
socket.send_fds(asked, [json.dumps(request).encode()], [0, 1, 2])
child = int(asked.recv(100))
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, lambda given, frame: os.kill(child, given))
status = int(asked.recv(100))
if status < 0:
    signal.signal(-status, signal.SIG_DFL)
    os.kill(os.getpid(), -status)
sys.exit(status)
"""

Routes = Mapping[str, tuple[str, Mapping[int, int]]]
"""Host name → the address that it leads to, and its ports by those that are asked for."""


class Starter:
    """The process that the commands are forked from; it ends with `close`."""

    def __init__(self, folder: Path, routes: Routes) -> None:
        self.address = str(folder / "start.sock")
        given = json.dumps({name: [host, dict(ports)] for name, (host, ports) in routes.items()})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.docs.starting", self.address, given], cwd=Path(__file__).parents[2]
        )
        atexit.register(self.close)
        while not Path(self.address).exists():
            if self._process.poll() is not None:
                raise RuntimeError("the process that commands are forked from has ended")
            time.sleep(0.05)

    def write_client(self, path: Path) -> None:
        """Write the program that stands for `interview-agent`."""
        path.write_text(_CLIENT.format(python=sys.executable, address=self.address), encoding="utf-8")
        path.chmod(0o755)

    def close(self) -> None:
        """End it."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


def _route(routes: dict[str, Any]) -> None:
    """Let host names lead where the tests want them; names that are in no route are not found."""
    real = socket.getaddrinfo

    def routed(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if name in routes:
            address, ports = routes[name]
            return real(address, ports.get(str(port), port), *rest, **more)
        if name in ("", "localhost") or name.replace(".", "").isdigit() or ":" in name:
            return real(host, port, *rest, **more)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def resolve(resolver: Any, name: str, kind: str, **_: Any) -> list[Any]:
        if kind == "A" and name in routes:
            return [SimpleNamespace(address=routes[name][0])]
        raise dns.resolver.NXDOMAIN

    socket.getaddrinfo = routed
    dns.resolver.Resolver.resolve = resolve  # type: ignore[assignment,method-assign]


def _serve(address: str, routes: dict[str, Any]) -> NoReturn:
    _import_the_program()
    _read_one_mail(Path(address).parent)
    _route(routes)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(address + ".new")
        listening.listen(20)
        Path(address + ".new").rename(address)
        while True:
            asked, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _one(asked)
            asked.close()


def _read_one_mail(folder: Path) -> None:
    """Read a mail that says nothing clear, so that rules and learned reader are loaded before the fork."""
    mail = folder / "mail.eml"
    mail.write_bytes(b"From: Dana <dana@acme.example>\r\nSubject: Your application\r\n\r\nIt did not go as it might have.\r\n")
    with contextlib.redirect_stdout(io.StringIO()):
        main(["classify", str(mail)])


def _one(asked: socket.socket) -> NoReturn:
    """Fork the command, say its process id and then how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    text, streams, _, _ = socket.recv_fds(asked, 1_000_000, 3)
    child = os.fork()
    if child == 0:
        asked.close()
        _become(json.loads(text), streams)
    for stream in streams:
        os.close(stream)
    asked.send(str(child).encode())
    _, status = os.waitpid(child, 0)
    asked.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1], json.loads(sys.argv[2]))
