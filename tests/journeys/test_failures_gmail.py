"""A candidacy on Gmail, where a folder is a label and every message lies once in All Mail (docs/failures.md)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.interviews import EventKind, Status
from agent.plan.intention import DraftState
from tests.daemon.scene import FIXES, INVITES, ME, NOW, REJECTS
from tests.journeys.drafts_scene import OWN
from tests.journeys.model_scene import DANA, HOUR, MINUTE, ModelScene, by_the_user
from tests.letters import letter
from tests.mail_clients import message_id_of, text_of
from tests.mailbox.gmail import ALL, DRAFTS, SENT, SPAM, TRASH, Gmail

TALK = "Hi Robin,\n\nThank you for applying. We are looking at your application for the Backend Engineer role.\n\nDana\n"


@pytest.fixture
def gmail(tmp_path: Path) -> Iterator[Gmail]:
    with Gmail(tmp_path) as server:
        yield server


@pytest.fixture
def scene(gmail: Gmail) -> ModelScene:
    return ModelScene.of(gmail, drafts_folder=DRAFTS)


def invited(scene: ModelScene) -> int:
    """Let the invitation come in and be answered; return the UID of the answer in Drafts."""
    scene.receive("<i@acme.example>", INVITES)
    scene.run()
    return scene.drafted()[0]


def confirmed(scene: ModelScene) -> bytes:
    """Return a mail of Dana's in the thread of the invitation that makes an answer to it needless."""
    return letter(
        message_id="<f@acme.example>",
        at=scene.now,
        sender=DANA,
        subject="Backend Engineer",
        body=FIXES,
        in_reply_to="<i@acme.example>",
    )


def scam(scene: ModelScene) -> bytes:
    return letter(
        message_id="<s@elsewhere.example>",
        at=scene.now,
        sender="Dana Cole <dana@elsewhere.example>",
        subject="Backend Engineer at Acme Robotics",
        body=REJECTS,
        vouched="fail",
    )


def test_a_first_look_back_reads_each_message_once_as_what_its_labels_say(gmail: Gmail, scene: ModelScene) -> None:
    """Failures 33 and 34."""
    gmail.now = NOW - 48 * HOUR
    gmail.deliver(SENT, by_the_user("<a@mailbox.example>", "Dear Dana,\n\nHere is my application.\n\nRobin\n", scene))
    gmail.now += HOUR
    scene.receive("<t@acme.example>", TALK, in_reply_to="<a@mailbox.example>")
    gmail.now = NOW - HOUR
    scene.receive("<i@acme.example>", INVITES)
    in_all_mail = gmail.folders[ALL].uidnext - 1
    for label in ("Jobs", "Read later"):
        gmail.label(in_all_mail, label)
    gmail.deliver(SENT, by_the_user("<n@mailbox.example>", REJECTS, scene, to=f"Robin Hale <{ME}>"))
    gmail.label(gmail.folders[ALL].uidnext - 1, "INBOX")
    gmail.deliver(DRAFTS, by_the_user("<o@mailbox.example>", "Dear Dana, I would rather", scene, in_reply_to="<i@acme.example>"))
    gmail.deliver(SPAM, scam(scene))
    gmail.now = NOW
    before = {name: gmail.messages(name) for name in gmail.folders}

    first, second = scene.run(), scene.run(MINUTE)

    kinds = [(event.kind, event.message_id) for event in scene.account.ledger.events() if event.kind is not EventKind.DRAFTED]
    assert kinds == [
        (EventKind.SENT, "<a@mailbox.example>"),
        (EventKind.RECEIVED, "<t@acme.example>"),
        (EventKind.RECEIVED, "<i@acme.example>"),
    ]
    assert [first.queued, second.queued] == [[scene.draft().message_id], []]
    assert second.read == 0
    draft, raw = scene.drafted()
    after = {name: gmail.messages(name) for name in gmail.folders}
    assert after == {**before, DRAFTS: {**before[DRAFTS], draft: raw}, ALL: {**before[ALL], 6: raw}}
    assert gmail.folders[ALL].mails[6].flags == {"\\Draft", "\\Seen"}


def test_an_archived_or_labelled_message_is_no_news(gmail: Gmail, scene: ModelScene) -> None:
    """Failure 33."""
    invited(scene)
    gmail.label(1, "Jobs")
    gmail.archive(1)

    report = scene.run(HOUR)

    assert (report.read, report.queued, report.withdrawn) == (0, [], [])
    assert scene.told(EventKind.RECEIVED) == 1


def test_a_message_taken_out_of_spam_is_read_once(gmail: Gmail, scene: ModelScene) -> None:
    uid = scene.receive("<i@acme.example>", INVITES, folder=SPAM)
    scene.run()
    gmail.folders[ALL].put(gmail.folders[SPAM].mails[uid])
    gmail.move(SPAM, uid, "INBOX")

    for _ in range(2):
        scene.run(HOUR)

    assert len(scene.drafts()) <= 1
    assert scene.told(EventKind.RECEIVED) == 1


