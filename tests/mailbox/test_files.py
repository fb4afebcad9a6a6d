"""An mbox, a single message and a folder of .eml files, read as a mailbox that nobody writes to."""

import mailbox as stdlib
import os
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mailbox import mbox
from agent.mailbox.files import FilesMailbox
from agent.mailbox.interface import FolderRole, MailboxProblem, Stored
from tests.mailbox.scenes import arrivals
from tests.mailbox.test_interface import mail

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
INBOX, SENT, ARCHIVE, DRAFTS = FolderRole.INBOX, FolderRole.SENT, FolderRole.ARCHIVE, FolderRole.DRAFTS
ME = "me@mail.example"


def dated(number: int, day: int, *, more: str = "", sender: str = "dana@acme.example", text: str = "Good news.") -> bytes:
    return (
        f"From: {sender}\nMessage-ID: <m{number}@acme.example>\nDate: Tue, {day:02} Sep 2026 12:00:00 +0200\n{more}\n{text}\n"
    ).encode()


def box(tmp_path: Path, *messages: bytes, envelope: bytes = b"From - Tue Sep 15 12:00:00 2026\n") -> FilesMailbox:
    file = tmp_path / "mail.mbox"
    file.write_bytes(b"".join(envelope + message + b"\n" for message in messages))
    return opened(file)


def opened(source: Path, *, size_limit: int = 100_000) -> FilesMailbox:
    return FilesMailbox(source, own_addresses=(ME,), size_limit=size_limit)


def ids(mailbox: FilesMailbox, role: FolderRole, since: datetime = LONG_AGO) -> list[str]:
    found = arrivals(mailbox, role, None, since=since)
    return [each.raw.partition(b"Message-ID: <")[2].partition(b"@")[0].decode() for each in found]


def test_an_mbox_is_read_in_the_order_in_which_mail_came(tmp_path: Path) -> None:
    mailbox = box(tmp_path, dated(1, 20), dated(2, 5), dated(3, 12))
    assert ids(mailbox, INBOX) == ["m2", "m3", "m1"]
    assert ids(mailbox, INBOX, since=datetime(2026, 9, 12, 10, 0, tzinfo=UTC)) == ["m3", "m1"]
    [heading, *_] = mailbox.headings(INBOX, None, since=LONG_AGO)
    assert heading.received_at == datetime(2026, 9, 5, 10, 0, tzinfo=UTC)
    assert heading.header == b"From: dana@acme.example\r\nMessage-ID: <m2@acme.example>\r\n\r\n"


def test_what_the_user_wrote_is_sent_mail(tmp_path: Path) -> None:
    mailbox = box(tmp_path, dated(1, 1), dated(2, 2, sender="Robin Hale <ME@mail.example>"), dated(3, 3))
    assert mailbox.folders() == {INBOX: "INBOX", SENT: "Sent"}
    assert (ids(mailbox, INBOX), ids(mailbox, SENT)) == (["m1", "m3"], ["m2"])
    assert [place.count for place in mailbox.places().values()] == [2, 1]


@pytest.mark.parametrize(
    ("labels", "role"),
    [
        ("X-Gmail-Labels: Inbox,Important,Opened", INBOX),
        ("X-Gmail-Labels: Sent,Opened", SENT),
        ("X-Gmail-Labels: Jobs,Opened", ARCHIVE),
        ("X-Gmail-Labels: =?UTF-8?Q?Posteingang,Ge=C3=B6ffnet?=", INBOX),
        ("X-Gmail-Labels: =?UTF-8?Q?Gesendet,Ge=C3=B6ffnet?=", SENT),
        ('X-GM-LABELS: \\Inbox, "Jobs"', INBOX),
        ("X-Gmail-Labels: =?broken?Q?Jobs?=", ARCHIVE),
    ],
)
def test_gmails_labels_say_what_a_message_is(tmp_path: Path, labels: str, role: FolderRole) -> None:
    mailbox = box(tmp_path, dated(1, 1, more=f"{labels}\nX-GM-THRID: 1780223344556677889\n"))
    assert {each: ids(mailbox, each) for each in (INBOX, SENT, ARCHIVE)} == {INBOX: [], SENT: [], ARCHIVE: [], role: ["m1"]}
    [heading] = mailbox.headings(role, None, since=LONG_AGO)
    assert heading.thread == "gmail:1780223344556677889"


