"""Which of the times that an invitation proposes the user's answer takes."""

import datetime as dt
from collections.abc import Sequence

from agent.messages.message import Message
from agent.signals.dates import Times, times
from agent.signals.phrasebook import LanguageBook, Phrasebook, Role, Whose
from agent.signals.received import language_of
from agent.signals.sentences import Sentence, sentences
from agent.signals.statements import SentenceReading, read_sentence


def agreed_time(
    message: Message, phrasebook: Phrasebook, proposed: Sequence[dt.datetime], *, language: str | None = None
) -> dt.datetime | None:
    """Return the one of the `proposed` times (aware) that the user's own mail takes; None where it takes none or leaves a choice.

    A time is taken by words that say so ("works for me", "see you") and that name its day, its time of day or both, or nothing
    where only one was proposed. What the mail says not to suit is not taken, nor what it asks about. `language` is that of the
    proposal (ISO 639-1), which a short answer is likely to be in.
    """
    pieces = sentences(message.fresh, phrasebook.dots)
    tongue = language_of(message, phrasebook)
    theirs = () if tongue.sure else tuple(book for book in phrasebook.languages if book.language == language)
    books = {book.language: book for book in (*tongue.books, *theirs)}
    found = {_agreed(message, pieces, book, proposed) for book in books.values()} - {None}
    return found.pop() if len(found) == 1 else None


def _agreed(
    message: Message, pieces: Sequence[Sentence], book: LanguageBook, proposed: Sequence[dt.datetime]
) -> dt.datetime | None:
    reads = [read_sentence(piece.folded, book, whose=Whose.OWN) for piece in pieces]
    named = [times(read.folded, read.hits, book, message.date) for read in reads]
    refused: set[dt.datetime] = set()
    taking: list[Times] = []
    others: list[Times] = []
    for read, here in zip(reads, named, strict=True):
        names = bool(here.days or here.clocks)
        if read.has(Role.NOT_THEN):
            if not names and read.has(Role.TAKES_TIME):
                return None
            refused |= _meant(here, proposed, message) if names else set()
        elif _asks(read):
            continue
        elif read.has(Role.TAKES_TIME):
            taking.append(here)
        elif names:
            others.append(here)
    if not taking:
        return None
    telling = [here for here in taking if here.days or here.clocks] or others
    taken = {moment for here in telling for moment in _meant(here, proposed, message)} if telling else set(proposed)
    left = taken - refused
    return left.pop() if len(left) == 1 else None


def _asks(read: SentenceReading) -> bool:
    return read.folded.rstrip().endswith("?")


def _meant(here: Times, proposed: Sequence[dt.datetime], message: Message) -> set[dt.datetime]:
    """Return the proposed times that the days and times of day of a sentence fit, by the proposer's clock or by the user's."""
    days, clocks = {day.on for day in here.days}, {clock.at for clock in here.clocks}
    return {
        moment
        for moment in proposed
        for seen in (moment, moment.astimezone(message.date.tzinfo))
        if (not days or seen.date() in days) and (not clocks or seen.time() in clocks)
    }
