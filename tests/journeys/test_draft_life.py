"""The life of a draft on a real Dovecot, with the ways of real mail clients (design, promises 2, 3, 5 and 8).

Each pass is a whole one, over IMAP, at a moment that the test names; the user's hand is another IMAP session.
"""

from datetime import timedelta

import pytest

from agent.interviews import EventKind
from agent.plan.intention import DraftState
from agent.policy import DraftKind
from tests.daemon.scene import FIXES
from tests.journeys.drafts_scene import HOUR, INTERVIEWED, MINUTE, OWN, Scene, invited, own_draft
from tests.mail_clients import Client, gmail, k9, text_of, thunderbird

# Edited


@pytest.mark.parametrize("client", [thunderbird, k9, gmail])
def test_an_edited_draft_is_the_users_whatever_the_client_makes_of_it(scene: Scene, client: Client) -> None:
    uid, raw = invited(scene)
    saved = scene.save(client, uid, text_of(raw).replace("\n\n", f"\n\n{OWN}\n\n", 1))
    lying = scene.drafts()[saved]

    scene.run(5 * MINUTE)
    assert (scene.draft().state, scene.draft().uid) == (DraftState.EDITED, saved)
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    reports = [scene.run(HOUR), scene.run(HOUR)]

    assert scene.drafts()[saved] == lying
    assert scene.draft().state is DraftState.EDITED
    assert scene.draft().overtaken == "dana@acme.example wrote since: scheduled"
    assert [report.queued + report.withdrawn for report in reports] == [[], []]


@pytest.mark.parametrize("client", [thunderbird, k9])
def test_a_draft_that_is_written_anew_from_the_first_word_is_still_known(scene: Scene, client: Client) -> None:
    uid, _ = invited(scene)
    saved = scene.save(client, uid, f"Hello Dana,\n\n{OWN}\n\nRobin\n")

    scene.run(5 * MINUTE)

    assert (scene.draft().state, scene.draft().uid) == (DraftState.EDITED, saved)


def test_copies_of_one_edit_saved_in_a_row_are_one(scene: Scene) -> None:
    uid, raw = invited(scene)
    for number in range(4):
        uid = scene.save(gmail, uid, text_of(raw).replace("\n\n", f"\n\n{OWN[: 12 * (number + 1)]}\n\n", 1))
        if number == 1:
            scene.run(MINUTE)
    # The last copy is there before the one before it is gone, and a pass comes in between.
    last = scene.server.deliver(scene.user, "Drafts", gmail(raw, text_of(raw) + OWN), ["\\Draft"], scene.now)
    scene.run(MINUTE)
    scene.server.remove(scene.user, "Drafts", uid)
    scene.run(HOUR)

    assert (scene.draft().state, scene.draft().uid) == (DraftState.EDITED, last)
    assert len(scene.drafts()) == 4


def test_an_edited_draft_that_is_deleted_is_noticed_as_well(scene: Scene) -> None:
    uid, raw = invited(scene)
    saved = scene.save(k9, uid, text_of(raw) + OWN)
    scene.run(MINUTE)
    scene.server.remove(scene.user, "Drafts", saved)

    scene.run(MINUTE)
    assert scene.draft().state is DraftState.EDITED
    scene.run(10 * MINUTE)

    assert scene.draft().state is DraftState.DELETED
    assert len(scene.drafts()) == 3


def test_a_client_that_saves_without_a_change_leaves_the_draft_as_it_was(scene: Scene) -> None:
    uid, raw = invited(scene)
    saved = scene.save(thunderbird, uid, text_of(raw))

    scene.run(MINUTE)

    assert (scene.draft().state, scene.draft().uid) == (DraftState.QUEUED, saved)
    # Yet its bytes are the client's: it is not taken out.
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    scene.run(MINUTE)
    assert scene.draft().state is DraftState.EDITED
    assert saved in scene.drafts()


def test_another_draft_of_the_users_in_the_same_thread_is_not_taken_for_it(scene: Scene) -> None:
    uid, raw = invited(scene)
    other = k9(raw, "Dana, one more thing: is there a car park near the office, and may I bring my dog?\n")
    scene.server.deliver(scene.user, "Drafts", other, ["\\Draft"], scene.now)

    scene.run(MINUTE)
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    scene.run(HOUR)

    assert scene.draft().state is DraftState.WITHDRAWN
    assert uid not in scene.drafts()
    assert other in scene.drafts().values()


# Sent


def test_a_draft_sent_as_it_is_is_known_by_its_message_id(scene: Scene) -> None:
    scene.send(*invited(scene))

    scene.run(MINUTE)

    assert (scene.draft().state, scene.told(EventKind.DRAFT_SENT)) == (DraftState.SENT, 1)


@pytest.mark.parametrize("client", [k9, gmail])
def test_a_draft_sent_under_another_message_id_is_known(scene: Scene, client: Client) -> None:
    uid, raw = invited(scene)
    scene.send(uid, client(raw, text_of(raw)))

    scene.run(MINUTE)

    assert (scene.draft().state, scene.told(EventKind.DRAFT_SENT)) == (DraftState.SENT, 1)


