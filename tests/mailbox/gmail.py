r"""Gmail in memory: a folder is a label, All Mail shows every message once, and what has no label left is still there.

Labels are told as Gmail tells them: that of the open folder is left out. An expunge takes the label off and nothing more; only
what is moved to the Trash leaves All Mail (spam is never in it). A thread is told by References under the same subject. A draft
that is saved on the web becomes another message with another number in the same thread.
"""

import re
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

from tests.mail_clients import gmail
from tests.mailbox.model_server import Mail, ModelServer, Quirk, as_usual

ALL, DRAFTS, SENT, SPAM, TRASH = "[Gmail]/All Mail", "[Gmail]/Drafts", "[Gmail]/Sent Mail", "[Gmail]/Spam", "[Gmail]/Bin"
FOLDERS = {
    "INBOX": "",
    ALL: "\\All",
    DRAFTS: "\\Drafts",
    SENT: "\\Sent",
    SPAM: "\\Junk",
    TRASH: "\\Trash",
    "Jobs": "",
    "Read later": "",
}
CAPABILITY = (
    "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH "
    "UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584"
)
BEFORE_LOGIN = "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN"
_LABELS = {"INBOX": "\\\\Inbox", SENT: "\\\\Sent", DRAFTS: "\\\\Draft"}
_NO_LABELS = (ALL, SPAM, TRASH)


class Gmail(ModelServer):
    """The Gmail account of one user."""

    def __init__(self, folder: Path, *, quirk: Quirk = as_usual) -> None:
        super().__init__(folder, folders=FOLDERS, capability=CAPABILITY, before_login=BEFORE_LOGIN, quirk=quirk)

    # The user's hand

    def label(self, uid: int, folder: str) -> None:
        """Give a message of All Mail another label."""
        self.folders[folder].put(self.folders[ALL].mails[uid])

    def archive(self, uid: int) -> None:
        """Take a message, named by its UID in All Mail, out of the inbox."""
        inbox = self.folders["INBOX"]
        self._expunged("INBOX", inbox.uid_of(self.folders[ALL].mails[uid]))

    def edit(self, uid: int, text: str) -> int:
        """Save a draft on the web with another text; return its new UID in Drafts."""
        old = self.folders[DRAFTS].mails[uid]
        self._gone(old)
        mail = Mail(raw=gmail(old.raw, text), at=self.now, flags=old.flags)
        return self._stored(DRAFTS, mail)

    def send(self, uid: int, *, at: datetime | None = None) -> int:
        """Send a draft on the web: a message of another number takes its place; return its UID in Sent Mail."""
        old = self.folders[DRAFTS].mails[uid]
        self._gone(old)
        return self._stored(SENT, Mail(raw=old.raw, at=at or self.now, flags=frozenset({"\\Seen"})))

    def begin_to_send(self, uid: int) -> int:
        """Come to the moment in which draft and sent mail are one message with both labels; return its UID in Sent Mail."""
        return self.folders[SENT].put(self.folders[DRAFTS].mails[uid])

    def end_sending(self, uid: int) -> None:
        """Let the message that was a draft under this UID be sent mail alone."""
        self._expunged(DRAFTS, uid)

    # Gmail's own ways

    def _stored(self, folder: str, mail: Mail) -> int:
        uid = super()._stored(folder, mail)
        mail.thread = self._thread_of(mail)
        if folder not in _NO_LABELS:
            self.folders[ALL].put(mail)
        return uid

    def _moved(self, folder: str, uid: int, to: str) -> None:
        mail = self.folders[folder].mails[uid]
        if to in {SPAM, TRASH}:
            self._gone(mail)
        else:
            del self.folders[folder].mails[uid]
        self.folders[to].put(mail)

    def _gone(self, mail: Mail) -> None:
        for folder in self.folders.values():
            for uid in [uid for uid, each in folder.mails.items() if each is mail]:
                del folder.mails[uid]

    def _thread_of(self, mail: Mail) -> int:
        said = message_from_bytes(mail.raw)
        parents = f"{said['References'] or ''} {said['In-Reply-To'] or ''}".split()
        for each in (*self.folders[ALL].mails.values(), *self.folders[TRASH].mails.values()):
            if each.message_id in parents and _subject(each.raw) == _subject(mail.raw):
                return each.thread
        return 1_000_000 + mail.number

    def _more(self, folder: str, mail: Mail, items: str) -> str:
        labels = [
            f'"{_LABELS.get(name, name)}"'
            for name, each in self.folders.items()
            if name not in (*_NO_LABELS, folder) and any(one is mail for one in each.mails.values())
        ]
        given = {
            "X-GM-MSGID": str(2_000_000 + mail.number),
            "X-GM-THRID": str(mail.thread),
            "X-GM-LABELS": f"({' '.join(labels)})",
        }
        return "".join(f" {name} {value}" for name, value in given.items() if name in items)


def _subject(raw: bytes) -> str:
    return re.sub(r"^(re: *)+", "", str(message_from_bytes(raw)["Subject"]), flags=re.IGNORECASE)
