"""Text cut into sentences, the unit of meaning, with exact offsets.

A sentence is read in a folded form (typographic characters made plain, white space and wrapped lines made single blanks, lower
case) and quoted in its own.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from agent.signals.folding import fold

READ_AT_MOST = 100_000
"""Characters of a message that are read; what a person writes about an interview is never that long."""
_LONGEST = 1_200
_WRAPPED = 42
"""A shorter line before a capital letter was not wrapped but ended by its writer."""
_WRAPPED_ENDS = 20
"""One that is longer than this and ends in a small letter was wrapped all the same, if the next goes on as long: German nouns
have capitals."""
_WRAPPED_CJK = 16
"""The same of a line in Chinese or Japanese, which has no capitals."""

_STOP = re.compile(r"[.!?]+[\"'”’)\]*_]*(?=\s|$|[A-ZÄÖÜÉ][a-z' ])|[。！？]+[」』”’）)\"']*|(?<=[a-z][)])(?=[A-Z][a-z])")
_NUMBERED = re.compile(r"(?:^|[\s(])(?P<day>\d{1,2}\.)?\d{1,2}\.$")
_LETTER = re.compile(r"(?:^|[\s(.])[^\W\d_]\.$")
_BULLET = re.compile(r"\s*(?:[-*•·▪‣◦●>■○・]|\d{1,2}[.)]|[a-z][.)])\s")
_FIELD = re.compile(r"[^\W\d_]{1,14}(?: [^\W\d_]{1,9})?[:：](?!//)")
"""The next line of a table of facts: `Date: ...`."""
_BLANK = re.compile(r"\n[^\S\n]*\n")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_LAST_WORD = re.compile(r"[^\s(]+\.$")
_NEXT_WORD = re.compile(r"\s+([^\W\d_]+|\d+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Dots:
    """After what a dot ends no sentence."""

    abbreviations: frozenset[str] = frozenset()
    """Folded, without the last dot."""
    months: frozenset[str] = frozenset()
    """Names of months, folded: `14. März` is one date."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence in its place."""

    start: int
    end: int
    """Offsets into the text that was cut; white space at both ends is left out."""
    folded: str
    """What rules read."""


def sentences(text: str, dots: Dots) -> list[Sentence]:
    """Return the sentences of the first `READ_AT_MOST` characters of `text`, in order; linear in its length."""
    text = text[:READ_AT_MOST]
    found: list[Sentence] = []
    position = 0
    for blank in [*_BLANK.finditer(text), None]:
        end = blank.start() if blank else len(text)
        if end > position:
            for start, stop in _cut(text, position, end, dots):
                _add(found, text, start, stop)
        position = blank.end() if blank else end
    return found


def _cut(text: str, start: int, end: int, dots: Dots) -> list[tuple[int, int]]:
    """Return the sentences of one paragraph as raw spans."""
    breaks = set()
    for stop in _STOP.finditer(text, start, end):
        at = stop.end()
        if stop.group()[:1] == "." and _ends_nothing(text, start, stop.start() + 1, dots):
            continue
        breaks.add(at)
    line = start
    while (newline := text.find("\n", line, end)) >= 0:
        if _line_ends(text, line, newline, end):
            breaks.add(newline)
        line = newline + 1
    edges = [start, *sorted(breaks), end]
    return list(pairwise(edges))


def _ends_nothing(text: str, start: int, after: int, dots: Dots) -> bool:
    """Whether the dot before `after` belongs to an abbreviation, an initial or the number of a day."""
    window = max(start, after - 16)
    if _LETTER.search(text, window, after):
        return True
    following = _NEXT_WORD.match(text, after)
    if numbered := _NUMBERED.search(text, window, after):
        if following is None:
            return False
        word = following.group(1)
        begins_line = numbered.start() == start or text[numbered.start()] == "\n"
        return (
            word[0].islower() or (word[0].isdigit() and numbered["day"] is not None) or begins_line or fold(word) in dots.months
        )
    word = _LAST_WORD.search(text, window, after)
    return word is not None and fold(word.group()[:-1]) in dots.abbreviations


def _line_ends(text: str, line: int, newline: int, end: int) -> bool:
    """Whether the line break at `newline` ends a sentence, and is no wrapping."""
    length = newline - line
    after = newline + 1
    if after >= end or length == 0 or _BULLET.match(text, after, min(end, after + 12)):
        return True
    if text[newline - 1] in ":;" or _FIELD.match(text, after, min(end, after + 24)):
        return True
    if _CJK.search(text, line, newline):
        return length < _WRAPPED_CJK and text[newline - 1] not in "、，,"
    first = text[after]
    if first.isupper() and length >= _WRAPPED_ENDS and text[newline - 1].islower():
        following = text.find("\n", after, end)
        return (following if following >= 0 else end) - after < _WRAPPED_ENDS
    return length < _WRAPPED and not first.islower() and (text[newline - 1] in ",-" or first.isupper() or not first.isalnum())


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        _add(found, text, start, cut)
        start = cut
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if end > start:
        folded = fold(text[start:end])
        if folded:
            found.append(Sentence(start=start, end=end, folded=folded))
