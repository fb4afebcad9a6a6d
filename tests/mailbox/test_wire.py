"""Each answer by which IMAPClient loses something, and what is read of it here."""

import imaplib
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError

from agent.mailbox.fetching import search
from agent.mailbox.rows import Value, instant, number, row, status, values
from agent.mailbox.wire import Verdict, Wire


@dataclass(frozen=True, kw_only=True)
class Line:
    """A client that is connected, and the other end of its socket."""

    client: IMAPClient
    server: socket.socket
    tag: bytes
    """What the library's next tag is."""

    def says(self, data: bytes) -> None:
        self.server.sendall(data)


@pytest.fixture
def ahead() -> bytes:
    """Give what the server says in one breath with its first answer."""
    return b""


@pytest.fixture
def line(ahead: bytes) -> Iterator[Line]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        greeted: list[tuple[socket.socket, bytes]] = []

        def greet() -> None:
            server, _ = listener.accept()
            server.sendall(b"* OK hello\r\n")
            tag = server.recv(100).split()[0]
            server.sendall(b"* CAPABILITY IMAP4rev1 IDLE\r\n" + tag + b" OK done\r\n" + ahead)
            greeted.append((server, tag[:-1] + b"1"))

        thread = threading.Thread(target=greet)
        thread.start()
        client = IMAPClient("127.0.0.1", port=listener.getsockname()[1], ssl=False, timeout=5)
        thread.join()
    server, tag = greeted[0]
    with server:
        yield Line(client=client, server=server, tag=tag)
        client.shutdown()


@pytest.fixture
def stop() -> Iterator[int]:
    """Give a file descriptor that cannot be read."""
    reader, writer = os.pipe()
    yield reader
    os.close(reader)
    os.close(writer)


def test_there_is_one_reader_for_a_connection(line: Line) -> None:
    assert Wire.of(line.client) is Wire.of(line.client)


def test_a_line_in_two_pieces_is_one_line(line: Line, stop: int) -> None:
    wire = Wire.of(line.client)
    line.says(b"* 4 EX")
    assert not wire.wait_readable(0.02, stop)
    line.says(b"ISTS\r\n")
    assert wire.wait_readable(5, stop)
    assert wire.readline() == [b"* 4 EXISTS"]


def test_the_end_of_the_connection_is_an_error_at_once(line: Line, stop: int) -> None:
    wire = Wire.of(line.client)
    line.says(b"* 4 EXISTS\r\n* 5 EX")
    line.server.close()
    assert wire.readline() == [b"* 4 EXISTS"]
    for wait in (lambda: wire.wait_readable(60, stop), wire.readline, lambda: list(wire.command(b"NOOP"))):
        with pytest.raises(OSError, match=r"the server closed it|Broken pipe|reset"):
            wait()
    with pytest.raises((OSError, imaplib.IMAP4.error)):
        line.client.noop()


def test_what_comes_together_with_the_consent_to_idle_is_seen_at_once(line: Line, stop: int) -> None:
    wire = Wire.of(line.client)
    line.says(b"* 3 EXISTS\r\n+ idling\r\n* 4 EXISTS\r\n")
    assert [wire.readline() for _ in range(2)] == [[b"* 3 EXISTS"], [b"+ idling"]]
    assert wire.wait_readable(0, stop)
    assert wire.readline() == [b"* 4 EXISTS"]
    assert not wire.wait_readable(0, stop)


@pytest.mark.parametrize("ahead", [b"* 7 EXISTS\r\n* 8 EX"])
def test_what_the_library_read_ahead_is_not_lost(line: Line, stop: int) -> None:
    wire = Wire.of(line.client)
    assert wire.wait_readable(0, stop)
    line.says(b"ISTS\r\n")
    assert [wire.readline(), wire.readline()] == [[b"* 7 EXISTS"], [b"* 8 EXISTS"]]


def test_a_wait_ends_when_it_is_told_to(line: Line) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"!")
    assert not Wire.of(line.client).wait_readable(60, reader)
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("mark", [b"{5}", b"{5+}", b"~{5}"])
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_literal_of_any_kind_and_any_line_end_is_read(line: Line, mark: bytes, end: bytes) -> None:
    line.says(b"* 1 FETCH (BINARY[1] " + mark + end + b"a\r\n\0b" + b" UID 9 BODY[] {0}" + end + b")" + end + b"R1 OK" + end)
    [said] = Wire.of(line.client).command(b"UID FETCH 9 (BINARY.PEEK[1])")
    assert said == [b"* 1 FETCH (BINARY[1] " + mark, b"a\r\n\0b", b" UID 9 BODY[] {0}", b"", b")"]
    assert row(said) == {b"BINARY[1]": b"a\r\n\0b", b"UID": b"9", b"BODY[]": b""}


