"""Reading goes on past what is too large, malformed, or refused, and says what it left out."""

import base64
import email
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mailbox.fetching import chunks, sequence_set
from agent.mailbox.imap import open_imap
from agent.mailbox.interface import FolderRole, MailboxProblem, Skipped
from agent.mailbox.lines import same_lines, with_crlf
from agent.mailbox.msgid import bare, msgid_of
from tests.dovecot import PASSWORD, Dovecot, MailboxUser
from tests.mailbox.odd_server import HangUp, OddServer, fetched, uids_in
from tests.mailbox.scenes import arrivals
from tests.proxy import Proxy

INBOX = FolderRole.INBOX
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def large_mail() -> bytes:
    invite = MIMEText("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n", "calendar", "utf-8")
    invite.set_param("method", "REQUEST")
    words = MIMEMultipart("alternative")
    words.attach(MIMEText("Wir laden Sie herzlich ein. Grüße", "plain", "utf-8"))
    words.attach(MIMEText("<p>Wir laden Sie herzlich ein. Grüße</p>", "html", "utf-8"))
    words.attach(invite)
    mail = MIMEMultipart("mixed")
    mail["From"], mail["Subject"], mail["Message-ID"] = "dana@acme.example", "Einladung", "<large@acme.example>"
    mail.attach(words)
    brochure = MIMEApplication(b"%PDF" + bytes(22 * 1024 * 1024), "pdf")
    brochure.add_header("Content-Disposition", "attachment", filename="brochure.pdf")
    mail.attach(brochure)
    forwarded = EmailMessage()
    forwarded["Subject"], forwarded["Message-ID"] = "the older one", "<older@acme.example>"
    forwarded.set_content("older words")
    mail.attach(MIMEMessage(forwarded))
    return with_crlf(mail.as_bytes())


def test_of_thirty_megabytes_only_header_text_and_calendar_are_read(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    raw = large_mail()
    assert len(raw) > 30_000_000
    dovecot.deliver(mailbox_user, "INBOX", raw)
    with Proxy(dovecot.port) as proxy:
        mailbox = open_imap(dovecot.server(mailbox_user, port=proxy.port), PASSWORD)
        [arrival] = arrivals(mailbox, INBOX, None, since=LONG_AGO)
        [stored] = mailbox.find(INBOX, "<large@acme.example>")
        mailbox.close()
        assert proxy.octets_to_clients < 60_000
    assert (arrival.size, arrival.complete) == (len(raw), False)
    assert stored.raw == arrival.raw
    assert len(arrival.raw) < 10_000
    read, whole = email.message_from_bytes(arrival.raw), email.message_from_bytes(raw)
    assert read.items() == [(name, value) for name, value in whole.items() if name != "MIME-Version"]
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/pdf",
        "message/rfc822",
        "text/plain",
    ]
    parts, originals = list(read.walk()), list(whole.walk())
    for number in (2, 3, 4):
        assert parts[number].get_payload(decode=True) == originals[number].get_payload(decode=True)
        assert parts[number].items() == originals[number].items()
    assert parts[5].get_filename() == "brochure.pdf"
    assert parts[5].get_payload(decode=True) == b""
    assert parts[7]["Message-ID"] == "<older@acme.example>"
    assert dovecot.flags(mailbox_user, "INBOX") == {arrival.uid: frozenset()}


@pytest.mark.parametrize("encoding", ["base64", "7bit"])
def test_a_large_text_alone_is_cut_at_a_line(dovecot: Dovecot, mailbox_user: MailboxUser, encoding: str) -> None:
    text = b"The answer stands in the first line.\r\n" + b"and so on and on\r\n" * 200_000
    body = base64.encodebytes(text) if encoding == "base64" else text
    dovecot.deliver(
        mailbox_user,
        "INBOX",
        with_crlf(b"Subject: long\nContent-Type: text/plain\nContent-Transfer-Encoding: %s\n\n%s" % (encoding.encode(), body)),
    )
    mailbox = open_imap(dovecot.server(mailbox_user), PASSWORD)
    [arrival] = arrivals(mailbox, INBOX, None, since=LONG_AGO)
    mailbox.close()
    read = email.message_from_bytes(arrival.raw).get_payload(decode=True)
    assert isinstance(read, bytes)
    assert not arrival.complete
    assert text.startswith(read)
    assert 150_000 < len(read) <= 262_144
    assert arrival.raw.endswith(b"\r\n")


