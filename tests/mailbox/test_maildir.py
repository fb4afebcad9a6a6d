"""Reading a Maildir while mbsync, offlineimap and mail clients are at work in it, without leaving a trace."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.mailbox.interface import Arrival, Cursor, FolderRole, Heading
from tests.mailbox.maildir_scene import MaildirScene
from tests.mailbox.scenes import arrivals
from tests.mailbox.test_interface import mail

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
INBOX, SENT = FolderRole.INBOX, FolderRole.SENT
SEEN = frozenset({"\\Seen"})


@pytest.fixture
def scene(tmp_path: Path) -> MaildirScene:
    return MaildirScene(tmp_path)


def read(scene: MaildirScene, cursor: Cursor | None = None, *, since: datetime = LONG_AGO) -> list[Arrival]:
    return arrivals(scene.mailbox, INBOX, cursor, since=since)


def heads(scene: MaildirScene, cursor: Cursor | None = None, *, since: datetime = LONG_AGO) -> list[Heading]:
    return list(scene.mailbox.headings(INBOX, cursor, since=since))


def trace(root: Path) -> dict[str, tuple[int, int, int, int, int]]:
    found = {}
    for path in [root, *root.rglob("*")]:
        stat = path.stat()
        found[str(path)] = (stat.st_ino, stat.st_mode, stat.st_size, stat.st_mtime_ns, stat.st_atime_ns if path.is_file() else 0)
    return found


def to_cur(file: Path) -> Path:
    return file.rename(file.parent.parent / "cur" / f"{file.name}:2,")


def with_uid(file: Path) -> Path:
    base, _, flags = file.name.partition(":2,")
    return file.rename(file.parent.parent / "cur" / f"{base},U=12:2,{flags}")


def answered(file: Path) -> Path:
    return file.rename(file.with_name(file.name + "R"))


def with_digest(file: Path) -> Path:
    return file.rename(file.with_name(file.name.replace(":2,", ",U=3,FMD5=7e33429f656f1e6e9d79b29c3f82c57e:2,")))


RENAMES: list[Callable[[Path], Path]] = [to_cur, with_uid, answered]


def test_nothing_in_the_maildir_is_touched_by_reading(scene: MaildirScene) -> None:
    scene.put(INBOX, mail(1), NOW)
    scene.put(INBOX, mail(2), NOW, SEEN)
    scene.put(SENT, mail(3), NOW, SEEN)
    for role in scene.paths:
        os.utime(scene.paths[role] / "cur", (1, 1))
    for file in [*scene.on_disk(INBOX), *scene.on_disk(SENT)]:
        os.utime(file, (1_000_000_000, 1_789_000_000))
    before = trace(scene.root)
    mailbox = scene.opened()
    mailbox.places()
    for role in mailbox.folders():
        mailbox.read(list(mailbox.headings(role, None, since=LONG_AGO)))
        mailbox.fetch(role, mailbox.listing(role).uids)
        mailbox.find(role, "<m3@acme.example>")
    assert trace(scene.root) == before


def test_a_message_keeps_its_number_whatever_mbsync_makes_of_its_name(scene: MaildirScene) -> None:
    file = scene.put(INBOX, mail(1), NOW)
    scene.put(INBOX, mail(2), NOW + timedelta(hours=1))
    before = [(each.uid, each.raw) for each in read(scene)]
    cursor = scene.mailbox.position(INBOX)
    for rename in RENAMES:
        file = rename(file)
        assert [(each.uid, each.raw) for each in read(scene)] == before
        assert read(scene, cursor) == []
    assert file.name == "1789473600.M1P7.laptop,U=12:2,R"


def test_a_message_keeps_its_number_when_offlineimap_adds_a_digest_and_the_process_begins_anew(scene: MaildirScene) -> None:
    file = scene.put(INBOX, mail(1), NOW, SEEN)
    before = read(scene)
    with_digest(file)
    scene.mailbox = scene.opened()
    assert read(scene) == before


def test_a_file_that_is_renamed_between_heading_and_reading_is_read_all_the_same(scene: MaildirScene) -> None:
    file = scene.put(INBOX, mail(1), NOW)
    found = heads(scene)
    with_uid(to_cur(file))
    assert [each.raw for each in scene.mailbox.read(found)] == [mail(1)]
    assert scene.mailbox.skipped == []


def test_a_file_that_vanishes_between_heading_and_reading_is_gone(scene: MaildirScene) -> None:
    scene.put(INBOX, mail(1), NOW).unlink()
    file = scene.put(INBOX, mail(2), NOW)
    scene.put(INBOX, mail(3), NOW)
    found = heads(scene)
    file.unlink()
    assert [each.raw for each in scene.mailbox.read(found)] == [mail(3)]
    assert scene.mailbox.skipped == []


def test_files_that_vanish_while_headings_are_read_are_left_out(scene: MaildirScene) -> None:
    files = [scene.put(INBOX, mail(number), NOW) for number in range(3)]
    stream = scene.mailbox.headings(INBOX, None, since=LONG_AGO)
    first = next(stream)
    files[1].unlink()
    assert [first.uid, *(each.uid for each in stream)] == [1, 3]


def test_a_lost_list_of_numbers_is_another_uidvalidity_and_everything_is_there(scene: MaildirScene) -> None:
    scene.put(INBOX, mail(1), NOW - timedelta(days=30))
    scene.put(INBOX, mail(2), NOW)
    before = scene.mailbox.position(INBOX)
    for file in scene.state.iterdir():
        file.unlink()
    scene.mailbox = scene.opened()
    assert scene.mailbox.position(INBOX).uidvalidity != before.uidvalidity
    assert [each.raw for each in read(scene, before, since=NOW)] == [mail(2)]


def test_headings_of_a_lost_numbering_are_not_taken_for_other_messages(scene: MaildirScene) -> None:
    scene.put(INBOX, mail(1), NOW)
    found = heads(scene)
    for file in scene.state.iterdir():
        file.unlink()
    scene.put(INBOX, mail(2), NOW - timedelta(days=1))
    scene.mailbox = scene.opened()
    assert scene.mailbox.read(found) == []


def test_two_maildirs_may_share_a_state_folder(tmp_path: Path) -> None:
    one, other = MaildirScene(tmp_path / "one"), MaildirScene(tmp_path / "other")
    other.state = one.state
    other.mailbox = other.opened()
    one.put(INBOX, mail(1), NOW)
    other.put(INBOX, mail(2), NOW)
    assert [each.raw for each in read(one)] == [mail(1)]
    assert [each.raw for each in read(other)] == [mail(2)]


def test_a_heading_has_the_fields_that_tell_and_no_others(scene: MaildirScene) -> None:
    raw = (
        b"Received: from a by b; Tue, 15 Sep 2026 10:00:00 +0200\nfrom : Dana Cole\n <dana@acme.example>\nX-Spam: no\n folded\n"
        b"Subject: hello\nList-Id: <jobs.acme.example>\nMessage-ID:\n <m1@acme.example>\n\nFrom: quoted@acme.example\n"
    )
    scene.put(INBOX, raw, NOW)
    [heading] = heads(scene)
    assert heading.header == (
        b"from : Dana Cole\r\n <dana@acme.example>\r\nSubject: hello\r\nList-Id: <jobs.acme.example>\r\n"
        b"Message-ID:\r\n <m1@acme.example>\r\n\r\n"
    )
    assert (heading.role, heading.folder, heading.uid, heading.size) == (INBOX, "INBOX", 1, len(raw))


def test_a_header_of_unusual_length_is_read_to_its_end(scene: MaildirScene) -> None:
    scene.put(INBOX, b"X-Long: " + b"x" * 100_000 + b"\nSubject: at the end\n\ntext\n", NOW)
    assert heads(scene)[0].header == b"Subject: at the end\r\n\r\n"


def test_lines_come_with_crlf_whatever_the_file_has(scene: MaildirScene) -> None:
    scene.put(INBOX, mail(1).replace(b"\r\n", b"\n"), NOW)
    scene.put(INBOX, mail(2), NOW)
    scene.put(INBOX, mail(3).replace(b"\r\n\r\n", b"\n\n"), NOW)
    assert [each.raw for each in read(scene)] == [mail(1), mail(2), mail(3)]
    assert {heading.header.count(b"\r\n") for heading in heads(scene)} == {5}


@pytest.mark.parametrize(
    ("received", "date", "expected"),
    [
        ("Tue, 15 Sep 2026 10:00:00 +0200", "Wed, 01 Jan 2025 00:00:00 +0000", datetime(2026, 9, 15, 8, 0, tzinfo=UTC)),
        ("Tue, 15 Sep 2026 10:00:00 -0330 (NST)", "", datetime(2026, 9, 15, 13, 30, tzinfo=UTC)),
        ("15 sep 2026 10:00 GMT", "", datetime(2026, 9, 15, 10, 0, tzinfo=UTC)),
        ("", "Mon, 14 Sep 2026 09:30:00 +0000", datetime(2026, 9, 14, 9, 30, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 +0000", "", datetime(2026, 9, 20, 12, 0, tzinfo=UTC)),
        ("no date at all", "Mon, 14 Sep 2026 09:30:00 +0000", datetime(2026, 9, 20, 12, 0, tzinfo=UTC)),
        ("", "", datetime(2026, 9, 20, 12, 0, tzinfo=UTC)),
        ("Fri, 25 Sep 2026 10:00:00 +0000", "", datetime(2026, 9, 20, 12, 0, tzinfo=UTC)),
    ],
)
def test_mail_that_was_downloaded_later_is_dated_by_the_last_server(
    scene: MaildirScene, received: str, date: str, expected: datetime
) -> None:
    trail = f"Received: from mx.acme.example by mx.mail.example\n\tfor <me@mail.example>; {received}\n" if received else ""
    trail += "Received: from desk by mx.acme.example; Sun, 01 Jan 2023 00:00:00 +0000\n" if received else ""
    header = trail + (f"Date: {date}\n" if date else "")
    scene.put(INBOX, f"{header}Subject: hello\n\ntext\n".encode(), NOW + timedelta(days=5))
    assert [each.received_at for each in heads(scene)] == [expected]


def test_a_copied_file_is_dated_by_its_name(scene: MaildirScene) -> None:
    file = scene.put(INBOX, mail(1), NOW)
    os.utime(file, (NOW.timestamp() + 1e6, NOW.timestamp() + 1e6))
    assert [each.received_at for each in heads(scene)] == [NOW]


def test_a_file_without_a_time_is_dated_by_its_name(scene: MaildirScene) -> None:
    os.utime(scene.put(INBOX, mail(1), NOW), (0, 0))
    assert [each.received_at for each in heads(scene)] == [NOW]


def test_a_look_back_leaves_out_what_came_before_by_any_of_the_times(scene: MaildirScene) -> None:
    scene.put(INBOX, mail(1), NOW - timedelta(days=2))
    scene.put(INBOX, b"Received: from a by b; Sun, 13 Sep 2026 10:00:00 +0000\n" + mail(2), NOW)
    scene.put(INBOX, mail(3), NOW)
    assert [each.raw for each in read(scene, since=NOW - timedelta(days=1))] == [mail(3)]


def test_new_mail_is_numbered_as_it_came(scene: MaildirScene) -> None:
    for number, hours in enumerate((3, 1, 2)):
        scene.put(INBOX, mail(number), NOW + timedelta(hours=hours))
    assert [each.raw for each in read(scene)] == [mail(1), mail(2), mail(0)]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(scene: MaildirScene) -> None:
    os.mkfifo(scene.paths[INBOX] / "new" / "1789473600.M8P7.laptop")
    file = scene.put(INBOX, mail(1), NOW)
    scene.put(INBOX, b"", NOW)
    scene.put(INBOX, mail(3), NOW)
    found = heads(scene)
    file.rename(file.with_name("aside"))
    file.mkdir()
    assert [each.raw for each in scene.mailbox.read(found)] == [mail(3)]
    assert [(each.role, each.uid, each.problem) for each in scene.mailbox.skipped] == [
        (INBOX, 2, "its file is empty"),
        (INBOX, 1, "its file cannot be read: it is no regular file"),
    ]


def test_a_file_that_may_not_be_read_is_named_once(scene: MaildirScene, monkeypatch: pytest.MonkeyPatch) -> None:
    file = scene.put(INBOX, mail(1), NOW)
    scene.put(INBOX, mail(2), NOW)
    really = os.open

    def refusing(path: str, *more: int) -> int:
        if str(path) == str(file):
            raise PermissionError(13, "Permission denied")
        return really(path, *more)

    monkeypatch.setattr(os, "open", refusing)
    assert [each.raw for each in read(scene)] == [mail(2)]
    assert [each.raw for each in read(scene)] == [mail(2)]
    assert [(each.uid, each.problem) for each in scene.mailbox.skipped] == [(1, "its file cannot be read: Permission denied")]


def test_links_to_messages_are_read_and_dangling_ones_are_not_there(scene: MaildirScene, tmp_path: Path) -> None:
    (tmp_path / "kept.eml").write_bytes(mail(1))
    (scene.paths[INBOX] / "cur" / "1789473600.M1P7.laptop:2,S").symlink_to(tmp_path / "kept.eml")
    (scene.paths[INBOX] / "cur" / "1789473600.M2P7.laptop:2,S").symlink_to(tmp_path / "nowhere.eml")
    assert [each.raw for each in read(scene)] == [mail(1)]
    assert scene.mailbox.skipped == []


def test_files_in_the_making_are_no_mail(scene: MaildirScene) -> None:
    (scene.paths[INBOX] / "tmp" / "1789473600.M1P7.laptop").write_bytes(mail(1))
    (scene.paths[INBOX] / "new" / ".sync-conflict.tmp").write_bytes(mail(2))
    assert read(scene) == []


def test_one_message_under_two_names_is_one(scene: MaildirScene) -> None:
    for flags in ("", "S"):
        (scene.paths[INBOX] / "cur" / f"1789473600.M1P7.laptop:2,{flags}").write_bytes(mail(1))
    (scene.paths[INBOX] / "new" / "1789473600.M1P7.laptop").write_bytes(mail(1))
    assert [each.raw for each in read(scene)] == [mail(1)]


def test_of_a_large_message_only_its_beginning_is_read(tmp_path: Path) -> None:
    scene = MaildirScene(tmp_path, size_limit=64 * 1024)
    raw = (
        b"From: dana@acme.example\nContent-Type: multipart/mixed; boundary=out\n\npreamble\n"
        b'--out\nContent-Type: multipart/alternative; boundary="in"\n\n'
        b"--in\nContent-Type: text/plain\n\nCome on Friday.\n--in\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--in--\n"
        b"--out\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
    )
    file = scene.put(INBOX, raw, NOW)
    with file.open("r+b") as opened:
        opened.truncate(100_000_000)
    os.utime(file, (NOW.timestamp(), NOW.timestamp()))
    [arrival] = read(scene)
    assert (arrival.complete, arrival.size) == (False, 100_000_000)
    assert arrival.raw == (
        b"From: dana@acme.example\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\n"
        b'--out\r\nContent-Type: multipart/alternative; boundary="in"\r\n\r\n'
        b"--in\r\nContent-Type: text/plain\r\n\r\nCome on Friday.\r\n"
        b"--in\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n--in--\r\n\r\n"
        b"--out\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n--out--\r\n"
    )
