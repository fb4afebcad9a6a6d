"""Looks at many messages and at all folders ask little of a server, and take what it says as it comes."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.mailbox.imap import ImapMailbox, open_imap
from agent.mailbox.interface import FolderRole, Heading, Place
from tests.mailbox.odd_server import OddServer, fetched, uids_in

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
INBOX, SENT, ARCHIVE, ALL = FolderRole.INBOX, FolderRole.SENT, FolderRole.ARCHIVE, FolderRole.ALL
GMAIL = "IMAP4rev1 UIDPLUS X-GM-EXT-1"
LABELS = {1: '"\\\\Inbox" Work', 2: "{5}\r\n\\sent \\Inbox", 3: "\\Draft", 4: "", 5: '"\\\\INBOX"', 6: '"\\\\Sent Orders"'}


def holding(mails: dict[int, bytes]) -> Callable[[str], bytes | None]:
    def answer(command: str) -> bytes | None:
        if command.startswith("UID SEARCH"):
            return b"* SEARCH " + " ".join(map(str, mails)).encode() + b"\r\nOK done"
        return fetched(command, mails) if command.startswith("UID FETCH") else None

    return answer


def gmail(command: str) -> str | bytes | None:
    if command.startswith("LIST"):
        return '* LIST () "/" INBOX\r\n* LIST (\\All) "/" "[Gmail]/All Mail"\r\n* LIST (\\Drafts) "/" "[Gmail]/Drafts"\r\nOK done'
    if command.startswith("UID SEARCH"):
        return "* SEARCH 1 2 3 4 5 6\r\nOK done"
    if command.startswith("UID FETCH"):
        rows = [
            fetched(command, {uid: b"Subject: x\r\n\r\nhi\r\n"}, more=f" X-GM-THRID 9{uid} X-GM-LABELS ({labels})")
            for uid, labels in LABELS.items()
            if uid in uids_in(command)
        ]
        return b"".join(row.removesuffix(b"OK done") for row in rows) + b"OK done"
    return None


def look(server: OddServer, role: FolderRole = INBOX) -> tuple[ImapMailbox, list[Heading]]:
    mailbox = open_imap(server.imap, "secret")
    return mailbox, list(mailbox.headings(role, None, since=LONG_AGO))


def test_in_gmails_all_mail_a_message_is_what_its_labels_say_and_drafts_are_left_out(tmp_path: Path) -> None:
    with OddServer(gmail, tmp_path, capability=GMAIL) as server:
        mailbox, headings = look(server, ALL)
        arrivals = mailbox.read(headings)
        mailbox.close()
    assert [(each.uid, each.role, each.thread) for each in headings] == [
        (1, INBOX, "gmail:91"),
        (2, SENT, "gmail:92"),
        (4, ARCHIVE, "gmail:94"),
        (5, INBOX, "gmail:95"),
        (6, ARCHIVE, "gmail:96"),
    ]
    assert {each.folder for each in headings} == {"[Gmail]/All Mail"}
    assert [(each.uid, each.role) for each in arrivals] == [(each.uid, each.role) for each in headings]
    assert mailbox.skipped == []


def test_what_all_mail_does_not_give_is_named_as_of_that_folder(tmp_path: Path) -> None:
    def refusing(command: str) -> str | bytes | None:
        return "NO [SERVERBUG] not that" if "BODY.PEEK[]" in command and 4 in uids_in(command) else gmail(command)

    with OddServer(refusing, tmp_path, capability=GMAIL) as server:
        mailbox, headings = look(server, ALL)
        mailbox.read(headings)
        mailbox.close()
    assert [(each.role, each.uid) for each in mailbox.skipped] == [(ALL, 4)]


def test_headings_cost_one_command_for_five_hundred_and_texts_one_for_a_batch(tmp_path: Path) -> None:
    mails = {uid: b"Subject: %d\r\n\r\nhi\r\n" % uid for uid in range(1, 1201)}
    with OddServer(holding(mails), tmp_path) as server:
        mailbox, headings = look(server)
        assert [each.uid for each in headings] == list(range(1, 1201))
        assert [command.split(" ")[2] for command in server.commands if "FETCH" in command] == ["1:500", "501:1000", "1001:1200"]
        server.commands.clear()
        assert len(mailbox.read(headings[:50])) == 50
        assert [command.split(" ")[0] for command in server.commands] == ["EXAMINE", "UID"]
        mailbox.close()


def test_what_was_given_before_a_refusal_is_not_asked_for_again(tmp_path: Path) -> None:
    mails = {uid: b"Subject: %d\r\n\r\nhi\r\n" % uid for uid in range(1, 9)}

    def halting(command: str) -> bytes | None:
        if "FETCH" in command and 6 in uids_in(command):
            given = fetched(command, {uid: raw for uid, raw in mails.items() if uid < 6})
            return given.removesuffix(b"OK done") + b"NO [UNAVAILABLE] here it ends"
        return holding(mails)(command)

    with OddServer(halting, tmp_path) as server:
        mailbox, headings = look(server)
        asked = [command.split(" ")[2] for command in server.commands if "FETCH" in command]
        mailbox.close()
    assert [each.uid for each in headings] == [1, 2, 3, 4, 5, 7, 8]
    assert asked == ["1:8", "6", "7:8"]
    assert [(each.uid, each.problem) for each in mailbox.skipped] == [(6, "[UNAVAILABLE] here it ends")]


def test_a_change_of_flags_under_a_foreign_number_is_not_taken_for_an_answer(tmp_path: Path) -> None:
    mails = {uid: b"Subject: %d\r\n\r\nhi\r\n" % uid for uid in (3, 57)}

    def chatty(command: str) -> bytes | None:
        told = b"* 57 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 57 FLAGS () MODSEQ (9))\r\n* 4 FETCH (UID 4 RFC822.SIZE 1)\r\n"
        usual = holding(mails)(command)
        return told + usual if usual is not None and "FETCH" in command else usual

    with OddServer(chatty, tmp_path) as server:
        mailbox, headings = look(server)
        mailbox.close()
    assert [(each.uid, each.header) for each in headings] == [(3, b"Subject: 3\r\n\r\n"), (57, b"Subject: 57\r\n\r\n")]


def test_a_look_at_all_folders_is_one_burst_of_commands_and_lists_them_once(tmp_path: Path) -> None:
    with OddServer(lambda command: None, tmp_path, capability="IMAP4rev1 UNSELECT") as server:
        mailbox = open_imap(server.imap, "secret")
        place = Place(uidvalidity=7, last_uid=3, count=3)
        assert mailbox.places() == {INBOX: place, FolderRole.DRAFTS: place}
        server.commands.clear()
        assert mailbox.places()[INBOX] == place
        assert server.commands == [
            "UNSELECT",
            'STATUS "INBOX" (UIDVALIDITY UIDNEXT MESSAGES)',
            'STATUS "Drafts" (UIDVALIDITY UIDNEXT MESSAGES)',
        ]
        mailbox.close()


def test_where_changes_are_numbered_a_place_has_the_number(tmp_path: Path) -> None:
    def numbered(command: str) -> str | None:
        if not command.startswith("STATUS"):
            return None
        number = 917 if "INBOX" in command else 0
        name = "inbox" if "INBOX" in command else "Drafts"
        return f"* STATUS {name} (HIGHESTMODSEQ {number} MESSAGES 3 UIDNEXT 12 UIDVALIDITY 7)\r\nOK done"

    with OddServer(numbered, tmp_path, capability="IMAP4rev1 CONDSTORE") as server:
        mailbox = open_imap(server.imap, "secret")
        found = mailbox.places()
        mailbox.close()
    assert found[INBOX] == Place(uidvalidity=7, last_uid=11, count=3, modseq=917)
    assert found[FolderRole.DRAFTS].modseq is None
    assert "HIGHESTMODSEQ" in " ".join(server.commands)


@pytest.mark.parametrize("answer", ["NO [NONEXISTENT] gone", "OK but nothing said", "* STATUS Drafts (MESSAGES x)\r\nOK done"])
def test_a_folder_that_cannot_be_asked_is_left_out_and_the_list_is_asked_for_anew(tmp_path: Path, answer: str) -> None:
    def without_drafts(command: str) -> str | None:
        return answer if command.startswith("STATUS") and "Drafts" in command else None

    with OddServer(without_drafts, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        mailbox.folders()
        server.commands.clear()
        assert set(mailbox.places()) == {INBOX}
        mailbox.close()
    assert [command.split(" ")[0] for command in server.commands].count("LIST") == 1


def test_a_folder_under_another_name_is_found_by_the_new_list(tmp_path: Path) -> None:
    renamed: list[str] = []

    def answer(command: str) -> str | None:
        if command.startswith("LIST") and renamed:
            return '* LIST () "/" INBOX\r\n* LIST (\\Drafts) "/" Entw&APw-rfe\r\nOK done'
        return "NO no such mailbox" if command.startswith("STATUS") and '"Drafts"' in command and renamed else None

    with OddServer(answer, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        mailbox.places()
        renamed.append("now")
        assert set(mailbox.places()) == {INBOX, FolderRole.DRAFTS}
        mailbox.close()
    assert 'STATUS "Entw&APw-rfe" (UIDVALIDITY UIDNEXT MESSAGES)' in server.commands
