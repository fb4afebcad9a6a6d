"""What servers are known to do wrong, played from the first pass to the last: no second draft, nothing lost, told in words.

The numbers are those of docs/failures.md.
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from agent.interviews import EventKind
from agent.mailbox import MailboxProblem
from agent.plan.intention import DraftState
from tests.daemon.scene import FIXES, INVITES, NOW
from tests.journeys.drafts_scene import OWN
from tests.journeys.model_scene import HOUR, MINUTE, ModelScene, by_the_user
from tests.mail_clients import gmail, k9, text_of
from tests.mailbox.model_server import CAPABILITY, FOLDERS, ModelServer, as_usual
from tests.mailbox.odd_server import HangUp

Do = Callable[[], bytes]


@pytest.fixture(autouse=True)
def _no_pause_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: None)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ModelServer]:
    with ModelServer(tmp_path) as made:
        yield made


@pytest.fixture
def scene(server: ModelServer) -> ModelScene:
    return ModelScene.of(server)


def invited(scene: ModelScene) -> int:
    """Let the invitation come in and be answered; return the UID of the answer in Drafts."""
    scene.receive("<i@acme.example>", INVITES)
    scene.run()
    return scene.drafted()[0]


def overtaken(scene: ModelScene) -> None:
    """Let news come that make an answer to the invitation needless."""
    scene.receive("<f@acme.example>", FIXES, in_reply_to="<i@acme.example>")


def is_answered_once(scene: ModelScene) -> bool:
    """Whether the invitation is known once, and its one answer lies in Drafts."""
    told = (scene.told(EventKind.RECEIVED), scene.told(EventKind.DRAFTED))
    return (told, len(scene.drafts()), scene.draft().state) == ((1, 1), 1, DraftState.QUEUED)


# The connection

STEPS = ("LIST", "STATUS", "EXAMINE", "UID SEARCH UID 1:* SINCE", "UID FETCH 1 (UID RFC822", "UID FETCH 1 (UID BODY",
         "UID SEARCH UID 1:* HEADER", "+", "APPEND")  # fmt: skip


@pytest.mark.parametrize(("steps", "done"), [(STEPS, False), (("APPEND", "LOGOUT"), True)], ids=["before it is done", "after"])
def test_a_goodbye_at_any_command_of_a_pass_loses_nothing_and_doubles_nothing(
    steps: Sequence[str], done: bool, tmp_path: Path
) -> None:
    """Failures 6, 7 and 8."""
    ended: list[str] = []
    with ModelServer(tmp_path) as server:
        for start in steps:

            def quirk(command: str, do: Do, start: str = start) -> bytes:
                if not command.startswith(start):
                    return do()
                server.quirk = as_usual
                ended.append(start)
                if done:
                    do()
                raise HangUp(b"* BYE Server shutting down.\r\n")

            server.folders, server.now, server.quirk = server.empty(FOLDERS), NOW, quirk
            scene = ModelScene.of(server)
            scene.receive("<i@acme.example>", INVITES)
            with contextlib.suppress(MailboxProblem):
                scene.run()
            scene.run(MINUTE)
            assert is_answered_once(scene), start
    assert ended == list(steps)


def test_a_server_that_ends_what_was_silent_for_long_costs_no_pass(server: ModelServer, scene: ModelScene) -> None:
    """Failure 9: between reading and writing the words of a mail may take a while to understand."""

    def quirk(command: str, do: Do) -> bytes:
        if command == "NOOP" and server.connections == 1:
            raise HangUp(b"* BYE Disconnected for inactivity.\r\n")
        return do()

    server.quirk = quirk
    invited(scene)

    assert is_answered_once(scene)
    assert server.connections == 2


@pytest.mark.parametrize(
    ("start", "answer", "said", "minutes"),
    [
        ("LIST", b"BAD User is authenticated but not connected.", "look whether IMAP is switched on for this mailbox", 5),
        ("EXAMINE", b"NO System Error (Failure)", "System Error (Failure)", None),
        ("UID FETCH", b"NO [ALERT] Account exceeded command or bandwidth limits. (Failure)", "bandwidth limits", 60),
        ("UID FETCH", b"NO Request is throttled. Suggested Backoff Time: 600000 milliseconds", "throttled", 10),
    ],
    ids=["14 and 15: Exchange", "16: Gmail stalled", "17: Gmail", "11: Microsoft 365"],
)
def test_a_provider_that_refuses_for_now_is_quoted_and_left_in_peace(
    start: str, answer: bytes, said: str, minutes: int | None, server: ModelServer, scene: ModelScene
) -> None:
    """Failures 11, 14, 15, 16 and 17."""
    scene.receive("<i@acme.example>", INVITES)
    server.quirk = lambda command, do: answer if command.startswith(start) else do()

    with pytest.raises(MailboxProblem, match=re.escape(said)) as caught:
        scene.run()
    server.quirk = as_usual
    scene.run(HOUR)

    assert not caught.value.permanent
    assert caught.value.retry_after == (minutes * MINUTE if minutes else None)
    assert is_answered_once(scene)


def test_what_a_server_can_before_and_after_the_login_may_differ(tmp_path: Path) -> None:
    """Nothing is taken for granted that was said before the login, nor what is said in between."""
    with ModelServer(tmp_path, capability="IMAP4rev1", before_login=f"{CAPABILITY} LITERAL+ CONDSTORE SPECIAL-USE") as server:
        server.quirk = lambda command, do: (
            do() if command.startswith(("CAPABILITY", "LOGIN")) else b"* CAPABILITY IMAP4rev1 LITERAL+ X-GM-EXT-1\r\n" + do()
        )
        scene = ModelScene.of(server)
        invited(scene)
        overtaken(scene)
        report = scene.run(MINUTE)
    assert report.withdrawn == [scene.draft().message_id]
    assert scene.drafts() == {}
    said = " / ".join(server.commands)
    assert not re.search(r"\+\}|MODSEQ|RETURN|UNSELECT|X-GM|UID EXPUNGE", said)


OTHERS = (
    b'* 9 FETCH (UID 99 RFC822.SIZE 10 INTERNALDATE "10-Mar-2026 09:00:00 +0000" BODY[] {14}\r\nSubject: x\r\n\r\n)\r\n'
    b"* 1 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (9))\r\n* 9 EXISTS\r\n* 0 RECENT\r\n* 9 EXPUNGE\r\n"
    b"* OK [ALERT] maintenance tonight\r\n* NO disk nearly full\r\n* LIST () \"/\" Other\r\n* STATUS Other (MESSAGES 3)\r\n"
    b"* VANISHED (EARLIER) 90:95\r\n* ID NIL\r\n* X-SOMETHING new\r\n"
)  # fmt: skip


def test_what_nobody_asked_for_does_no_harm_at_any_command(server: ModelServer, scene: ModelScene) -> None:
    """Failure 31; other messages' rows, counts, notices and news of flags, in FETCH and in APPEND, before its message too."""
    server.quirk = lambda _, do: OTHERS + do()
    uid = invited(scene)
    assert is_answered_once(scene)
    scene.run(MINUTE)
    server.remove("Drafts", uid)
    server.deliver("Sent", k9(scene.draft().raw, text_of(scene.draft().raw)))
    scene.run(MINUTE)

    assert (scene.draft().state, scene.troubles()) == (DraftState.SENT, "")
    assert scene.account.ledger.aside() == []