def test_a_draft_edited_and_sent_on_the_web_is_followed(gmail: Gmail, scene: ModelScene) -> None:
    """Failure 20: each save is another message, under another number; the sent one is another again."""
    uid = invited(scene)
    for number in range(3):
        gmail.now += MINUTE
        uid = gmail.edit(uid, text_of(scene.drafts()[uid]).replace("\n\n", f"\n\n{OWN[: 20 * (number + 1)]}\n\n", 1))
    lying = gmail.messages(DRAFTS)

    edited = scene.run(MINUTE)
    assert (scene.draft().state, scene.draft().uid) == (DraftState.EDITED, uid)
    assert gmail.messages(DRAFTS) == lying

    gmail.now += HOUR
    gmail.send(uid)
    reports = [edited, scene.run(MINUTE), scene.run(HOUR), scene.run(24 * HOUR)]

    assert (scene.draft().state, scene.told(EventKind.DRAFT_SENT)) == (DraftState.SENT, 1)
    assert [report.queued + report.withdrawn for report in reports] == [[], [], [], []]
    assert gmail.messages(DRAFTS) == gmail.messages(TRASH) == {}


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("within", [True, False])
def test_a_draft_that_is_for_a_moment_the_sent_mail_too_is_not_removed(
    gmail: Gmail, scene: ModelScene, before: bool, within: bool
) -> None:
    """Failure 35: whoever removes the one removes the other. A pass may fall before that moment and into it."""
    uid = invited(scene)
    message_id = scene.draft().message_id
    if before:
        scene.run(MINUTE)
    gmail.begin_to_send(uid)
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    if within:
        scene.run(MINUTE)
        assert [message_id_of(raw) for raw in gmail.messages(SENT).values()] == [message_id]
    gmail.end_sending(uid)

    reports = [scene.run(MINUTE), scene.run(HOUR), scene.run(HOUR)]

    assert [message_id_of(raw) for raw in gmail.messages(SENT).values()] == [message_id]
    assert gmail.messages(TRASH) == {}
    assert [report.queued + report.withdrawn for report in reports] == [[], [], []]
    assert (scene.draft().state, scene.told(EventKind.DRAFT_SENT)) == (DraftState.SENT, 1)


def test_an_untouched_draft_is_moved_to_the_trash_when_it_is_needed_no_more(gmail: Gmail, scene: ModelScene) -> None:
    """Failure 32: an expunge would leave it in All Mail for good."""
    _, raw = scene.drafted() if invited(scene) else (0, b"")
    theirs = gmail.deliver(DRAFTS, by_the_user("<o@mailbox.example>", "Dear Kim, later.", scene, to="kim@friends.example"))
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")

    report = scene.run(MINUTE)

    assert report.withdrawn == [scene.draft().message_id]
    assert list(gmail.messages(DRAFTS)) == [theirs]
    assert list(gmail.messages(TRASH).values()) == [raw]
    assert raw not in gmail.messages(ALL).values()
    assert not [command for command in gmail.commands if "STORE" in command or "EXPUNGE" in command]
    assert scene.run(HOUR).queued == []


def test_news_of_this_minute_do_not_keep_a_draft_that_they_make_needless(gmail: Gmail, scene: ModelScene) -> None:
    """Failure 35 asks for care with what the user sent, not with what came in."""
    invited(scene)
    gmail.deliver("INBOX", confirmed(scene), at=datetime.now(UTC))

    assert scene.run(MINUTE).withdrawn == [scene.draft().message_id]


def test_a_draft_that_had_to_be_left_for_the_moment_is_taken_out_later_though_nothing_comes(
    gmail: Gmail, scene: ModelScene
) -> None:
    """Failure 35: of news that a filter took out of the inbox it is not known who wrote them."""
    invited(scene)
    gmail.deliver("Jobs", confirmed(scene), at=datetime.now(UTC))

    reports = [scene.run(MINUTE), scene.run(MINUTE), scene.run(MINUTE)]
    gmail.folders["Jobs"].mails[1].at = scene.now
    reports += [scene.run(8 * MINUTE), scene.run(MINUTE)]

    assert [report.withdrawn for report in reports] == [[], [], [], [], [scene.draft().message_id]]
    assert scene.drafts() == {}


def test_a_status_is_what_the_thread_says_however_it_is_labelled(gmail: Gmail, scene: ModelScene) -> None:
    invited(scene)
    scene.receive("<r@acme.example>", REJECTS, in_reply_to="<i@acme.example>")
    gmail.archive(gmail.folders[ALL].uidnext - 1)

    report = scene.run(HOUR)

    assert [change.after for change in report.changes] == [Status.REJECTED]
