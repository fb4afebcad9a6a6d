"""A debrief answered in Drafts or sent to oneself, on a real Dovecot, and the thank-you that is written anew with the answers."""

import pytest

from agent.interviews import EventKind
from agent.plan.intention import DraftState
from agent.policy import DraftKind
from tests.journeys.drafts_scene import HOUR, INTERVIEWED, MINUTE, Scene
from tests.mail_clients import Client, gmail, k9, message_id_of, text_of, thunderbird


def interviewed(scene: Scene) -> tuple[int, bytes]:
    """Let an interview be over and its thank-you be drafted; return UID and bytes of the debrief."""
    scene.track(INTERVIEWED)
    scene.run()
    return scene.drafted(DraftKind.DEBRIEF)


def answered(raw: bytes, topic: str) -> str:
    """Return the text of a debrief with an answer to its first question."""
    before, _, after = text_of(raw).partition("\n2. ")
    return f"{before.rstrip()}\n{topic}\n\n2. {after}"


def notes(scene: Scene) -> list[str]:
    """Return the answers to debriefs that the history holds, each with the number of its interview."""
    return [f"{event.round}: {event.note}" for event in scene.account.ledger.events() if event.kind is EventKind.DEBRIEFED]


@pytest.mark.parametrize("client", [thunderbird, k9, gmail])
def test_answers_saved_in_a_debrief_are_read_once_and_again_when_they_change(scene: Scene, client: Client) -> None:
    uid, raw = interviewed(scene)
    saved = scene.save(client, uid, answered(raw, "how on-call is shared"))
    for _ in range(2):
        scene.run(MINUTE)
    assert notes(scene) == ["1: topic: how on-call is shared"]

    saved = scene.save(client, saved, answered(raw, "how on-call is shared"))
    scene.run(MINUTE)
    assert len(notes(scene)) == 1
    last = scene.save(client, saved, answered(raw, "how releases are planned"))
    scene.run(MINUTE)

    assert notes(scene) == ["1: topic: how on-call is shared", "1: topic: how releases are planned"]
    assert (scene.draft(DraftKind.DEBRIEF).state, scene.draft(DraftKind.DEBRIEF).uid) == (DraftState.EDITED, last)
    assert last in scene.drafts()


def test_answers_sent_to_oneself_are_read_from_sent(scene: Scene) -> None:
    uid, raw = interviewed(scene)
    scene.send(uid, k9(raw, answered(raw, "how on-call is shared")))

    for _ in range(2):
        scene.run(MINUTE)

    assert notes(scene) == ["1: topic: how on-call is shared"]
    assert scene.draft(DraftKind.DEBRIEF).state is DraftState.SENT
    assert scene.told(EventKind.SENT) == 0


def test_answers_in_a_debrief_that_came_by_mail_are_not_read(scene: Scene) -> None:
    _, raw = interviewed(scene)
    scene.server.deliver(scene.user, "INBOX", k9(raw, answered(raw, "how on-call is shared")), internaldate=scene.now)

    scene.run(MINUTE)

    assert notes(scene) == []


def test_an_answered_debrief_has_the_thank_you_written_anew_in_its_place(scene: Scene) -> None:
    uid, raw = interviewed(scene)
    old_uid, old = scene.drafted(DraftKind.THANK_YOU)
    assert b"on-call" not in old
    scene.save(k9, uid, answered(raw, "how on-call is shared"))

    report = scene.run(MINUTE)

    new_uid, new = scene.drafted(DraftKind.THANK_YOU)
    assert message_id_of(new) == message_id_of(old)
    assert "how on-call is shared" in " ".join(text_of(new).split())
    assert (new_uid != old_uid, old_uid in scene.drafts()) == (True, False)
    assert (report.queued, report.rewritten) == ([], [message_id_of(old)])
    assert (scene.draft(DraftKind.THANK_YOU).state, scene.told(EventKind.DRAFTED)) == (DraftState.QUEUED, 2)
    assert scene.run(MINUTE).rewritten == []


@pytest.mark.parametrize(
    ("moment", "method", "left_behind"),
    [("before", "remove_draft", 1), ("after", "remove_draft", 0), ("before", "append_draft", 0), ("after", "append_draft", 1)],
)
def test_a_kill_while_a_thank_you_is_written_anew_leaves_exactly_one(
    scene: Scene, moment: str, method: str, left_behind: int
) -> None:
    uid, raw = interviewed(scene)
    thanks = message_id_of(scene.drafted(DraftKind.THANK_YOU)[1])
    scene.save(k9, uid, answered(raw, "how on-call is shared"))

    scene.killed(moment, method)
    assert [message_id_of(raw) for raw in scene.drafts().values()].count(thanks) == left_behind
    for _ in range(2):
        scene.run(MINUTE)

    _, new = scene.drafted(DraftKind.THANK_YOU)
    assert "how on-call is shared" in " ".join(text_of(new).split())
    assert (message_id_of(new), len(scene.drafts())) == (thanks, 5)
    assert (scene.draft(DraftKind.THANK_YOU).state, scene.told(EventKind.DRAFTED)) == (DraftState.QUEUED, 2)


def test_a_thank_you_edited_after_such_a_kill_is_the_users(scene: Scene) -> None:
    uid, raw = interviewed(scene)
    thanks, old = scene.drafted(DraftKind.THANK_YOU)
    scene.save(k9, uid, answered(raw, "how on-call is shared"))
    scene.killed("before", "remove_draft")
    saved = scene.save(k9, thanks, text_of(old) + "\nThe coffee was good, too.\n")

    for _ in range(3):
        scene.run(HOUR)

    assert scene.draft(DraftKind.THANK_YOU).state is DraftState.EDITED
    assert saved in scene.drafts()
    assert len(scene.drafts()) == 5


@pytest.mark.parametrize("client", [thunderbird, k9])
def test_a_thank_you_that_was_edited_before_is_left_alone(scene: Scene, client: Client) -> None:
    uid, raw = interviewed(scene)
    thanks, old = scene.drafted(DraftKind.THANK_YOU)
    saved = scene.save(client, thanks, text_of(old) + "\nThe coffee was good, too.\n")
    lying = scene.drafts()[saved]
    scene.save(client, uid, answered(raw, "how on-call is shared"))

    for _ in range(2):
        scene.run(MINUTE)

    assert notes(scene) == ["1: topic: how on-call is shared"]
    assert scene.drafts()[saved] == lying
    assert scene.draft(DraftKind.THANK_YOU).state is DraftState.EDITED
    assert len(scene.drafts()) == 5


def test_a_deleted_thank_you_is_not_written_anew(scene: Scene) -> None:
    uid, raw = interviewed(scene)
    thanks, _ = scene.drafted(DraftKind.THANK_YOU)
    scene.server.remove(scene.user, "Drafts", thanks)
    scene.save(k9, uid, answered(raw, "how on-call is shared"))

    for after in (MINUTE, 10 * MINUTE, HOUR):
        scene.run(after)

    assert scene.draft(DraftKind.THANK_YOU).state is DraftState.DELETED
    assert len(scene.drafts()) == 4
