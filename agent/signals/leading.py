"""Who will lead an interview, as the text that fixes its time says it."""

import datetime as dt
from dataclasses import dataclass

from agent.signals.dates import Times
from agent.signals.folding import fold_in_case
from agent.signals.phrasebook import Role
from agent.signals.reading import Label
from agent.signals.sentences import Sentence
from agent.signals.statements import FoundCue, SentenceReading

_APPOINTMENTS = frozenset({Label.SCHEDULED, Label.RESCHEDULED})
_NAMING = (Role.MEETS, Role.LEADS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leading:
    """What a text says of those who will lead the interview."""

    writer: bool = False
    """The writer will."""
    meets: tuple[str, ...] = ()
    """Stretches of the text, with their capitals, that begin with the people who will be met, where there are any."""
    leads: tuple[str, ...] = ()
    """Stretches that end with the people who will lead it."""


def leading(
    text: str, pieces: list[Sentence], reads: list[SentenceReading], times: list[Times], fixed_at: dt.datetime
) -> Leading:
    """Return what `text`, cut into `pieces`, says of those who will lead the interview at `fixed_at`.

    A sentence that asks, that is about another talk or one that is behind, or that names other days only, says nothing of it.
    """
    writer = False
    meets: list[str] = []
    leads: list[str] = []
    for piece, read, here in zip(pieces, reads, times, strict=True):
        if not _is_about_it(read, here, fixed_at):
            continue
        writer = writer or read.has(Role.WRITER_LEADS)
        written = fold_in_case(text[piece.start : piece.end])
        for cue in read.cues:
            if cue.role in (Role.WITH, Role.MEETS):
                meets.append(_words(read, written, cue.end, _next_time(here, cue, len(read.folded))))
            elif cue.role is Role.LEADS:
                leads.append(_words(read, written, 0, cue.start))
    return Leading(writer=writer, meets=_each_once(meets), leads=_each_once(leads))


def _is_about_it(read: SentenceReading, here: Times, fixed_at: dt.datetime) -> bool:
    if read.folded.endswith("?") or read.has(Role.ANOTHER_TALK, Role.PAST):
        return False
    days = [day.on for day in here.days if day.precise]
    if days and fixed_at.date() not in days:
        return False
    states = any(statement.rule.label in _APPOINTMENTS for statement in read.statements)
    return bool(days or here.clocks or states) or read.has(Role.MEETING, *_NAMING)


def _next_time(here: Times, cue: FoundCue, end: int) -> int:
    """Return where the next day or time of day behind a cue begins: names do not go on behind it."""
    starts = [day.start for day in here.days] + [clock.start for clock in here.clocks]
    return min((start for start in starts if start >= cue.end), default=end)


def _words(read: SentenceReading, written: str, start: int, end: int) -> str:
    """Return the words of the sentence as written that stand at `start` to `end` of its folded form; none where they differ."""
    told = written.split()
    if len(told) != len(read.folded.split()):
        return ""
    first = len(read.folded[:start].split())
    count = len(read.folded[start:end].split())
    return " ".join(told[first : first + count])


def _each_once(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
