"""Finding the folders of a Maildir, however mbsync, offlineimap or Dovecot lay them, and whatever they are called."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from agent.mailbox.interface import FolderRole, MailboxProblem
from agent.mailbox.maildir import MaildirMailbox
from tests.mailbox.maildir_scene import make_folder

INBOX, SENT, DRAFTS = FolderRole.INBOX, FolderRole.SENT, FolderRole.DRAFTS
JUNK, ARCHIVE = FolderRole.JUNK, FolderRole.ARCHIVE


def opened(root: Path, folders: Mapping[FolderRole, str] | None = None) -> MaildirMailbox:
    return MaildirMailbox(root, state=root.parent / "state", folders=folders or {}, size_limit=1000)


def folders(root: Path, *below: str, chosen: Mapping[FolderRole, str] | None = None) -> dict[FolderRole, str]:
    for each in below:
        make_folder(root / each)
    return opened(root, chosen).folders()


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        (["", ".Sent", ".Drafts", ".Archive.2024"], {INBOX: "INBOX", SENT: "Sent", DRAFTS: "Drafts"}),
        (["INBOX", "Sent", "Drafts", "Archive/2024"], {INBOX: "INBOX", SENT: "Sent", DRAFTS: "Drafts"}),
        (["Inbox", "Inbox/.Sent", "Inbox/.Drafts"], {INBOX: "INBOX", SENT: "Inbox/Sent", DRAFTS: "Inbox/Drafts"}),
        (["INBOX", "INBOX.Sent", "INBOX.Drafts"], {INBOX: "INBOX", SENT: "INBOX.Sent", DRAFTS: "INBOX.Drafts"}),
        (
            ["INBOX", "[Gmail]/Sent Mail", "[Gmail]/Entw&APw-rfe", "[Gmail]/Spam"],
            {INBOX: "INBOX", SENT: "[Gmail]/Sent Mail", DRAFTS: "[Gmail]/Entwürfe", JUNK: "[Gmail]/Spam"},
        ),
        (
            ["INBOX", "[Gmail].Sent Mail", "[Gmail].Drafts"],
            {INBOX: "INBOX", SENT: "[Gmail].Sent Mail", DRAFTS: "[Gmail].Drafts"},
        ),
        (
            ["", ".Gesendete Elemente", ".Entwürfe", ".Unerwünscht", ".Archiv"],
            {INBOX: "INBOX", SENT: "Gesendete Elemente", DRAFTS: "Entwürfe", JUNK: "Unerwünscht", ARCHIVE: "Archiv"},
        ),
        (["", "INBOX"], {INBOX: "INBOX"}),
    ],
    ids=["Maildir++", "nested", "below the inbox", "dots", "Gmail by mbsync", "Gmail by offlineimap", "German", "two inboxes"],
)
def test_folders_are_found_in_every_layout(tmp_path: Path, below: list[str], expected: dict[FolderRole, str]) -> None:
    assert folders(tmp_path / "Mail", *below) == expected


def test_the_maildir_itself_is_the_inbox_where_it_holds_mail(tmp_path: Path) -> None:
    make_folder(tmp_path / "Mail" / "INBOX")
    make_folder(tmp_path / "Mail")
    (tmp_path / "Mail" / "cur" / "1.M1.a:2,S").write_bytes(b"Subject: here\n\n")
    assert len(opened(tmp_path / "Mail").listing(INBOX).uids) == 1


@pytest.mark.parametrize("name", ["My letters", "my letters", ".My letters", "my LETTERS"])
def test_a_folder_that_the_user_names_wins_over_known_names(tmp_path: Path, name: str) -> None:
    found = folders(tmp_path / "Mail", "", ".Drafts", ".My letters", chosen={DRAFTS: name})
    assert found == {INBOX: "INBOX", DRAFTS: "My letters"}


def test_a_named_folder_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(MailboxProblem, match=r'drafts = "Draughts".*no such folder.*"Entwürfe", "INBOX"') as problem:
        folders(tmp_path / "Mail", "", ".Entwürfe", chosen={DRAFTS: "Draughts"})
    assert problem.value.permanent is True


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(MailboxProblem, match=r"Mail cannot be read \(No such file or directory\); check `maildir`") as problem:
        opened(tmp_path / "Mail")
    assert problem.value.permanent is True


def test_a_folder_without_a_maildir_in_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "Mail" / "letters" / "new").mkdir(parents=True)
    with pytest.raises(MailboxProblem, match="is no Maildir: there is no folder with a cur/"):
        opened(tmp_path / "Mail")


def test_the_folder_above_several_accounts_is_told_from_one_account(tmp_path: Path) -> None:
    with pytest.raises(MailboxProblem, match=r'has "private/INBOX", "work/INBOX", but no inbox; name the folder of one account'):
        folders(tmp_path / "Mail", "work/INBOX", "private/INBOX")


def test_a_folder_without_cur_is_none(tmp_path: Path) -> None:
    (tmp_path / "Mail" / ".Drafts" / "new").mkdir(parents=True)
    assert folders(tmp_path / "Mail", "", ".Sent") == {INBOX: "INBOX", SENT: "Sent"}


def test_a_drafts_folder_that_is_missing_is_told_and_found_when_it_comes(tmp_path: Path) -> None:
    make_folder(tmp_path / "Mail")
    mailbox = opened(tmp_path / "Mail")
    with pytest.raises(MailboxProblem, match=r'has "INBOX", but no drafts folder.*set `drafts = "..."`') as problem:
        mailbox.append_draft(b"Subject: hello\r\n\r\n")
    assert problem.value.permanent is True
    make_folder(tmp_path / "Mail" / ".Drafts")
    assert mailbox.position(DRAFTS).last_uid == 0


def test_links_are_followed_and_rings_of_them_end(tmp_path: Path) -> None:
    make_folder(tmp_path / "elsewhere")
    make_folder(tmp_path / "Mail" / "INBOX")
    (tmp_path / "Mail" / "Sent").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "Mail" / "loop").symlink_to(tmp_path / "Mail")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "Mail" / "INBOX")
    (tmp_path / "Mail" / "dangling").symlink_to(tmp_path / "nowhere")
    assert opened(tmp_path / "Mail").folders() == {INBOX: "INBOX", SENT: "Sent"}


def test_the_files_of_other_programs_are_no_folders(tmp_path: Path) -> None:
    for other in (".notmuch/xapian", "cur/inner/cur", ".git/objects"):
        (tmp_path / "Mail" / other).mkdir(parents=True)
    (tmp_path / "Mail" / ".mbsyncstate").touch()
    assert folders(tmp_path / "Mail", "") == {INBOX: "INBOX"}
