"""Targets of the mailbox: what a server answers, and what lies in files of mail."""

import datetime as dt
import email
import imaplib
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError

from agent.mailbox import FolderRole, MailboxProblem
from agent.mailbox.excerpt import header_in, items, needs_html, put_together
from agent.mailbox.files import FilesMailbox
from agent.mailbox.folders import list_folders, roles
from agent.mailbox.header import arrived_at, field, header_of, heading_fields
from agent.mailbox.labels import labels_of, role_by
from agent.mailbox.maildir_names import arrived_by_name, folder_key, folder_name, unique_part
from agent.mailbox.mbox import spans, unquoted
from agent.mailbox.msgid import msgid_of
from agent.mailbox.rows import Row, instant, number, row, status
from agent.mailbox.structure import leaves, tree_of, wanted
from agent.mailbox.wire import Line, Verdict, Wire
from agent.mailbox.without_attachments import without_attachments
from fuzz import promises
from fuzz.promises import hold

_OWN = ("robin.hale@mailbox.example",)
_LARGE = 4096
"""Octets of a message above which its attachments are left out of a file here."""
_SHORT = 4000
"""Octets of an answer that is also read in small pieces, which takes long."""
_ANSWER = (
    b'* LIST (\\HasNoChildren \\Sent) "/" "Gel&APY-scht"\r\n* LIST () "." {5}\r\nINBOX\r\n* XLIST (\\Inbox) NIL Posteingang\r\n'
    b"R1 OK done\r\n* STATUS INBOX (UIDVALIDITY 7 UIDNEXT 12 MESSAGES 4)\r\nR2 OK done\r\n"
)
_STRUCTURE = (
    b'BODYSTRUCTURE ((("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable" 12 1 NIL NIL NIL)'
    b'("text" "html" ("charset" "utf-8") NIL NIL "base64" 400 9 NIL NIL NIL) "alternative" ("boundary" "b") NIL NIL)'
    b'("application" "pdf" ("name*0" "a" "name*1" "b.ics") NIL NIL "base64" 999 NIL ("attachment" ("filename" "a.pdf")) NIL)'
    b'("message" "rfc822" NIL NIL NIL "7bit" 9 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) '
    b'("text" "plain" NIL NIL NIL "7bit" 1 1) 1)'
    b' "mixed" ("boundary" "c"))'
)


class _Socket:
    """Gives an answer in pieces of one size, and then ends."""

    def __init__(self, data: bytes, piece: int) -> None:
        self._data = data
        self._piece = piece

    def recv(self, most: int) -> bytes:
        given, self._data = self._data[: min(most, self._piece)], self._data[min(most, self._piece) :]
        return given

    def gettimeout(self) -> float:
        return 60.0

    def settimeout(self, _: float | None) -> None:
        return

    def sendall(self, _: bytes) -> None:
        return

    def shutdown(self, _: int) -> None:
        return


def _client(data: bytes, piece: int) -> IMAPClient:
    imap = SimpleNamespace(sock=_Socket(data, piece), readline=None)
    return cast("IMAPClient", SimpleNamespace(_imap=imap, has_capability=lambda _name: True))


def _heard(data: bytes, piece: int) -> tuple[list[Line], list[Verdict], str]:
    """Return the lines of two commands sent at once, how they ended, and what ended the conversation."""
    lines: list[Line] = []
    verdicts: list[Verdict] = []
    try:
        lines.extend(Wire(_client(data, piece)).pipeline([b"ONE", b"TWO"], verdicts))
    except (OSError, imaplib.IMAP4.error) as error:
        return lines, verdicts, type(error).__name__
    return lines, verdicts, ""


def read_answers(data: bytes) -> None:
    """Read what a server says, in large pieces and in small ones, and all that is made of it."""
    heard = _heard(data, 65_536)
    if len(data) < _SHORT:
        hold(_heard(data, 1 + len(data) % 7) == heard, "the size of the pieces changes nothing")
    for line in heard[0]:
        hold(len(line) % 2 == 1, "a line ends with text", len(line))
        status(line)
        try:
            found = row(line)
        except ProtocolError as error:
            promises.check_line(str(error), "a problem")
            continue
        if found is not None:
            _use(found)


