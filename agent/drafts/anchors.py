"""Where the questions of a debrief stand in a text that a mail client saved: found by their words, whatever stands between."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.drafts.templates import Inquiry

_ENOUGH = 5
"""Words at the beginning by which a question is known that was changed further on."""
_WORD = re.compile(r"\w+")
_BEHIND = re.compile(r"[?.!:;)\"'»”’*_]+")
_NUMBERED = re.compile(r"^[ \t*#-]*(\d{1,2})[.)][ \t]*", re.MULTILINE)
_BEFORE_A_QUESTION = re.compile(r"(?:^|\n)[ \t*#•-]*(?:\d{1,2}[.)]?[ \t*]*)?[¿¡\"'«„“(]*\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """One place of the text where a question stands."""

    number: int
    """Index of the question."""
    start: int
    end: int


def anchors(text: str, inquiries: Sequence[Inquiry]) -> list[Anchor]:
    """Return where the questions stand, in the order of the text; each as often as it stands there."""
    tokens = list(_WORD.finditer(text))
    words = [token.group().casefold() for token in tokens]
    found: list[Anchor] = []
    for number, inquiry in enumerate(inquiries):
        for first, last in _places(words, words_of(inquiry.ask)):
            end = tokens[last].end()
            behind = _BEHIND.match(text, end)
            found.append(Anchor(number=number, start=tokens[first].start(), end=behind.end() if behind else end))
    if not found:
        return _by_number(text, len(inquiries))
    kept: list[Anchor] = []
    for anchor in sorted(found, key=lambda each: (each.start - each.end, each.start)):
        if all(anchor.end <= other.start or anchor.start >= other.end for other in kept):
            kept.append(anchor)
    return [
        Anchor(number=each.number, start=_with_number(text, each.start), end=each.end)
        for each in sorted(kept, key=lambda each: each.start)
    ]


def _places(words: list[str], ask: list[str]) -> list[tuple[int, int]]:
    """Return (first, last word) of each place where a question stands, whole, or changed behind its beginning."""
    whole = [(start, start + len(ask) - 1) for start in _occurrences(words, ask)]
    if whole or len(ask) < _ENOUGH:
        return whole
    for length in range(len(ask) - 1, _ENOUGH - 1, -1):
        for start in _occurrences(words, ask[:length]):
            last = start + length - 1
            tail = ask[-4:]
            rest = words[last + 1 : last + 1 + len(ask)]
            ends = [last + 1 + at + len(tail) - 1 for at in _occurrences(rest, tail)]
            return [(start, ends[0] if ends else last)]
    return []


def _occurrences(words: Sequence[str], wanted: Sequence[str]) -> Iterator[int]:
    if wanted:
        for start in range(len(words) - len(wanted) + 1):
            if words[start] == wanted[0] and list(words[start : start + len(wanted)]) == list(wanted):
                yield start


def _with_number(text: str, start: int) -> int:
    """Return where the number and the marks before a question begin, if they stand on its line."""
    found = _BEFORE_A_QUESTION.search(text, max(0, text.rfind("\n", 0, start)), start)
    return found.start() if found else start


def _by_number(text: str, count: int) -> list[Anchor]:
    """Return the lines `1. ...`, `2. ...` where all questions were deleted and the answers numbered; they must ascend."""
    found: list[Anchor] = []
    for match in _NUMBERED.finditer(text):
        number = int(match[1])
        if 1 <= number <= count and (not found or number - 1 > found[-1].number):
            found.append(Anchor(number=number - 1, start=match.start(), end=match.end()))
    return found


def words_of(text: str) -> list[str]:
    """Return the words of a text in the form in which they are compared."""
    return [word.casefold() for word in _WORD.findall(unicodedata.normalize("NFC", text))]


def stand_in(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether the words `wanted` stand in `words`, one behind the other."""
    return any(True for _ in _occurrences(words, wanted))
