"""Reading a mailbox that changes under the reader's hand, with faults and kills in any order that Hypothesis thinks of.

Beside it runs the same mailbox without a fault. When all is over both ledgers must say the same.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.mailbox import FolderRole, MailboxProblem
from agent.mailbox.memory import MemoryMailbox
from agent.store import Ledger, MessageRecord
from tests.daemon.killable import KillableLedger, Killed, Steps
from tests.daemon.scene import ACME, BIRCH, FIXES, INVITES, ME, NOW, PROMISES, REJECTS, account
from tests.dovecot import Dovecot, MailboxUser
from tests.letters import letter
from tests.machine import length
from tests.mailbox.worlds import NAMES, DovecotWorld, Faults, Letter, MemoryWorld, World

SENDERS = {
    "acme": "Dana Cole <dana@acme.example>",
    "birch": "Ines Moreau <ines@birch.example>",
    "shop": "Weekend Shop <news@shop.example>",
}
OFFERS = "Twenty per cent off all garden chairs until Sunday.\n"
READ = [FolderRole.INBOX, FolderRole.SENT, FolderRole.JUNK, FolderRole.ARCHIVE]
COME_IN = [FolderRole.INBOX, FolderRole.INBOX, FolderRole.JUNK]
MOVABLE = [FolderRole.SENT, FolderRole.JUNK, FolderRole.ARCHIVE]
METHODS = ["folders", "places", "headings", "in headings", "read", "find", "position", "listing", "fetch", "append_draft"]


class CountingLedger(KillableLedger):
    """Counts how often each message was committed as read."""

    def __init__(self, steps: Steps) -> None:
        super().__init__(steps)
        self.read: Counter[str] = Counter()
        self.pending: list[str] = []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.pending = []
        with super().transaction():
            yield
            self.read.update(self.pending)

    def add_message(self, record: MessageRecord) -> bool:
        added = super().add_message(record)
        if added:
            self.pending.append(record.message.message_id)
        return added


class Reading(RuleBasedStateMachine):
    """A mailbox with faults, the same one without, and a clock that only goes forward."""

    def world(self) -> World:
        return MemoryWorld(MemoryMailbox(clock=lambda: self.now))

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.steps, self.faults = Steps(), Faults()
        self.there: World = self.world()
        self.plain = MemoryWorld(MemoryMailbox(clock=lambda: self.now))
        self.ledger = CountingLedger(self.steps)
        self.account = self.opened(self.there, self.ledger, self.faults)
        self.twin = self.opened(self.plain, Ledger(), Faults())
        self.number = 0
        self.lying: dict[FolderRole, dict[str, Letter]] = {role: {} for role in NAMES}
        self.came: set[str] = set()
        self.away: set[FolderRole] = set()
        self.answered: dict[str, str] = {}
        self.in_order = True
        """Whether all mail could be read in the order in which it came: what answers a mail that was not read says less."""

    def opened(self, world: World, ledger: Ledger, faults: Faults) -> Account:
        return replace(account(MemoryMailbox(), ACME, BIRCH, ledger=ledger), open_mailbox=lambda: faults.over(world.open()))

    # What happens in the mailbox, in both.

    def put(self, role: FolderRole, message_id: str, mail: Letter) -> None:
        for world in (self.there, self.plain):
            world.put(role, mail)
        self.lying[role][message_id] = mail
        self.came.add(message_id)

    def take(self, role: FolderRole, message_id: str) -> Letter:
        for world in (self.there, self.plain):
            world.take(role, message_id)
        return self.lying[role].pop(message_id)

    def some(self, which: int, *roles: FolderRole) -> tuple[FolderRole, str] | None:
        found = [(role, message_id) for role in roles if role not in self.away for message_id in self.lying[role]]
        return found[which % len(found)] if found else None

    @rule(
        who=st.sampled_from(sorted(SENDERS)),
        says=st.sampled_from([INVITES, FIXES, REJECTS, PROMISES, OFFERS]),
        role=st.sampled_from(COME_IN),
        seen=st.booleans(),
        answers=st.booleans(),
    )
    def a_mail_comes_in(self, who: str, says: str, role: FolderRole, seen: bool, answers: bool) -> None:
        if role in self.away:
            return
        self.number += 1
        self.now += timedelta(seconds=1)
        message_id = f"<m{self.number}@{who}.example>"
        raw = letter(
            message_id=message_id,
            at=self.now,
            sender=SENDERS[who],
            subject="Chairs" if who == "shop" else "Backend Engineer",
            body=says,
            in_reply_to=self.answered.get(who) if answers else None,
            headers=(("List-Unsubscribe", "<https://shop.example/out>"),) if who == "shop" else (),
        )
        self.put(role, message_id, Letter(raw=raw, at=self.now, flags=frozenset({"\\Seen"} if seen else ())))
        self.answered[who] = message_id

    @rule(who=st.sampled_from(["acme", "birch"]))
    def the_user_answers(self, who: str) -> None:
        if FolderRole.SENT in self.away or who not in self.answered:
            return
        self.number += 1
        self.now += timedelta(seconds=1)
        message_id = f"<m{self.number}@mailbox.example>"
        raw = letter(
            message_id=message_id,
            at=self.now,
            sender=f"Robin Hale <{ME}>",
            to=SENDERS[who],
            subject="Re: Backend Engineer",
            body="Thank you, noted.\n",
            in_reply_to=self.answered[who],
            vouched=None,
        )
        self.put(FolderRole.SENT, message_id, Letter(raw=raw, at=self.now, flags=frozenset({"\\Seen"})))

    @rule(
        which=st.integers(0, 9), to=st.sampled_from([FolderRole.INBOX, FolderRole.JUNK, FolderRole.ARCHIVE]), stays=st.booleans()
    )
    def the_user_moves_or_copies_one(self, which: int, to: FolderRole, stays: bool) -> None:
        found = self.some(which, FolderRole.INBOX, FolderRole.JUNK, FolderRole.ARCHIVE)
        if found is None or to in self.away or found[1] in self.lying[to]:
            return
        mail = self.lying[found[0]][found[1]] if stays else self.take(*found)
        self.put(to, found[1], mail)

    @rule(which=st.integers(0, 9))
    def the_user_deletes_one(self, which: int) -> None:
        found = self.some(which, *READ)
        if found and (self.knows(self.ledger, found[1]) or not self.knows(self.twin.ledger, found[1])):
            self.take(*found)

    @rule(role=st.sampled_from(READ))
    def a_folder_is_renumbered(self, role: FolderRole) -> None:
        if role not in self.away:
            self.there.renumber(role)

    @rule(role=st.sampled_from(MOVABLE))
    def a_folder_vanishes(self, role: FolderRole) -> None:
        if role not in self.away:
            self.in_order &= all(self.knows(self.ledger, message_id) for message_id in self.lying[role])
            self.there.vanish(role)
            self.away.add(role)

    @precondition(lambda self: self.away)
    @rule(anew=st.booleans())
    def a_folder_is_back(self, anew: bool) -> None:
        role = min(self.away)
        self.there.come_back(role)
        self.away.remove(role)
        if anew:
            self.there.renumber(role)

    @rule(minutes=st.sampled_from([1, 10, 60, 5 * 60, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    # What goes wrong, in one of them.

    @rule(method=st.sampled_from(METHODS), after=st.integers(0, 3))
    def something_will_fail(self, method: str, after: int) -> None:
        self.faults.plan(method, after)

    @rule(after=st.integers(1, 12))
    def the_next_pass_will_be_killed(self, after: int) -> None:
        self.steps.count, self.steps.last = 0, after

    @rule()
    def both_make_a_pass(self) -> None:
        run_pass(self.twin, self.now)
        try:
            run_pass(self.account, self.now)
        except (MailboxProblem, Killed):
            pass
        else:
            self.all_that_lies_there_was_read()
        self.steps.last = None

    # What must hold.

    def knows(self, ledger: Ledger, message_id: str) -> bool:
        """Whether a message was read, or settled from its heading."""
        settled = ledger._rows.one("SELECT 1 FROM settled WHERE message_id = ?", message_id)
        return settled is not None or ledger.message(message_id) is not None

    def all_that_lies_there_was_read(self) -> None:
        lying = [message_id for role in READ if role not in self.away for message_id in self.lying[role]]
        assert [message_id for message_id in lying if not self.knows(self.ledger, message_id)] == []

    @invariant()
    def no_message_was_read_twice(self) -> None:
        assert all(times == 1 for times in self.ledger.read.values()), self.ledger.read

    @invariant()
    def nothing_was_read_that_never_came(self) -> None:
        assert set(self.ledger.read) <= self.came

    @invariant()
    def no_cursor_stands_beyond_what_was_read(self) -> None:
        mailbox = self.there.open()
        for role in READ:
            cursor = self.ledger.cursor(NAMES[role])
            if role in self.away or cursor is None or mailbox.position(role).uidvalidity != cursor.uidvalidity:
                continue
            assert cursor.last_uid <= mailbox.position(role).last_uid
            passed = [message_id for message_id, uid in self.there.uids(role).items() if uid <= cursor.last_uid]
            assert [message_id for message_id in passed if not self.knows(self.ledger, message_id)] == [], role
        mailbox.close()

    @invariant()
    def no_flag_was_changed(self) -> None:
        for role in READ:
            if role not in self.away:
                expected = {message_id: mail.flags for message_id, mail in self.lying[role].items()}
                assert self.there.flags(role) == expected, role

    def teardown(self) -> None:
        """Once the faults are over one pass reads all that is left, and then both ledgers say the same."""
        if not hasattr(self, "account"):
            return
        self.faults.clear()
        self.steps.last = None
        while self.away:
            self.a_folder_is_back(anew=False)
        for settling in (self.account, self.twin):
            run_pass(settling, self.now)
            assert run_pass(settling, self.now).read == 0
        self.all_that_lies_there_was_read()
        self.no_message_was_read_twice()
        self.no_flag_was_changed()
        assert self.account.ledger.aside() == []
        assert not self.in_order or self.told(self.account.ledger) == self.told(self.twin.ledger)
        self.account.ledger.close()
        self.twin.ledger.close()

    def told(self, ledger: Ledger) -> dict[str, object]:
        """Return what a ledger says, without when and where it was read."""
        records = [ledger.message(message_id) for message_id in sorted(self.came)]
        theirs = [each for each in records if each is not None and each.interview]
        casebook = Casebook(ledger, self.now)
        return {
            "assigned": {each.message.message_id: (each.interview, each.reading.label, each.own) for each in theirs},
            "stands": {each.interview.id: each.state.status for each in casebook.candidacies()},
        }


Reading.TestCase.settings = length(examples=25, steps=30)
TestReading = Reading.TestCase


def test_the_same_holds_over_a_real_server() -> None:
    users = itertools.count(1)
    with Dovecot(mailboxes={}) as server:

        class OverDovecot(Reading):
            def world(self) -> World:
                return DovecotWorld(server, MailboxUser(name=f"sync{next(users)}@mailbox.example"))

        run_state_machine_as_test(OverDovecot, settings=length(examples=3, steps=25))
