"""The same mailbox to look at from outside, whatever stands behind it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from agent.mailbox.imap import ImapMailbox, open_imap
from agent.mailbox.interface import Arrival, Cursor, FolderRole, Mailbox
from agent.mailbox.memory import MemoryMailbox
from tests.mail_server import MailboxUser, MailServer


class Scene(Protocol):
    @property
    def mailbox(self) -> Mailbox: ...

    def deliver(self, role: FolderRole, raw: bytes, received_at: datetime, flags: frozenset[str] = frozenset()) -> int: ...

    def messages(self, role: FolderRole) -> dict[int, bytes]: ...

    def flags(self, role: FolderRole) -> dict[int, frozenset[str]]: ...

    def remove(self, role: FolderRole, uid: int) -> None: ...


class MemoryScene:
    def __init__(self) -> None:
        self.mailbox = MemoryMailbox()
        self.deliver = self.mailbox.deliver
        self.messages = self.mailbox.messages
        self.flags = self.mailbox.flags
        self.remove = self.mailbox.remove


class ServerScene:
    def __init__(self, server: MailServer, user: MailboxUser, names: Mapping[FolderRole, str]) -> None:
        self._server, self._user, self._names = server, user, names
        self.mailbox: ImapMailbox = open_imap(server.server(user), user.password)

    def deliver(self, role: FolderRole, raw: bytes, received_at: datetime, flags: frozenset[str] = frozenset()) -> int:
        return self._server.deliver(self._user, self._names[role], raw, flags, received_at)

    def messages(self, role: FolderRole) -> dict[int, bytes]:
        return self._server.messages(self._user, self._names[role])

    def flags(self, role: FolderRole) -> dict[int, frozenset[str]]:
        return self._server.flags(self._user, self._names[role])

    def remove(self, role: FolderRole, uid: int) -> None:
        self._server.remove(self._user, self._names[role], uid)


def arrivals(mailbox: Mailbox, role: FolderRole, cursor: Cursor | None, *, since: datetime) -> list[Arrival]:
    """Return all that came into a folder, with its text."""
    return mailbox.read(list(mailbox.headings(role, cursor, since=since)))


RICH_NAMES = {
    FolderRole.INBOX: "INBOX",
    FolderRole.SENT: "Sent",
    FolderRole.DRAFTS: "Drafts",
    FolderRole.JUNK: "Junk",
    FolderRole.ARCHIVE: "Archive",
}
POOR_NAMES = {
    FolderRole.INBOX: "INBOX",
    FolderRole.SENT: "INBOX.Gesendete Elemente",
    FolderRole.DRAFTS: "INBOX.Entwürfe",
    FolderRole.JUNK: "INBOX.Unerwünscht",
    FolderRole.ARCHIVE: "INBOX.Archiv",
}
