"""A ledger with news to tell, and where the digest goes: what its tests share."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from agent.daemon.account import Account
from agent.daemon.digest import send_when_due
from agent.daemon.one_pass import run_pass
from agent.interviews import Event
from agent.mailbox.memory import MemoryMailbox
from agent.notify.smtp import NotifyProblem
from agent.store import Fact, Ledger
from tests.daemon.scene import ACME, BIRCH, NOW, REJECTS, account, receive

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Outbox(list[EmailMessage]):
    """Takes what is sent, or refuses with what comes next."""

    def __init__(self, *refusals: NotifyProblem) -> None:
        super().__init__()
        self.refusals = list(refusals)
        self.tries = 0

    def __call__(self, message: EmailMessage) -> None:
        self.tries += 1
        if self.refusals:
            raise self.refusals.pop(0)
        self.append(message)


def rejected(mailbox: MemoryMailbox, **more: str) -> Account:
    """Return an account after a pass that read a rejection of Birch's."""
    birch = account(mailbox, ACME, BIRCH)
    receive(mailbox, "<r@birch.example>", REJECTS, at=NOW - HOUR, sender="Ines Moreau <ines@birch.example>", **more)
    run_pass(birch, NOW)
    return birch


def sent(told: Account, outbox: Outbox, now: datetime, hour: int = 8) -> bool:
    return send_when_due(told, hour=hour, sender=None, send=outbox, now=now)


def body(message: EmailMessage) -> str:
    content = message.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def note(ledger: Ledger, **notes: str) -> None:
    with ledger.transaction():
        for key, value in notes.items():
            ledger.note(Fact(key), value)


def add(ledger: Ledger, **fields: object) -> None:
    with ledger.transaction():
        ledger.add_event(Event(**fields))  # type: ignore[arg-type]
