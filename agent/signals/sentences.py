"""Text cut into sentences, the unit of meaning, with exact offsets.

A sentence is read in a folded form (typographic characters made plain, white space and wrapped lines made single blanks, lower
case) and quoted in its own.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

READ_AT_MOST = 100_000
"""Characters of a message that are read; what a person writes about an interview is never that long."""
_LONGEST = 1_200
_WRAPPED = 42
"""A shorter line before a capital letter was not wrapped but ended by its writer."""

_FOLD: dict[int, str | None] = {}
_FOLD |= {ord(c): "'" for c in "‘’‚‛ʼ´`′＇\ufffd"} | {ord(c): '"' for c in "“”„‟«»″＂"}
_FOLD |= {ord(c): "-" for c in "‐‑‒–—―−"} | {ord(c): " " for c in "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\t\r\n\v\f"}
_FOLD |= {ord(c): None for c in "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"}
_FOLD[ord("…")] = "..."
_FOLD |= {ord("ﬁ"): "fi", ord("ﬂ"): "fl", ord("ﬀ"): "ff"}
_SPACES = re.compile(r" {2,}")
_STOP = re.compile(r"[.!?。！？]+[\"'”’)\]*_]*(?=\s|$|[A-ZÄÖÜÉ][a-z' ])|(?<=[a-z][)])(?=[A-Z][a-z])")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|nr|inc|ltd|co|corp|vs|etc|e\.g|i\.e|eg|ie|approx|sr|jr|resp|dept|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|a\.m|p\.m|u\.s|u\.k|[a-z])\.$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[-*•·▪‣◦●>]|\d{1,2}[.)]|[a-z][.)])\s")
_BLANK = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence in its place."""

    start: int
    end: int
    """Offsets into the text that was cut; white space at both ends is left out."""
    folded: str
    """What rules read."""


def fold(text: str) -> str:
    """Return `text` as rules read it: plain quotes and dashes, single blanks, lower case."""
    return _SPACES.sub(" ", text.translate(_FOLD)).strip().lower()


def fold_in_case(text: str) -> str:
    """Return `text` folded but with its capitals: what names are read from."""
    return _SPACES.sub(" ", text.translate(_FOLD)).strip()


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of the first `READ_AT_MOST` characters of `text`, in order; linear in its length."""
    text = text[:READ_AT_MOST]
    found: list[Sentence] = []
    position = 0
    for blank in [*_BLANK.finditer(text), None]:
        end = blank.start() if blank else len(text)
        if end > position:
            for start, stop in _cut(text, position, end):
                _add(found, text, start, stop)
        position = blank.end() if blank else end
    return found


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the sentences of one paragraph as raw spans."""
    breaks = set()
    for stop in _STOP.finditer(text, start, end):
        at = stop.end()
        if stop.group()[:1] == "." and _ABBREVIATED.search(text, max(start, stop.start() - 8), stop.start() + 1):
            continue
        breaks.add(at)
    line = start
    while (newline := text.find("\n", line, end)) >= 0:
        if _line_ends(text, line, newline, end):
            breaks.add(newline)
        line = newline + 1
    edges = [start, *sorted(breaks), end]
    return list(pairwise(edges))


def _line_ends(text: str, line: int, newline: int, end: int) -> bool:
    """Whether the line break at `newline` ends a sentence, and is no wrapping."""
    length = newline - line
    after = newline + 1
    if after >= end or length == 0 or _BULLET.match(text, after, min(end, after + 12)):
        return True
    if text[newline - 1] in ":;":
        return True
    first = text[after]
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