def test_a_bare_ok_ends_a_command_here_and_in_the_library(line: Line) -> None:
    line.says(b"R1 OK\r\n")
    assert list(Wire.of(line.client).command(b"NOOP")) == []
    line.says(b"* 4 EXISTS\n" + line.tag + b" OK\n")
    assert line.client.noop() == (b"", [(4, b"EXISTS")])


def test_the_library_goes_on_where_the_reader_ended(line: Line) -> None:
    line.says(b"* 1 EXISTS\r\nR1 OK done\r\n" + line.tag + b" OK done\r\n")
    assert list(Wire.of(line.client).command(b"NOOP")) == [[b"* 1 EXISTS"]]
    assert line.client.noop()[0] == b"done"


def test_rows_before_a_refusal_are_kept(line: Line) -> None:
    line.says(b"* 1 FETCH (UID 1 RFC822.SIZE 5)\r\nR1 NO [UNAVAILABLE] cannot read the next\r\n")
    kept: list[list[bytes]] = []
    with pytest.raises(imaplib.IMAP4.error, match=r"^\[UNAVAILABLE\] cannot read the next$"):
        kept.extend(Wire.of(line.client).command(b"UID FETCH 1:2 (RFC822.SIZE)"))
    assert kept == [[b"* 1 FETCH (UID 1 RFC822.SIZE 5)"]]


def test_commands_sent_at_once_may_be_answered_in_any_order(line: Line) -> None:
    line.says(b"R2 OK two\r\n* 1 EXISTS\r\nR1 BAD one\r\n")
    verdicts: list[Verdict] = []
    assert list(Wire.of(line.client).pipeline([b"X", b"NOOP"], verdicts)) == [[b"* 1 EXISTS"]]
    assert verdicts == [Verdict(status="BAD", text="one"), Verdict(status="OK", text="two")]
    assert line.server.recv(100) == b"R1 X\r\nR2 NOOP\r\n"


def test_unsolicited_answers_of_any_kind_are_handed_on_and_confuse_nothing(line: Line) -> None:
    said = [
        b"* OK [ALERT] maintenance tonight",
        b"* CAPABILITY IMAP4rev1",
        b"* 3 EXPUNGE",
        b"* 57 FETCH (FLAGS ())",
        b"* NO disk",
    ]
    line.says(b"+ what?\r\n" + b"\r\n".join(said) + b"\r\nR1 OK done\r\n")
    assert [each[0] for each in Wire.of(line.client).command(b"NOOP")] == said


def test_a_goodbye_is_the_end_with_the_servers_words(line: Line) -> None:
    line.says(b"* BYE Too many connections\r\n")
    with pytest.raises(imaplib.IMAP4.abort, match="goodbye: Too many connections"):
        list(Wire.of(line.client).command(b"NOOP"))


@pytest.mark.parametrize(
    "said", [b"private words\r\n", b"R9 OK private words\r\n", b"R1OK private\r\n", b"* 1 FETCH (BODY[] {99999999999}\r\nprivate"]
)
def test_what_is_no_answer_is_an_error_without_its_words(line: Line, said: bytes) -> None:
    line.says(said)
    with pytest.raises(ProtocolError) as error:
        list(Wire.of(line.client).command(b"NOOP"))
    assert "private" not in str(error.value)


def test_a_line_without_end_does_not_fill_the_memory(line: Line) -> None:
    def pour() -> None:
        try:
            for _ in range(200):
                line.says(b"x" * 65536)
        except OSError:
            return

    thread = threading.Thread(target=pour)
    thread.start()
    with pytest.raises(ProtocolError, match="too long"):
        Wire.of(line.client).readline()
    # What nobody reads any more must not hold the thread.
    line.server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_a_server_that_falls_silent_within_a_line_is_waited_for_no_longer_than_said(line: Line) -> None:
    wire = Wire.of(line.client)
    line.says(b"* 4 EX")
    with pytest.raises(TimeoutError):
        wire.readline(0.02)
    assert line.client.socket().gettimeout() == 5
    line.says(b"ISTS\r\n")
    assert wire.readline() == [b"* 4 EXISTS"]


