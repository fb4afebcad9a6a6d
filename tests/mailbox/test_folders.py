"""Folders are found whatever they are called and however the server names their use."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from agent.mailbox.folder_names import KNOWN_NAMES
from agent.mailbox.folders import Listed, roles, trash
from agent.mailbox.imap import open_imap
from agent.mailbox.interface import FolderRole, MailboxProblem
from tests.dovecot import PASSWORD, Dovecot, MailboxUser
from tests.mailbox.odd_server import OddServer

INBOX, SENT, DRAFTS, JUNK, ARCHIVE, _ = FolderRole


def listed(*names: str, delimiter: str = "/", flags: Mapping[str, str] | None = None) -> list[Listed]:
    known = flags or {}
    return [Listed(name=name, delimiter=delimiter, flags=frozenset(known.get(name, "").split())) for name in names]


def test_special_use_wins_over_a_known_name() -> None:
    mailbox = listed("INBOX", "Drafts", "[Gmail]/Entwürfe", flags={"[Gmail]/Entwürfe": "\\hasnochildren \\drafts"})
    assert roles(mailbox, {})[DRAFTS] == "[Gmail]/Entwürfe"


def test_the_users_choice_wins_over_special_use() -> None:
    mailbox = listed("INBOX", "Drafts", "Mine", flags={"Drafts": "\\drafts"})
    assert roles(mailbox, {DRAFTS: "Mine"})[DRAFTS] == "Mine"


def test_a_choice_that_does_not_exist_is_refused_with_the_setting_and_the_folders() -> None:
    with pytest.raises(MailboxProblem) as caught:
        roles(listed("INBOX", "Drafts"), {DRAFTS: "Draughts"})
    assert str(caught.value) == (
        '[account.folders] drafts = "Draughts": there is no such folder; the mailbox has "Drafts", "INBOX"'
    )
    assert caught.value.permanent


def test_the_inbox_is_always_there_and_nothing_else_is_made_up() -> None:
    assert roles([], {}) == {INBOX: "INBOX"}
    assert roles(listed("INBOX", "Family", "Drafting tips", "My Sent things"), {}) == {INBOX: "INBOX"}


@pytest.mark.parametrize(
    ("name", "delimiter", "role"),
    [
        ("INBOX.Drafts", ".", DRAFTS),
        ("INBOX/entwürfe", "/", DRAFTS),
        ("[Gmail]/Brouillons", "/", DRAFTS),
        ("[Google Mail]/Entwürfe", "/", DRAFTS),
        ("Szkice", "/", DRAFTS),
        ("下書き", "/", DRAFTS),
        ("Черновики", "/", DRAFTS),
        ("Gesendete Elemente", "/", SENT),
        ("Messages envoyés", "/", SENT),
        ("SENT ITEMS", "/", SENT),
        ("Itens enviados", "/", SENT),
        ("Courrier indésirable", "/", JUNK),
        ("Archiv", "/", ARCHIVE),
    ],
)
def test_folders_are_known_by_their_names_in_many_languages(name: str, delimiter: str, role: FolderRole) -> None:
    assert roles(listed("INBOX", name, delimiter=delimiter), {}) == {INBOX: "INBOX", role: name}


def test_a_folder_of_that_name_below_another_is_not_taken() -> None:
    assert DRAFTS not in roles(listed("INBOX", "Projects/Drafts"), {})


def test_no_name_stands_for_two_roles() -> None:
    keys = [name.casefold() for names in KNOWN_NAMES.values() for name in names]
    assert len(keys) == len(set(keys))


def test_the_trash_is_found_by_use_or_name() -> None:
    assert trash(listed("INBOX", "[Gmail]/Papierkorb", flags={"[Gmail]/Papierkorb": "\\trash"})) == "[Gmail]/Papierkorb"
    assert trash(listed("INBOX", "INBOX.Trash", delimiter=".")) == "INBOX.Trash"
    assert trash(listed("INBOX")) is None


def test_special_use_is_seen_in_any_case_and_without_the_capability(tmp_path: Path) -> None:
    listing = (
        '* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST (\\HasNoChildren \\drafts) "/" "Half written"\r\n'
        '* LIST (\\SENT) "/" {4}\r\nGone\r\n* LIST (\\Noselect \\Junk) "/" "Parent"\r\nOK done'
    )
    with OddServer(lambda command: listing if command.startswith("LIST") else None, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        assert mailbox.folders() == {INBOX: "INBOX", DRAFTS: "Half written", SENT: "Gone"}
        mailbox.close()


def test_one_broken_name_does_not_hide_the_others(tmp_path: Path) -> None:
    names = (b"INBOX", b'"Caf\xe9 &broken-"', b'"Entw&APw-rfe"', b'"2024"')
    listing = b"".join(b'* LIST () "/" ' + name + b"\r\n" for name in names) + b"OK done"
    with OddServer(lambda command: listing if command.startswith("LIST") else None, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        assert mailbox.folders() == {INBOX: "INBOX", DRAFTS: "Entwürfe"}
        mailbox.close()


@pytest.mark.dovecot
def test_localized_folders_with_special_use_are_written_to(mailbox_user: MailboxUser) -> None:
    with Dovecot(mailboxes={"Entwürfe": "\\Drafts", "Gesendete": "\\Sent"}) as server:
        mailbox = open_imap(server.server(mailbox_user), PASSWORD)
        assert mailbox.folders() == {INBOX: "INBOX", DRAFTS: "Entwürfe", SENT: "Gesendete"}
        mailbox.append_draft(b"Subject: x\r\n\r\nhi\r\n")
        assert list(server.messages(mailbox_user, "Entwürfe").values()) == [b"Subject: x\r\n\r\nhi\r\n"]
        mailbox.close()


def test_a_missing_drafts_folder_names_what_exists_and_what_to_set(poor_dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    poor_dovecot.create(mailbox_user, "INBOX.Familie")
    mailbox = open_imap(poor_dovecot.server(mailbox_user), PASSWORD)
    for call in (lambda: mailbox.append_draft(b"Subject: x\r\n\r\nhi\r\n"), lambda: mailbox.find(DRAFTS, "<x@y.example>")):
        with pytest.raises(MailboxProblem) as caught:
            call()
        assert str(caught.value) == (
            'the mailbox at localhost has no drafts folder that can be recognised; it has "INBOX", "INBOX.Familie": '
            'set `drafts = "..."` under [account.folders]'
        )
        assert caught.value.permanent
    poor_dovecot.create(mailbox_user, "INBOX.Drafts")
    mailbox.append_draft(b"Subject: x\r\n\r\nhi\r\n")
    assert len(poor_dovecot.messages(mailbox_user, "INBOX.Drafts")) == 1
    mailbox.close()


def test_a_drafts_folder_that_vanishes_is_a_clear_problem(poor_dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    poor_dovecot.create(mailbox_user, "INBOX.Drafts")
    mailbox = open_imap(poor_dovecot.server(mailbox_user), PASSWORD)
    mailbox.folders()
    poor_dovecot.delete(mailbox_user, "INBOX.Drafts")
    with pytest.raises(MailboxProblem, match=r'the folder "INBOX\.Drafts" at localhost does not exist') as caught:
        mailbox.append_draft(b"Subject: x\r\n\r\nhi\r\n")
    assert caught.value.permanent
    mailbox.close()
