"""Somebody who has nothing but a mailbox on a real server, for the tests of `init`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.dovecot import Dovecot, MailboxUser
from tests.journeys.home import Ran

NOTHING_MORE = ("--look-back", "no", "--no-first-pass", "--no-service")
ME = "Robin Hale <{}>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Newcomer:
    """Somebody who has nothing but a mailbox on a real server."""

    shell: Shell
    server: Dovecot
    user: MailboxUser

    @property
    def config(self) -> Path:
        return self.shell.folder / ".config/interview-agent/config.toml"

    @property
    def password(self) -> Path:
        return self.config.with_name("imap-password")

    @property
    def mailbox(self) -> tuple[str, ...]:
        """The options that lead to the mailbox, and nothing further."""
        where = ("--address", self.user.name, "--host", f"localhost:{self.server.port}", "--ca-file", self.server.ca_file)
        return (*where, "--yes", *NOTHING_MORE)

    def init(self, *words: str, answers: str = "") -> Ran:
        """Call it without a terminal; answers, a line each, may come from a pipe."""
        return self.shell.run("init", *words, stdin=answers.encode(), config=False)

    def files(self) -> dict[str, bytes]:
        """Return all files at home."""
        home = self.shell.folder
        return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}

    def tables(self) -> dict[str, dict[str, object]]:
        return tomllib.loads(self.config.read_text())


@pytest.fixture
def newcomer(shell: Shell, dovecot: Dovecot, mailbox_user: MailboxUser, monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    """Give a newcomer whose home is empty."""
    (shell.folder / "config.toml").unlink()
    (shell.folder / "password").unlink()
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    return Newcomer(shell=shell, server=dovecot, user=mailbox_user)
