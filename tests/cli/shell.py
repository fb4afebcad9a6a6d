"""The program as a user calls it, but in this process: words in, exit status and both streams out."""

import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from agent.accounts.settings import load_settings
from agent.cli.main import main
from agent.cli.opening import account_of
from agent.cli.state import open_ledger
from agent.daemon.account import PassReport
from agent.daemon.one_pass import run_pass
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.rulebook.tracked import read_interviews
from tests.journeys.home import Ran

_CONFIG = """
[user]
name = "Robin Hale"
addresses = ["robin.hale@mailbox.example"]
timezone = "Europe/London"
{user}

[account]
host = "{host}"
port = {port}
user = "{login}"
password_file = "{password}"
authserv_id = "mx.mailbox.example"
{account}

[state]
folder = "{state}"

{more}
"""

Mail = Sequence[tuple[FolderRole, datetime, bytes]]
"""Folder, when it came in, bytes."""


def configure(folder: Path, *, user: str = "", account: str = "", more: str = "", **changes: object) -> Path:
    """Write a configuration into `folder` and return where it lies."""
    values: dict[str, object] = {
        "host": "imap.nowhere.invalid",
        "port": 993,
        "login": "robin",
        "password": folder / "password",
        "state": folder / "state",
    }
    text = _CONFIG.format(**(values | changes), user=user, account=account, more=more)
    (folder / "config.toml").write_text(text, encoding="utf-8")
    (folder / "password").touch(mode=0o600)
    return folder / "config.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shell:
    """One user's home folder and a way to call the program."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    @property
    def state(self) -> Path:
        """The state folder."""
        return self.folder / "state"

    def configure(self, *, user: str = "", account: str = "", more: str = "", **changes: object) -> None:
        """Write the configuration; without changes its mailbox is nowhere."""
        configure(self.folder, user=user, account=account, more=more, **changes)

    def run(self, *words: str, stdin: bytes = b"", config: bool = True) -> Ran:
        """Call the program; argparse's own exits count like the others."""
        self.capture.readouterr()
        self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        named = ["--config", str(self.folder / "config.toml")] if config else []
        try:
            status = main([*named, *words])
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = self.capture.readouterr()
        return Ran(status=status, out=out, err=err)

    def file(self, name: str, content: str | bytes) -> str:
        """Write a file into the home folder and return its name, as a user there would give it."""
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    def track(self, text: str) -> None:
        """Import an interviews file."""
        done = self.run("interviews", "import", "-", stdin=text.encode())
        assert done.status == 0, done.err

    def read_mail(self, mail: Mail, *, now: datetime) -> PassReport:
        """Make one pass over `mail` in a mailbox in memory; ledger and rules are those of the configuration."""
        return read_mail(self.folder / "config.toml", mail, now=now)


def read_mail(
    config: Path, mail: Sequence[tuple[FolderRole, datetime, bytes]], *, now: datetime, tracked: str = ""
) -> PassReport:
    """Make one pass over `mail` in a mailbox in memory; `tracked` is an interviews file to be taken in before."""
    settings = load_settings(config)
    mailbox = MemoryMailbox()
    for role, at, raw in mail:
        mailbox.deliver(role, raw, at)
    with open_ledger(settings) as ledger:
        with ledger.transaction():
            for interview in read_interviews(tracked, "interviews.yaml"):
                ledger.put_interview(interview)
        account = replace(account_of(settings, ledger), open_mailbox=lambda: mailbox)
        return run_pass(account, now)


def refused(done: Ran, *words: str) -> None:
    """Check that it ended as wrong usage with lines for the user, and that all of `words` stand in them."""
    assert done.status == 2, (done.status, done.out, done.err)
    assert "Traceback" not in done.err
    assert "interview-agent" in done.err.splitlines()[-1]
    for word in words:
        assert word in done.err
