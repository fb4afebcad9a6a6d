"""What an APPEND can meet, from a missing go-ahead to half an answer."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.mailbox.imap import ImapMailbox, open_imap
from agent.mailbox.interface import Appended, AppendUnknown, FolderRole, MailboxProblem
from tests.dovecot import PASSWORD, Dovecot, MailboxUser
from tests.mailbox.odd_server import OddServer
from tests.mailbox.scripted import ScriptedServer, Talk

DRAFTS = FolderRole.DRAFTS
DRAFT = b"From: me@mail.example\r\nMessage-ID: <d1@mail.example>\r\nSubject: Thank you\r\n\r\n" + b"Many thanks.\r\n" * 200
WORDS = b"Message-ID: <d1@mail.example>\r\nSubject: hi\r\n\r\nhi\r\n"


def opened(server: Dovecot, user: MailboxUser, port: int | None = None) -> ImapMailbox:
    return open_imap(server.server(user, port=port or server.port), PASSWORD)


def appending(
    capability: str, take: Callable[[Talk], None], tmp_path: Path, *, timeout_seconds: float = 5.0
) -> tuple[ScriptedServer, list[str]]:
    """Return a server that comes up to APPEND, and a list of what was asked there."""
    asked: list[str] = []

    def conversation(talk: Talk) -> None:
        talk.log_in(capability)
        if talk.number > 1:
            talk.expect("LOGOUT")
            return
        talk.expect("LIST")
        talk.send(b'* LIST () "/" INBOX\r\n* LIST (\\Drafts) "/" {8}\r\nMy "own"\r\n')
        talk.end("OK done")
        talk.expect("NOOP")
        talk.end("OK done")
        asked.append(talk.expect("APPEND"))
        take(talk)
        talk.expect("LOGOUT")

    return ScriptedServer(conversation, tmp_path, timeout_seconds=timeout_seconds), asked


def appended(server: ScriptedServer, raw: bytes = WORDS) -> Appended | AppendUnknown:
    mailbox = open_imap(server.imap, "secret")
    try:
        return mailbox.append_draft(raw)
    finally:
        mailbox.close()


def asks_first(status: str) -> Callable[[Talk], None]:
    def take(talk: Talk) -> None:
        talk.send(b"+ go on\r\n")
        assert talk.read(len(WORDS) + 2) == WORDS + b"\r\n"
        talk.send(b"* 4 EXISTS\r\n")
        talk.end(status)

    return take


def takes_at_once(status: str) -> Callable[[Talk], None]:
    def take(talk: Talk) -> None:
        assert talk.read(len(WORDS) + 2) == WORDS + b"\r\n"
        talk.end(status)

    return take


STORED = "OK [APPENDUID 7 4] stored"


@pytest.mark.parametrize(
    ("capability", "take", "octets"),
    [
        ("IMAP4rev1 UIDPLUS", asks_first(STORED), f"{{{len(WORDS)}}}"),
        ("IMAP4rev1 UIDPLUS LITERAL+", takes_at_once(STORED), f"{{{len(WORDS)}+}}"),
        ("IMAP4rev1 UIDPLUS LITERAL-", takes_at_once(STORED), f"{{{len(WORDS)}+}}"),
    ],
)
def test_a_draft_is_given_in_one_go_where_the_server_takes_it_so(
    capability: str, take: Callable[[Talk], None], octets: str, tmp_path: Path
) -> None:
    server, asked = appending(capability, take, tmp_path)
    with server:
        assert appended(server) == Appended(uidvalidity=7, uid=4)
    assert asked == [rf'APPEND "My \"own\"" (\Draft \Seen) {octets}']


def test_a_long_draft_is_not_given_in_one_go_where_only_short_ones_may_be(tmp_path: Path) -> None:
    long = WORDS + b"x" * 4096

    def take(talk: Talk) -> None:
        talk.send(b"+ go on\r\n")
        assert talk.read(len(long) + 2) == long + b"\r\n"
        talk.end("OK done")

    server, asked = appending("IMAP4rev1 LITERAL-", take, tmp_path)
    with server:
        assert appended(server, long) == Appended(uidvalidity=None, uid=None)
    assert asked[0].endswith(f"{{{len(long)}}}")


@pytest.mark.parametrize(
    "said",
    [
        "OK done",
        "OK",
        "OK [APPENDUID 7 none] stored",
        "OK [APPENDUID 7 0] stored",
        "OK [APPENDUID 7 4:5] stored",
        "OK [APPENDUID] x",
    ],
)
def test_an_answer_without_a_uid_that_can_be_read_leaves_it_unknown(said: str, tmp_path: Path) -> None:
    server, _ = appending("IMAP4rev1 UIDPLUS LITERAL+", takes_at_once(said), tmp_path)
    with server:
        assert appended(server) == Appended(uidvalidity=None, uid=None)


def test_no_flag_is_stored_afterwards_where_the_server_drops_draft(tmp_path: Path) -> None:
    """Some servers make a mangled copy of a draft whose flags are set once it is there."""

    def script(command: str) -> str | None:
        return "* FLAGS (\\Seen)\r\n* OK [PERMANENTFLAGS (\\Seen)] x\r\nOK done" if command.startswith("APPEND") else None

    with OddServer(script, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        assert isinstance(mailbox.append_draft(WORDS), Appended)
        mailbox.close()
    assert not [command for command in server.commands if "STORE" in command]


@pytest.mark.parametrize(
    "take",
    [
        lambda talk: talk.end("NO [TRYCREATE] no such folder"),
        asks_first("NO [TRYCREATE] no such folder"),
    ],
    ids=["before the message", "after the message"],
)
def test_a_refusal_is_clear_before_and_after_the_message(take: Callable[[Talk], None], tmp_path: Path) -> None:
    server, _ = appending("IMAP4rev1", take, tmp_path)
    with server, pytest.raises(MailboxProblem, match="does not exist: make it") as caught:
        appended(server)
    assert caught.value.permanent


def taken(talk: Talk) -> bytes:
    talk.send(b"+ go on\r\n")
    return talk.read(len(WORDS) + 2)


@pytest.mark.parametrize(
    "take",
    [
        lambda talk: talk.close(),
        lambda talk: talk.reset(),
        lambda talk: talk.wait_for_end(),
        lambda talk: (talk.send(b"+ go on\r\n"), talk.reset()),
        lambda talk: (talk.send(b"+ go on\r\n"), talk.read(20), talk.close()),
        lambda talk: (taken(talk), talk.close()),
        lambda talk: (taken(talk), talk.wait_for_end()),
        lambda talk: (taken(talk), talk.drip(b"* OK one moment\r\n")),
        lambda talk: (taken(talk), talk.send(b"other1 OK done\r\n"), talk.wait_for_end()),
        lambda talk: (taken(talk), talk.send(b"<html>\r\n"), talk.wait_for_end()),
        lambda talk: (taken(talk), talk.send(talk.tag.encode() + b" O"), talk.close()),
        lambda talk: (talk.end("OK [APPENDUID 7 4] done before it began"), talk.wait_for_end()),
    ],
    ids=[
        "closed at once",
        "reset at once",
        "no go-ahead",
        "reset at the go-ahead",
        "closed in the message",
        "closed after the message",
        "silent after the message",
        "dripping",
        "another's answer",
        "no answer",
        "half an answer",
        "an answer too early",
    ],
)
def test_whatever_comes_instead_of_an_answer_is_unknown(take: Callable[[Talk], None], tmp_path: Path) -> None:
    server, _ = appending("IMAP4rev1", take, tmp_path, timeout_seconds=0.5)
    with server:
        assert isinstance(appended(server), AppendUnknown)


def test_a_draft_over_the_limit_that_the_server_announces_is_not_sent(tmp_path: Path) -> None:
    with OddServer(lambda command: None, tmp_path, capability="IMAP4rev1 APPENDLIMIT=60") as server:
        mailbox = open_imap(server.imap, "secret")
        with pytest.raises(MailboxProblem) as caught:
            mailbox.append_draft(WORDS + b"x" * 1000)
        assert str(caught.value) == (
            'the folder "Drafts" at localhost takes no draft of 1,050 octets: its limit is 60 (APPENDLIMIT)'
        )
        assert caught.value.permanent
        assert isinstance(mailbox.append_draft(WORDS), Appended)
        mailbox.close()


@pytest.mark.dovecot
@pytest.mark.parametrize("without", ["UIDPLUS", "LITERAL+", "UIDPLUS LITERAL+"])
def test_a_real_server_with_less_takes_a_draft_all_the_same(without: str, mailbox_user: MailboxUser) -> None:
    offered = {"IMAP4rev1", "UIDPLUS", "LITERAL+", "SPECIAL-USE", "LIST-EXTENDED"} - set(without.split())
    with Dovecot(capability=" ".join(sorted(offered))) as server:
        mailbox = opened(server, mailbox_user)
        assert isinstance(mailbox.append_draft(DRAFT.replace(b"\r\n", b"\n")), Appended)
        assert server.messages(mailbox_user, "Drafts") == {1: DRAFT}
        assert server.flags(mailbox_user, "Drafts") == {1: frozenset({"\\Draft", "\\Seen"})}
        mailbox.close()
