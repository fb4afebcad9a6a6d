"""An account on a server in memory that a test may bend, and passes at moments that the test names."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.daemon.account import Account, PassReport
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.daemon.troubles import troubles
from agent.interviews import EventKind, Interview
from agent.mailbox.imap import open_imap
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftRecord
from agent.policy import DraftKind
from tests.daemon.scene import ACME, ME, account
from tests.letters import letter
from tests.mail_clients import message_id_of
from tests.mailbox.model_server import ModelServer

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DANA = "Dana Cole <dana@acme.example>"


@dataclass(kw_only=True)
class ModelScene:
    """One user's account there."""

    server: ModelServer
    account: Account
    casebook: Casebook
    """Kept between passes, as the service does."""
    drafts_folder: str = "Drafts"

    @classmethod
    def of(cls, server: ModelServer, *interviews: Interview, drafts_folder: str = "Drafts") -> "ModelScene":
        made = account(MemoryMailbox(), *(interviews or (ACME,)))
        made = replace(made, open_mailbox=lambda: open_imap(server.imap, "secret"))
        return cls(server=server, account=made, casebook=Casebook(made.ledger, server.now), drafts_folder=drafts_folder)

    @property
    def now(self) -> datetime:
        return self.server.now

    def run(self, after: timedelta = timedelta()) -> PassReport:
        self.server.now += after
        return run_pass(self.account, self.now, casebook=self.casebook)

    def receive(self, message_id: str, body: str, *, folder: str = "INBOX", in_reply_to: str | None = None) -> int:
        """Let a mail of Dana's come in; return its UID."""
        raw = letter(
            message_id=message_id, at=self.now, sender=DANA, subject="Backend Engineer", body=body, in_reply_to=in_reply_to
        )
        return self.server.deliver(folder, raw)

    def draft(self, kind: DraftKind = DraftKind.REPLY_INVITATION) -> DraftRecord:
        (draft,) = [each for each in self.account.ledger.drafts() if each.kind is kind]
        return draft

    def drafts(self) -> dict[int, bytes]:
        return self.server.messages(self.drafts_folder)

    def drafted(self) -> tuple[int, bytes]:
        """Return the UID and the bytes of the agent's one draft in the mailbox."""
        found = [(uid, raw) for uid, raw in self.drafts().items() if message_id_of(raw) == self.draft().message_id]
        assert len(found) == 1
        return found[0]

    def told(self, kind: EventKind) -> int:
        """Return how many entries of this kind the history has."""
        return sum(event.kind is kind for event in self.account.ledger.events())

    def troubles(self) -> str:
        """Return what the user is told that does not work."""
        return "\n".join(troubles(self.account.ledger, open_candidacies=True, now=self.now))


def by_the_user(message_id: str, body: str, scene: ModelScene, *, to: str = DANA, in_reply_to: str | None = None) -> bytes:
    """Return a mail that the user wrote."""
    return letter(
        message_id=message_id,
        at=scene.now,
        sender=f"Robin Hale <{ME}>",
        to=to,
        subject="Re: Backend Engineer" if in_reply_to else "Backend Engineer",
        body=body,
        in_reply_to=in_reply_to,
        vouched=None,
    )