@pytest.mark.parametrize("label", ["Draft", "Drafts", "Spam", "Trash", "=?UTF-8?Q?Entw=C3=BCrfe?=", "Papierkorb"])
def test_drafts_and_spam_are_left_out_as_in_all_mail(tmp_path: Path, label: str) -> None:
    mailbox = box(tmp_path, dated(1, 1, more=f"X-Gmail-Labels: {label},Inbox\n"), dated(2, 2, more="X-Gmail-Labels: Inbox\n"))
    assert ids(mailbox, INBOX) == ["m2"]
    assert mailbox.listing(INBOX).uids == (2,)
    assert mailbox.find(INBOX, "<m1@acme.example>") == []


def test_quoted_and_unquoted_lines_that_begin_with_from_are_text(tmp_path: Path) -> None:
    mailbox = box(tmp_path, dated(1, 1, text=">From here on\n>>From there\nFrom now on\n\nFrom the desk of Dana"), dated(2, 2))
    [first, _] = arrivals(mailbox, INBOX, None, since=LONG_AGO)
    assert first.raw.endswith(b"\r\n\r\nFrom here on\r\n>From there\r\nFrom now on\r\n\r\nFrom the desk of Dana\r\n")


def test_mail_without_a_date_is_dated_by_the_line_before_it(tmp_path: Path) -> None:
    mailbox = box(tmp_path, mail(1), envelope=b"From 1780223344556677889@xxx Tue Sep 15 10:30:00 +0200 2026\r\n")
    [arrival] = arrivals(mailbox, INBOX, None, since=LONG_AGO)
    assert (arrival.received_at, arrival.raw) == (datetime(2026, 9, 15, 8, 30, tzinfo=UTC), mail(1))