def test_a_thank_you_edited_a_lot_before_it_was_sent_counts_as_sent(scene: Scene) -> None:
    scene.track(INTERVIEWED)
    scene.run()
    uid, raw = scene.drafted(DraftKind.THANK_YOU)
    scene.send(uid, k9(raw, "Dana, it was lovely to meet you and the dog. See you soon!\n\nRobin\n"))

    scene.run(MINUTE)
    scene.run(11 * MINUTE)

    assert scene.draft(DraftKind.THANK_YOU).state is DraftState.SENT
    assert len(scene.drafts()) == 4


def test_what_was_sent_while_nothing_ran_is_known_afterwards(scene: Scene) -> None:
    uid, raw = invited(scene)
    saved = scene.save(k9, uid, text_of(raw) + OWN)
    scene.send(saved, k9(raw, text_of(raw) + OWN))

    report = scene.run(timedelta(days=3))

    assert (scene.draft().state, report.queued) == (DraftState.SENT, [])
    assert len(scene.drafts()) == 3


# Moved, flagged, deleted


def test_a_flagged_draft_is_still_the_agents(scene: Scene) -> None:
    uid, _ = invited(scene)
    scene.server.store(scene.user, "Drafts", uid, "\\Flagged")

    scene.run(HOUR)
    assert scene.draft().state is DraftState.QUEUED
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    scene.run(HOUR)

    assert scene.draft().state is DraftState.WITHDRAWN
    assert len(scene.drafts()) == 3


def test_a_draft_moved_to_another_folder_is_waited_for(scene: Scene) -> None:
    uid, raw = invited(scene)
    scene.server.deliver(scene.user, "Archive", raw, ["\\Draft"], scene.now)
    scene.server.remove(scene.user, "Drafts", uid)

    for _ in range(4):
        scene.run(HOUR)
    assert scene.draft().state is DraftState.QUEUED
    scene.server.deliver(scene.user, "Drafts", raw, ["\\Draft"], scene.now)
    scene.run(HOUR)

    assert scene.draft().missing_since is None
    assert scene.draft().state is DraftState.QUEUED


def test_a_deleted_draft_is_told_after_two_looks_ten_minutes_apart_and_never_comes_back(scene: Scene) -> None:
    uid, _ = invited(scene)
    scene.server.remove(scene.user, "Drafts", uid)

    states = []
    for after in (MINUTE, 9 * MINUTE, MINUTE):
        scene.run(after)
        states.append(scene.draft().state)
    assert states == [DraftState.QUEUED, DraftState.QUEUED, DraftState.DELETED]
    later = [scene.run(timedelta(days=1)) for _ in range(3)]

    assert [report.queued for report in later] == [[], [], []]
    assert (scene.told(EventKind.DRAFT_DELETED), len(scene.drafts())) == (1, 3)


def test_a_missing_draft_says_when_to_look_again(scene: Scene) -> None:
    uid, _ = invited(scene)
    scene.server.remove(scene.user, "Drafts", uid)

    report = scene.run(MINUTE)

    assert report.next_at is not None
    assert report.next_at <= scene.now + 10 * MINUTE


def test_news_after_a_draft_was_deleted_brings_nothing_back(scene: Scene) -> None:
    uid, _ = invited(scene)
    scene.server.remove(scene.user, "Drafts", uid)
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")

    reports = [scene.run(after) for after in (MINUTE, HOUR, HOUR)]

    assert [report.queued for report in reports] == [[], [], []]
    assert scene.draft().state is DraftState.DELETED
    assert len(scene.drafts()) == 3


# The folder


def test_a_drafts_folder_that_was_renamed_away_and_back_changes_nothing(scene: Scene) -> None:
    invited(scene)
    scene.server.rename(scene.user, "Drafts", "Old")
    for _ in range(3):
        scene.run(HOUR)
    assert scene.draft().state is DraftState.QUEUED

    scene.server.delete(scene.user, "Drafts")
    scene.server.rename(scene.user, "Old", "Drafts")
    scene.run(HOUR)
    assert (scene.draft().state, scene.draft().missing_since) == (DraftState.QUEUED, None)
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")
    scene.run(HOUR)

    assert scene.draft().state is DraftState.WITHDRAWN
    assert len(scene.drafts()) == 3


@pytest.mark.parametrize("edited", [False, True])
def test_new_uids_for_all_messages_change_nothing(scene: Scene, edited: bool) -> None:
    uid, raw = invited(scene)
    if edited:
        scene.save(k9, uid, text_of(raw) + OWN)
    lying = scene.drafts()
    scene.server.rename(scene.user, "Drafts", "Old")
    for each in (8, 9):
        scene.server.remove(scene.user, "Drafts", scene.server.deliver(scene.user, "Drafts", own_draft(each)))
    for raw in lying.values():
        scene.server.deliver(scene.user, "Drafts", raw, ["\\Draft"], scene.now)

    for _ in range(3):
        scene.run(HOUR)

    assert scene.draft().state is (DraftState.EDITED if edited else DraftState.QUEUED)
    assert scene.draft().uid == 6
    scene.server.delete(scene.user, "Drafts")
    scene.server.rename(scene.user, "Old", "Drafts")
