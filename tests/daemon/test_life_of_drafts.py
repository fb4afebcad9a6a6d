"""Drafts under everything at once: mail, answers, clients, faults, kills and time, in any order that Hypothesis thinks of."""

import email
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agent.daemon.one_pass import run_pass
from agent.mailbox import FolderRole, MailboxProblem
from agent.plan.draft_life import digest_of
from agent.plan.intention import DraftState
from tests.daemon.killable import KillableLedger, KillableMailbox, Killed, Steps
from tests.daemon.scene import ACME, BIRCH, FIXES, INVITES, ME, NOW, PROMISES, REJECTS, account, held_round, receive, send
from tests.machine import length
from tests.mail_clients import gmail, k9, message_id_of, text_of, thunderbird

SENDERS = {"acme": "Dana Cole <dana@acme.example>", "birch": "Ines Moreau <ines@birch.example>"}
ROLES = {FolderRole.INBOX, FolderRole.SENT, FolderRole.DRAFTS}
METHODS = ["folders", "headings", "read", "find", "append_draft", "remove_draft", "position", "listing", "fetch"]
CLIENTS = {"thunderbird": thunderbird, "k9": k9, "gmail": gmail}
INTERVIEWED = replace(ACME, rounds=(held_round(NOW - timedelta(hours=4), "dana@acme.example"),))