def test_the_size_limit_is_the_users(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    for length in (100, 5000):
        dovecot.deliver(mailbox_user, "INBOX", b"Subject: x\r\nContent-Type: application/pdf\r\n\r\n" + b"x" * length + b"\r\n")
    mailbox = open_imap(dovecot.server(mailbox_user, size_limit=1000), PASSWORD)
    small, large = arrivals(mailbox, INBOX, None, since=LONG_AGO)
    mailbox.close()
    assert (small.complete, small.raw[-5:]) == (True, b"xxx\r\n")
    assert (large.complete, large.raw) == (False, b"Subject: x\r\nContent-Type: application/pdf\r\n\r\n")


def script(
    fetch: Callable[[list[int], str], str | bytes], *, found: str = "* SEARCH 1 2 3\r\n"
) -> Callable[[str], str | bytes | None]:
    def answer(command: str) -> str | bytes | None:
        if command.startswith("UID SEARCH"):
            return f"{found}OK done"
        if command.startswith("UID FETCH"):
            return fetch(uids_in(command), command)
        return None

    return answer


MAILS = {uid: b"Subject: %d\r\n\r\nhi\r\n" % uid for uid in (1, 2, 3)}


def good(uids: list[int], command: str) -> bytes:
    return fetched(command, {uid: MAILS[uid] for uid in uids})


def read_from(server: OddServer) -> tuple[list[int], list[Skipped]]:
    mailbox = open_imap(server.imap, "secret")
    read = [arrival.uid for arrival in arrivals(mailbox, INBOX, None, since=LONG_AGO)]
    mailbox.close()
    return read, mailbox.skipped


def refusing_two(uids: list[int], command: str) -> str | bytes:
    return "NO [UNAVAILABLE] cannot read message" if 2 in uids and "BODY.PEEK[]" in command else good(uids, command)


def malformed_two(uids: list[int], command: str) -> str | bytes:
    return "* 2 FETCH (UID 2 BODY[] (unfinished\r\nOK done" if 2 in uids and "BODY.PEEK[]" in command else good(uids, command)


def hanging_up_on_two(uids: list[int], command: str) -> str | bytes:
    if 2 in uids and "BODY.PEEK[]" in command:
        raise HangUp
    return good(uids, command)


def silent_about_two(uids: list[int], command: str) -> str | bytes:
    return good([uid for uid in uids if uid != 2], command)


@pytest.mark.parametrize(
    ("fetch", "reason"),
    [
        (refusing_two, "cannot read message"),
        (malformed_two, "the server's answer cannot be read (ProtocolError)"),
        (hanging_up_on_two, "the connection ended each time"),
        (silent_about_two, "the server gives nothing for it"),
    ],
)
def test_one_bad_message_is_named_and_the_others_are_read(
    tmp_path: Path, fetch: Callable[[list[int], str], str | bytes], reason: str
) -> None:
    with OddServer(script(fetch), tmp_path) as server:
        read, [skipped] = read_from(server)
    assert read == [1, 3]
    assert (skipped.role, skipped.uidvalidity, skipped.uid) == (INBOX, 7, 2)
    assert reason in skipped.problem


def test_a_message_that_is_gone_meanwhile_is_not_called_bad(tmp_path: Path) -> None:
    def answer(command: str) -> str | bytes | None:
        if command == "UID SEARCH UID 2":
            return "* SEARCH\r\nOK done"
        return script(silent_about_two)(command)

    with OddServer(answer, tmp_path) as server:
        assert read_from(server) == ([1, 3], [])


def test_a_first_reading_asks_for_two_days_more_because_servers_compare_days_without_zones(tmp_path: Path) -> None:
    with OddServer(script(good), tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        list(arrivals(mailbox, INBOX, None, since=datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-8)))))
        mailbox.close()
    assert "UID SEARCH UID 1:* SINCE 28-Feb-2026" in server.commands