def _use(found: Row) -> None:
    for value in found.values():
        number(value)
        promises.check_aware(instant(value), "INTERNALDATE")
    header = header_in(found) or b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    hold(header.endswith(b"\r\n"), "a header ends with an empty line", header[-20:])
    tree = tree_of(found.get(b"BODYSTRUCTURE"))
    if tree is None:
        return
    needed, later = wanted(tree)
    hold(len({part.number for part in leaves(tree)}) == len(list(leaves(tree))), "each part has its own number")
    for item in items(tree, needed):
        hold(item.isascii() and "\r" not in item and "\n" not in item, "what is asked for is one line of ASCII", item)
    for plain, html in later:
        needs_html(header, plain, html, found)
    put_together(tree, header, found)


def answers_of(raw: bytes) -> Iterator[bytes]:
    """Make the answer to FETCH and LIST out of a mail."""
    yield _ANSWER
    head = header_of(raw)
    row_of = b'* 1 FETCH (UID 7 RFC822.SIZE 99 INTERNALDATE "10-Mar-2026 10:00:00 +0100" ' + _STRUCTURE
    yield row_of + b" BODY[HEADER] {%d}\r\n%b BODY[1.1]<0> {%d}\r\n%b)\r\nR1 OK\r\nR2 OK\r\n" % (len(head), head, len(raw), raw)


def read_folders(data: bytes) -> None:
    """Read a list of folders and tell which is what."""
    try:
        listed = list_folders(_client(data, 65_536))
    except (OSError, imaplib.IMAP4.error):
        return
    for folder in listed:
        promises.check_encodable(folder.name)
    hold(FolderRole.INBOX in roles(listed, {}), "the inbox is always there")


def folders_of(_: bytes) -> Iterator[bytes]:
    """Give one list of folders, whatever the mail."""
    yield _ANSWER


def read_raw_headers(data: bytes) -> None:
    """Read from a header what the mailbox itself wants of it."""
    header = header_of(data)
    hold(data.startswith(header), "a header is the beginning of its message")
    fields = heading_fields(header)
    hold(fields.endswith(b"\r\n"), "the fields end with an empty line")
    hold(msgid_of(fields) == msgid_of(header), "the fields of a heading give the same Message-ID", header[:200])
    promises.check_encodable((field(header, "Subject"), *labels_of(header)))
    role_by(labels_of(header))
    promises.check_aware(arrived_at(header), "the arrival")
    name = data[:200].decode("utf-8", "surrogateescape") or "nameless"
    promises.check_aware(arrived_by_name(name), "the arrival by the name of a file")
    hold(unique_part(name), "the unique part of a name is never empty")
    folder_key(folder_name(name.split("/")))


def read_beginnings(data: bytes) -> None:
    """Take the attachments out of a mail of which only the beginning is given."""
    without_attachments(data)
    without_attachments(data[: len(data) // 2])


def read_mail_files(data: bytes) -> None:
    """Read a file as a mailbox."""
    found = list(spans(data))
    for one, next_one in pairwise(found):
        hold(one.envelope < one.start <= one.end == next_one.envelope, "messages of an mbox follow each other", one)
    for span in found:
        unquoted(data[span.start : span.end])
    with tempfile.NamedTemporaryFile(suffix=".mbox") as file:
        file.write(data)
        file.flush()
        mailbox: Any = FilesMailbox(Path(file.name), own_addresses=_OWN, size_limit=_LARGE)
        try:
            for role in mailbox.folders():
                headings = list(mailbox.headings(role, None, since=dt.datetime(1990, 1, 1, tzinfo=dt.UTC)))
                hold([each.uid for each in headings] == sorted({each.uid for each in headings}), "UIDs rise")
                for heading in headings:
                    promises.check_aware(heading.received_at, "the arrival")
                arrivals = mailbox.read(headings)
                hold(len(arrivals) <= len(headings), "no more is read than was asked for")
        except MailboxProblem as problem:
            promises.check_line(str(problem), "a problem")
        finally:
            mailbox.close()


def boxes_of(raw: bytes) -> Iterator[bytes]:
    """Cut an mbox of two messages out of a mail, and one of Google's."""
    yield (
        b"From someone@example.org Tue Mar 10 10:00:00 2026\n" + raw + b"\n\nFrom x@example.org Tue Mar 10 10:00:01 2026\n" + raw
    )
    labels = b"X-GM-THRID: 17\nX-Gmail-Labels: =?UTF-8?Q?Inbox,Ge=C3=B6ffnet?=\n"
    yield b"From 17@xxx Tue Mar 10 10:00:00 +0000 2026\n" + labels + raw


def wholes_of(raw: bytes) -> Iterator[bytes]:
    """Take a mail with the line ends of the wire."""
    if email.message_from_bytes(raw).keys():
        yield raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
