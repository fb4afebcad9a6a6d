"""The mailbox on disk: a Maildir as Dovecot keeps one, with the moments of arrival, and what it is made up of."""

import os
import pwd
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bench.mailbox_mail import Mail

FOLDERS = ("INBOX", "Sent", "Drafts", "Junk", "Archive", "Trash")


@dataclass(kw_only=True, slots=True)
class MakeUp:
    """What a mailbox is made up of."""

    sizes: list[int] = field(default_factory=list)
    """Octets with CRLF, as IMAP counts."""
    kinds: Counter[str] = field(default_factory=Counter)
    folders: Counter[str] = field(default_factory=Counter)
    structures: Counter[str] = field(default_factory=Counter)
    answers: int = 0

    def count(self, mail: Mail) -> None:
        """Count one mail in."""
        self.sizes.append(len(mail.raw))
        self.kinds[mail.kind] += 1
        self.folders[mail.folder] += 1
        self.structures[mail.structure] += 1
        self.answers += b"\nIn-Reply-To:" in mail.raw[:12_000]

    def card(self) -> list[str]:
        """Return it as lines for people."""
        sizes, many = sorted(self.sizes), len(self.sizes)
        at = {part: sizes[min(int(many * part), many - 1)] / 1000 for part in (0.5, 0.9, 0.99)}
        spread = f"p50 {at[0.5]:.1f}, p90 {at[0.9]:.0f}, p99 {at[0.99]:.0f}, max {sizes[-1] / 1000:.0f}"
        mean = sum(sizes) / many / 1000
        return [
            f"{many:,} messages, {sum(sizes) / 1e6:.0f} MB: mean {mean:.1f} KB, {spread}; {self.answers / many:.0%} are answers",
            "folders: " + ", ".join(f"{name} {self.folders[name]:,}" for name in FOLDERS),
            "kinds: " + ", ".join(f"{kind} {count / many:.1%}" for kind, count in self.kinds.most_common()),
            "structure: " + ", ".join(f"{name} {count / many:.0%}" for name, count in self.structures.most_common()),
        ]


def write(mails: Iterable[Mail], maildir: Path) -> MakeUp:
    """Write the mail below `maildir`, as Dovecot's `maildir:` driver keeps it, and return what it is made up of.

    Line ends are LF, INTERNALDATE is the time of the file, sizes stand in its name. As root all is given to `nobody`, as whom the
    server of the tests runs.
    """
    make_up = MakeUp()
    for folder in FOLDERS:
        for part in ("cur", "new", "tmp"):
            (_folder(maildir, folder) / part).mkdir(parents=True, exist_ok=True)
    for number, mail in enumerate(mails):
        make_up.count(mail)
        raw = mail.raw.replace(b"\r\n", b"\n")
        seconds = int(mail.at.timestamp())
        flags = ("D" if mail.folder == "Drafts" else "") + ("S" if mail.seen else "")
        lines = raw.count(b"\n")
        sizes = f"S={len(raw)},W={len(raw) + lines}"
        name = f"{seconds}.M{number:06d}P1.mailbox,{sizes}:2,{flags}"
        path = _folder(maildir, mail.folder) / "cur" / name
        path.write_bytes(raw)
        os.utime(path, (seconds, seconds))
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for where, _, names in os.walk(maildir.parent):
            os.chown(where, nobody.pw_uid, nobody.pw_gid)
            for each in names:
                os.chown(Path(where) / each, nobody.pw_uid, nobody.pw_gid)
    return make_up


def drafts_in(maildir: Path) -> frozenset[str]:
    """Return the names of the files in Drafts, without their flags."""
    return frozenset(path.name.partition(":")[0] for part in ("cur", "new") for path in (maildir / ".Drafts" / part).iterdir())


def take_back_drafts(maildir: Path, kept: frozenset[str]) -> None:
    """Remove what came into Drafts since `kept` was noted."""
    for part in ("cur", "new"):
        for path in (maildir / ".Drafts" / part).iterdir():
            if path.name.partition(":")[0] not in kept:
                path.unlink()


def _folder(maildir: Path, name: str) -> Path:
    return maildir if name == "INBOX" else maildir / f".{name}"