def test_search_answers_in_several_lines_and_with_modseq_are_read(tmp_path: Path) -> None:
    found = "* SEARCH 3 1 \r\n* SEARCH 2 (MODSEQ 917)\r\n"
    with OddServer(script(good, found=found), tmp_path) as server:
        assert read_from(server) == ([1, 2, 3], [])


def test_flag_changes_that_come_in_between_do_no_harm(tmp_path: Path) -> None:
    def fetch(uids: list[int], command: str) -> bytes:
        return b"* 2 FETCH (FLAGS (\\Seen))\r\n* 9 EXISTS\r\n* 57 FETCH (FLAGS ())\r\n" + good(uids, command)

    with OddServer(script(fetch), tmp_path) as server:
        assert read_from(server) == ([1, 2, 3], [])


def test_a_message_without_a_date_from_the_server_has_that_of_its_header(tmp_path: Path) -> None:
    mails = {
        1: b"Date: Tue, 1 Sep 2026 10:00:00 +0200\r\n\r\nhi\r\n",
        2: b"Subject: none\r\n\r\nhi\r\n",
        3: b"Date: yesterday\r\n\r\nhi\r\n",
    }

    def fetch(uids: list[int], command: str) -> bytes:
        return fetched(command, {uid: mails[uid] for uid in uids}, date="NIL")

    with OddServer(script(fetch), tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        [arrival] = arrivals(mailbox, INBOX, None, since=LONG_AGO)
        mailbox.close()
    assert (arrival.uid, arrival.received_at) == (1, datetime(2026, 9, 1, 8, 0, tzinfo=UTC))
    assert [each.uid for each in mailbox.skipped] == [2, 3]


@pytest.mark.parametrize("answer", ["NO [CANNOT] not here", "BAD unknown search key", "* SEARCH\r\nOK found nothing"])
def test_a_server_that_cannot_search_headers_does_not_hide_a_message(tmp_path: Path, answer: str) -> None:
    mails = {uid: b"Message-ID: <d%d@mail.example>\r\n\r\nhi\r\n" % uid for uid in (1, 2, 3)}

    def said(command: str) -> str | bytes | None:
        if "HEADER" in command and command.startswith("UID SEARCH"):
            return answer
        return script(lambda uids, asked: fetched(asked, mails))(command)

    with OddServer(said, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        assert [(stored.uid, stored.raw) for stored in mailbox.find(FolderRole.DRAFTS, "<d2@mail.example>")] == [(2, mails[2])]
        assert mailbox.find(FolderRole.DRAFTS, "<d2@mail.example>", above_uid=2) == []
        mailbox.close()


def test_reading_never_asks_for_more_than_a_look(tmp_path: Path) -> None:
    with OddServer(script(good), tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        list(arrivals(mailbox, INBOX, None, since=LONG_AGO))
        mailbox.find(INBOX, "<x@y.example>")
        mailbox.position(INBOX)
        mailbox.listing(INBOX)
        mailbox.fetch(INBOX, [1])
        mailbox.close()
        said = " / ".join(server.commands)
    assert "SELECT" not in said
    assert "STORE" not in said
    assert "CHARSET" not in said
    assert "BODY[" not in said


def test_a_server_that_names_fewer_messages_than_it_counts_gives_no_complete_listing(tmp_path: Path) -> None:
    def names_two(command: str) -> str | None:
        return "* SEARCH 1 3\r\nOK done" if command.startswith("UID SEARCH") else None

    with OddServer(names_two, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        listing = mailbox.listing(INBOX)
        mailbox.close()
    assert (listing.uids, listing.last_uid, listing.complete) == ((1, 3), 3, False)


def test_a_listing_that_the_server_refuses_is_a_problem_and_no_empty_folder(tmp_path: Path) -> None:
    def refuses(command: str) -> str | None:
        return "NO too busy" if command.startswith("UID SEARCH") else None

    with OddServer(refuses, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        with pytest.raises(MailboxProblem):
            mailbox.listing(INBOX)
        mailbox.close()


@given(st.lists(st.integers(1, 2**32 - 1), unique=True, max_size=2000))
def test_chunks_keep_every_uid_in_order_and_every_line_short(uids: list[int]) -> None:
    pieces = list(chunks(sorted(uids)))
    assert [uid for piece in pieces for uid in piece] == sorted(uids)
    assert all(len(piece) <= 500 and len(sequence_set(piece)) < 4020 for piece in pieces)


@given(st.lists(st.integers(1, 60), unique=True, min_size=1))
def test_a_sequence_set_names_each_uid_and_no_other(uids: list[int]) -> None:
    assert uids_in(sequence_set(sorted(uids))) == sorted(uids)


def test_neighbours_are_named_as_a_range() -> None:
    assert sequence_set([*range(1, 501), 502, 600, 601]) == "1:500,502,600:601"
    assert list(chunks(range(1, 1201))) == [[*range(1, 501)], [*range(501, 1001)], [*range(1001, 1201)]]


@given(st.binary(max_size=300))
def test_any_bytes_have_a_msgid_or_none(raw: bytes) -> None:
    assert "\n" not in msgid_of(raw)
    assert same_lines(raw, with_crlf(raw))


def test_a_msgid_is_read_from_the_header_only() -> None:
    assert msgid_of(b"Subject: a\r\nMESSAGE-ID : <a@b>\r\n\r\nMessage-ID: <c@d>\r\n") == "a@b"
    assert msgid_of(b"Subject: a\n\nMessage-ID: <c@d>\n") == ""
    assert msgid_of(b"X-Message-ID: <c@d>\n\n") == ""
    assert bare(" <a@b>\r\n") == bare("a@b") == "a@b"


def test_of_a_large_message_whose_structure_is_unknown_the_beginning_is_read(tmp_path: Path) -> None:
    raw = b"Subject: x\r\nMessage-ID: <x@acme.example>\r\n\r\n" + b"hello\r\n" * 100_000

    def fetch(uids: list[int], command: str) -> str | bytes:
        return "NO [SERVERBUG] cannot" if "BODYSTRUCTURE" in command else fetched(command, {1: raw})

    with OddServer(script(fetch, found="* SEARCH 1\r\n"), tmp_path) as server:
        mailbox = open_imap(replace(server.imap, size_limit=10_000), "secret")
        [arrival] = arrivals(mailbox, INBOX, None, since=LONG_AGO)
        mailbox.close()
        whole = open_imap(server.imap, "secret")
        [complete] = arrivals(whole, INBOX, None, since=LONG_AGO)
        whole.close()
    # 37,449 lines of seven octets are what fits into 256 KiB.
    assert (arrival.raw, arrival.complete) == (raw[: raw.index(b"hello") + 37_449 * 7], False)
    assert (complete.raw, complete.complete) == (raw, True)
    assert (mailbox.skipped, whole.skipped) == ([], [])


@pytest.mark.parametrize(
    ("command", "answer"),
    [("UID SEARCH", "private words\r\nOK done"), ("UID FETCH", "* 1 FETCH (UID 1 BODY[] (private words\r\nOK done")],
)
def test_an_answer_that_cannot_be_read_is_not_repeated_for_it_may_be_a_mail(tmp_path: Path, command: str, answer: str) -> None:
    def odd(said: str) -> str | bytes | None:
        return answer if said.startswith(command) else script(good)(said)

    with OddServer(odd, tmp_path) as server:
        mailbox = open_imap(server.imap, "secret")
        try:
            list(arrivals(mailbox, INBOX, None, since=LONG_AGO))
            told = str(mailbox.skipped)
        except MailboxProblem as problem:
            told = str(problem)
        mailbox.close()
    assert told != "[]"
    assert "private" not in told


def test_gmails_thread_is_asked_for_where_it_is_offered_and_nowhere_else(tmp_path: Path) -> None:
    def fetch(uids: list[int], command: str) -> bytes:
        return fetched(command, MAILS, more=" X-GM-THRID 1278455344230334865" if "X-GM-THRID" in command else "")

    with OddServer(script(fetch), tmp_path, capability="IMAP4rev1 UIDPLUS X-GM-EXT-1") as server:
        mailbox = open_imap(server.imap, "secret")
        threads = [arrival.thread for arrival in arrivals(mailbox, INBOX, None, since=LONG_AGO)]
        mailbox.close()
    assert threads == ["gmail:1278455344230334865"] * 3
    with OddServer(script(good), tmp_path) as server:
        read_from(server)
    assert not any("X-GM-THRID" in command for command in server.commands)
