"""A job search in a Maildir is followed as one anywhere else, while mbsync carries it to the server and back."""

import email
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.daemon.account import Account
from agent.daemon.one_pass import run_pass
from agent.demo.search import CANDIDATE, demo_interviews, demo_messages
from agent.mailbox import FolderRole, Mailbox
from agent.mailbox.lines import with_crlf
from agent.mailbox.memory import MemoryMailbox
from agent.plan.intention import DraftState
from agent.rulebook.tracked import read_interviews
from tests.daemon.scene import account
from tests.mailbox.maildir_scene import MaildirScene

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
DRAFTS = FolderRole.DRAFTS


def searching(mailbox: Mailbox) -> Account:
    tracked = read_interviews(demo_interviews(NOW), "interviews.yaml")
    return replace(account(MemoryMailbox(), *tracked), open_mailbox=lambda: mailbox, authserv_id=CANDIDATE.provider)


def after_three_passes(mailbox: Mailbox) -> Account:
    it = searching(mailbox)
    for minutes in (0, 11, 22):
        run_pass(it, NOW + timedelta(minutes=minutes))
    return it


@pytest.fixture
def scene(tmp_path: Path) -> MaildirScene:
    made = MaildirScene(tmp_path)
    for message in demo_messages(NOW):
        # As mbsync stores it: with the line ends of Unix, and, for want of `CopyArrivalDate`, the time of the download.
        flags = frozenset({"\\Seen"} if message.seen else ())
        made.put(message.folder, message.raw.replace(b"\r\n", b"\n"), NOW - timedelta(minutes=1), flags)
    return made


def test_a_maildir_gets_the_same_drafts_as_any_other_mailbox(scene: MaildirScene) -> None:
    memory = MemoryMailbox()
    for message in demo_messages(NOW):
        memory.deliver(message.folder, message.raw, message.received_at)
    expected, found = after_three_passes(memory), after_three_passes(scene.mailbox)
    assert len(memory.messages(DRAFTS)) >= 5
    assert sorted(scene.messages(DRAFTS).values()) == sorted(with_crlf(raw) for raw in memory.messages(DRAFTS).values())
    assert [(each.key, each.state) for each in found.ledger.drafts()] == [
        (each.key, each.state) for each in expected.ledger.drafts()
    ]
    assert [each.question.kind for each in found.ledger.reviews()] == [each.question.kind for each in expected.ledger.reviews()]


def test_a_draft_that_mbsync_uploads_stays_the_agents_and_one_that_the_server_deletes_is_gone(scene: MaildirScene) -> None:
    it = after_three_passes(scene.mailbox)
    first, *others = scene.on_disk(DRAFTS)
    message_id = email.message_from_bytes(first.read_bytes())["Message-ID"]
    first.unlink()
    for number, file in enumerate(others, 1):
        file.rename(file.with_name(file.name.replace(":2,", f",U={number}:2,")))
    for minutes in (33, 44, 55):
        run_pass(it, NOW + timedelta(minutes=minutes))
    states = {draft.message_id: draft.state for draft in it.ledger.drafts()}
    assert states.pop(message_id) is DraftState.DELETED
    assert set(states.values()) == {DraftState.QUEUED}
    assert len(scene.on_disk(DRAFTS)) == len(others)


def test_after_the_numbers_are_lost_nothing_is_drafted_twice(scene: MaildirScene) -> None:
    it = after_three_passes(scene.mailbox)
    before = scene.on_disk(DRAFTS)
    for file in scene.state.iterdir():
        file.unlink()
    scene.mailbox = scene.opened()
    again = replace(it, open_mailbox=lambda: scene.mailbox)
    for minutes in (33, 44):
        run_pass(again, NOW + timedelta(minutes=minutes))
    assert scene.on_disk(DRAFTS) == before
    assert {draft.state for draft in it.ledger.drafts()} == {DraftState.QUEUED}
