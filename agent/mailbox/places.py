"""How all folders stand, in one round trip (STATUS, RFC 3501 section 6.3.10)."""

from collections.abc import Mapping

from imapclient import IMAPClient
from imapclient.imap_utf7 import encode

from agent.mailbox.connection import quoted
from agent.mailbox.interface import FolderRole, Place
from agent.mailbox.rows import Row, number, status
from agent.mailbox.wire import Verdict, Wire


def places(client: IMAPClient, folders: Mapping[FolderRole, str]) -> dict[FolderRole, Place]:
    """Return how each folder stands; one that cannot be asked is left out.

    The commands are sent at once rather than as LIST with STATUS (RFC 5819): that would be no round trip less, any server knows
    it, and a folder that cannot be asked fails alone. No folder may be open (RFC 3501 advises against STATUS of that one), so it
    is closed first, where UNSELECT (RFC 3691) is offered.
    """
    items = "UIDVALIDITY UIDNEXT MESSAGES" + (" HIGHESTMODSEQ" if client.has_capability("CONDSTORE") else "")
    names = {role: encode(folder) for role, folder in folders.items()}
    commands = [b"STATUS %s (%s)" % (quoted(folder), items.encode("ascii")) for folder in dict.fromkeys(folders.values())]
    if client.has_capability("UNSELECT"):
        commands.insert(0, b"UNSELECT")
    told: dict[bytes, Row] = {}
    verdicts: list[Verdict] = []
    for line in Wire.of(client).pipeline(commands, verdicts):
        if said := status(line):
            told[_key(said[0])] = said[1]
    found = {role: _place(told[_key(name)]) for role, name in names.items() if _key(name) in told}
    return {role: place for role, place in found.items() if place is not None}


def _place(row: Row) -> Place | None:
    uidvalidity, count = number(row.get(b"UIDVALIDITY")), number(row.get(b"MESSAGES"))
    if uidvalidity is None or count is None:
        return None
    return Place(
        uidvalidity=uidvalidity,
        last_uid=(number(row.get(b"UIDNEXT")) or 1) - 1,
        count=count,
        # Nought is said of a folder that keeps none (RFC 7162 section 3.1.7).
        modseq=number(row.get(b"HIGHESTMODSEQ")) or None,
    )


def _key(name: bytes) -> bytes:
    """Return the name by which two spellings of the inbox are one (RFC 3501 section 5.1)."""
    return b"INBOX" if name.upper() == b"INBOX" else name