@given(st.lists(st.text(st.characters(codec="ascii", exclude_characters="\r")), max_size=4))
def test_what_was_put_into_an_mbox_comes_out_of_it(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    file = tmp_path_factory.mktemp("box") / "mail.mbox"
    written = stdlib.mbox(file)
    for number, text in enumerate(texts):
        message = Message()
        message["Subject"] = str(number)
        message.set_payload(text.rstrip("\n") + "\n")
        written.add(stdlib.mboxMessage(message))
    written.close()
    raw = file.read_bytes()
    # The standard library quotes `From ` only, not `>From `: what it wrote so is told from nothing.
    expected = [f"Subject: {number}\n\n{text.rstrip(chr(10))}\n".encode() for number, text in enumerate(texts)]
    found = [mbox.unquoted(raw[span.start : span.end]) for span in mbox.spans(raw)]
    assert [each.replace(b">From ", b"From ") for each in found] == [each.replace(b">From ", b"From ") for each in expected]


@given(st.lists(st.sampled_from([b"From ", b"\n", b"\r\n", b"a: b", b" 10:00 2026", b">From ", b"\xff", b"x"]), max_size=40))
def test_the_messages_of_any_file_lie_one_behind_the_other(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    found = list(mbox.spans(raw))
    bounds = [bound for span in found for bound in (span.envelope, span.start, span.end)]
    assert bounds == sorted(bounds)
    assert not found or found[-1].end == len(raw)
    assert all(raw[span.envelope :].startswith(b"From ") for span in found)
    assert all(raw[span.start - 1 : span.start] == b"\n" for span in found)


def test_a_file_that_begins_like_an_mbox_and_is_none_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "odd.eml").write_bytes(b"From \xff\n\n\xfe")
    assert [each.raw for each in arrivals(opened(tmp_path / "odd.eml"), INBOX, None, since=LONG_AGO)] == [
        b"From \xff\r\n\r\n\xfe"
    ]


def test_an_empty_file_is_an_empty_mailbox(tmp_path: Path) -> None:
    (tmp_path / "empty.mbox").touch()
    assert opened(tmp_path / "empty.mbox").listing(INBOX).uids == ()


def test_a_folder_of_eml_files_is_a_mailbox(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    (tmp_path / "a.eml").write_bytes(dated(1, 20))
    (tmp_path / "2026" / "b.eml").write_bytes(dated(2, 5))
    (tmp_path / "notes.txt").write_bytes(dated(3, 6))
    os.mkfifo(tmp_path / "pipe.eml")
    assert ids(opened(tmp_path), INBOX) == ["m2", "m1"]


def test_a_cursor_leaves_out_what_was_read_until_the_file_changes(tmp_path: Path) -> None:
    mailbox = box(tmp_path, dated(1, 1), dated(2, 2))
    place = mailbox.position(INBOX)
    assert list(mailbox.headings(INBOX, place, since=LONG_AGO)) == []
    with (tmp_path / "mail.mbox").open("ab") as file:
        file.write(b"From - Tue Sep 15 12:00:00 2026\n" + dated(3, 3))
    assert mailbox.position(INBOX).uidvalidity != place.uidvalidity
    assert len(list(mailbox.headings(INBOX, place, since=LONG_AGO))) == 3


def test_a_file_that_vanishes_between_heading_and_reading_is_gone(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.eml").write_bytes(dated(number, number))
    mailbox = opened(tmp_path)
    found = list(mailbox.headings(INBOX, None, since=LONG_AGO))
    (tmp_path / "1.eml").unlink()
    assert [each.uid for each in mailbox.read(found)] == [2]
    assert mailbox.skipped == []


def test_a_message_is_found_by_its_id_and_fetched_by_its_number(tmp_path: Path) -> None:
    mailbox = box(tmp_path, mail(1), mail(2), mail(1))
    assert [each.uid for each in mailbox.find(INBOX, "m1@acme.example")] == [1, 3]
    assert [each.uid for each in mailbox.find(INBOX, "<m1@acme.example>", above_uid=1)] == [3]
    validity = mailbox.position(INBOX).uidvalidity
    assert mailbox.fetch(INBOX, [2, 9]) == [Stored(role=INBOX, uidvalidity=validity, uid=2, raw=mail(2))]


def test_of_a_large_message_the_attachments_are_left_out(tmp_path: Path) -> None:
    more = "Content-Type: multipart/mixed; boundary=b\n"
    text = "--b\n\nCome on Friday.\n--b\nContent-Type: application/pdf\n\n" + "x" * 5000 + "\n--b--"
    (tmp_path / "a.eml").write_bytes(dated(1, 1, more=more, text=text))
    [arrival] = arrivals(opened(tmp_path / "a.eml", size_limit=1000), INBOX, None, since=LONG_AGO)
    assert arrival.complete is False
    assert arrival.raw.endswith(b"--b\r\n\r\nCome on Friday.\r\n--b\r\nContent-Type: application/pdf\r\n\r\n\r\n--b--\r\n")


def test_nothing_can_be_written(tmp_path: Path) -> None:
    mailbox = box(tmp_path, mail(1))
    [stored] = mailbox.find(INBOX, "m1@acme.example")
    expected = "mail.mbox: files of mail are only read; for drafts name an IMAP server or a Maildir"
    with pytest.raises(MailboxProblem, match=expected) as problem:
        mailbox.append_draft(mail(2))
    assert problem.value.permanent is True
    with pytest.raises(MailboxProblem, match=expected):
        mailbox.remove_draft(stored)
    with pytest.raises(MailboxProblem, match="files of mail have no folder for drafts"):
        mailbox.position(DRAFTS)


def test_reading_leaves_the_file_and_its_times_as_they_were(tmp_path: Path) -> None:
    mailbox = box(tmp_path, mail(1), mail(2))
    file = tmp_path / "mail.mbox"
    os.utime(file, (1_000_000_000, 1_700_000_000))
    size = file.stat().st_size
    assert len(ids(mailbox, INBOX, since=LONG_AGO - timedelta(days=3000))) == 2
    after = file.stat()
    assert (after.st_atime_ns, after.st_mtime_ns, after.st_size) == (
        1_000_000_000 * 10**9,
        1_700_000_000 * 10**9,
        size,
    )


def test_a_path_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(MailboxProblem, match=r"nowhere\.mbox: cannot be read \(No such file or directory\); check the path"):
        opened(tmp_path / "nowhere.mbox").folders()


def test_waiting_ends_when_the_file_has_changed(tmp_path: Path) -> None:
    mailbox = box(tmp_path, mail(1))
    mailbox.places()
    reads, writes = os.pipe()
    assert mailbox.wait(0.01, stop=reads) is False
    with (tmp_path / "mail.mbox").open("ab") as file:
        file.write(b"From - Tue Sep 15 12:00:00 2026\n" + mail(2))
    assert mailbox.wait(60, stop=reads) is True
    os.close(writes)
    os.close(reads)
