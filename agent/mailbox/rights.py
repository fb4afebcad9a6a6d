"""Whether a folder can be written to, found out without writing: what the server says of rights (RFC 4314) and of its opening."""

import imaplib
import re

from agent.mailbox.connection import Connection, quoted
from agent.mailbox.wire import Wire

_RIGHTS = re.compile(rb'\* MYRIGHTS (?:"(?:\\.|[^"\\])*"|[^ ]+) "?([a-z0-9]+)"?\Z', re.DOTALL | re.IGNORECASE)
_NEEDED = frozenset(b"is")
"""`i`: to put a message there; `s`: to keep it marked as seen."""


def may_be_written(connection: Connection, folder: str) -> bool:
    """Whether a draft could be put into a folder, as far as the server tells without one.

    It is opened for writing, changed by nothing and left at once; where the server tells of rights, they are asked for as well.
    Errors of the connection are raised as the library raises them.
    """
    client = connection.client()
    if client.has_capability("ACL"):
        lines = list(Wire.of(client).command(b"MYRIGHTS %s" % quoted(folder)))
        found = [match[1].lower() for line in lines if (match := _RIGHTS.match(line[0])) is not None]
        if found and not set(found[-1]) >= _NEEDED:
            return False
    try:
        connection.select(folder)
    except imaplib.IMAP4.readonly:
        return False
    finally:
        connection.leave()
    return True