def test_a_server_that_answers_with_another_message_is_not_believed(server: ModelServer, scene: ModelScene) -> None:
    theirs = server.deliver("Drafts", by_the_user("<o@mailbox.example>", "Dear Kim, later.\n", scene, to="kim@friends.example"))

    def quirk(command: str, do: Do) -> bytes:
        if command.startswith("UID SEARCH") and "HEADER" in command:
            return b"* SEARCH 1 2 3 77\r\nOK done"
        return do().replace(b"(UID 2 BODY[]", b"(UID 1 BODY[]") if command.startswith("UID FETCH 2 (UID BODY") else do()

    server.quirk = quirk
    scene.receive("<i@acme.example>", INVITES)
    scene.run()
    overtaken(scene)
    for _ in range(3):
        scene.run(HOUR)

    assert theirs in scene.drafts()
    assert (len(scene.drafts()), scene.told(EventKind.DRAFTED)) == (2, 1)
    server.quirk = as_usual


# Numbers and folders


def test_other_numbers_for_all_messages_of_all_folders_bring_no_second_draft(server: ModelServer, scene: ModelScene) -> None:
    """Failures 18 and 42."""
    server.deliver("Sent", by_the_user("<a@mailbox.example>", "Dear Dana,\n\nHere is my application.\n\nRobin\n", scene))
    invited(scene)
    before = scene.draft()
    server.renumber()

    reports = [scene.run(HOUR), scene.run(HOUR)]

    assert [(report.read, report.queued, report.withdrawn) for report in reports] == [(0, [], []), (0, [], [])]
    assert is_answered_once(scene)
    assert scene.draft().uidvalidity == 8
    assert scene.draft().message_id == before.message_id
    overtaken(scene)
    assert scene.run(MINUTE).withdrawn == [before.message_id]
    assert scene.drafts() == {}


