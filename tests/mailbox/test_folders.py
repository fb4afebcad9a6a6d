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

INBOX, SENT, DRAFTS, JUNK, ARCHIVE, ALL = FolderRole


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
        ("Mail/Sent", "/", SENT),
        ("INBOX.Gesendete Objekte", ".", SENT),
        ("Kopie robocze", "/", DRAFTS),
        ("Elementy wysłane", "/", SENT),
        ("Niechciane", "/", JUNK),
        ("Odeslaná pošta", "/", SENT),
        ("Nevyžádané", "/", JUNK),
        ("Gönderilen Öğeler", "/", SENT),
        ("GÖNDERİLMİŞ ÖĞELER", "/", SENT),
        ("istenmeyen", "/", JUNK),
        ("Отправленные элементы", "/", SENT),
        ("Надіслані", "/", SENT),
        ("Небажана пошта", "/", JUNK),
        ("Απεσταλμένα", "/", SENT),
        ("Ανεπιθύμητη αλληλογραφία", "/", JUNK),
        ("送信済みアイテム", "/", SENT),
        ("草稿箱", "/", DRAFTS),
        ("已发送邮件", "/", SENT),
        ("寄件備份", "/", SENT),
        ("보낸메일함", "/", SENT),
        ("임시보관함", "/", DRAFTS),
        ("Kladder", "/", DRAFTS),
        ("Sendte elementer", "/", SENT),
        ("Skickade meddelanden", "/", SENT),
        ("Lähetetyt kohteet", "/", SENT),
        ("Drög", "/", DRAFTS),
        ("Elküldött üzenetek", "/", SENT),
        ("Levélszemét", "/", JUNK),
        ("Elemente trimise", "/", SENT),
        ("Schițe", "/", DRAFTS),
        ("Thư rác", "/", JUNK),
        ("Arsip", "/", ARCHIVE),
        ("Entwu\u0308rfe", "/", DRAFTS),
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


def test_a_folder_announced_for_another_use_is_not_taken_by_its_name() -> None:
    mailbox = listed("INBOX", "Archive", "Spam", flags={"Archive": "\\all", "Spam": "\\trash"})
    assert roles(mailbox, {}) == {INBOX: "INBOX"}


@pytest.mark.parametrize("written", ["Mine", "mine", "INBOX.Mine"])
def test_a_choice_is_found_in_any_case_and_without_its_parent(written: str) -> None:
    mailbox = listed("INBOX", "INBOX.Mine", delimiter=".")
    assert roles(mailbox, {DRAFTS: written})[DRAFTS] == "INBOX.Mine"


def test_a_choice_that_could_be_two_folders_is_refused() -> None:
    with pytest.raises(MailboxProblem, match="there is no such folder"):
        roles(listed("INBOX", "Mine", "MINE"), {DRAFTS: "mine"})
    assert roles(listed("INBOX", "Mine", "MINE"), {DRAFTS: "MINE"})[DRAFTS] == "MINE"


@pytest.mark.parametrize("role", [SENT, DRAFTS, JUNK, ARCHIVE, ALL])
def test_the_user_can_name_a_folder_for_every_role(role: FolderRole) -> None:
    assert roles(listed("INBOX", "Mine"), {role: "Mine"}) == {INBOX: "INBOX", role: "Mine"}


def folders_of(tmp_path: Path, listing: bytes, capability: str = "IMAP4rev1") -> dict[FolderRole, str]:
    with OddServer(lambda command: listing if command.startswith("LIST") else None, tmp_path, capability=capability) as server:
        mailbox = open_imap(server.imap, "secret")
        try:
            return mailbox.folders()
        finally:
            mailbox.close()


GMAIL = (
    b'* LIST (\\HasNoChildren) "/" "INBOX"\r\n* LIST (\\HasChildren \\Noselect) "/" "[Google Mail]"\r\n'
    b'* LIST (\\All \\HasNoChildren) "/" "[Google Mail]/Alle Nachrichten"\r\n'
    b'* LIST (\\Drafts \\HasNoChildren) "/" "[Google Mail]/Entw&APw-rfe"\r\n'
    b'* LIST (\\HasNoChildren \\Important) "/" "[Google Mail]/Wichtig"\r\n'
    b'* LIST (\\HasNoChildren \\Junk) "/" "[Google Mail]/Spam"\r\n'
    b'* LIST (\\HasNoChildren \\Sent) "/" "[Google Mail]/Gesendet"\r\n'
    b'* LIST (\\Flagged \\HasNoChildren) "/" "[Google Mail]/Markiert"\r\n'
    b'* LIST (\\HasNoChildren \\Trash) "/" "[Google Mail]/Papierkorb"\r\nOK done'
)
IN_GOOGLE_MAIL = {
    INBOX: "INBOX",
    DRAFTS: "[Google Mail]/Entwürfe",
    SENT: "[Google Mail]/Gesendet",
    JUNK: "[Google Mail]/Spam",
}