class LifeOfDrafts(RuleBasedStateMachine):
    """One mailbox, two candidacies, a user, an agent that fails, and a clock that only goes forward."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.steps = Steps()
        self.mailbox = KillableMailbox(self.steps, lambda: self.now)
        self.account = account(self.mailbox, INTERVIEWED, BIRCH, ledger=KillableLedger(self.steps))
        self.count = 0
        self.received: list[tuple[str, str]] = []
        self.saved: list[bytes] = []
        """What the user saved in Drafts and left there."""
        self.taken: set[str] = set()
        """Message-IDs of drafts that were in Drafts, as the agent knew, and that the user deleted or sent."""

    def next_id(self, domain: str) -> str:
        self.count += 1
        return f"<m{self.count}@{domain}.example>"

    @rule(who=st.sampled_from(sorted(SENDERS)), says=st.sampled_from([INVITES, FIXES, REJECTS, PROMISES]), answers=st.booleans())
    def they_write(self, who: str, says: str, answers: bool) -> None:
        message_id = self.next_id(who)
        earlier = [known for owner, known in self.received if owner == who]
        parent = {"in_reply_to": earlier[-1]} if answers and earlier else {}
        receive(self.mailbox, message_id, says, at=self.now, sender=SENDERS[who], **parent)
        self.received.append((who, message_id))

    @rule(who=st.sampled_from(sorted(SENDERS)))
    def the_user_writes(self, who: str) -> None:
        earlier = [known for owner, known in self.received if owner == who]
        if earlier:
            to = SENDERS[who]
            send(self.mailbox, self.next_id("mailbox"), "Thank you, noted.", at=self.now, to=to, in_reply_to=earlier[-1])

    @rule(edits=st.booleans())
    def the_user_sends_a_draft(self, edits: bool) -> None:
        for uid, raw in list(self.mailbox.messages(FolderRole.DRAFTS).items())[:1]:
            self.take_for_good(uid, raw)
            sent = raw.replace(b"Message-ID: <", b"Message-ID: <client-") if edits else raw
            self.mailbox.deliver(FolderRole.SENT, sent, self.now)

    @rule()
    def the_user_deletes_a_draft(self) -> None:
        for uid, raw in list(self.mailbox.messages(FolderRole.DRAFTS).items())[:1]:
            self.take_for_good(uid, raw)

    def take_for_good(self, uid: int, raw: bytes) -> None:
        self.take(uid, raw)
        if any(draft.message_id == message_id_of(raw) for draft in self.account.ledger.drafts(DraftState.QUEUED)):
            self.taken.add(message_id_of(raw))

    def take(self, uid: int, raw: bytes) -> None:
        self.mailbox.remove(FolderRole.DRAFTS, uid)
        if raw in self.saved:
            self.saved.remove(raw)

    @rule(client=st.sampled_from(sorted(CLIENTS)), which=st.integers(0, 3), anew=st.booleans())
    def the_user_edits_a_draft(self, client: str, which: int, anew: bool) -> None:
        for uid, raw in list(self.mailbox.messages(FolderRole.DRAFTS).items())[which : which + 1]:
            self.count += 1
            text = f"Dear all,\n\nmy own words, number {self.count}.\n" if anew else f"{text_of(raw)}\nP.S. {self.count}\n"
            self.save(uid, raw, CLIENTS[client](raw, text))

    @rule(client=st.sampled_from(sorted(CLIENTS)), topic=st.sampled_from(["how on-call is shared", "how releases are planned"]))
    def the_user_answers_a_debrief(self, client: str, topic: str) -> None:
        for uid, raw in list(self.mailbox.messages(FolderRole.DRAFTS).items()):
            before, question, after = text_of(raw).partition("\n2. ")
            if email.message_from_bytes(raw)["To"] == ME and question:
                self.save(uid, raw, CLIENTS[client](raw, f"{before.rstrip()}\n{topic}\n{question}{after}"))

    def save(self, uid: int, raw: bytes, new: bytes) -> None:
        self.take(uid, raw)
        self.mailbox.deliver(FolderRole.DRAFTS, new, self.now)
        self.saved.append(new)

    @rule(minutes=st.sampled_from([1, 10, 60, 5 * 60, 24 * 60, 8 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(method=st.sampled_from(METHODS), permanent=st.booleans())
    def something_will_fail(self, method: str, permanent: bool) -> None:
        self.mailbox.fail_next(method, MailboxProblem(f"{method} failed", permanent=permanent))

    @rule(kept=st.booleans())
    def an_answer_to_append_will_be_lost(self, kept: bool) -> None:
        if kept:
            self.mailbox.lose_answer_to_next_append()
        else:
            self.mailbox.drop_next_append()

    @rule(role=st.sampled_from(sorted(ROLES)))
    def uidvalidity_changes(self, role: FolderRole) -> None:
        self.mailbox.change_uidvalidity(role)

    @rule(kill_after=st.none() | st.integers(1, 12))
    def the_agent_makes_a_pass(self, kill_after: int | None) -> None:
        self.steps.count, self.steps.last = 0, kill_after
        try:
            run_pass(self.account, self.now)
        except (MailboxProblem, Killed):
            return
        finally:
            self.steps.last = None

    @invariant()
    def no_message_id_lies_in_drafts_twice(self) -> None:
        ids = Counter(email.message_from_bytes(raw)["Message-ID"] for raw in self.mailbox.messages(FolderRole.DRAFTS).values())
        assert all(times == 1 for times in ids.values()), ids

    @invariant()
    def no_occasion_has_two_drafts(self) -> None:
        keys = Counter(draft.key for draft in self.account.ledger.drafts())
        assert all(times == 1 for times in keys.values())

    @invariant()
    def drafts_hold_nothing_that_the_ledger_does_not_know(self) -> None:
        known = {draft.message_id for draft in self.account.ledger.drafts()}
        there = {message_id_of(raw) for raw in self.mailbox.messages(FolderRole.DRAFTS).values() if raw not in self.saved}
        assert there <= known

    @invariant()
    def what_the_user_saved_is_still_there(self) -> None:
        assert Counter(self.saved) <= Counter(self.mailbox.messages(FolderRole.DRAFTS).values())

    @invariant()
    def what_the_user_deleted_does_not_come_back(self) -> None:
        there = {message_id_of(raw) for raw in self.mailbox.messages(FolderRole.DRAFTS).values() if raw not in self.saved}
        assert self.taken.isdisjoint(there)

    @invariant()
    def no_thank_you_lies_there_beside_an_edited_one(self) -> None:
        there = Counter(
            email.message_from_bytes(raw)["Subject"]
            for raw in self.mailbox.messages(FolderRole.DRAFTS).values()
            if str(email.message_from_bytes(raw)["Subject"]).startswith("Thank you for")
        )
        assert all(times == 1 for times in there.values()), there

    def teardown(self) -> None:
        """Once the faults are over two passes settle everything: the next finds nothing to do, and nothing is left half done.

        The first may only adopt what a kill left behind; what the user wrote into it is read by the second.
        """
        if not hasattr(self, "account"):
            return
        self.mailbox.forget_failures()
        run_pass(self.account, self.now)
        run_pass(self.account, self.now)
        report = run_pass(self.account, self.now)
        assert (report.read, report.queued, report.stopped, report.withdrawn, report.rewritten) == (0, [], [], [], [])
        assert self.account.ledger.drafts(DraftState.INTENDED) == []
        self.no_message_id_lies_in_drafts_twice()
        for later in (timedelta(hours=1), timedelta(days=2)):
            run_pass(self.account, self.now + later)
        self.what_is_recorded_is_true()
        self.account.ledger.close()

    def what_is_recorded_is_true(self) -> None:
        """Every draft that counts as lying there does, and what lies there untouched counts as such."""
        there = list(self.mailbox.messages(FolderRole.DRAFTS).values())
        as_made = {digest_of(raw) for raw in there if raw not in self.saved}
        queued, sent = (
            {digest_of(draft.raw) for draft in self.account.ledger.drafts(state)}
            for state in (DraftState.QUEUED, DraftState.SENT)
        )
        # What the user answered in words of their own counts as sent; the agent's text may still lie there.
        assert queued <= as_made <= queued | sent
        places = {draft.uid: draft for draft in self.account.ledger.drafts(DraftState.EDITED)}
        assert {self.mailbox.messages(FolderRole.DRAFTS).get(uid or 0) for uid in places} <= set(self.saved)


LifeOfDrafts.TestCase.settings = length(examples=25, steps=20)
TestLifeOfDrafts = LifeOfDrafts.TestCase
