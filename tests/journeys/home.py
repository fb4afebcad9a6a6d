"""A user's home folder, and the program run in it as the user runs it: another process, its exit status, what it printed."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.forking import run_module

_CONFIG = """
[user]
name = "Robin Hale"
addresses = ["robin.hale@mailbox.example"]
timezone = "Europe/London"

[account]
host = "{host}"
port = {port}
user = "{user}"
password_file = "{password}"
ca_file = "{ca_file}"
authserv_id = "mx.mailbox.example"
{account}
[state]
folder = "{state}"
{more}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """How one command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """One user's files."""

    folder: Path
    host: str
    port: int
    user: str
    ca_file: str

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "config.toml"

    @property
    def password(self) -> Path:
        """The password file."""
        return self.folder / "password"

    @property
    def state(self) -> Path:
        """The state folder."""
        return self.folder / "state"

    def configure(self, *, account: str = "", more: str = "", **changes: object) -> None:
        """Write the configuration; `account` are lines for its table, `more` comes at the end."""
        values: dict[str, object] = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "ca_file": self.ca_file,
            "state": self.state,
        }
        self.config.write_text(_CONFIG.format(**(values | changes), account=account, more=more), encoding="utf-8")

    def run(self, *words: str, stdin: str = "", program: tuple[str, ...] = ("-m", "agent"), config: bool = True) -> Ran:
        """Run one command in a process of its own."""
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("INTERVIEW_AGENT", "XDG_", "PYTHONUNBUFFERED"))
        }
        environment["HOME"] = str(self.folder)
        named = ["--config", str(self.config)] if config else []
        if program[0] == "-m":
            ended = run_module(*program[1:], *words, *named, stdin=stdin, environment=environment)
            return Ran(status=ended.status, out=ended.out, err=ended.err)
        done = subprocess.run(
            [sys.executable, *program, *words, *named],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=100,
            env=environment,
            check=False,
        )
        return Ran(status=done.returncode, out=done.stdout, err=done.stderr)

    def track(self, text: str) -> None:
        """Import an interviews file."""
        done = self.run("interviews", "import", "-", stdin=text)
        assert done.status == 0, done.err
