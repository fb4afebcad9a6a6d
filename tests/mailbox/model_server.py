"""A provider's IMAP server in memory: it keeps mail as a healthy server does, and a test bends what it says.

    def quirk(command: str, do: Callable[[], bytes]) -> bytes:
        return b"* 1 FETCH (FLAGS (\\Seen))\r\n" + do()   # `do` carries the command out and returns the usual answer

    with ModelServer(tmp_path, quirk=quirk) as server: open_imap(server.imap, "secret")

An answer is untagged lines and then the status line without its tag. Before the message of an APPEND comes, the quirk is asked
for the go-ahead with the command `+`. Raising `HangUp` ends the connection, after the octets that it holds. The user's own hand
are the methods of the server.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import TypeAlias

from tests.mailbox.odd_server import HangUp, fetched, uids_in
from tests.mailbox.scripted import ScriptedServer, Talk

Quirk: TypeAlias = Callable[[str, Callable[[], bytes]], bytes]

FOLDERS = {"INBOX": "", "Sent": "\\Sent", "Drafts": "\\Drafts", "Junk": "\\Junk", "Archive": "\\Archive", "Trash": "\\Trash"}
CAPABILITY = "IMAP4rev1 UIDPLUS MOVE UNSELECT IDLE"


def as_usual(_command: str, do: Callable[[], bytes]) -> bytes:
    """Say what a healthy server says."""
    return do()


@dataclass(eq=False, kw_only=True, slots=True)
class Mail:
    """One message, which may lie in several folders."""

    raw: bytes
    at: datetime
    flags: frozenset[str] = frozenset()
    number: int = 0
    """The provider's own id of it."""
    thread: int = 0
    """The provider's own id of its thread."""

    @property
    def message_id(self) -> str:
        return str(message_from_bytes(self.raw)["Message-ID"] or "")


@dataclass(kw_only=True, slots=True)
class Folder:
    """One folder with its numbers."""

    use: str
    uidvalidity: int = 7
    uidnext: int = 1
    mails: dict[int, Mail] = field(default_factory=dict)

    def put(self, mail: Mail) -> int:
        self.mails[self.uidnext] = mail
        self.uidnext += 1
        return self.uidnext - 1

    def uid_of(self, mail: Mail) -> int:
        return next(uid for uid, each in self.mails.items() if each is mail)


