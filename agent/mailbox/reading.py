"""Many messages in few round trips: the small ones whole, of the others the header and the parts that can matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.mailbox import excerpt
from agent.mailbox.connection import Connection, Opened
from agent.mailbox.fetching import Refuse, fetch, gather
from agent.mailbox.rows import Row, Value
from agent.mailbox.structure import Part, leaves, tree_of, wanted

SMALL = 8 * 1024
"""Octets up to which a message is cheaper to read whole than to ask for its structure first."""

_LONGEST_REPORT = 64 * 1024
"""Octets up to which a delivery report is read whole; the message that came back may be in it."""
_BROKEN = 20
"""What part of a message its parts must be at least, for their tree to be believed."""
_WHOLE = "BODY.PEEK[]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """One message as it was read."""

    raw: bytes
    complete: bool
    """False when something was left out."""


@dataclass(kw_only=True, slots=True)
class _Pieces:
    """What came so far of one message that is not read whole."""

    header: bytes
    tree: Part
    needed: list[Part]
    later: list[tuple[Part, list[Part]]]
    given: dict[bytes, Value] = field(default_factory=dict)

    def html(self) -> list[Part]:
        """Return the HTML parts that the texts beside them do not make needless."""
        return [part for plain, html in self.later if excerpt.needs_html(self.header, plain, html, self.given) for part in html]


def read(
    connection: Connection, opened: Opened, sizes: Mapping[int, int], *, small: int, limit: int, refuse: Refuse
) -> dict[int, Read]:
    """Return UID → message for the UIDs of `sizes` (octets, 0 for not known), one over `small` octets without its attachments.

    Where the parts of a message cannot be had it is read whole up to `limit` octets, else its beginning. What the server does not
    give is told to `refuse`; what is gone is in neither.
    """
    large = [uid for uid, size in sizes.items() if not 0 < size <= small]
    odd: dict[int, str] = {}

    def note(uid: int, reason: str) -> None:
        if uid in large:
            odd[uid] = reason
        else:
            refuse(uid, reason)

    few = [uid for uid in sizes if uid not in large]
    rows = gather(connection, opened, [(few, [_WHOLE]), (large, ["BODYSTRUCTURE", excerpt.HEADER])], note)
    found = _whole({uid: rows[uid] for uid in few if uid in rows}, refuse)
    mails = {
        uid: pieces
        for uid in large
        if uid in rows and (pieces := _pieces(rows[uid], sizes[uid], may_be_whole=0 < sizes[uid] <= limit)) is not None
    }
    _add(connection, opened, mails, {uid: mail.needed for uid, mail in mails.items()}, note)
    _add(connection, opened, mails, {uid: mail.html() for uid, mail in mails.items()}, note)
    for uid in large:
        mail = mails.get(uid)
        raw = excerpt.put_together(mail.tree, mail.header, mail.given) if mail is not None and uid not in odd else None
        if raw is not None:
            found[uid] = Read(raw=raw, complete=False)
        elif uid in rows or uid in odd:
            found |= _otherwise(connection, opened, uid, whole=0 < sizes[uid] <= limit, refuse=refuse)
    return {uid: found[uid] for uid in sizes if uid in found}


def _pieces(row: Row, size: int, *, may_be_whole: bool) -> _Pieces | None:
    """Return the beginning of a message; None where it must be read otherwise.

    So must one without a Message-ID, whose bytes are its only name; one in whose parts the server finds next to nothing; and a
    delivery report, which is told by traits of all its parts, if it is not long.
    """
    header = excerpt.header_in(row)
    tree = tree_of(row.get(b"BODYSTRUCTURE"))
    if header is None or tree is None:
        return None
    if may_be_whole and (
        not excerpt.has_id(header) or _octets(tree) < size // _BROKEN or (size <= _LONGEST_REPORT and excerpt.is_report(header))
    ):
        return None
    needed, later = wanted(tree)
    return _Pieces(header=header, tree=tree, needed=needed, later=later)


def _octets(tree: Part) -> int:
    return sum(part.size or 0 for part in leaves(tree))


def _add(
    connection: Connection, opened: Opened, mails: Mapping[int, _Pieces], parts: Mapping[int, Sequence[Part]], refuse: Refuse
) -> None:
    """Read parts of messages, those of the same shape together."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for uid, asked in parts.items():
        if asked:
            groups.setdefault(tuple(excerpt.items(mails[uid].tree, asked)), []).append(uid)
    rows = gather(connection, opened, [(sorted(uids), items) for items, uids in groups.items()], refuse)
    for uid, row in rows.items():
        mails[uid].given |= row


def _whole(rows: Mapping[int, Row], refuse: Refuse) -> dict[int, Read]:
    found = {}
    for uid, row in rows.items():
        raw = row.get(b"BODY[]")
        if isinstance(raw, bytes):
            found[uid] = Read(raw=raw, complete=True)
        else:
            refuse(uid, "the server gives no text for it")
    return found


def _without_a_word(uid: int, reason: str) -> None:
    """Leave a message without its text: its header is there."""


def _otherwise(connection: Connection, opened: Opened, uid: int, *, whole: bool, refuse: Refuse) -> dict[int, Read]:
    """Return a message whose parts cannot be had."""
    if whole:
        return _whole(fetch(connection, opened, [uid], [_WHOLE], refuse), refuse)
    header = fetch(connection, opened, [uid], ["BODY.PEEK[HEADER]"], refuse).get(uid)
    start = excerpt.header_in(header) if header else None
    if start is None:
        return {}
    text = fetch(connection, opened, [uid], [f"BODY.PEEK[TEXT]<0.{excerpt.PART_LIMIT}>"], _without_a_word).get(uid)
    return {uid: Read(raw=start + (excerpt.beginning(text) if text else b""), complete=False)}