def test_an_answer_that_is_not_taken_whole_ends_the_connection(line: Line) -> None:
    line.says(b"* 1 EXISTS\r\n* 2 EXISTS\r\nR1 OK done\r\nR2 OK done\r\n")
    wire = Wire.of(line.client)
    answers = wire.command(b"NOOP")
    next(answers)
    del answers
    with pytest.raises(OSError, match=r"the server closed it|Broken pipe|reset"):
        list(wire.command(b"NOOP"))


def test_a_search_answer_of_over_a_million_octets_is_read(line: Line) -> None:
    uids = range(10_000_000, 10_130_000)
    answer = b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids) + b"\r\nR1 OK done\r\n"
    assert len(answer) > 1_000_000
    thread = threading.Thread(target=line.says, args=(answer,))
    thread.start()
    assert search(line.client, "ALL") == list(uids)
    thread.join()


def test_search_answers_in_several_lines_and_without_any_are_read(line: Line) -> None:
    line.says(b"* SEARCH 3 1 \r\n* SEARCH\r\n* 9 EXISTS\r\n* search 2 (MODSEQ 917)\r\nR1 OK done\r\nR2 OK done\r\n")
    assert search(line.client, "ALL") == [1, 2, 3]
    assert search(line.client, "ALL") == []


def test_a_row_is_names_and_values() -> None:
    said = b'* 2 FETCH (uid 2 X-GM-LABELS ("\\\\Inbox" Work "a \\"b\\"" \\Sent) BODY[HEADER.FIELDS (From To)]<0> {3}'
    assert row([said, b'a")', b' BODYSTRUCTURE (("TEXT" "PLAIN" NIL)("TEXT" "HTML" ()) "MIXED") INTERNALDATE NIL)']) == {
        b"UID": b"2",
        b"X-GM-LABELS": [b"\\Inbox", b"Work", b'a "b"', b"\\Sent"],
        b"BODY[HEADER.FIELDS (FROM TO)]<0>": b'a")',
        b"BODYSTRUCTURE": [[b"TEXT", b"PLAIN", None], [b"TEXT", b"HTML", []], b"MIXED"],
        b"INTERNALDATE": None,
    }
    assert row([b"* 4 EXISTS"]) is None
    assert row([b"* 4 FETCHING (UID 1)"]) is None


@pytest.mark.parametrize(
    "said",
    ["(UID 2", "(UID 2))", "UID 2", "(UID)", "((UID) 2)", '(UID "2)', "(UID 2 BODY[ 3)", "(A " + "(" * 100 + ")" * 100 + ")"],
)
def test_a_row_that_cannot_be_read_is_said_to_be_so(said: str) -> None:
    with pytest.raises(ProtocolError):
        row([b"* 1 FETCH " + said.encode()])


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_any_octets_are_read_or_said_to_be_unreadable(text: bytes, literal: bytes) -> None:
    for line in ([b"* 1 FETCH " + text], [b"* 1 FETCH (A {9}", literal, text], [b"* STATUS " + text]):
        try:
            row(line)
            values(line)
        except ProtocolError:
            pass
        status(line)


def test_the_status_of_a_folder_has_its_name_however_it_is_written() -> None:
    counted = {b"MESSAGES": b"3", b"UIDNEXT": b"4"}
    assert status([b'* STATUS "Sent Items" (MESSAGES 3 UIDNEXT 4)']) == (b"Sent Items", counted)
    assert status([b"* status INBOX (messages 3 uidnext 4) "]) == (b"INBOX", counted)
    assert status([b"* STATUS {4}", b'a"b)', b" (MESSAGES 3 UIDNEXT 4)"]) == (b'a"b)', counted)
    assert status([b"* STATUS"]) is None


def test_an_instant_is_in_utc() -> None:
    assert instant(b"01-Sep-2026 10:00:00 +0200") == datetime(2026, 9, 1, 8, tzinfo=UTC)
    assert instant(b" 1-SEP-2026 23:30:59 -0530") == datetime(2026, 9, 2, 5, 0, 59, tzinfo=UTC)
    odd: Value
    for odd in (b"", b"32-Sep-2026 10:00:00 +0200", b"01-Foo-2026 10:00:00 +0200", b"01-Jan-0001 00:00:00 +0100", None, []):
        assert instant(odd) is None


def test_a_number_is_bounded() -> None:
    assert number(b"4294967295") == 4294967295
    odd: list[Value] = [b"", b"-1", b"9" * 30, None, [], "²".encode()]
    assert [number(each) for each in odd] == [None] * 6