class ModelServer(ScriptedServer):
    """A server of one mailbox. `commands` are all that it was asked, without their tags."""

    def __init__(
        self,
        folder: Path,
        *,
        folders: Mapping[str, str] = FOLDERS,
        capability: str = CAPABILITY,
        before_login: str = "IMAP4rev1",
        quirk: Quirk = as_usual,
        timeout_seconds: float = 5.0,
    ) -> None:
        super().__init__(self._converse, folder, timeout_seconds=timeout_seconds)
        self.folders = self.empty(folders)
        self.capability = capability
        self.quirk = quirk
        self.commands: list[str] = []
        self.now = datetime(2026, 3, 10, 10, tzinfo=UTC)
        """What the clock of the server says."""
        self._before_login = before_login
        self._mails = 0

    @staticmethod
    def empty(folders: Mapping[str, str]) -> dict[str, Folder]:
        """Return folders by name; given are their uses as LIST tells them."""
        return {name: Folder(use=use) for name, use in folders.items()}

    # The user, and other mail servers

    def deliver(self, folder: str, raw: bytes, *, at: datetime | None = None, flags: Iterable[str] = ()) -> int:
        """Put a message into a folder; return its UID."""
        return self._stored(folder, Mail(raw=raw, at=at or self.now, flags=frozenset(flags)))

    def remove(self, folder: str, uid: int) -> None:
        del self.folders[folder].mails[uid]

    def move(self, folder: str, uid: int, to: str) -> int:
        """Move a message as the user does; return its new UID."""
        return self.folders[to].put(self.folders[folder].mails.pop(uid))

    def renumber(self) -> None:
        """Give every folder another UIDVALIDITY, and every message another UID."""
        for each in self.folders.values():
            mails = list(each.mails.values())
            each.uidvalidity, each.uidnext, each.mails = each.uidvalidity + 1, 1, {}
            for mail in mails:
                each.put(mail)

    def messages(self, folder: str) -> dict[int, bytes]:
        return {uid: mail.raw for uid, mail in self.folders[folder].mails.items()}

    # What a provider may do otherwise

    def _stored(self, folder: str, mail: Mail) -> int:
        self._mails += 1
        mail.number = self._mails
        return self.folders[folder].put(mail)

    def _expunged(self, folder: str, uid: int) -> None:
        del self.folders[folder].mails[uid]

    def _moved(self, folder: str, uid: int, to: str) -> None:
        self.move(folder, uid, to)

    def _more(self, folder: str, mail: Mail, items: str) -> str:
        """Return what else a FETCH of these items gives, beginning with a blank; empty for nothing."""
        return ""

    # IMAP

    def _converse(self, talk: Talk) -> None:
        open_folder: list[str] = []
        logged_in = False
        talk.send(b"* OK ready\r\n")
        while True:
            command = talk.expect("")
            tag = talk.tag
            if command.startswith("LOGIN"):
                logged_in = True
            try:
                literal = self._literal(talk, command)
                self.commands.append(command)
                answer = self.quirk(command, lambda: self._answer(command, literal, open_folder, logged_in=logged_in))  # noqa: B023
            except HangUp as end:
                talk.send(b"".join(end.args))
                return
            untagged, _, status = answer.rpartition(b"\r\n")
            talk.send(untagged + (b"\r\n" if untagged else b"") + tag.encode() + b" " + status + b"\r\n")
            if command == "LOGOUT":
                return

    def _literal(self, talk: Talk, command: str) -> bytes:
        found = re.search(r"\{(\d+)(\+?)\}$", command)
        if found is None:
            return b""
        if not found[2]:
            talk.send(self.quirk("+", lambda: b"+ go on\r\n"))
        return talk.read(int(found[1]) + 2)[:-2]

    def _answer(self, command: str, literal: bytes, open_folder: list[str], *, logged_in: bool) -> bytes:
        word, _, rest = command.partition(" ")
        if word == "UID":
            word, _, rest = rest.partition(" ")
            return self._uid(word, rest, command, open_folder[0])
        if word in {"EXAMINE", "SELECT"}:
            open_folder[:] = [_name(rest)]
            return self._opened(open_folder[0], writable=word == "SELECT")
        if word == "APPEND":
            flags = re.search(r"\(([^)]*)\) \{", command)
            mail = Mail(raw=literal, at=self.now, flags=frozenset(flags[1].split() if flags else ()))
            uid = self._stored(_name(rest), mail)
            return b"OK [APPENDUID %d %d] done" % (self.folders[_name(rest)].uidvalidity, uid)
        if word == "EXPUNGE":
            for uid in [uid for uid, mail in self.folders[open_folder[0]].mails.items() if "\\Deleted" in mail.flags]:
                self._expunged(open_folder[0], uid)
        if word == "STATUS":
            there = self.folders.get(_name(rest))
            if there is None:
                return b"NO [NONEXISTENT] no such folder"
            said = f"MESSAGES {len(there.mails)} UIDNEXT {there.uidnext} UIDVALIDITY {there.uidvalidity}"
            return f'* STATUS "{_name(rest)}" ({said})\r\nOK done'.encode()
        said = {
            "CAPABILITY": f"* CAPABILITY {self.capability if logged_in else self._before_login}\r\n",
            "LIST": "".join(f'* LIST ({each.use}) "/" "{name}"\r\n' for name, each in self.folders.items()),
            "LOGOUT": "* BYE so long\r\n",
        }.get(word, "")
        return said.encode() + b"OK done"

    def _opened(self, name: str, *, writable: bool) -> bytes:
        there = self.folders.get(name)
        if there is None:
            return b"NO [NONEXISTENT] no such folder"
        said = f"* {len(there.mails)} EXISTS\r\n* OK [UIDVALIDITY {there.uidvalidity}] x\r\n* OK [UIDNEXT {there.uidnext}] x\r\n"
        return f"{said}OK [READ-{'WRITE' if writable else 'ONLY'}] done".encode()

    def _uid(self, word: str, rest: str, command: str, name: str) -> bytes:
        there = self.folders[name]
        if word == "SEARCH":
            found = " ".join(str(uid) for uid in sorted(there.mails) if _matches(rest, uid, there))
            return f"* SEARCH {found}\r\nOK done".encode()
        named = [uid for uid in uids_in(rest) if uid in there.mails]
        if word == "FETCH":
            return b"".join(self._row(command, name, uid) for uid in named) + b"OK done"
        if word == "MOVE":
            for uid in named:
                self._moved(name, uid, _name(rest.partition(" ")[2]))
        elif word == "STORE":
            for uid in named:
                there.mails[uid].flags |= {"\\Deleted"}
        elif word == "EXPUNGE":
            for uid in named:
                self._expunged(name, uid)
        return b"OK done"

    def _row(self, command: str, name: str, uid: int) -> bytes:
        there = self.folders[name]
        mail = there.mails[uid]
        date = f'"{mail.at:%d-%b-%Y %H:%M:%S +0000}"'
        row = fetched(f"UID FETCH {uid} {command}", {uid: mail.raw}, date=date, more=self._more(name, mail, command))
        number = sorted(there.mails).index(uid) + 1
        return b"* %d" % number + row.removesuffix(b"OK done").removeprefix(b"* 1")


def _name(words: str) -> str:
    """Return the folder that stands first among the words of a command."""
    found = re.match(r'"([^"]*)"|(\S+)', words)
    return (found[1] or found[2]) if found else ""


def _matches(criteria: str, uid: int, there: Folder) -> bool:
    mail = there.mails[uid]
    if found := re.search(r"(?:^| )UID (\d+)(?::(\d+|\*))?", criteria):
        last = max(there.mails) if found[2] == "*" else int(found[2] or found[1])
        if not min(int(found[1]), last) <= uid <= max(int(found[1]), last):
            return False
    if (found := re.search(r"SINCE (\S+)", criteria)) and mail.at.date() < datetime.strptime(found[1], "%d-%b-%Y").date():  # noqa: DTZ007
        return False
    if (found := re.search(r'HEADER Message-ID "([^"]*)"', criteria)) and found[1] not in mail.message_id:
        return False
    if (found := re.search(r"X-GM-THRID (\d+)", criteria)) and mail.thread != int(found[1]):
        return False
    return "DELETED" not in criteria or "\\Deleted" in mail.flags
