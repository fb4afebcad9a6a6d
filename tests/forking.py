"""Processes that run the program, forked from one that has imported it once: most of a short command is its imports.

Each is a process of its own all the same, with its own arguments, environment and standard streams, and ends as it would.
`python -m tests.forking` is the one they are forked from; it serves the socket that is its standard input.
"""

import atexit
import contextlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NoReturn

from agent.cli.main import COMMANDS

_LEFT_OUT = ("agent.cli.demo",)
"""Not imported before the fork: an embedded mail server that no other command needs."""
_LONGEST_REQUEST = 1_000_000
_ENDED_BY_FORK = 70


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How a process ended."""

    status: int
    """As `subprocess` has it: negative for a signal."""
    out: str
    err: str


def run_module(module: str, *words: str, stdin: str = "", environment: dict[str, str], seconds: float = 100.0) -> Ended:
    """Run `python -m MODULE WORDS` to its end; raises TimeoutError, after killing it, where it takes longer."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(stdin.encode())
        given.seek(0)
        status = _Parent.only().run(
            {"module": module, "words": words, "environment": environment, "folder": str(Path.cwd())},
            [given.fileno(), out.fileno(), err.fileno()],
            seconds,
        )
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode().replace("\r\n", "\n"))
    return Ended(status=status, out=texts[0], err=texts[1])


class _Parent:
    """The process that the others are forked from, one for each worker of the tests; it ends when its socket is closed."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forking"], stdin=theirs.fileno(), cwd=Path(__file__).parents[1]
            )

        atexit.register(self._end)

    @staticmethod
    @cache
    def only() -> "_Parent":
        """Return the one of this process."""
        return _Parent()

    def _end(self) -> None:
        self._socket.close()
        self._process.wait()

    def run(self, request: dict[str, Any], streams: list[int], seconds: float) -> int:
        """Let it fork once; return how that process ended."""
        self._socket.settimeout(seconds)
        socket.send_fds(self._socket, [json.dumps(request).encode()], streams)
        child = int(self._socket.recv(100))
        try:
            return int(self._socket.recv(100))
        except TimeoutError:
            os.kill(child, signal.SIGKILL)
            self._socket.settimeout(None)
            self._socket.recv(100)
            raise


def _serve() -> None:
    """Fork for each request, and say the child's id and then how it ended."""
    with socket.socket(fileno=os.dup(0)) as asked:
        while True:
            text, streams, _, _ = socket.recv_fds(asked, _LONGEST_REQUEST, 3)
            if not text:
                return
            child = os.fork()
            if child == 0:
                asked.close()
                _become(json.loads(text), streams)
            for stream in streams:
                os.close(stream)
            asked.send(str(child).encode())
            _, status = os.waitpid(child, 0)
            asked.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(request: dict[str, Any], streams: list[int]) -> NoReturn:
    """Go on as `python -m MODULE WORDS` in the forked process."""
    status = _ENDED_BY_FORK
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (as the interpreter opens them)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)  # noqa: SIM115
        sys.argv = [request["module"], *request["words"]]
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    finally:
        if status == _ENDED_BY_FORK:
            sys.excepthook(*sys.exc_info())
        for written in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                written.flush()
        os._exit(status)


def _import_the_program() -> None:
    for module, _ in COMMANDS.values():
        if module not in _LEFT_OUT:
            import_module(module)


if __name__ == "__main__":
    _import_the_program()
    _serve()
