"""The program on a terminal of its own, as a person sits before it: what it shows is read, what is typed is answered."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_BEGIN = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
"""Makes the terminal that of the session, as a login does; a password is asked for on that one and nowhere else."""


@dataclass(kw_only=True, slots=True)
class Terminal:
    """One program on one terminal. Use it with `with`."""

    words: tuple[str, ...]
    """Arguments of Python, such as `("-m", "agent", "init")`."""
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 60.0
    """The longest wait for what is expected."""
    shown: str = ""
    """All that was shown so far, with plain line ends."""
    answers: int = 0
    """How many lines were typed."""
    _process: "subprocess.Popen[bytes] | None" = None
    _master: int = -1
    _read: int = 0

    def __enter__(self) -> "Terminal":
        self._master, slave = pty.openpty()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("INTERVIEW_AGENT", "XDG_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BEGIN, *self.words],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, cwd=self.home,
            env=kept | {"HOME": str(self.home), "TERM": "dumb", "COLUMNS": "100", "LINES": "50"} | dict(self.environment),
        )  # fmt: skip
        os.close(slave)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def expect(self, text: str) -> str:
        """Wait until `text` is shown after what was read last; return all up to its end."""
        return self._until(re.compile(re.escape(text)), text)

    def answer(self, question: str, line: str = "") -> str:
        """Wait for a question, and type a line; return what was shown before the question ended."""
        before = self.expect(question)
        self._until(re.compile(r": $"), f"{question} ...: ")
        self.answers += 1
        os.write(self._master, f"{line}\n".encode())
        return before

    def interrupt(self, until: str) -> None:
        """Press Ctrl-C until `until` is shown: pressed in the very moment in which readline begins to wait, it is not noticed."""
        deadline = time.monotonic() + self.seconds
        while until not in self.shown[self._read :]:
            assert time.monotonic() < deadline, self.shown
            os.write(self._master, b"\x03")
            self._more(time.monotonic() + 2)

    def end(self) -> int:
        """Read to the end; return the exit status."""
        deadline = time.monotonic() + self.seconds
        while self._more(deadline):
            pass
        assert self._process is not None
        return self._process.wait(timeout=self.seconds)

    def _until(self, pattern: re.Pattern[str], wanted: str) -> str:
        deadline = time.monotonic() + self.seconds
        while (found := pattern.search(self.shown, self._read)) is None:
            if not self._more(deadline):
                raise AssertionError(f"{wanted!r} was not shown; this was:\n{self.shown}")
        new = self.shown[self._read : found.end()]
        self._read = found.end()
        return new

    def _more(self, deadline: float) -> bool:
        """Read what comes; False at the end of the program, or when it takes too long."""
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self._master], [], [], left)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux says so at the end
            return False
        self.shown += data.decode(errors="replace").replace("\r\n", "\n").replace("\x1b[?2004h", "").replace("\x1b[?2004l\r", "")
        return bool(data)
