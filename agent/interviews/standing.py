"""Which entries of a history stand: the history is append-only, and what the user takes back is reversed by a later entry."""

from collections.abc import Iterable, Sequence

from agent.interviews.event import Event, EventKind

REVERSIBLE = frozenset(
    {
        EventKind.RECEIVED,
        EventKind.SENT,
        EventKind.CONFIRMED,
        EventKind.SET,
        EventKind.NOTE,
        EventKind.DEBRIEFED,
        EventKind.DRAFT_SENT,
        EventKind.UNDONE,
    }
)
"""What the user can take back; a draft that was put into Drafts is taken out there."""


def taken_back(events: Iterable[Event]) -> frozenset[int]:
    """Return the numbers of the entries that are reversed by an entry which itself stands."""
    back: set[int] = set()
    reversals = (event for event in events if event.kind is EventKind.UNDONE and event.id is not None)
    for event in sorted(reversals, key=lambda event: event.id or 0, reverse=True):
        if event.id not in back and event.reverses is not None:
            back.add(event.reverses)
    return frozenset(back)


_LIFE = frozenset({EventKind.DRAFTED, EventKind.DRAFT_WITHDRAWN})
_NEWS = frozenset({EventKind.RECEIVED, EventKind.CONFIRMED, EventKind.SENT, EventKind.SET})


def revived(events: Sequence[Event]) -> frozenset[tuple[str, str]]:
    """Return (kind, occasion) of the drafts that were withdrawn after news which the user took back: they may be made again.

    Whether one is still wanted is for the policy to say; what else made it pointless stands, and is seen there.
    """
    back = taken_back(events)
    news = [event.id for event in events if event.kind in _NEWS and event.id in back and event.id is not None]
    ends: dict[tuple[str, str], int] = {}
    begins: dict[tuple[str, str], int] = {}
    for event in events:
        ids = ends if event.kind is EventKind.DRAFT_WITHDRAWN else begins if event.kind is EventKind.DRAFTED else None
        if ids is not None and event.id is not None:
            key = (event.draft_kind, event.occasion)
            ids[key] = max(ids.get(key, 0), event.id)
    return frozenset(key for key, end in ends.items() if any(begins.get(key, 0) < number < end for number in news))


def standing(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return the entries that count, in the order given: neither reversed nor reversals, nor the life of a draft `revived`."""
    back = taken_back(events)
    again = revived(events) if back else frozenset()
    return tuple(
        event
        for event in events
        if event.kind is not EventKind.UNDONE
        and event.id not in back
        and not (event.kind in _LIFE and (event.draft_kind, event.occasion) in again)
    )
