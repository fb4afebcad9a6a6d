"""What one sentence states: the rules that match it and that no frame silences."""

from dataclasses import dataclass, field
from itertools import islice

from agent.signals.patterns import Pattern
from agent.signals.phrasebook import LanguageBook, PhraseRule, Reach, Role, Where, Whose
from agent.signals.reading import Label

_PLACES = 6
"""A pattern is looked at in its first few places of a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One rule that one sentence bears out."""

    rule: PhraseRule
    at: int
    """Where the match begins in the folded sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundCue:
    """Words that say what a date is about, in their place."""

    role: Role
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SentenceReading:
    """All that a language book finds in one folded sentence."""

    folded: str
    book: LanguageBook = field(repr=False)
    hits: tuple[int, ...] = ()
    """Patterns of the index that match: where dates are looked for."""
    statements: tuple[Statement, ...] = ()
    frames: tuple[tuple[int, int], ...] = ()
    """(number of a frame in the book, where it begins)."""
    cues: tuple[FoundCue, ...] = ()
    """In order."""

    def silenced(self, label: Label, at: int, despite: frozenset[str] = frozenset()) -> bool:
        """Whether a statement of `label` that begins at `at` is no statement about now."""
        return any(self._silences(number, begin, label, at, despite) for number, begin in self.frames)

    def has(self, *roles: Role) -> bool:
        """Whether any cue of these roles is in the sentence."""
        return any(cue.role in roles for cue in self.cues)

    def _silences(self, number: int, begin: int, label: Label, at: int, despite: frozenset[str]) -> bool:
        frame = self.book.frames[number]
        if label not in frame.silences or frame.id in despite:
            return False
        if frame.reach is Reach.SENTENCE:
            return True
        between = self.folded[begin:at]
        return begin <= at and not any(end.search(between) for end in self.book.index.untils[number])


def read_sentence(folded: str, book: LanguageBook, *, where: Where = Where.BODY, whose: Whose = Whose.THEIRS) -> SentenceReading:
    """Return what `book` finds in one folded sentence of the given part of a message."""
    index = book.index
    data = folded.encode("utf-8", "surrogatepass")
    hits = index.patterns.matching(data)
    if not hits:
        return SentenceReading(folded=folded, book=book)
    frames: list[tuple[int, int]] = []
    cues: list[FoundCue] = []
    found: list[tuple[int, int]] = []
    for hit in hits:
        if (number := index.rules.get(hit)) is not None:
            found.append((hit, number))
        elif (number := index.frames.get(hit)) is not None:
            if index.unless_frames[number].first(data) is None:
                frames += [(number, start) for start, _ in _places(folded, data, index.patterns[hit])]
        elif (role := index.triggers.get(hit)) is not None:
            cues += [FoundCue(role=role, start=start, end=end) for start, end in _places(folded, data, index.patterns[hit])]
    cues.sort(key=lambda cue: (cue.start, cue.end))
    bare = SentenceReading(folded=folded, book=book, frames=tuple(frames))
    stated: dict[int, Statement] = {}
    for hit, number in found:
        rule = book.rules[number]
        if number in stated or where not in rule.where or rule.whose != whose:
            continue
        if index.unless_rules[number].first(data) is not None:
            continue
        for start, _ in _places(folded, data, index.patterns[hit]):
            if not bare.silenced(rule.label, start, rule.despite):
                stated[number] = Statement(rule=rule, at=start)
                break
    return SentenceReading(
        folded=folded, book=book, hits=tuple(hits), statements=tuple(stated.values()), frames=tuple(frames), cues=tuple(cues)
    )


def _places(folded: str, data: bytes, pattern: Pattern) -> list[tuple[int, int]]:
    """Return where the pattern matches, in characters; in plain ASCII these are bytes, which are found faster."""
    text: str | bytes = data if len(data) == len(folded) else folded
    return [match.span() for match in islice(pattern.finditer(text), _PLACES)]
