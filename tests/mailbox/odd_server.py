"""A scripted IMAP server over TLS, for answers that no healthy server gives.

    def script(command: str) -> str | bytes | None:
        if command.startswith("UID SEARCH"):
            return "* SEARCH 1 2\r\nOK done"   # untagged lines, then the status line without its tag
        return None                            # the usual answer

    with OddServer(script, tmp_path) as server: open_imap(server.imap, "secret")

Raising `HangUp` in the script ends the connection without an answer.
"""

import contextlib
import re
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import trustme

from agent.mailbox.server import ImapServer

Script = Callable[[str], str | bytes | None]


class HangUp(Exception):
    """The server goes away."""


def uids_in(command: str) -> list[int]:
    """Return the UIDs that a `UID FETCH` or `UID SEARCH UID` names: `1,3:5` is 1, 3, 4 and 5."""
    named = re.search(r"[\d:,]+", command)
    pieces = [piece.split(":") for piece in named[0].split(",")] if named else []
    return [uid for piece in pieces for uid in range(int(piece[0]), int(piece[-1]) + 1)]


_ITEM = re.compile(r"BODY\.PEEK\[([^\]]*)\](?:<0\.(\d+)>)?|RFC822\.SIZE|INTERNALDATE")


def fetched(command: str, mails: Mapping[int, bytes], *, date: str = '"01-Sep-2026 10:00:00 +0200"', more: str = "") -> bytes:
    """Return what a healthy server says to a `UID FETCH` of messages without parts; `more` goes into each row."""
    rows = []
    for number, uid in enumerate(sorted(mails), 1):
        if uid not in uids_in(command):
            continue
        said = [f"UID {uid}{more}".encode()]
        for item in _ITEM.finditer(command):
            if item[0] == "RFC822.SIZE":
                said.append(b"RFC822.SIZE %d" % len(mails[uid]))
            elif item[0] == "INTERNALDATE":
                said.append(b"INTERNALDATE " + date.encode())
            else:
                name = f"BODY[{item[1]}]" + ("<0>" if item[2] else "")
                data = _section(mails[uid], item[1])[: int(item[2] or sys.maxsize)]
                said.append(b"%s {%d}\r\n%s" % (name.encode(), len(data), data))
        rows.append(b"* %d FETCH (%s)\r\n" % (number, b" ".join(said)))
    return b"".join(rows) + b"OK done"


def _section(raw: bytes, section: str) -> bytes:
    header, empty, text = raw.partition(b"\r\n\r\n")
    if section.startswith("HEADER.FIELDS"):
        wanted = section.partition("(")[2].rstrip(")").lower().split()
        lines = [line for line in header.split(b"\r\n") if line.partition(b":")[0].decode().lower() in wanted]
        return b"".join(line + b"\r\n" for line in lines) + b"\r\n"
    return {"": raw, "HEADER": header + empty, "TEXT": text, "1": text}[section]


class OddServer:
    def __init__(self, script: Script, folder: Path, *, capability: str = "IMAP4rev1 UIDPLUS") -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "odd-ca.pem"))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self._context)
        self._script = script
        self._capability = capability
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.commands: list[str] = []
        self.imap = ImapServer(
            host="localhost",
            port=self._listener.getsockname()[1],
            user="me",
            ca_file=str(folder / "odd-ca.pem"),
            timeout_seconds=5.0,
        )

    def __enter__(self) -> Self:
        self._start(threading.Thread(target=self._accept, daemon=True))
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)
        for sock in self._sockets:
            sock.close()

    def _start(self, thread: threading.Thread) -> None:
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            self._start(threading.Thread(target=self._serve, args=(plain,), daemon=True))

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError, HangUp), self._context.wrap_socket(plain, server_side=True) as sock:
            self._sockets.append(sock)
            sock.sendall(b"* OK odd\r\n")
            with sock.makefile("rb") as lines:
                while line := lines.readline():
                    tag, _, command = line.decode("utf-8").rstrip("\r\n").partition(" ")
                    literal = re.search(r"\{(\d+)(\+?)\}$", command)
                    if literal:
                        if not literal[2]:
                            sock.sendall(b"+ go on\r\n")
                        lines.read(int(literal[1]) + 2)
                    self.commands.append(command)
                    answer = self._script(command)
                    answer = self._usual(command) if answer is None else answer
                    blob = answer.encode("utf-8") if isinstance(answer, str) else answer
                    untagged, _, status = blob.rpartition(b"\r\n")
                    sock.sendall(untagged + (b"\r\n" if untagged else b"") + tag.encode("ascii") + b" " + status + b"\r\n")
                    if command == "LOGOUT":
                        return

    def _usual(self, command: str) -> str:
        word = command.split(" ", 1)[0]
        if word == "CAPABILITY":
            return f"* CAPABILITY {self._capability}\r\nOK done"
        if word == "LIST":
            return '* LIST () "/" INBOX\r\n* LIST (\\Drafts) "/" Drafts\r\n* LIST (\\Trash) "/" Bin\r\nOK done'
        if word == "EXAMINE":
            return "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\nOK [READ-ONLY] done"
        if word == "SELECT":
            return "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\nOK [READ-WRITE] done"
        if word == "STATUS":
            return f"* STATUS {command.split(' ')[1]} (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 7)\r\nOK done"
        if word == "LOGOUT":
            return "* BYE so long\r\nOK done"
        return "OK done"
