"""An account on a mailbox in memory, with the shipped rules, for tests of whole passes."""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from agent.daemon.account import Account
from agent.drafts import Templates, User
from agent.interviews import Contact, ContactRole, Interview, Round
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.policy import CountryHolidays, Policies, Policy
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.policies import load_policy
from agent.rulebook.templates import load_templates
from agent.signals import Phrasebook
from agent.store import Ledger
from tests.letters import PROVIDER, letter

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
"""A Tuesday morning."""
ME = "robin.hale@mailbox.example"

ACME = Interview(
    id="acme-backend",
    company="Acme Robotics",
    role="Backend Engineer",
    domains=("acme.example",),
    timezone="Europe/London",
    contacts=(Contact(name="Dana Cole", email="dana@acme.example", role=ContactRole.RECRUITER),),
)
BIRCH = Interview(
    id="birch-data",
    company="Birch Analytics",
    role="Data Engineer",
    domains=("birch.example",),
    timezone="Europe/London",
    contacts=(Contact(name="Ines Moreau", email="ines@birch.example", role=ContactRole.HIRING_MANAGER),),
)

INVITES = "Hi Robin,\n\nWe would like to invite you to an interview for the Backend Engineer role. When would suit you?\n\nDana\n"
FIXES = "Hi Robin,\n\nYour interview is confirmed for Thursday, 12 March 2026 at 14:00 GMT.\n\nDana\n"
REJECTS = "Dear Robin,\n\nUnfortunately, we have decided not to move forward with your application.\n\nKind regards\n"
PROMISES = "Hi Robin,\n\nThank you for coming in. We will let you know our decision by Friday.\n\nDana\n"


@cache
def rules() -> tuple[Phrasebook, Policy, Templates]:
    """Return the shipped rules, read once."""
    return load_phrasebook(None), load_policy("default", None), load_templates(None)


def account(mailbox: MemoryMailbox, *interviews: Interview, ledger: Ledger | None = None) -> Account:
    """Return an account on this mailbox that tracks these interviews."""
    kept = ledger or Ledger()
    with kept.transaction():
        for interview in interviews:
            kept.put_interview(interview)
    phrasebook, policy, templates = rules()
    return Account(
        user=User(name="Robin Hale", addresses=(ME,), timezone=ZoneInfo("Europe/London")),
        ledger=kept,
        open_mailbox=lambda: mailbox,
        phrasebook=phrasebook,
        policies=Policies(configured=policy),
        templates=templates,
        holidays=CountryHolidays(),
        authserv_id=PROVIDER,
    )


def held_round(at: datetime, *with_: str) -> Round:
    """Return an interview of an hour."""
    return Round(at=at, minutes=60, with_=with_)


def _role_at(address: str) -> str:
    """Return the role that is tracked where an address is; of others that at Acme Robotics."""
    return BIRCH.role if address.rstrip(">").endswith(f"@{BIRCH.domains[0]}") else ACME.role


def receive(
    mailbox: MemoryMailbox,
    message_id: str,
    body: str,
    *,
    at: datetime,
    sender: str = "Dana Cole <dana@acme.example>",
    subject: str = "",
    **more: Any,
) -> bytes:
    """Let a mail come in, about the role that is tracked at its sender's where no `subject` is given; return its bytes."""
    raw = letter(message_id=message_id, at=at, sender=sender, subject=subject or _role_at(sender), body=body, **more)
    mailbox.deliver(FolderRole.INBOX, raw, at)
    return raw


def send(mailbox: MemoryMailbox, message_id: str, body: str, *, at: datetime, to: str, in_reply_to: str | None = None) -> None:
    """Let the user send a mail."""
    raw = letter(
        message_id=message_id,
        at=at,
        sender=f"Robin Hale <{ME}>",
        to=to,
        subject=f"Re: {_role_at(to)}",
        body=body,
        in_reply_to=in_reply_to,
        vouched=None,
    )
    mailbox.deliver(FolderRole.SENT, raw, at)
