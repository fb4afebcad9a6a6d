"""A mailbox on Dovecot with the user's hand in it, and passes at moments that a test names."""

import os
import signal
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from agent.daemon.account import Account, PassReport
from agent.daemon.one_pass import run_pass
from agent.interviews import EventKind, Interview
from agent.mailbox.imap import open_imap
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftRecord
from agent.policy import DraftKind
from agent.store import Ledger
from tests.daemon.scene import ACME, INVITES, ME, NOW, account, held_round
from tests.forking import run_module
from tests.letters import letter
from tests.mail_clients import Client, message_id_of
from tests.mail_server import MailboxUser, MailServer

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
INTERVIEWED = replace(ACME, rounds=(held_round(NOW - 3 * HOUR, "dana@acme.example"),))
OWN = "I am free on Tuesday and on Wednesday from nine to noon."


@dataclass(kw_only=True)
class Scene:
    """A mailbox on Dovecot, the user's hand in it, and an account whose passes are made at the moments that a test names."""

    server: MailServer
    user: MailboxUser
    account: Account
    now: datetime = NOW

    def run(self, after: timedelta = timedelta()) -> PassReport:
        self.now += after
        return run_pass(self.account, self.now)

    def killed(self, moment: str, method: str) -> None:
        """Make a pass in a process of its own that is killed right before or after a method of the mailbox."""
        place = (self.account.ledger.where, self.server.host, str(self.server.port), self.server.ca_file, self.user.name)
        words = (*place, self.now.isoformat(), moment, method)
        done = run_module("tests.journeys.killed_at", *words, environment=dict(os.environ))
        assert done.status == -signal.SIGKILL, done.err

    def track(self, interview: Interview) -> None:
        with self.account.ledger.transaction():
            self.account.ledger.put_interview(interview)

    def receive(self, message_id: str, body: str, *, in_reply_to: str | None = None) -> None:
        raw = letter(
            message_id=message_id,
            at=self.now,
            sender="Dana Cole <dana@acme.example>",
            subject="Backend Engineer",
            body=body,
            in_reply_to=in_reply_to,
        )
        self.server.deliver(self.user, "INBOX", raw, internaldate=self.now)

    def drafted(self, kind: DraftKind = DraftKind.REPLY_INVITATION) -> tuple[int, bytes]:
        """Return the UID and the bytes of the agent's draft of this kind, as they were appended."""
        draft = self.draft(kind)
        found = [(uid, raw) for uid, raw in self.drafts().items() if message_id_of(raw) == draft.message_id]
        assert len(found) == 1
        return found[0]

    def draft(self, kind: DraftKind = DraftKind.REPLY_INVITATION) -> DraftRecord:
        (draft,) = [each for each in self.account.ledger.drafts() if each.kind is kind]
        return draft

    def drafts(self) -> dict[int, bytes]:
        return self.server.messages(self.user, "Drafts")

    def save(self, client: Client, uid: int, text: str) -> int:
        """Let a client save a draft with this text: the new message first, then the old one goes; return the new UID."""
        new = self.server.deliver(self.user, "Drafts", client(self.drafts()[uid], text), ["\\Draft", "\\Seen"], self.now)
        self.server.remove(self.user, "Drafts", uid)
        return new

    def send(self, uid: int, raw: bytes) -> None:
        """Let a client send a draft as `raw`."""
        self.server.deliver(self.user, "Sent", raw, ["\\Seen"], self.now)
        self.server.remove(self.user, "Drafts", uid)

    def told(self, kind: EventKind) -> int:
        """Return how many entries of this kind the history has."""
        return sum(event.kind is kind for event in self.account.ledger.events())


def other_mail(number: int) -> bytes:
    return letter(
        message_id=f"<other{number}@shop.example>",
        at=NOW - 2 * HOUR,
        sender="Shop <shop@shop.example>",
        subject="Your parcel",
        body="It is on its way.\n",
    )


def own_draft(number: int) -> bytes:
    return letter(
        message_id=f"<own{number}@mailbox.example>",
        at=NOW - 2 * HOUR,
        sender=ME,
        to="kim@friends.example",
        subject="Holidays",
        body=f"Dear Kim, this is letter number {number}.\n",
        vouched=None,
    )


def theirs(scene: Scene, folder: str) -> dict[int, tuple[bytes, frozenset[str]]]:
    """Return what neither the agent nor the employer wrote: UID → bytes and flags."""
    flags = scene.server.flags(scene.user, folder)
    return {
        uid: (raw, flags[uid])
        for uid, raw in scene.server.messages(scene.user, folder).items()
        if b"shop.example" in raw or b"kim@friends.example" in raw
    }


def invited(scene: Scene) -> tuple[int, bytes]:
    """Let the invitation come in and be answered; return UID and bytes of the answer in Drafts."""
    scene.receive("<i@acme.example>", INVITES)
    scene.run()
    return scene.drafted()


def begun(server: MailServer, user: MailboxUser, ledger: Path) -> Scene:
    """Return a mailbox with two mails and three drafts of the user's own."""
    made = account(MemoryMailbox(), ACME, ledger=Ledger(ledger))
    made = replace(made, open_mailbox=lambda: open_imap(server.server(user), user.password))
    for number, flags in enumerate(([], ["\\Seen", "\\Flagged"])):
        server.deliver(user, "INBOX", other_mail(number), flags, NOW - 2 * HOUR)
    for number in range(3):
        server.deliver(user, "Drafts", own_draft(number), ["\\Draft"], NOW - 2 * HOUR)
    return Scene(server=server, user=user, account=made)