def test_a_mail_that_is_moved_away_and_back_is_read_once(server: ModelServer, scene: ModelScene) -> None:
    """Failure 36: on Exchange it has another number each time."""
    invited(scene)
    archived = server.move("INBOX", 1, "Archive")
    scene.run(HOUR)
    back = server.move("Archive", archived, "INBOX")

    report = scene.run(HOUR)

    assert (back, report.read, report.queued, report.withdrawn) == (2, 0, [], [])
    assert is_answered_once(scene)


@pytest.mark.parametrize("copy", [lambda raw: raw, lambda raw: gmail(raw, text_of(raw))], ids=["alike", "laid out anew"])
def test_a_sent_mail_that_server_and_client_both_file_is_one(
    copy: Callable[[bytes], bytes], server: ModelServer, scene: ModelScene
) -> None:
    """Failure 34: the copies may be laid out differently, under one Message-ID."""
    uid = invited(scene)
    raw = scene.drafts()[uid]
    filed = re.sub(rb"Message-ID: [^\r\n]+", b"Message-ID: " + scene.draft().message_id.encode(), copy(raw))
    server.remove("Drafts", uid)
    server.deliver("Sent", raw)
    server.deliver("Sent", b"Received: from client by server; Tue, 10 Mar 2026 10:00:00 +0000\r\n" + filed)

    for _ in range(2):
        scene.run(MINUTE)

    assert (scene.draft().state, scene.told(EventKind.DRAFT_SENT), scene.told(EventKind.SENT)) == (DraftState.SENT, 1, 1)


# Writing


@pytest.mark.parametrize(
    "said",
    ["OK done", "OK [APPENDUID 7 none] done", "OK [APPENDUID 7 1] done", "OK [APPENDUID 7 9] done", "OK [APPENDUID 3 2] done"],
)
def test_whatever_uid_a_server_tells_the_draft_is_followed(said: str, server: ModelServer, scene: ModelScene) -> None:
    """Failure 19: no UID, that of a draft of the user's, one that is not there yet, another UIDVALIDITY."""
    theirs = server.deliver("Drafts", by_the_user("<o@mailbox.example>", "Dear Kim, later.\n", scene, to="kim@friends.example"))

    def quirk(command: str, do: Do) -> bytes:
        usual = do()
        return said.encode() if command.startswith("APPEND") else usual

    server.quirk = quirk
    uid = invited(scene)
    for _ in range(2):
        scene.run(MINUTE)
    assert (list(scene.drafts()), scene.told(EventKind.DRAFTED)) == ([theirs, uid], 1)
    assert (scene.draft().state, scene.draft().uid) == (DraftState.QUEUED, uid)

    saved = server.deliver("Drafts", k9(scene.drafts()[uid], text_of(scene.drafts()[uid]) + OWN))
    server.remove("Drafts", uid)
    scene.run(HOUR)
    assert (scene.draft().state, scene.draft().uid) == (DraftState.EDITED, saved)
    overtaken(scene)
    scene.run(HOUR)
    assert list(scene.drafts()) == [theirs, saved]


