"""Passes killed at every single step of theirs, with and without the user's hand in Drafts before the next one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from agent.daemon.account import Account
from agent.daemon.one_pass import run_pass
from agent.mailbox import FolderRole
from agent.plan.intention import DraftState
from agent.policy import DraftKind
from tests.daemon.killable import KillableLedger, KillableMailbox, Killed, Steps
from tests.daemon.scene import ACME, INVITES, NOW, account, held_round, receive
from tests.mail_clients import k9, text_of, thunderbird

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DRAFTS = FolderRole.DRAFTS
OWN = "The coffee was good, too."


@dataclass(kw_only=True)
class Scene:
    steps: Steps
    mailbox: KillableMailbox
    account: Account

    def killed_at(self, step: int) -> bool:
        """Make a pass that is killed after its step of this number; return whether it was."""
        self.steps.count, self.steps.last = 0, step
        try:
            run_pass(self.account, NOW)
        except Killed:
            return True
        finally:
            self.steps.last = None
        return False

    def to_dana(self) -> dict[int, bytes]:
        """Return what lies in Drafts for the interviewer."""
        return {uid: raw for uid, raw in self.mailbox.messages(DRAFTS).items() if b"To: Dana Cole" in raw}

    def settle(self) -> None:
        for after in (MINUTE, 12 * MINUTE, HOUR):
            run_pass(self.account, NOW + after)


def scene() -> Scene:
    steps = Steps()
    mailbox = KillableMailbox(steps, lambda: NOW)
    return Scene(steps=steps, mailbox=mailbox, account=account(mailbox, ledger=KillableLedger(steps)))


def invited() -> Scene:
    """A draft is due for the first time."""
    begun = scene()
    with begun.account.ledger.transaction():
        begun.account.ledger.put_interview(ACME)
    receive(begun.mailbox, "<i@acme.example>", INVITES, at=NOW - HOUR)
    return begun


def debriefed() -> Scene:
    """A thank-you lies in Drafts, and the answers to the debrief would have it written anew."""
    begun = scene()
    with begun.account.ledger.transaction():
        begun.account.ledger.put_interview(replace(ACME, rounds=(held_round(NOW - 4 * HOUR, "dana@acme.example"),)))
    run_pass(begun.account, NOW - HOUR)
    ((uid, raw),) = [(uid, raw) for uid, raw in begun.mailbox.messages(DRAFTS).items() if uid not in begun.to_dana()]
    before, _, after = text_of(raw).partition("\n2. ")
    begun.mailbox.remove(DRAFTS, uid)
    begun.mailbox.deliver(DRAFTS, k9(raw, f"{before.rstrip()}\nhow on-call is shared\n\n2. {after}"), NOW)
    return begun


def nothing(_: Scene) -> None:
    return


def saves(client: Callable[[bytes, str], bytes]) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        for uid, raw in scene.to_dana().items():
            scene.mailbox.remove(DRAFTS, uid)
            scene.mailbox.deliver(DRAFTS, client(raw, text_of(raw).replace("\n\n", f"\n\n{OWN}\n\n", 1)), NOW)

    return act


def deletes(scene: Scene) -> None:
    for uid in scene.to_dana():
        scene.mailbox.remove(DRAFTS, uid)


@pytest.mark.parametrize("begin", [invited, debriefed])
def test_a_kill_at_any_step_leaves_exactly_one_draft(begin: Callable[[], Scene]) -> None:
    step, killed = 1, True
    while killed:
        scene = begin()
        killed = scene.killed_at(step)
        scene.settle()
        ((_, raw),) = scene.to_dana().items()
        drafted = [event for event in scene.account.ledger.events() if event.draft_kind and event.kind == "drafted"]
        assert len({(event.draft_kind, event.occasion) for event in drafted}) == len(drafted), step
        assert begin is invited or "how on-call is shared" in " ".join(text_of(raw).split()), step
        assert scene.account.ledger.drafts(DraftState.INTENDED) == [], step
        step += 1
    assert step > 6


@pytest.mark.parametrize("begin", [invited, debriefed])
@pytest.mark.parametrize("client", [thunderbird, k9])
def test_what_the_user_edits_after_a_kill_stays_and_stays_alone(
    begin: Callable[[], Scene], client: Callable[[bytes, str], bytes]
) -> None:
    step, killed, edited = 1, True, 0
    while killed:
        scene = begin()
        killed = scene.killed_at(step)
        saves(client)(scene)
        before = scene.to_dana()
        scene.settle()
        if before:
            edited += 1
            assert scene.to_dana() == before, step
        assert len(scene.to_dana()) == 1, step
        step += 1
    assert edited > 1


@pytest.mark.parametrize("begin", [invited, debriefed])
def test_what_the_user_deletes_after_a_kill_never_comes_back(begin: Callable[[], Scene]) -> None:
    step, killed, deleted = 1, True, 0
    while killed:
        scene = begin()
        killed = scene.killed_at(step)
        step += 1
        if any(draft.taking_out for draft in scene.account.ledger.drafts()) and killed:
            # Killed in the act of taking the old text out: whose hand took it cannot be told, and the new text is put there.
            continue
        was_there = bool(scene.to_dana())
        deletes(scene)
        scene.settle()
        if was_there:
            deleted += 1
            assert scene.to_dana() == {}, step
            kinds = {draft.kind: draft.state for draft in scene.account.ledger.drafts()}
            assert kinds[DraftKind.THANK_YOU if begin is debriefed else DraftKind.REPLY_INVITATION] is DraftState.DELETED
    assert deleted > 1
