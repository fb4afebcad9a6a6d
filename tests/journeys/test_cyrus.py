"""One candidacy on Cyrus, a server of another make: the first look back, a draft, the user's edit of it, and the answer sent."""

from datetime import timedelta
from pathlib import Path

from agent.interviews import EventKind
from agent.plan.intention import DraftState
from tests.cyrus import Cyrus
from tests.daemon.scene import FIXES, INVITES
from tests.journeys.drafts_scene import MINUTE, OWN, begun, theirs
from tests.mail_clients import k9, text_of
from tests.mail_server import MailboxUser


def test_a_draft_is_written_edited_and_sent_on_cyrus_and_all_else_stays(
    cyrus: Cyrus, mailbox_user: MailboxUser, tmp_path: Path
) -> None:
    scene = begun(cyrus, mailbox_user, tmp_path / "ledger.sqlite")
    before = {folder: theirs(scene, folder) for folder in ("INBOX", "Drafts")}
    scene.receive("<i@acme.example>", INVITES)

    first = scene.run()
    uid, raw = scene.drafted()
    assert (first.read, first.queued) == (3, [scene.draft().message_id])
    assert cyrus.flags(mailbox_user, "Drafts")[uid] == {"\\Draft", "\\Seen"}

    edited = k9(raw, text_of(raw).replace("\n\n", f"\n\n{OWN}\n\n", 1))
    saved = cyrus.deliver(mailbox_user, "Drafts", edited, ["\\Draft", "\\Seen"], scene.now)
    cyrus.remove(mailbox_user, "Drafts", uid)
    assert scene.run(5 * MINUTE).queued == []
    assert (scene.draft().state, scene.draft().uid) == (DraftState.EDITED, saved)

    scene.send(saved, k9(raw, text_of(edited)))
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    reports = [scene.run(timedelta(hours=1)), scene.run(timedelta(hours=1))]

    assert (scene.draft().state, scene.told(EventKind.DRAFT_SENT)) == (DraftState.SENT, 1)
    assert [report.queued + report.withdrawn for report in reports] == [[], []]
    assert {folder: theirs(scene, folder) for folder in ("INBOX", "Drafts")} == before
    assert len(scene.drafts()) == 3
    scene.account.ledger.close()


def test_an_untouched_draft_is_taken_out_on_cyrus_when_it_is_needed_no_more(
    cyrus: Cyrus, mailbox_user: MailboxUser, tmp_path: Path
) -> None:
    scene = begun(cyrus, mailbox_user, tmp_path / "ledger.sqlite")
    scene.receive("<i@acme.example>", INVITES)
    scene.run()
    uid, _ = scene.drafted()
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")

    report = scene.run(MINUTE)

    assert report.withdrawn == [scene.draft().message_id]
    assert uid not in scene.drafts()
    assert len(scene.drafts()) == 3
    scene.account.ledger.close()
