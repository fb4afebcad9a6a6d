"""The reader of the pages: a home folder on a machine of their own, a mailbox on a real server, and a shell."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.docs.blocks import Block
from tests.docs.letters import DOWNLOADS, READER, letters, mbox, tracked
from tests.docs.starting import Starter
from tests.dovecot import PASSWORD, Dovecot, MailboxUser
from tests.project.links import ROOT

STANDING_IN = (
    "systemctl", "loginctl", "journalctl", "systemd-creds", "systemd-analyze", "launchctl", "podman", "docker", "pipx", "pip",
    "sudo", "apt", "apt-get", "brew", "xdg-open", "open", "make", "git", "crontab",
)  # fmt: skip
"""Commands that would change the machine, or take very long; see `stand-in`."""
_FOLDERS_OF_A_CLONE = ("rules", "systemd", "service", "docs", "config.example.toml", "Makefile", "README.md")
_CONFIG = """[user]
name = "Alex Example"
addresses = ["alex@mail.example"]
timezone = "Europe/Berlin"

[account]
host = "imap.mail.example"
user = "alex@mail.example"
authserv_id = "mx.mail.example"
"""
_SECONDS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """One reader, who does what one page says."""

    home: Path
    tools: Path
    environment: dict[str, str]

    def run(self, block: Block, folder: Path) -> tuple[int, str]:
        """Run an `sh` block; return its exit status and all that it printed."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.text],
            cwd=folder,
            env=self.environment,
            input=block.answers,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
            text=True,
        )
        return done.returncode, done.stdout

    def write(self, block: Block, folder: Path) -> None:
        """Write the file that a block is the content of."""
        title = block.title
        path = self.home / title.removeprefix("~/") if title.startswith("~/") else folder / title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        path.chmod(0o600)


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """What all readers share: the mail server, and the process that commands are forked from."""

    server: Dovecot
    starter: Starter

    def reader(self, folder: Path) -> Reader:
        """Return a reader who has not begun: an empty home, mail on the server."""
        home, tools = folder / "home", folder / "tools"
        clone = home / "interview-agent"
        for each in (home, tools, clone, home / "Downloads"):
            each.mkdir(parents=True)
        home.chmod(0o700)
        for name in _FOLDERS_OF_A_CLONE:
            (clone / name).symlink_to(ROOT / name)
        for name in STANDING_IN:
            (tools / name).symlink_to(ROOT / "tests" / "docs" / "stand-in")
        self.starter.write_client(tools / "interview-agent")
        (tools / "python").symlink_to(sys.executable)
        now = datetime.now(UTC)
        for name, text in DOWNLOADS.items():
            (home / "Downloads" / name).write_text(text, encoding="utf-8")
        (home / "Downloads" / "takeout.mbox").write_bytes(mbox(now))
        user = MailboxUser(name=READER)
        self.server.forget(user)
        for mailbox, at, raw in letters(now):
            self.server.deliver(user, mailbox, raw, internaldate=at)
            (home / "Downloads" / "mail.eml").write_bytes(raw)
        environment = {
            "HOME": str(home),
            "PATH": f"{tools}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TZ": "Europe/Berlin",
            "USER": "alex",
            "SSL_CERT_FILE": self.server.ca_file,
            "REPOSITORY": str(ROOT),
            "XDG_RUNTIME_DIR": str(home / ".run"),
        }
        return Reader(home=home, tools=tools, environment=environment)

    def settled(self, folder: Path, *, tracks: bool = True) -> Reader:
        """Return a reader whose agent is set up, `tracks` one interview and has read the mail once."""
        reader = self.reader(folder)
        config = reader.home / ".config" / "interview-agent"
        config.mkdir(parents=True, mode=0o700)
        (config / "config.toml").write_text(_CONFIG, encoding="utf-8")
        (config / "imap-password").write_text(PASSWORD, encoding="utf-8")
        for file in config.iterdir():
            file.chmod(0o600)
        (reader.home / "interviews.yaml").write_text(tracked(datetime.now(UTC)) if tracks else "[]\n", encoding="utf-8")
        begin = Block(page="", line=0, language="sh", title="", text=_BEGIN)
        status, said = reader.run(begin, reader.home)
        if status:
            raise RuntimeError(f"the home of the reader cannot be set up:\n{said}")
        return reader


_BEGIN = "interview-agent interviews import ~/interviews.yaml\ninterview-agent once\nrm ~/interviews.yaml\n"
