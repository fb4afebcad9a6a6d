"""The examples beside the rules: which of them a rule does not keep, and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from agent.rulebook.problems import RuleProblem
from agent.rulebook.written import Entry, entries, signal_documents
from agent.signals.folding import fold
from agent.signals.phrasebook import LanguageBook, Phrasebook, PhraseRule, Where
from agent.signals.sentences import Dots, sentences
from agent.signals.statements import SentenceReading, read_sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One example of one rule, as it is kept."""

    language: str
    rule: str
    """Id of the rule."""
    text: str
    wanted: bool
    """True under `matches:`, False under `not:`."""
    failure: RuleProblem | None
    """None when the rule does with it what it should."""


def run_examples(
    phrasebook: Phrasebook, user_folder: Path | None, *, progress: Callable[[int, int | None], None] = lambda _done, _of: None
) -> list[Example]:
    """Return all examples of the rules in force; `phrasebook` was loaded with the same `user_folder`.

    `progress` is called with how many rules have been tried, and of how many.
    """
    books = {book.language: book for book in phrasebook.languages}
    rules = [entry for document in signal_documents(user_folder, books) for entry in entries(document, "rules")]
    found: list[Example] = []
    for number, entry in enumerate(rules, start=1):
        found += examples_of(entry, books[entry.language], phrasebook.dots)
        progress(number, len(rules))
    return found


def examples_of(entry: Entry, book: LanguageBook, dots: Dots) -> Iterator[Example]:
    """Yield the examples of one rule, those under `matches:` first."""
    number, rule = next((number, rule) for number, rule in enumerate(book.rules) if rule.id == entry.rule_id)
    for key, wanted in (("matches", True), ("not", False)):
        for index, text in enumerate(entry.data.get(key) or []):
            readings = list(_readings(text, rule, book, dots))
            why = _why_not(readings, rule, number) if wanted else _why(readings, rule)
            failure = None
            if why:
                said = "is not read by the rule" if wanted else "is read by the rule, and must not be"
                what = f"`{rule.id}`: “{text}” {said}: {why[0]}"
                failure = entry.problem(key, index, what=what, mend=why[1])
            yield Example(language=book.language, rule=rule.id, text=text, wanted=wanted, failure=failure)


def _readings(text: str, rule: PhraseRule, book: LanguageBook, dots: Dots) -> Iterator[SentenceReading]:
    """Yield what is found in `text` in each part of a message that the rule reads."""
    for where in sorted(rule.where):
        pieces = [piece.folded for piece in sentences(text, dots)] if where is Where.BODY else [fold(text)]
        for piece in pieces:
            yield read_sentence(piece, book, where=where, whose=rule.whose)


def _why(readings: list[SentenceReading], rule: PhraseRule) -> tuple[str, str] | None:
    """Return why the rule reads the text, and how to mend it; None when it does not."""
    for reading in readings:
        for statement in reading.statements:
            if statement.rule.id == rule.id:
                words = reading.folded[statement.at : statement.at + 60]
                return f"it matches from “{words}” on", "make the pattern narrower, or add words to `unless:`"
    return None


def _why_not(readings: list[SentenceReading], rule: PhraseRule, number: int) -> tuple[str, str] | None:
    """Return why the rule does not read the text, and how to mend it; None when it does."""
    told = ("no pattern under `any:` matches it", "add a pattern, or widen one")
    for reading in readings:
        if any(statement.rule.id == rule.id for statement in reading.statements):
            return None
        index = reading.book.index
        if not any(index.rules.get(hit) == number for hit in reading.hits):
            continue
        stopped = index.unless_rules[number].first(reading.folded.encode())
        if stopped is not None:
            told = (
                f"its own `unless:` number {stopped + 1} matches too",
                "make that `unless:` narrower, or change the example",
            )
        elif frame := _silencing(reading, rule):
            told = (
                f"the frame `{frame}` silences it",
                f"change the frame, or write `despite: [{frame}]` in the rule if it means what it says even so",
            )
    return told


def _silencing(reading: SentenceReading, rule: PhraseRule) -> str | None:
    """Return the id of a frame without which, of all frames, the rule's match would count or count more."""
    for number, begin in reading.frames:
        alone = replace(reading, frames=((number, begin),))
        if alone.silenced(rule.label, len(reading.folded), rule.despite):
            return reading.book.frames[number].id
    return None
