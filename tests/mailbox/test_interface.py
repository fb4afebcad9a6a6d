"""What every mailbox promises, on two real servers of different makes, on a poor one, in a Maildir, and in memory."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.mailbox.interface import Appended, Cursor, FolderRole, Listing, Stored
from agent.mailbox.memory import MemoryMailbox
from tests.mailbox.maildir_scene import MaildirScene
from tests.mailbox.scenes import POOR_NAMES, RICH_NAMES, MemoryScene, Scene, ServerScene, arrivals

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
INBOX, SENT, DRAFTS = FolderRole.INBOX, FolderRole.SENT, FolderRole.DRAFTS


def mail(number: int, text: str = "Good news.") -> bytes:
    lines = (
        "From: Dana Cole <dana@acme.example>",
        "To: me@mail.example",
        f"Message-ID: <m{number}@acme.example>",
        f"Subject: message {number}",
        "",
        text,
        "",
    )
    return "\r\n".join(lines).encode()


@pytest.fixture(
    params=[
        "memory",
        "maildir",
        pytest.param("dovecot", marks=pytest.mark.dovecot),
        pytest.param("poor_dovecot", marks=pytest.mark.dovecot),
        pytest.param("cyrus", marks=pytest.mark.cyrus),
    ]
)
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    if request.param == "memory":
        yield MemoryScene()
        return
    if request.param == "maildir":
        yield MaildirScene(request.getfixturevalue("tmp_path"))
        return
    server = request.getfixturevalue(request.param)
    user = request.getfixturevalue("mailbox_user")
    names = POOR_NAMES if request.param == "poor_dovecot" else RICH_NAMES
    if request.param == "poor_dovecot":
        for name in list(names.values())[1:]:
            server.create(user, name)
    it = ServerScene(server, user, names)
    yield it
    it.mailbox.close()


def read(scene: Scene, cursor: Cursor | None = None, since: datetime = LONG_AGO) -> list[int]:
    return [arrival.uid for arrival in arrivals(scene.mailbox, INBOX, cursor, since=since)]


def test_every_role_has_its_folder(scene: Scene) -> None:
    assert set(scene.mailbox.folders()) == set(FolderRole) - {FolderRole.ALL}
    assert scene.mailbox.folders()[INBOX] == "INBOX"


def test_a_message_is_read_byte_for_byte_with_its_date(scene: Scene) -> None:
    received_at = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
    uid = scene.deliver(INBOX, mail(1), received_at)
    [arrival] = arrivals(scene.mailbox, INBOX, None, since=LONG_AGO)
    assert (arrival.role, arrival.folder, arrival.uid) == (INBOX, "INBOX", uid)
    assert (arrival.raw, arrival.complete, arrival.size) == (mail(1), True, len(mail(1)))
    assert arrival.received_at == received_at
    assert arrival.received_at.utcoffset() == timedelta(0)


def test_reading_leaves_every_flag_and_every_byte_as_it_was(scene: Scene) -> None:
    scene.deliver(INBOX, mail(1), NOW)
    scene.deliver(INBOX, mail(2), NOW, frozenset({"\\Seen"}))
    scene.deliver(INBOX, mail(3), NOW, frozenset({"\\Flagged", "\\Answered"}))
    before = scene.messages(INBOX), scene.flags(INBOX)
    assert len(read(scene)) == 3
    scene.mailbox.find(INBOX, "<m1@acme.example>")
    scene.mailbox.position(INBOX)
    scene.mailbox.append_draft(mail(9))
    assert (scene.messages(INBOX), scene.flags(INBOX)) == before
    assert list(scene.flags(INBOX).values()) == [frozenset(), frozenset({"\\Seen"}), frozenset({"\\Flagged", "\\Answered"})]


def test_without_a_cursor_only_what_came_since_is_read(scene: Scene) -> None:
    scene.deliver(INBOX, mail(1), NOW - timedelta(days=30))
    scene.deliver(INBOX, mail(2), NOW - timedelta(hours=1))
    at_the_instant = scene.deliver(INBOX, mail(3), NOW)
    later = scene.deliver(INBOX, mail(4), NOW + timedelta(hours=1))
    assert read(scene, since=NOW) == [at_the_instant, later]


def test_with_a_cursor_only_what_came_after_it_is_read_whatever_its_date(scene: Scene) -> None:
    scene.deliver(INBOX, mail(1), NOW)
    cursor = scene.mailbox.position(INBOX)
    assert read(scene, cursor, since=NOW) == []
    old = scene.deliver(INBOX, mail(2), NOW - timedelta(days=100))
    assert read(scene, cursor, since=NOW) == [old]


def test_a_cursor_of_another_numbering_counts_as_none(scene: Scene) -> None:
    scene.deliver(INBOX, mail(1), NOW - timedelta(days=30))
    second = scene.deliver(INBOX, mail(2), NOW)
    position = scene.mailbox.position(INBOX)
    other = Cursor(uidvalidity=position.uidvalidity + 1, last_uid=position.last_uid)
    assert read(scene, other, since=NOW) == [second]


def test_the_position_of_a_folder_counts_messages_that_are_gone(scene: Scene) -> None:
    first = scene.deliver(INBOX, mail(1), NOW)
    second = scene.deliver(INBOX, mail(2), NOW)
    scene.remove(INBOX, second)
    assert scene.mailbox.position(INBOX).last_uid == second
    assert read(scene, scene.mailbox.position(INBOX)) == []
    assert read(scene) == [first]


def test_the_position_of_an_empty_folder_is_nought(scene: Scene) -> None:
    assert scene.mailbox.position(SENT).last_uid == 0


def test_a_caller_may_use_the_mailbox_between_two_arrivals(scene: Scene) -> None:
    for number in range(120):
        scene.deliver(INBOX, mail(number), NOW)
    seen: list[bytes] = []
    for arrival in arrivals(scene.mailbox, INBOX, None, since=LONG_AGO):
        if not seen:
            assert scene.mailbox.find(DRAFTS, "<m1@acme.example>") == []
            scene.mailbox.append_draft(mail(1000))
        seen.append(arrival.raw)
    assert seen == [mail(number) for number in range(120)]


def test_a_listing_names_every_message_and_counts_those_that_are_gone(scene: Scene) -> None:
    uids = [scene.deliver(DRAFTS, mail(number), NOW) for number in range(5)]
    scene.remove(DRAFTS, uids[1])
    scene.remove(DRAFTS, uids[4])
    assert scene.mailbox.listing(DRAFTS) == Listing(
        role=DRAFTS,
        uidvalidity=scene.mailbox.position(DRAFTS).uidvalidity,
        uids=(uids[0], uids[2], uids[3]),
        last_uid=uids[4],
        complete=True,
    )


def test_the_listing_of_an_empty_folder_is_empty(scene: Scene) -> None:
    listing = scene.mailbox.listing(SENT)
    assert (listing.uids, listing.last_uid, listing.complete) == ((), 0, True)


def test_messages_are_fetched_by_uid_without_a_trace_and_what_is_gone_is_left_out(scene: Scene) -> None:
    uids = [scene.deliver(DRAFTS, mail(number), NOW, frozenset({"\\Draft"})) for number in range(60)]
    scene.remove(DRAFTS, uids[7])
    before = scene.messages(DRAFTS), scene.flags(DRAFTS)
    fetched = scene.mailbox.fetch(DRAFTS, [uids[59], *uids[:58], uids[59] + 10])
    assert [each.uid for each in fetched] == [*uids[:7], *uids[8:58], uids[59]]
    assert {each.uid: each.raw for each in fetched} == {uid: raw for uid, raw in before[0].items() if uid != uids[58]}
    assert {each.uidvalidity for each in fetched} == {scene.mailbox.position(DRAFTS).uidvalidity}
    assert (scene.messages(DRAFTS), scene.flags(DRAFTS)) == before
    assert set(before[1].values()) == {frozenset({"\\Draft"})}


def test_fetching_nothing_is_no_error(scene: Scene) -> None:
    assert scene.mailbox.fetch(DRAFTS, []) == []


def test_a_message_is_found_by_its_message_id_and_no_other(scene: Scene) -> None:
    scene.deliver(SENT, mail(1), NOW)
    uid = scene.deliver(SENT, mail(11), NOW)
    position = scene.mailbox.position(SENT)
    expected = [Stored(role=SENT, uidvalidity=position.uidvalidity, uid=uid, raw=mail(11))]
    assert scene.mailbox.find(SENT, "<m11@acme.example>") == expected
    assert scene.mailbox.find(SENT, "m11@acme.example") == expected
    assert scene.mailbox.find(SENT, "<1@acme.example>") == []
    assert scene.mailbox.find(SENT, "<M11@acme.example>") == []
    assert scene.mailbox.find(SENT, "") == []


def test_a_message_that_only_quotes_the_message_id_is_not_found(scene: Scene) -> None:
    scene.deliver(SENT, mail(1, text="\r\nMessage-ID: <m2@acme.example>\r\n"), NOW)
    assert scene.mailbox.find(SENT, "<m2@acme.example>") == []


def test_a_folded_message_id_is_found(scene: Scene) -> None:
    raw = b"From: a@b.example\r\nMessage-Id:\r\n <folded@b.example>\r\n\r\nhi\r\n"
    uid = scene.deliver(SENT, raw, NOW)
    assert [stored.uid for stored in scene.mailbox.find(SENT, "<folded@b.example>")] == [uid]


def test_both_copies_of_one_message_are_found_and_only_above_the_uid(scene: Scene) -> None:
    first = scene.deliver(DRAFTS, mail(1), NOW)
    second = scene.deliver(DRAFTS, mail(1), NOW)
    assert [stored.uid for stored in scene.mailbox.find(DRAFTS, "<m1@acme.example>")] == [first, second]
    assert [stored.uid for stored in scene.mailbox.find(DRAFTS, "<m1@acme.example>", above_uid=first)] == [second]
    assert scene.mailbox.find(DRAFTS, "<m1@acme.example>", above_uid=second) == []


def test_a_draft_lands_in_drafts_with_its_flags(scene: Scene) -> None:
    answer = scene.mailbox.append_draft(mail(1))
    assert isinstance(answer, Appended)
    [(uid, raw)] = scene.messages(DRAFTS).items()
    assert raw == mail(1)
    assert scene.flags(DRAFTS) == {uid: frozenset({"\\Draft", "\\Seen"})}
    assert answer.uid in {uid, None}
    assert answer.uidvalidity in {scene.mailbox.position(DRAFTS).uidvalidity, None}


def test_an_untouched_draft_is_removed_and_nothing_beside_it(scene: Scene) -> None:
    scene.deliver(DRAFTS, mail(1), NOW)
    scene.mailbox.append_draft(mail(2))
    scene.deliver(DRAFTS, mail(3), NOW)
    [stored] = scene.mailbox.find(DRAFTS, "<m2@acme.example>")
    assert scene.mailbox.remove_draft(stored) is True
    assert list(scene.messages(DRAFTS).values()) == [mail(1), mail(3)]
    assert set(scene.flags(DRAFTS).values()) == {frozenset()}
    assert scene.mailbox.remove_draft(stored) is False


def test_an_edited_draft_is_not_removed(scene: Scene) -> None:
    scene.mailbox.append_draft(mail(1))
    [stored] = scene.mailbox.find(DRAFTS, "<m1@acme.example>")
    scene.remove(DRAFTS, stored.uid)
    scene.deliver(DRAFTS, mail(1, text="My own words."), NOW)
    assert scene.mailbox.remove_draft(stored) is False
    [edited] = scene.mailbox.find(DRAFTS, "<m1@acme.example>")
    as_remembered = Stored(role=DRAFTS, uidvalidity=edited.uidvalidity, uid=edited.uid, raw=mail(1))
    assert scene.mailbox.remove_draft(as_remembered) is False
    assert list(scene.messages(DRAFTS).values()) == [mail(1, text="My own words.")]


def test_a_draft_of_another_numbering_or_another_folder_is_not_removed(scene: Scene) -> None:
    scene.mailbox.append_draft(mail(1))
    [stored] = scene.mailbox.find(DRAFTS, "<m1@acme.example>")
    other = Stored(role=DRAFTS, uidvalidity=stored.uidvalidity + 1, uid=stored.uid, raw=stored.raw)
    elsewhere = Stored(role=SENT, uidvalidity=stored.uidvalidity, uid=stored.uid, raw=stored.raw)
    assert scene.mailbox.remove_draft(other) is False
    assert scene.mailbox.remove_draft(elsewhere) is False
    assert list(scene.messages(DRAFTS).values()) == [mail(1)]


def test_a_draft_remembered_with_bare_line_feeds_is_still_the_same(scene: Scene) -> None:
    scene.mailbox.append_draft(mail(1).replace(b"\r\n", b"\n"))
    [stored] = scene.mailbox.find(DRAFTS, "<m1@acme.example>")
    remembered = Stored(role=DRAFTS, uidvalidity=stored.uidvalidity, uid=stored.uid, raw=mail(1).replace(b"\r\n", b"\n"))
    assert scene.mailbox.remove_draft(remembered) is True
    assert scene.messages(DRAFTS) == {}


def test_closing_twice_is_no_error(scene: Scene) -> None:
    scene.mailbox.close()
    scene.mailbox.close()


def test_headings_are_those_of_the_messages_and_are_read_in_any_order(scene: Scene) -> None:
    inbox = [scene.deliver(INBOX, mail(number), NOW) for number in range(3)]
    sent = scene.deliver(SENT, mail(9), NOW)
    headings = [*scene.mailbox.headings(INBOX, None, since=LONG_AGO), *scene.mailbox.headings(SENT, None, since=LONG_AGO)]
    assert [(each.role, each.uid, each.size) for each in headings] == [
        *((INBOX, uid, len(mail(number))) for number, uid in enumerate(inbox)),
        (SENT, sent, len(mail(9))),
    ]
    assert {each.received_at for each in headings} == {NOW}
    for number, heading in zip((0, 1, 2, 9), headings, strict=True):
        assert f"Message-ID: <m{number}@acme.example>\r\n".encode() in heading.header
        assert heading.header.endswith(b"\r\n\r\n")
        assert b"Good news" not in heading.header
    read = scene.mailbox.read([headings[3], headings[2], headings[0]])
    assert [(each.role, each.uid, each.raw) for each in read] == [
        (SENT, sent, mail(9)),
        (INBOX, inbox[2], mail(2)),
        (INBOX, inbox[0], mail(0)),
    ]


def test_a_message_that_went_away_since_its_heading_came_is_left_out(scene: Scene) -> None:
    for number in range(3):
        scene.deliver(INBOX, mail(number), NOW)
    headings = list(scene.mailbox.headings(INBOX, None, since=LONG_AGO))
    scene.remove(INBOX, headings[1].uid)
    assert [each.raw for each in scene.mailbox.read(headings)] == [mail(0), mail(2)]
    assert scene.mailbox.read([]) == []
    assert scene.mailbox.skipped == []


def test_a_heading_of_another_numbering_is_of_no_message(scene: Scene) -> None:
    scene.deliver(INBOX, mail(1), NOW)
    [heading] = scene.mailbox.headings(INBOX, None, since=LONG_AGO)
    assert scene.mailbox.read([replace(heading, uidvalidity=heading.uidvalidity + 1)]) == []


def test_a_place_tells_of_what_came_and_of_what_went(scene: Scene) -> None:
    before = scene.mailbox.places()
    assert set(before) == set(scene.mailbox.folders())
    assert scene.mailbox.places() == before
    first = scene.deliver(INBOX, mail(1), NOW)
    second = scene.deliver(INBOX, mail(2), NOW)
    came = scene.mailbox.places()
    position = scene.mailbox.position(INBOX)
    assert (came[INBOX].uidvalidity, came[INBOX].last_uid, came[INBOX].count) == (position.uidvalidity, second, 2)
    assert {role: place for role, place in came.items() if role is not INBOX} == {
        role: place for role, place in before.items() if role is not INBOX
    }
    scene.remove(INBOX, first)
    went = scene.mailbox.places()
    assert (went[INBOX].last_uid, went[INBOX].count) == (second, 1)
    assert list(scene.mailbox.headings(INBOX, None, since=LONG_AGO))


def test_a_wait_ends_with_news_or_in_time_or_when_it_is_told_to(scene: Scene) -> None:
    stop, tell = socket.socketpair()
    with stop, tell:
        scene.mailbox.places()
        assert scene.mailbox.wait(0.01, stop=stop.fileno()) is False
        scene.deliver(INBOX, mail(1), NOW)
        assert scene.mailbox.wait(20, stop=stop.fileno()) is True
        scene.mailbox.places()
        assert scene.mailbox.wait(0.01, stop=stop.fileno()) is False
        tell.send(b"!")
        assert scene.mailbox.wait(20, stop=stop.fileno()) is False


DIGEST = (
    b"From: Interview Agent <me@mail.example>\r\nTo: me@mail.example\r\nSubject: 1 offer\r\n"
    b"Message-ID: <digest.20260915.0123456789abcdef@mail.example>\r\nAuto-Submitted: auto-generated\r\n\r\nNews.\r\n"
)


def test_the_digest_is_placed_into_the_inbox_unseen_and_found_by_its_id(scene: Scene) -> None:
    scene.deliver(INBOX, mail(1), NOW, frozenset({"\\Seen"}))
    before = scene.mailbox.position(INBOX)
    placed = scene.mailbox.place_digest(DIGEST, address="me@mail.example")
    assert isinstance(placed, Appended)
    (uid,) = {*scene.messages(INBOX)} - {before.last_uid}
    assert placed.uid in (uid, None)
    assert scene.messages(INBOX)[uid] == DIGEST
    assert scene.flags(INBOX)[uid] - {"\\Recent"} == frozenset()
    assert [each.uid for each in scene.mailbox.find(INBOX, "<digest.20260915.0123456789abcdef@mail.example>")] == [uid]
    assert scene.messages(DRAFTS) == scene.messages(SENT) == {}


@pytest.mark.parametrize(
    "change",
    [
        (b"To: me@mail.example", b"To: dana@acme.example"),
        (b"To: me@mail.example", b"To: me@mail.example, dana@acme.example"),
        (b"To: me@mail.example", b"To: me@mail.example\r\nTo: dana@acme.example"),
        (b"To: me@mail.example", b"To: me@mail.example\r\nBcc: dana@acme.example"),
        (b"To: me@mail.example", b"To: me@mail.example\r\nReply-To: dana@acme.example"),
        (b"<me@mail.example>", b"<dana@acme.example>"),
        (b"<digest.20260915.0123456789abcdef@mail.example>", b"<m1@acme.example>"),
        (b"auto-generated", b"no"),
        (DIGEST, b""),
    ],
)
def test_nothing_but_the_digest_can_be_placed_there(change: tuple[bytes, bytes]) -> None:
    mailbox = MemoryMailbox()
    with pytest.raises(ValueError, match=r"^only (?:the digest|a mail from the user to the user) may be placed"):
        mailbox.place_digest(DIGEST.replace(*change), address="me@mail.example")
    assert mailbox.messages(INBOX) == {}
