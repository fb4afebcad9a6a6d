"""Drafts are written once and taken out exactly, whatever the connection and the server do."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.mailbox.imap import ImapMailbox, open_imap
from agent.mailbox.interface import Appended, AppendUnknown, FolderRole, MailboxProblem, Stored
from agent.mailbox.memory import MemoryMailbox
from tests.dovecot import PASSWORD, Dovecot, MailboxUser
from tests.mailbox.odd_server import OddServer
from tests.mailbox.scenes import arrivals
from tests.proxy import Proxy

DRAFTS = FolderRole.DRAFTS
DRAFT = b"From: me@mail.example\r\nMessage-ID: <d1@mail.example>\r\nSubject: Thank you\r\n\r\n" + b"Many thanks.\r\n" * 200
WORDS = b"Message-ID: <d1@mail.example>\r\nSubject: hi\r\n\r\nhi\r\n"


def opened(server: Dovecot, user: MailboxUser, port: int | None = None) -> ImapMailbox:
    return open_imap(server.server(user, port=port or server.port), PASSWORD)


def test_an_answer_that_is_lost_leaves_one_draft_that_can_be_found(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    with Proxy(dovecot.port) as proxy:
        mailbox = opened(dovecot, mailbox_user, proxy.port)
        before = mailbox.position(DRAFTS)
        proxy.lose_answer_after(len(DRAFT))
        answer = mailbox.append_draft(DRAFT)
        assert isinstance(answer, AppendUnknown)
        assert answer.problem.startswith("the connection to localhost ended")
        [stored] = mailbox.find(DRAFTS, "<d1@mail.example>", above_uid=before.last_uid)
        assert stored.raw == DRAFT
        mailbox.close()
    assert len(dovecot.messages(mailbox_user, "Drafts")) == 1


@pytest.mark.parametrize("octets", [1, 30, 60, 100, 200, 1000, 2500])
def test_a_connection_cut_on_the_way_never_leaves_half_a_draft(dovecot: Dovecot, mailbox_user: MailboxUser, octets: int) -> None:
    with Proxy(dovecot.port) as proxy:
        mailbox = opened(dovecot, mailbox_user, proxy.port)
        mailbox.folders()
        proxy.cut_after(octets)
        answer = mailbox.append_draft(DRAFT)
        if isinstance(answer, AppendUnknown):
            assert mailbox.find(DRAFTS, "<d1@mail.example>") == []
            answer = mailbox.append_draft(DRAFT)
        assert isinstance(answer, Appended)
        assert dovecot.messages(mailbox_user, "Drafts") == {answer.uid: DRAFT}
        mailbox.close()


def test_a_server_that_does_not_answer_an_append_is_unknown(tmp_path: Path) -> None:
    def script(command: str) -> str | None:
        return "* BYE overloaded\r\nOK never mind" if command.startswith("APPEND") else None

    with OddServer(script, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        assert isinstance(mailbox.append_draft(WORDS), AppendUnknown)
        mailbox.close()


@pytest.mark.parametrize(
    ("said", "text", "permanent"),
    [
        ("NO [OVERQUOTA] Quota exceeded", "the mailbox is full", True),
        ("NO [TRYCREATE] Mailbox doesn't exist: Drafts", "does not exist: make it", True),
        ("NO [NOPERM] Permission denied", "is read-only for me", True),
        ("NO [TOOBIG] Message is too big", "takes no draft of this size", True),
        ("NO [OVERQUOTA] Account exceeded command or bandwidth limits", "takes no draft at present", False),
        ("NO [UNAVAILABLE] try again", "took no draft", False),
        ("BAD Syntax error", "took no draft", False),
    ],
)
def test_a_refusal_says_what_to_mend_and_is_not_unknown(tmp_path: Path, said: str, text: str, permanent: bool) -> None:
    with OddServer(lambda command: said if command.startswith("APPEND") else None, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        with pytest.raises(MailboxProblem, match=text) as caught:
            mailbox.append_draft(WORDS)
        assert caught.value.permanent is permanent
        assert '"Drafts" at localhost' in str(caught.value)
        mailbox.close()


@pytest.mark.dovecot
def test_a_full_mailbox_and_a_read_only_folder_of_a_real_server(mailbox_user: MailboxUser) -> None:
    extra = (
        "mail_plugins = $mail_plugins quota acl\n"
        "plugin {\n  quota = count:User quota\n  quota_vsizes = yes\n  quota_rule = *:bytes=3000\n  acl = vfile:HOME/acl\n}"
    )
    with Dovecot(extra=extra, files={"acl": "Sent owner lrwstipekxa\nDrafts owner lr\n"}) as server:
        mailbox = opened(server, mailbox_user)
        with pytest.raises(MailboxProblem, match='the folder "Drafts" at localhost is read-only') as read_only:
            mailbox.append_draft(WORDS)
        assert read_only.value.permanent
        mailbox.close()
        elsewhere = open_imap(server.server(mailbox_user, folders={DRAFTS: "Sent"}), PASSWORD)
        assert isinstance(elsewhere.append_draft(DRAFT[:2000]), Appended)
        with pytest.raises(MailboxProblem, match="the mailbox is full") as full:
            elsewhere.append_draft(DRAFT[:2000])
        assert full.value.permanent
        elsewhere.close()


def test_a_draft_has_no_date_but_the_servers_own(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    mailbox = opened(dovecot, mailbox_user)
    mailbox.append_draft(b"Date: Tue, 1 Sep 2020 10:00:00 +0000\r\n" + WORDS)
    [arrival] = arrivals(mailbox, DRAFTS, None, since=began)
    assert arrival.received_at >= began
    mailbox.close()


def test_without_uidplus_nothing_is_removed_while_the_user_has_mail_marked_deleted(
    poor_dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    poor_dovecot.create(mailbox_user, "INBOX.Drafts")
    theirs = poor_dovecot.deliver(mailbox_user, "INBOX.Drafts", b"Subject: mine\r\n\r\nkeep\r\n", ["\\Deleted"])
    mailbox = opened(poor_dovecot, mailbox_user)
    mailbox.append_draft(DRAFT)
    [stored] = mailbox.find(DRAFTS, "<d1@mail.example>")
    assert mailbox.remove_draft(stored) is False
    assert poor_dovecot.flags(mailbox_user, "INBOX.Drafts") == {
        theirs: frozenset({"\\Deleted"}),
        stored.uid: frozenset({"\\Draft", "\\Seen"}),
    }
    mailbox.close()


def test_without_uidplus_a_draft_is_not_even_marked_while_others_are_marked_deleted(tmp_path: Path) -> None:
    def script(command: str) -> str | None:
        if command.startswith("UID FETCH 3"):
            return f"* 3 FETCH (UID 3 BODY[] {{{len(WORDS)}}}\r\n{WORDS.decode()})\r\nOK done"
        return "* SEARCH 9\r\nOK done" if command == "UID SEARCH DELETED" else None

    with OddServer(script, tmp_path, capability="IMAP4rev1") as server:
        mailbox = open_imap(server.imap, "secret")
        assert mailbox.remove_draft(Stored(role=DRAFTS, uidvalidity=7, uid=3, raw=WORDS)) is False
        mailbox.close()
    assert not [command for command in server.commands if "STORE" in command or "EXPUNGE" in command]


def test_a_connection_that_died_while_idle_does_not_make_an_append_unknown(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    with Proxy(dovecot.port) as proxy:
        mailbox = opened(dovecot, mailbox_user, proxy.port)
        mailbox.folders()
        proxy.end_connections()
        assert isinstance(mailbox.append_draft(WORDS), Appended)
        assert proxy.connections == 2
        mailbox.close()


def test_with_uidplus_mail_that_the_user_marked_deleted_stays(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    theirs = dovecot.deliver(mailbox_user, "Drafts", b"Subject: mine\r\n\r\nkeep\r\n", ["\\Deleted"])
    mailbox = opened(dovecot, mailbox_user)
    mailbox.append_draft(DRAFT)
    [stored] = mailbox.find(DRAFTS, "<d1@mail.example>")
    assert mailbox.remove_draft(stored) is True
    assert dovecot.flags(mailbox_user, "Drafts") == {theirs: frozenset({"\\Deleted"})}
    mailbox.close()


GMAIL = "IMAP4rev1 UIDPLUS MOVE X-GM-EXT-1"
GMAIL_FOLDERS = (
    '* LIST () "/" INBOX\r\n* LIST (\\Drafts) "/" "[Gmail]/Drafts"\r\n* LIST (\\Sent) "/" "[Gmail]/Sent Mail"\r\n'
    '* LIST (\\All) "/" "[Gmail]/All Mail"\r\n* LIST (\\Trash) "/" "[Gmail]/Bin"\r\nOK done'
)


def minutes_ago(minutes: float) -> str:
    return f"{datetime.now(UTC) - timedelta(minutes=minutes):%d-%b-%Y %H:%M:%S +0000}"


def gmail(*, draft: str = "X-GM-LABELS ()", sent: str = "", all_mail: str = "") -> tuple[Callable[[str], str | None], list[str]]:
    """Return a script of Gmail with a draft of thread 70, and what it is told to move; `sent` and `all_mail` hold one message."""
    sent, all_mail = (re.sub(r"(\d+) minutes ago", lambda found: minutes_ago(int(found[1])), text) for text in (sent, all_mail))
    moved: list[str] = []
    folder = [""]
    head = f'X-GM-MSGID 71 X-GM-THRID 70 INTERNALDATE "{minutes_ago(1)}"'

    def script(command: str) -> str | None:
        word = command.split()[0]
        if word == "LIST":
            return GMAIL_FOLDERS
        if word in {"EXAMINE", "SELECT"}:
            folder[0] = command
        elsewhere = sent if "Sent" in folder[0] else all_mail if "All" in folder[0] else None
        if command.startswith("UID SEARCH X-GM-THRID 70"):
            return "* SEARCH 9\r\nOK done" if elsewhere else "* SEARCH\r\nOK done"
        if command.startswith("UID FETCH 9"):
            return f"* 1 FETCH (UID 9 X-GM-THRID 70 {elsewhere})\r\nOK done"
        if command.startswith("UID FETCH 3 (UID X-GM-MSGID"):
            return f"* 3 FETCH (UID 3 {head} {draft})\r\nOK done"
        if command.startswith("UID FETCH 3"):
            return f"* 3 FETCH (UID 3 BODY[] {{{len(WORDS)}}}\r\n{WORDS.decode()})\r\nOK done"
        if command.startswith("UID MOVE"):
            moved.append(command)
        if command.startswith("UID SEARCH"):
            return "* SEARCH\r\nOK done" if moved else "* SEARCH 3\r\nOK done"
        return None

    return script, moved


def gmails(msgid: int, labels: str, minutes: int) -> str:
    return f'X-GM-MSGID {msgid} X-GM-LABELS ({labels}) INTERNALDATE "{minutes} minutes ago"'


DRAFT_LABEL, SENT_LABEL = r'"\\Draft"', r'"\\Sent"'


@pytest.mark.parametrize(
    "world",
    [
        {},
        {"all_mail": gmails(71, DRAFT_LABEL, 1)},
        {"all_mail": gmails(72, DRAFT_LABEL, 1)},
        {"sent": gmails(72, "", 11), "all_mail": gmails(72, SENT_LABEL, 11)},
    ],
    ids=["alone", "itself in all mail", "its next version", "an older answer"],
)
def test_on_gmail_a_draft_is_moved_to_the_trash(world: dict[str, str], tmp_path: Path) -> None:
    script, moved = gmail(**world)
    with OddServer(script, tmp_path, capability=GMAIL) as server:
        mailbox = open_imap(server.imap, "secret")
        assert mailbox.remove_draft(Stored(role=DRAFTS, uidvalidity=7, uid=3, raw=WORDS)) is True
        mailbox.close()
    assert moved == ['UID MOVE 3 "[Gmail]/Bin"']
    assert not [command for command in server.commands if "STORE" in command or "EXPUNGE" in command]


@pytest.mark.parametrize(
    "world",
    [
        {"draft": f"X-GM-LABELS ({SENT_LABEL})"},
        {"sent": gmails(72, "", 9)},
        {"sent": gmails(71, SENT_LABEL, 60)},
        {"all_mail": gmails(72, SENT_LABEL, 9)},
        {"all_mail": gmails(71, f"{DRAFT_LABEL} {SENT_LABEL}", 1)},
        {"all_mail": 'X-GM-MSGID 72 X-GM-LABELS () INTERNALDATE "never"'},
    ],
    ids=["labelled sent", "sent just now", "the same message sent", "in all mail just now", "both labels", "of unknown age"],
)
def test_on_gmail_no_draft_is_removed_that_may_just_have_been_sent(world: dict[str, str], tmp_path: Path) -> None:
    script, moved = gmail(**world)
    with OddServer(script, tmp_path, capability=GMAIL) as server:
        mailbox = open_imap(server.imap, "secret")
        assert mailbox.remove_draft(Stored(role=DRAFTS, uidvalidity=7, uid=3, raw=WORDS)) is False
        mailbox.close()
    assert moved == []
    assert not [command for command in server.commands if command.startswith(("SELECT", "UID STORE", "EXPUNGE"))]


def test_memory_can_lose_an_answer_and_drop_a_draft() -> None:
    mailbox = MemoryMailbox()
    mailbox.lose_answer_to_next_append()
    assert isinstance(mailbox.append_draft(WORDS), AppendUnknown)
    assert len(mailbox.find(DRAFTS, "<d1@mail.example>")) == 1
    mailbox.drop_next_append()
    assert isinstance(mailbox.append_draft(b"Message-ID: <d2@mail.example>\r\n\r\nhi\r\n"), AppendUnknown)
    assert mailbox.find(DRAFTS, "<d2@mail.example>") == []
    assert isinstance(mailbox.append_draft(b"Message-ID: <d2@mail.example>\r\n\r\nhi\r\n"), Appended)


def test_memory_fails_as_often_as_told_and_then_works() -> None:
    mailbox = MemoryMailbox()
    problem = MailboxProblem("the server is down", permanent=False)
    mailbox.fail_next("append_draft", problem)
    mailbox.fail_next("find", problem)
    for _ in range(2):
        with pytest.raises(MailboxProblem, match="the server is down"):
            mailbox.append_draft(WORDS) if _ == 0 else mailbox.find(DRAFTS, "<d1@mail.example>")
    assert isinstance(mailbox.append_draft(WORDS), Appended)
    assert len(mailbox.find(DRAFTS, "<d1@mail.example>")) == 1


def test_memory_numbers_anew() -> None:
    mailbox = MemoryMailbox()
    at = datetime(2026, 9, 1, tzinfo=UTC)
    mailbox.deliver(FolderRole.INBOX, WORDS, at)
    cursor = mailbox.position(FolderRole.INBOX)
    mailbox.change_uidvalidity(FolderRole.INBOX)
    assert mailbox.position(FolderRole.INBOX).uidvalidity != cursor.uidvalidity
    assert [arrival.raw for arrival in arrivals(mailbox, FolderRole.INBOX, cursor, since=at)] == [WORDS]
