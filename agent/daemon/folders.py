"""How the folders stand: which of them have something new, and which are gone, empty or numbered anew since the last look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agent.mailbox import Cursor, FolderRole, Mailbox, Place
from agent.store import Fact, Ledger, SeenPlace

_MANY = 10
"""Messages that a mailbox held at least, for it to be strange that it is empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """One look at all folders."""

    names: Mapping[FolderRole, str]
    places: Mapping[FolderRole, Place]
    """Those that could be asked."""
    gone: frozenset[FolderRole]
    """Folders that were read before and are not there now."""
    emptied: bool
    """The mailbox held mail before, and no folder holds any now: nothing is to be concluded from that."""

    @property
    def blind(self) -> bool:
        """Whether it cannot be seen what the user has sent: then nothing new is put into Drafts."""
        return self.emptied or (FolderRole.SENT in self.gone and FolderRole.ALL not in self.names)

    def read_through(self, role: FolderRole, cursor: Cursor | None) -> bool:
        """Whether nothing can have come into a folder that was read up to `cursor`."""
        place = self.places.get(role)
        if place is None or cursor is None or cursor.uidvalidity != place.uidvalidity:
            return False
        return trusted(place) and cursor.last_uid >= place.last_uid

    def coming(self, role: FolderRole, cursor: Cursor | None) -> int:
        """Return how many messages there are to be looked at, at most."""
        place = self.places.get(role)
        if place is None:
            return 0
        known = cursor is not None and cursor.uidvalidity == place.uidvalidity
        return min(place.count, place.last_uid - cursor.last_uid) if known and cursor and place.last_uid else place.count


def trusted(place: Place) -> bool:
    """Whether a place says all that is to be known: a server that does not tell UIDNEXT tells of no arrival."""
    return place.last_uid > 0 or place.count == 0


def alike(one: Mapping[FolderRole, Place], other: Mapping[FolderRole, Place]) -> bool:
    """Whether no message came or went between two looks; flags do not matter."""
    return one.keys() == other.keys() and all(trusted(place) and _same(place, other[role]) for role, place in one.items())


def look(mailbox: Mailbox, ledger: Ledger, places: Mapping[FolderRole, Place], now: datetime) -> Standing:
    """Return how the folders stand, and note in the ledger what is strange about it, once each.

    `places` is what the mailbox said at the beginning of the pass.
    """
    names = mailbox.folders()
    before = ledger.headings.places()
    held = sum(seen.count for seen in before.values())
    emptied = held >= _MANY and places.keys() >= names.keys() and all(place.count == 0 for place in places.values())
    gone = frozenset(FolderRole(role) for role in before if FolderRole(role) not in names)
    _note(ledger, Fact.EMPTIED, (ledger.noted(Fact.EMPTIED) or now.isoformat()) if emptied else "")
    known = {line.partition("|")[0]: line for line in (ledger.noted(Fact.GONE) or "").splitlines()}
    lines = [known.get(role.value) or f"{role}|{before[role].folder}|{now.isoformat()}" for role in sorted(gone)]
    _note(ledger, Fact.GONE, "\n".join(lines))
    for role, place in places.items():
        seen = before.get(role)
        if not emptied and seen and seen.folder == names.get(role) and seen.uidvalidity != place.uidvalidity:
            with ledger.transaction():
                ledger.note(Fact.RENUMBERED, f"{role}|{seen.folder}|{now.isoformat()}")
                ledger.headings.forget_folder(seen.folder, place.uidvalidity)
                ledger.headings.set_place(role, _seen(seen.folder, place))
    return Standing(names=names, places=places, gone=gone, emptied=emptied)


def keep(ledger: Ledger, standing: Standing) -> None:
    """Remember how the folders stand, for the next look; everything in them has been looked at."""
    before = ledger.headings.places()
    changed = {
        role: seen
        for role, place in standing.places.items()
        if role in standing.names and before.get(role) != (seen := _seen(standing.names[role], place))
    }
    if changed:
        with ledger.transaction():
            for role, seen in changed.items():
                ledger.headings.set_place(role, seen)


def _seen(folder: str, place: Place) -> SeenPlace:
    return SeenPlace(folder=folder, uidvalidity=place.uidvalidity, last_uid=place.last_uid, count=place.count)


def _same(one: Place, other: Place) -> bool:
    return (one.uidvalidity, one.last_uid, one.count) == (other.uidvalidity, other.last_uid, other.count)


def _note(ledger: Ledger, fact: Fact, value: str) -> None:
    if (ledger.noted(fact) or "") != value:
        with ledger.transaction():
            ledger.note(fact, value)
