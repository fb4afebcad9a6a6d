"""What others do with the same mailbox: a plain socket, IMAPClient and mbsync, all over TLS.

`python -m bench.mailbox_peers raw|imapclient|imapclient-quiet HOST PORT CA_FILE USER PASSWORD` reads a mailbox once, prints how
many messages and octets it saw, and ends. For mbsync there is its configuration file.
"""

import re
import socket
import ssl
import sys
from pathlib import Path

_FIELDS = (
    "From To Cc Reply-To Subject Date Message-ID In-Reply-To References "
    "List-ID List-Unsubscribe Precedence Auto-Submitted Content-Type"
)
_BATCH = 200


def main(words: list[str]) -> int:
    """Read the mailbox in one of the ways; return 0."""
    way, host, port, ca_file, user, password = words
    if way == "raw":
        seen = _raw(host, int(port), ca_file, user, password)
    else:
        seen = _imapclient(host, int(port), ca_file, user, password, quiet=way == "imapclient-quiet")
    print(*seen)
    return 0


def _raw(host: str, port: int, ca_file: str, user: str, password: str) -> tuple[int, int]:
    """Fetch the header fields of all folders, a folder a command, and throw away what comes."""
    context = ssl.create_default_context(cafile=ca_file)
    messages = octets = 0
    with context.wrap_socket(socket.create_connection((host, port)), server_hostname=host) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def ask(command: str) -> bytes:
            sock.sendall(f"x {command}\r\n".encode())
            kept = bytearray()
            while True:
                data = sock.recv(262_144)
                if not data:
                    raise ConnectionError("the server has hung up")
                kept += data
                if kept.endswith(b"\r\n") and kept[kept.rfind(b"\n", 0, -1) + 1 :].startswith(b"x "):
                    return bytes(kept)

        def drained(command: str) -> tuple[int, int]:
            sock.sendall(f"x {command}\r\n".encode())
            total = found = 0
            tail = b""
            while True:
                data = sock.recv(262_144)
                total += len(data)
                found += data.count(b"INTERNALDATE")
                tail = (tail + data)[-400:]
                if tail.endswith(b"\r\n") and tail[tail.rfind(b"\n", 0, -1) + 1 :].startswith(b"x OK"):
                    return found, total

        sock.recv(65_536)
        ask(f'LOGIN "{user}" "{password}"')
        for folder in re.findall(rb'\* LIST \([^)]*\) "[^"]*" (\S+)\r', ask('LIST "" *')):
            opened = ask(f"EXAMINE {folder.decode()}")
            if b"* 0 EXISTS" not in opened:
                found, total = drained(f"FETCH 1:* (UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS ({_FIELDS})])")
                messages, octets = messages + found, octets + total
        ask("LOGOUT")
    return messages, octets


def _imapclient(host: str, port: int, ca_file: str, user: str, password: str, *, quiet: bool) -> tuple[int, int]:
    """Fetch every message whole, in batches; with `quiet` without the copies that it makes for its debug log."""
    from imapclient import IMAPClient

    messages = octets = 0
    with IMAPClient(host, port=port, ssl_context=ssl.create_default_context(cafile=ca_file)) as client:
        if quiet:
            client._imap.debug = 0  # noqa: SLF001 (there is no public way)
        client.login(user, password)
        for _, _, folder in client.list_folders():
            client.select_folder(folder, readonly=True)
            uids = client.search("ALL")
            for start in range(0, len(uids), _BATCH):
                for row in client.fetch(uids[start : start + _BATCH], ["BODY.PEEK[]"]).values():
                    messages, octets = messages + 1, octets + len(row[b"BODY[]"])
    return messages, octets


def mbsync_config(folder: Path, *, host: str, port: int, ca_file: str, user: str, password: str) -> Path:
    """Write the configuration that pulls everything into a Maildir below `folder`; return the file."""
    target = folder / "pulled"
    target.mkdir(parents=True, exist_ok=True)
    file = folder / "mbsyncrc"
    file.write_text(
        "FSync no\n\n"
        f"IMAPAccount bench\nHost {host}\nPort {port}\nUser {user}\nPass {password}\nSSLType IMAPS\nCertificateFile {ca_file}\n\n"
        "IMAPStore far\nAccount bench\n\n"
        f"MaildirStore near\nPath {target}/\nInbox {target}/INBOX\nSubFolders Verbatim\n\n"
        "Channel all\nFar :far:\nNear :near:\nPatterns *\nCreate Near\nSync Pull\nSyncState *\n",
        encoding="utf-8",
    )
    return file


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
