"""A small job search whose pass reads, writes, rewrites and withdraws, made over a line that breaks at any octet.

The mailbox before that pass is made once (`Story`); each pass has a copy of it and of its ledger. After a pass that broke off,
passes follow over a sound line until all is quiet. What mailbox and ledger hold in the end must not differ from what they hold
when nothing broke.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.drafts.mail import DRAFT_HEADER
from agent.interviews import Contact, ContactRole, Interview
from agent.mailbox import FolderRole, Mailbox, MailboxProblem
from agent.mailbox.imap import open_imap
from agent.mailbox.memory import MemoryMailbox
from agent.mailbox.server import ImapServer
from agent.plan.intention import DraftState
from agent.policy import DraftKind
from agent.store import Ledger
from tests.daemon.scene import ACME, BIRCH, FIXES, INVITES, NOW, REJECTS, account, held_round
from tests.dovecot import Dovecot
from tests.journeys.drafts_scene import other_mail, own_draft
from tests.letters import letter
from tests.mail_clients import message_id_of, text_of, thunderbird
from tests.mail_server import MailboxUser, MailServer
from tests.tls_proxy import Fault, TlsProxy

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CEDAR = Interview(
    id="cedar-platform",
    company="Cedar Mutual",
    role="Platform Engineer",
    domains=("cedar.example",),
    timezone="Europe/London",
    contacts=(Contact(name="Tom Okafor", email="tom@cedar.example", role=ContactRole.RECRUITER),),
)
USUAL_NAMES = {role: role.capitalize() for role in (FolderRole.SENT, FolderRole.DRAFTS, FolderRole.JUNK, FolderRole.ARCHIVE)}
POOR_NAMES = {role: f"INBOX.{name}" for role, name in USUAL_NAMES.items()}
_PATIENCE = 20.0
_INES = "Ines Moreau <ines@birch.example>"
_TOM = "Tom Okafor <tom@cedar.example>"

Outcome = dict[str, Counter[str]]
"""What there is in the end: each thing by its place, once for each time that it is there."""


@dataclass(kw_only=True, slots=True)
class Try:
    """How it went once."""

    problem: str = ""
    """How the pass broke off, if it did."""
    alarm: str = ""
    """What must not be, whatever is found in the end: another exception, or a broken line taken for a lasting fault."""
    reached: bool
    """Whether the fault came about in it."""
    to_server: int
    to_client: int
    """How many octets passed in it."""
    passes: int
    """How many passes over a sound line followed; two when each went through."""
    outcome: Outcome


@dataclass(kw_only=True)
class Story:
    """The mailbox of one prepared user on a server, and the ledger that belongs to it."""

    server: MailServer
    names: Mapping[FolderRole, str]
    folder: Path
    """Where ledgers are kept."""
    reach: Callable[[ImapServer], ImapServer]
    """Changes how the server is reached; the line that may break."""
    _copies: int = 0

    def prepare(self) -> None:
        """Make the mailbox and the ledger from which each copy is made."""
        if isinstance(self.server, Dovecot):
            self._prepared(MailboxUser(name="prepared@mail.example"), self.folder / "prepared.sqlite")

    def tried(self, fault: Fault | None, proxy: TlsProxy, *, slow: int | None = None, patience: float | None = None) -> Try:
        """Make the pass on a copy while `fault` happens, then let all go well; return how it went.

        `slow` is how many octets a second the server may say, `patience` how many seconds the client waits for one.
        """
        self._copies += 1
        user = MailboxUser(name=f"copy{self._copies}@mail.example")
        where = self.folder / f"{user.name}.sqlite"
        if isinstance(self.server, Dovecot):
            self.server.copy(MailboxUser(name="prepared@mail.example"), user)
            shutil.copy(self.folder / "prepared.sqlite", where)
        else:
            self._prepared(user, where)
        try:
            with closing(Ledger(where)) as ledger:
                proxy.begin(fault)
                proxy.drip(slow)
                return self._tried(user, ledger, proxy, patience or _PATIENCE)
        finally:
            where.unlink()
            self.server.hang_up(user)
            if isinstance(self.server, Dovecot):
                self.server.forget(user)

    def _tried(self, user: MailboxUser, ledger: Ledger, proxy: TlsProxy, patience: float) -> Try:
        made = self._account(user, ledger, self.reach, patience)
        problem, alarm = "", ""
        try:
            run_pass(made, NOW)
        except MailboxProblem as error:
            problem = str(error)
            alarm = f"taken for lasting: {error}" if error.permanent else ""
        # Whatever else comes out of a pass would end the service: it is what is looked for.
        except Exception as error:  # noqa: BLE001
            problem = alarm = f"{type(error).__name__}: {error}"
        reached, passed = proxy.fault_done, (proxy.to_server, proxy.to_client)
        proxy.drip(None)
        sound = self._account(user, ledger, lambda server: server)
        again = 0
        for after in (timedelta(), 12 * MINUTE):
            while True:
                again += 1
                try:
                    run_pass(sound, NOW + after)
                    break
                except MailboxProblem as error:
                    if again > 6:
                        raise RuntimeError(f"still failing after {again} passes: {error}") from error
        return Try(
            problem=problem,
            alarm=alarm,
            reached=reached,
            to_server=passed[0],
            to_client=passed[1],
            passes=again,
            outcome=self._outcome(user, ledger),
        )

    def _account(
        self, user: MailboxUser, ledger: Ledger, reach: Callable[[ImapServer], ImapServer], patience: float = _PATIENCE
    ) -> Account:
        server = reach(self.server.server(user, timeout_seconds=patience))

        def opened() -> Mailbox:
            return open_imap(server, user.password)

        return replace(account(MemoryMailbox(), ledger=ledger), open_mailbox=opened)

    def _prepared(self, user: MailboxUser, where: Path) -> None:
        """Let two drafts be written, one debrief be answered, and then mail come in: this is where the pass begins."""
        for name in self.names.values():
            if self.names is POOR_NAMES:
                self.server.create(user, name)
        drafts = self.names[FolderRole.DRAFTS]
        for number, flags in enumerate(([], ["\\Seen", "\\Flagged"])):
            self.server.deliver(user, "INBOX", other_mail(number), flags, NOW - 5 * HOUR)
        for number in range(2):
            self.server.deliver(user, drafts, own_draft(number), ["\\Draft"], NOW - 5 * HOUR)
        self._receive(user, "<i@birch.example>", _INES, INVITES.replace(ACME.role, BIRCH.role), NOW - 3 * HOUR)
        with closing(Ledger(where)) as ledger:
            with ledger.transaction():
                for each in (replace(ACME, rounds=(held_round(NOW - 4 * HOUR, "dana@acme.example"),)), BIRCH, CEDAR):
                    ledger.put_interview(each)
            run_pass(self._account(user, ledger, lambda server: server), NOW - HOUR)
            queued = {draft.kind: draft for draft in ledger.drafts(DraftState.QUEUED)}
        if set(queued) != {DraftKind.THANK_YOU, DraftKind.DEBRIEF, DraftKind.REPLY_INVITATION}:
            raise RuntimeError(f"the story began with other drafts: {sorted(queued)}")
        debrief = queued[DraftKind.DEBRIEF].message_id
        uid, raw = next(pair for pair in self.server.messages(user, drafts).items() if message_id_of(pair[1]) == debrief)
        before, _, after = text_of(raw).partition("\n2. ")
        filled = thunderbird(raw, f"{before.rstrip()}\nhow on-call is shared\n\n2. {after}")
        self.server.deliver(user, drafts, filled, ["\\Draft", "\\Seen"], NOW - HOUR / 2)
        self.server.remove(user, drafts, uid)
        self._receive(user, "<f@birch.example>", _INES, FIXES, NOW - HOUR / 2, in_reply_to="<i@birch.example>")
        self._receive(user, "<r@cedar.example>", _TOM, REJECTS, NOW - HOUR / 3)
        self.server.deliver(user, "INBOX", other_mail(2), ["\\Seen"], NOW - HOUR / 3)

    def _receive(
        self, user: MailboxUser, message_id: str, sender: str, body: str, at: datetime, in_reply_to: str | None = None
    ) -> None:
        raw = letter(message_id=message_id, at=at, sender=sender, subject="Your application", body=body, in_reply_to=in_reply_to)
        self.server.deliver(user, "INBOX", raw, internaldate=at)

    def _outcome(self, user: MailboxUser, ledger: Ledger) -> Outcome:
        found: Outcome = {}
        for folder in ("INBOX", *self.names.values()):
            flags = self.server.flags(user, folder)
            raws = self.server.messages(user, folder)
            found[folder] = Counter(f"{message_id_of(raw)} {sorted(flags[uid])} {raw!r}" for uid, raw in raws.items())
            # What the agent did not write lies under the UIDs it had.
            found[f"UIDs of the user's in {folder}"] = Counter(
                f"{uid} {message_id_of(raw)}" for uid, raw in raws.items() if f"{DRAFT_HEADER}:".encode() not in raw
            )
        drafts = [replace(each, uid=None, uidvalidity=None, append_after=None) for each in ledger.drafts()]
        found["drafts"] = Counter(map(repr, drafts))
        found["history"] = Counter(repr(event) for event in ledger.events())
        found["reviews"] = Counter(map(repr, ledger.reviews()))
        found["kept aside"] = Counter(map(repr, ledger.aside()))
        found["held"] = Counter(map(repr, ledger.held()))
        candidacies = Casebook(ledger, NOW + HOUR).candidacies()
        found["statuses"] = Counter(f"{each.interview.id} {each.state.status}" for each in candidacies)
        return found


def differences(found: Outcome, expected: Outcome) -> list[str]:
    """Return what is lost, what is too much, and where; of what is only changed, how it read and how it reads now."""
    out: list[str] = []
    for place in expected:
        lost = list((expected[place] - found[place]).elements())
        more = list((found[place] - expected[place]).elements())
        while lost and more:
            old = lost.pop()
            new = max(more, key=lambda each: _alike(each, old))
            more.remove(new)
            at = max(0, _alike(new, old) - 60)
            out.append(f"changed in {place}: {old[:60]} ... {old[at : at + 160]} -> {new[at : at + 160]}")
        out += [f"lost from {place}: {each[:300]}" for each in lost]
        out += [f"too much in {place}: {each[:300]}" for each in more]
    return out


def _alike(one: str, other: str) -> int:
    """Return with how many letters both begin."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
