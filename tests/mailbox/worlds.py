"""The same mailbox twice, in memory and on a Dovecot, as its user and its server change it; and faults for both.

A message is named by its Message-ID here, so that what happens to it can be told of any world.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast

from agent.mailbox import Cursor, FolderRole, Mailbox, MailboxProblem
from agent.mailbox.imap import open_imap
from agent.mailbox.memory import MemoryMailbox
from agent.mailbox.msgid import msgid_of
from tests.dovecot import Dovecot, MailboxUser

NAMES = {
    FolderRole.INBOX: "INBOX",
    FolderRole.SENT: "Sent",
    FolderRole.DRAFTS: "Drafts",
    FolderRole.JUNK: "Junk",
    FolderRole.ARCHIVE: "Archive",
}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message as it lies in a folder."""

    raw: bytes
    at: datetime
    flags: frozenset[str]


class World(Protocol):
    """One mailbox, seen by its user and its server."""

    def put(self, role: FolderRole, letter: Letter) -> None: ...
    def take(self, role: FolderRole, message_id: str) -> None: ...
    def renumber(self, role: FolderRole) -> None:
        """Give the folder another UIDVALIDITY and its messages new UIDs."""
        ...

    def vanish(self, role: FolderRole) -> None: ...
    def come_back(self, role: FolderRole) -> None:
        """Let the folder that has vanished be there again, with all that was in it."""
        ...

    def flags(self, role: FolderRole) -> dict[str, frozenset[str]]: ...
    def uids(self, role: FolderRole) -> dict[str, int]: ...
    def open(self) -> Mailbox: ...


class MemoryWorld:
    """In memory."""

    def __init__(self, mailbox: MemoryMailbox) -> None:
        self.mailbox = mailbox
        self.away: dict[FolderRole, Any] = {}

    def put(self, role: FolderRole, letter: Letter) -> None:
        self.mailbox.deliver(role, letter.raw, letter.at, letter.flags)

    def take(self, role: FolderRole, message_id: str) -> None:
        self.mailbox.remove(role, self.uids(role)[message_id])

    def renumber(self, role: FolderRole) -> None:
        self.mailbox.change_uidvalidity(role)

    def vanish(self, role: FolderRole) -> None:
        self.away[role] = self.mailbox._folders.pop(role)

    def come_back(self, role: FolderRole) -> None:
        self.mailbox._folders[role] = self.away.pop(role)

    def flags(self, role: FolderRole) -> dict[str, frozenset[str]]:
        flags = self.mailbox.flags(role)
        return {message_id: flags[uid] for message_id, uid in self.uids(role).items()}

    def uids(self, role: FolderRole) -> dict[str, int]:
        return {f"<{msgid_of(raw)}>": uid for uid, raw in self.mailbox.messages(role).items()}

    def open(self) -> Mailbox:
        return self.mailbox


class DovecotWorld:
    """On a Dovecot whose folders are known by their names alone, so that they can go."""

    def __init__(self, server: Dovecot, user: MailboxUser) -> None:
        self.server = server
        self.user = user
        self.letters: dict[FolderRole, list[Letter]] = {role: [] for role in NAMES}
        for role, name in NAMES.items():
            if role is not FolderRole.INBOX:
                server.create(user, name)

    def put(self, role: FolderRole, letter: Letter) -> None:
        self.letters[role].append(letter)
        self.server.deliver(self.user, NAMES[role], letter.raw, internaldate=letter.at, flags=sorted(letter.flags))

    def take(self, role: FolderRole, message_id: str) -> None:
        self.letters[role] = [each for each in self.letters[role] if f"<{msgid_of(each.raw)}>" != message_id]
        self.server.remove(self.user, NAMES[role], self.uids(role)[message_id])

    def renumber(self, role: FolderRole) -> None:
        if role is not FolderRole.INBOX:  # which nobody can remove
            self.server.delete(self.user, NAMES[role])
            self.server.create(self.user, NAMES[role])
            letters, self.letters[role] = self.letters[role], []
            for letter in letters:
                self.put(role, letter)

    def vanish(self, role: FolderRole) -> None:
        self.server.rename(self.user, NAMES[role], f"away-{role}")

    def come_back(self, role: FolderRole) -> None:
        self.server.rename(self.user, f"away-{role}", NAMES[role])

    def flags(self, role: FolderRole) -> dict[str, frozenset[str]]:
        flags = self.server.flags(self.user, NAMES[role])
        return {message_id: flags[uid] for message_id, uid in self.uids(role).items()}

    def uids(self, role: FolderRole) -> dict[str, int]:
        return {f"<{msgid_of(raw)}>": uid for uid, raw in self.server.messages(self.user, NAMES[role]).items()}

    def open(self) -> Mailbox:
        return open_imap(self.server.server(self.user), self.user.password)


@dataclass(kw_only=True)
class Faults:
    """What will go wrong: the calls of a method that fail, by how many of its calls, or of its headings, go well before."""

    after: dict[str, list[int]] = field(default_factory=dict)
    count: int = 0
    """How many have come about."""

    def plan(self, method: str, after: int) -> None:
        self.after.setdefault(method, []).append(after)

    def clear(self) -> None:
        self.after.clear()

    def due(self, method: str) -> bool:
        """Tell whether this call fails; one that was planned for later comes nearer."""
        planned = self.after.get(method)
        if not planned:
            return False
        if planned[0] > 0:
            planned[0] -= 1
            return False
        planned.pop(0)
        self.count += 1
        return True

    def over(self, mailbox: Mailbox) -> Mailbox:
        """Return the mailbox with these faults."""
        return cast("Mailbox", _Faulty(mailbox, self))


class _Faulty:
    def __init__(self, mailbox: Mailbox, faults: Faults) -> None:
        self._mailbox = mailbox
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._mailbox, name)
        if not callable(value) or name == "close":
            return value

        def method(*given: Any, **named: Any) -> Any:
            self._fail(name)
            return value(*given, **named)

        return method

    def headings(self, role: FolderRole, cursor: Cursor | None, *, since: datetime) -> Iterator[Any]:
        self._fail("headings")
        for heading in self._mailbox.headings(role, cursor, since=since):
            self._fail("in headings")
            yield heading

    def read(self, headings: Sequence[Any]) -> list[Any]:
        self._fail("read")
        return self._mailbox.read(headings)

    def _fail(self, method: str) -> None:
        if self._faults.due(method):
            raise MailboxProblem(f"{method} failed", permanent=False)
