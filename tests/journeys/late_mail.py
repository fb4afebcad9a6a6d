"""Runs the program with one mail that comes in between the plan and the APPEND; the last look must see it."""

import imaplib
import ssl
import sys
from pathlib import Path

from agent.cli.main import main
from agent.daemon.one_pass import _Pass
from tests.dovecot import PASSWORD


def deliver(eml: str, ca_file: str, port: str, user: str) -> None:
    context = ssl.create_default_context(cafile=ca_file)
    with imaplib.IMAP4_SSL("localhost", int(port), ssl_context=context) as session:
        session.login(user, PASSWORD)
        session.append("INBOX", "()", "", Path(eml).read_bytes())


if __name__ == "__main__":
    where, words = sys.argv[1:5], sys.argv[5:]
    write = _Pass._write

    def write_after_delivery(self: _Pass) -> None:
        deliver(*where)
        write(self)

    _Pass._write = write_after_delivery  # type: ignore[method-assign]
    sys.exit(main(words))
