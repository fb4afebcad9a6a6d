"""A disk that fills at any write of a pass: told in one line, nothing half done, no second draft, and on it goes by itself."""

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.daemon.account import Account
from agent.daemon.one_pass import run_pass
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftState
from agent.store import Ledger, StoreProblem
from tests.daemon.scene import ACME, INVITES, NOW, account, held_round, receive
from tests.mail_clients import k9, text_of

HOUR = timedelta(hours=1)
DRAFTS = FolderRole.DRAFTS


@contextmanager
def few_pages(ledger: Ledger, more: int) -> Iterator[None]:
    """Let the database grow by so many pages and no further."""
    (pages,) = ledger._rows._db.execute("PRAGMA page_count").fetchone()
    (before,) = ledger._rows._db.execute("PRAGMA max_page_count").fetchone()
    ledger._rows._db.execute(f"PRAGMA max_page_count = {pages + more}")
    try:
        yield
    finally:
        ledger._rows._db.execute(f"PRAGMA max_page_count = {before}")


@contextmanager
def small_files(ledger: Ledger, more: int) -> Iterator[None]:
    """Let the system refuse to make the log of the database longer than by so many pieces of 20,000 octets."""
    log = Path(f"{ledger.where}-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + more * 20_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def invited(path: Path) -> Account:
    """A first draft is due."""
    mailbox = MemoryMailbox(clock=lambda: NOW)
    begun = account(mailbox, ACME, ledger=Ledger(path))
    for number in range(4):
        receive(mailbox, f"<i{number}@acme.example>", INVITES, at=NOW - HOUR, sender="Dana Cole <dana@acme.example>")
    return begun


def debriefed(path: Path) -> Account:
    """A thank-you lies in Drafts and is to be written anew with what the user has noted."""
    mailbox = MemoryMailbox(clock=lambda: NOW)
    begun = account(mailbox, replace(ACME, rounds=(held_round(NOW - 4 * HOUR, "dana@acme.example"),)), ledger=Ledger(path))
    run_pass(begun, NOW - HOUR)
    ((uid, raw),) = [(uid, raw) for uid, raw in mailbox.messages(DRAFTS).items() if b"To: Dana Cole" not in raw]
    before, _, after = text_of(raw).partition("\n2. ")
    mailbox.remove(DRAFTS, uid)
    mailbox.deliver(DRAFTS, k9(raw, f"{before.rstrip()}\nhow on-call is shared\n\n2. {after}"), NOW)
    return begun


def to_dana(mailbox: MemoryMailbox) -> list[bytes]:
    return [raw for raw in mailbox.messages(DRAFTS).values() if b"To: Dana Cole" in raw]


@pytest.mark.parametrize(("limit", "begin"), [(few_pages, invited), (small_files, invited), (small_files, debriefed)])
def test_a_pass_survives_a_disk_that_is_full_at_any_of_its_writes(
    limit: Callable[[Ledger, int], AbstractContextManager[None]], begin: Callable[[Path], Account], tmp_path: Path
) -> None:
    room, full = 0, True
    while full:
        scene = begin(tmp_path / f"{room}" / "ledger.sqlite")
        mailbox = scene.open_mailbox()
        assert isinstance(mailbox, MemoryMailbox)
        told = ""
        try:
            with limit(scene.ledger, room):
                run_pass(scene, NOW)
        except StoreProblem as problem:
            told = str(problem)
        full = bool(told)
        assert "\n" not in told
        assert not full or ("ledger.sqlite" in told and "free some space on that disk" in told), told
        assert len(to_dana(mailbox)) <= 1
        assert not scene.ledger._rows._db.in_transaction

        run_pass(scene, NOW + HOUR)

        (raw,) = to_dana(mailbox)
        assert begin is invited or "how on-call is shared" in " ".join(text_of(raw).split()), room
        assert scene.ledger.drafts(DraftState.INTENDED) == []
        drafted = [(event.draft_kind, event.occasion) for event in scene.ledger.events() if event.kind == "drafted"]
        assert len(set(drafted)) == len(drafted)
        assert run_pass(scene, NOW + HOUR).read == 0
        scene.ledger.close()
        room += 1
    assert room > 2
