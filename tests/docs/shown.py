"""Whether a command printed what a page shows of it: whatever depends on the day, the machine or the width is taken out."""

import re

_SOFT = (
    (r"\x1b\[[0-9;]*m", ""),
    (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:\d\d|Z| [A-Z]{2,5})?", "<moment>"),
    (r"\b\d{4}-\d\d-\d\d\b", "<day>"),
    (r"\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? \d{1,2} [A-Z][a-z]{2,8}\b", "<day>"),
    (r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\b", "<day>"),
    (r"\b\d\d:\d\d(?::\d\d)?\b", "<time>"),
    (r"\b\d+(?:\.\d+)? (?:ms|seconds?|s|MB|GB|KB)\b", "<amount>"),
    (r"[─━═-]{3,}", " "),
    (r"\s+", " "),
)
ELLIPSIS = re.compile(r"\.\.\.|…")


def plain(text: str, home: str) -> str:
    """Return a text on one line, with days, times and amounts as marks, and the home folder as `~`."""
    text = text.replace(home, "~")
    for pattern, mark in _SOFT:
        text = re.sub(pattern, mark, text)
    return text.strip()


def missing(shown: str, printed: str, home: str) -> str | None:
    """Return the first piece of what is shown that was not printed, in its place after the others; None where all was.

    `...` stands for any text, none too.
    """
    said = plain(printed, home)
    at = 0
    for piece in ELLIPSIS.split(plain(shown, home)):
        piece = piece.strip()
        found = said.find(piece, at)
        if found < 0:
            return piece
        at = found + len(piece)
    return None