def test_gmails_all_mail_is_known_and_that_of_other_servers_is_not(tmp_path: Path) -> None:
    assert folders_of(tmp_path, GMAIL, "IMAP4rev1 X-GM-EXT-1") == IN_GOOGLE_MAIL | {ALL: "[Google Mail]/Alle Nachrichten"}
    assert folders_of(tmp_path, GMAIL, "IMAP4rev1") == IN_GOOGLE_MAIL


def test_the_flags_of_xlist_count_where_list_tells_none(tmp_path: Path) -> None:
    def script(command: str) -> bytes | None:
        if command.startswith("XLIST"):
            return (
                b'* XLIST (\\HasNoChildren \\Inbox) "/" "Posteingang"\r\n* XLIST (\\AllMail) "/" "[Gmail]/Alles"\r\n'
                b'* XLIST (\\Spam) "/" "[Gmail]/Dreck"\r\n* XLIST (\\Starred) "/" "Archiv"\r\nOK done'
            )
        return b'* LIST () "/" INBOX\r\n* LIST () "/" "[Gmail]/Dreck"\r\nOK done' if command.startswith("LIST") else None

    with OddServer(script, tmp_path, capability="IMAP4rev1 XLIST X-GM-EXT-1") as server:
        mailbox = open_imap(server.imap, "secret")
        assert mailbox.folders() == {INBOX: "INBOX", ALL: "[Gmail]/Alles", JUNK: "[Gmail]/Dreck"}
        mailbox.close()


def test_special_use_is_asked_for_where_it_is_told_only_then(tmp_path: Path) -> None:
    def script(command: str) -> str | None:
        if command == 'LIST "" "*" RETURN (SPECIAL-USE)':
            return '* LIST () "/" INBOX\r\n* LIST (\\Drafts) "/" Later\r\nOK done'
        return '* LIST () "/" INBOX\r\n* LIST () "/" Later\r\nOK done' if command.startswith("LIST") else None

    with OddServer(script, tmp_path, capability="IMAP4rev1 LIST-EXTENDED SPECIAL-USE") as server:
        mailbox = open_imap(server.imap, "secret")
        assert mailbox.folders() == {INBOX: "INBOX", DRAFTS: "Later"}
        mailbox.close()


def test_a_server_that_announces_special_use_and_refuses_to_tell_it_is_asked_plainly(tmp_path: Path) -> None:
    with OddServer(
        lambda command: "BAD what" if "RETURN" in command else None, tmp_path, capability="IMAP4rev1 LIST-EXTENDED SPECIAL-USE"
    ) as server:
        mailbox = open_imap(server.imap, "secret")
        assert mailbox.folders() == {INBOX: "INBOX", DRAFTS: "Drafts"}
        mailbox.close()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b'(\\Drafts) "/" {13}\r\nHalf {written', "Half {written"),
        (b'(\\Drafts) "/" "a \\"b\\" \\\\ c"', 'a "b" \\ c'),
        (b'(\\Drafts) "\\\\" "Top\\\\Below"', "Top\\Below"),
        (b"(\\Drafts) NIL Flat", "Flat"),
        (b'(\\DRAFTS \\Marked) "." Half written', "Half written"),
        (b'(\\Drafts) "/" "R&-D"', "R&D"),
        (b'(\\Drafts) "/" "&ZeVnLIqe-" ("CHILDINFO" ("SUBSCRIBED"))', "日本語"),
        (b'(\\Drafts) "/" "2026"', "2026"),
    ],
)
def test_a_name_is_read_however_it_is_written(line: bytes, name: str, tmp_path: Path) -> None:
    assert folders_of(tmp_path, b"* LIST " + line + b"\r\nOK done") == {INBOX: "INBOX", DRAFTS: name}


@pytest.mark.parametrize("raw", [b"R&D", b"&Jjo", b"Caf\xc3\xa9", b"Caf\xe9", b"&AGE-bc", b"&2AA-", b"&!!!-", b""])
def test_a_name_that_could_not_be_opened_is_left_out_and_the_others_are_read(raw: bytes, tmp_path: Path) -> None:
    listing = b'* LIST (\\Drafts) "/" "' + raw + b'"\r\n* LIST () gibberish\r\n* LIST () "/" Sent\r\nOK done'
    assert folders_of(tmp_path, listing) == {INBOX: "INBOX", SENT: "Sent"}


def test_a_line_break_in_a_name_is_no_command(tmp_path: Path) -> None:
    listing = b'* LIST (\\Drafts) "/" {11}\r\nx\r\na DELETE\r\nOK done'
    assert folders_of(tmp_path, listing) == {INBOX: "INBOX"}


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
