"""What an import changes: what is tracked is filled in and never written over; a status of it is an event like others."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime

from agent.interviews import Event, EventKind, Interview, Status
from agent.interviews.event import IMPORTED
from agent.interviews.status import further

_GATHERED = frozenset({"aliases", "domains", "closed"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """A tracked candidacy with what an import says of it."""

    interview: Interview
    changed: tuple[str, ...] = ()
    """Facts that are filled in, or written over where the user wants that."""
    kept: tuple[str, ...] = ()
    """Facts that differ and stay as they are here, a phrase each."""


def merge(tracked: Interview, brought: Interview, *, over: bool) -> Merged:
    """Return `tracked` with what `brought` adds.

    Lists are gathered. A fact that both have and that differs stays as it is here, unless `over`.
    """
    changes: dict[str, object] = {}
    kept: list[str] = []
    for name in (each.name for each in fields(Interview) if each.name != "id"):
        here, there = getattr(tracked, name), getattr(brought, name)
        if not there or here == there:
            continue
        if name in _GATHERED:
            there = _gathered(here, there)
        elif name == "contacts":
            there = _gathered(here, (each for each in there if each.email not in {known.email for known in here}))
        elif name == "rounds":
            there = _gathered(here, (each for each in there if each.at not in {known.at for known in here}))
        elif name == "notes":
            there = _notes(here, there)
        elif here and not over:
            kept.append(f"{name.replace('_', ' ')} is {here} here and {there} there")
            continue
        if there != here:
            changes[name] = there
    return Merged(
        interview=replace(tracked, **changes),  # type: ignore[arg-type]
        changed=tuple(name.replace("_", " ") for name in changes),
        kept=tuple(kept),
    )


def status_event(interview: str, status: Status, at: datetime, *, present: Status, events: Iterable[Event]) -> Event | None:
    """Return the entry that an imported status makes; None where it is as far already, or was imported before."""
    before = [event for event in events if event.kind is EventKind.SET and event.rule == IMPORTED]
    if not further(status, present) or (before and before[-1].status is status):
        return None
    return Event(interview=interview, at=at, kind=EventKind.SET, status=status, rule=IMPORTED)


def differing(one: Interview, other: Interview) -> tuple[str, ...]:
    """Return the names of the facts in which two descriptions of a candidacy differ."""
    names = (each.name for each in fields(Interview))
    return tuple(name.rstrip("_").replace("_", " ") for name in names if getattr(one, name) != getattr(other, name))


def _gathered(here: tuple[object, ...], there: Iterable[object]) -> tuple[object, ...]:
    known: Collection[object] = set(here)
    return (*here, *(each for each in there if each not in known))


def _notes(here: str, there: str) -> str:
    """Return the notes with those lines of the others that do not stand in them."""
    known = {line.strip() for line in here.splitlines()}
    new = [line for line in there.splitlines() if line.strip() and line.strip() not in known]
    return "\n".join(part for part in (here, *new) if part)