def test_a_server_that_stores_a_draft_twice_is_not_given_a_third(server: ModelServer, scene: ModelScene) -> None:
    """Failures 19 and 20; both are taken out when they are needed no more."""

    def quirk(command: str, do: Do) -> bytes:
        usual = do()
        if command.startswith("APPEND"):
            server.deliver("Drafts", server.messages("Drafts")[1])
            raise HangUp
        return usual

    server.quirk = quirk
    scene.receive("<i@acme.example>", INVITES)
    with pytest.raises(MailboxProblem):
        scene.run()
    reports = [scene.run(MINUTE), scene.run(MINUTE)]
    assert (len(scene.drafts()), scene.draft().state) == (2, DraftState.QUEUED)
    assert [report.queued for report in reports] == [[scene.draft().message_id], []]

    overtaken(scene)
    scene.run(MINUTE)
    assert (scene.drafts(), scene.draft().state) == ({}, DraftState.WITHDRAWN)


def test_a_server_that_takes_fields_out_of_drafts_gets_no_second_one_and_loses_none(
    server: ModelServer, scene: ModelScene
) -> None:
    """Failure 39: what it keeps does not thread; the draft counts as changed by someone else, and is left alone."""

    def quirk(command: str, do: Do) -> bytes:
        usual = do()
        if command.startswith("APPEND"):
            [mail] = server.folders["Drafts"].mails.values()
            mail.raw = re.sub(rb"(References|In-Reply-To): [^\r\n]+\r\n", b"", mail.raw)
        return usual

    server.quirk = quirk
    invited(scene)
    scene.run(MINUTE)
    assert is_answered_once(scene)
    overtaken(scene)
    reports = [scene.run(MINUTE), scene.run(HOUR)]

    assert [report.queued + report.withdrawn for report in reports] == [[], []]
    assert len(scene.drafts()) == 1
    assert scene.draft().overtaken == "dana@acme.example wrote since: scheduled"


# What is never asked

UNKNOWN_TO_SOME = re.compile(
    r"CHARSET|\bRFC822(?!\.SIZE)|BODY\[|ENVELOPE|\bFAST\b|\bFULL\b|^(?:FETCH|STORE|SEARCH|COPY)\b"
    r"|FLAGS [^(]*\(\\(?:Draft|Seen)|[^\x20-\x7e]"
)


def test_nothing_is_asked_that_some_provider_refuses_or_answers_wrongly(server: ModelServer, scene: ModelScene) -> None:
    """Failures 21, 22, 24, 31 and 37: a CHARSET, RFC822, ENVELOPE, messages by their place, flags that are stored afterwards."""
    server.quirk = lambda command, do: b"BAD [CLIENTBUG] not here" if UNKNOWN_TO_SOME.search(command) else do()
    invited(scene)
    overtaken(scene)
    report = scene.run(MINUTE)

    assert report.withdrawn == [scene.draft().message_id]
    assert [command for command in server.commands if UNKNOWN_TO_SOME.search(command)] == []


def test_a_message_that_cannot_be_read_is_told_with_its_place_and_the_others_are_read(
    server: ModelServer, scene: ModelScene
) -> None:
    """Failures 7 and 25."""
    scene.receive("<b@acme.example>", "Hi Robin,\n\nwe have received your application.\n\nDana\n")
    scene.receive("<i@acme.example>", INVITES)
    server.quirk = lambda command, do: (
        b"NO [UNAVAILABLE] cannot read message" if re.match(r"UID FETCH 1\S* \(UID BODY", command) else do()
    )

    scene.run()
    scene.run(HOUR)

    assert is_answered_once(scene)
    assert scene.troubles() == (
        "One message could not be read and was kept aside, UID 1 in INBOX: [UNAVAILABLE] cannot read message"
    )
