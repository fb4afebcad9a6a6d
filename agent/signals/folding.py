"""How text and rules are made comparable: one spelling for what people, keyboards and mail systems write in several.

Typographic quotes, dashes and blanks become plain ones, full-width forms their ordinary ones (Unicode NFKC), letters with marks
the letters that a keyboard without them has (`ü` becomes `ue`, `é` becomes `e`), capitals small. The loader folds the rules in
the same way, so that they are written in ordinary spelling. Kana and Han stay as they are.
"""

import re
import unicodedata
from itertools import pairwise

_FOLD: dict[int, str | None] = {}
_FOLD |= {ord(c): "'" for c in "‘’‚‛ʼ´`′＇\ufffd"} | {ord(c): '"' for c in "“”„‟«»″＂"}
_FOLD |= {ord(c): "-" for c in "‐‑‒–—―−"} | {ord(c): " " for c in "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\t\r\n\v\f"}
_FOLD |= {ord(c): None for c in "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"}
_FOLD[ord("…")] = "..."
_FOLD |= {ord("ﬁ"): "fi", ord("ﬂ"): "fl", ord("ﬀ"): "ff"}
_IN_TWO_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae", "œ": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
_IN_TWO_LETTERS |= {"Ø": "Oe", "Æ": "Ae", "Œ": "Oe", "ẞ": "SS", "þ": "th", "Þ": "Th"}
_IN_ONE = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ð": "d", "ħ": "h", "¡": " ", "¿": " "}


def _without_marks(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


_LETTERS: dict[int, str | None] = {
    code: _without_marks(chr(code))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if unicodedata.decomposition(chr(code)) and not unicodedata.decomposition(chr(code)).startswith("<")
}
_LETTERS |= dict.fromkeys(range(0x300, 0x370))
_LETTERS |= {ord(letter): plain for letter, plain in (_IN_TWO_LETTERS | _IN_ONE).items()}
_FOLD_LETTERS = _FOLD | _LETTERS
_SPACES = re.compile(r" {2,}")
_CJK = "\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff。、！？（）「」『』・"
_SPACE_IN_CJK = re.compile(rf"(?<=[{_CJK}]) (?=[{_CJK}0-9])|(?<=[0-9]) (?=[{_CJK}])")
_LITERAL = re.compile(r"\\[pP](?:\{\^?\w+\}|\w)|\\.|\(\?P?<\w+>|\[:\^?\w+:\]|[A-Z]|[^\x00-\x7f]", re.DOTALL)
_WIDE = re.compile("[\u2e80-\U0010ffff]")
_WIDE_SIGN = re.compile("[（）［］｛｝＊＋？．｜＾＄＼]")
_IN_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


def fold(text: str) -> str:
    """Return `text` as rules read it: plain letters, quotes and dashes, single blanks, lower case."""
    if not text.isascii():
        text = _ordinary(text).lower().translate(_FOLD_LETTERS)
        return _SPACE_IN_CJK.sub("", _single_blanks(text)).strip()
    return _single_blanks(text.translate(_FOLD)).strip().lower()


def fold_in_case(text: str) -> str:
    """Return `text` with its capitals and its marks, else folded: what names are read from."""
    return _single_blanks(_ordinary(text).translate(_FOLD)).strip()


def fold_pattern(pattern: str) -> str:
    """Return a regular expression whose letters are folded as those of the text that it reads.

    Raises `ValueError` where a letter that becomes two stands in a set such as `[äe]`, or before `?`, `*`, `+` or `{`.
    """
    if pattern.isascii():
        return _LITERAL.sub(_small, pattern)
    for found in _IN_CLASS.finditer(pattern):
        bad = next((letter for letter in found.group() if letter in _IN_TWO_LETTERS), None)
        if bad and found.group()[0] == "[":
            raise ValueError(f"`{bad}` is read as `{_IN_TWO_LETTERS[bad]}` and cannot stand in `[...]`: write `(?:a|b)`")
    for letter, repeated in pairwise(pattern):
        if letter in _IN_TWO_LETTERS and repeated in "?*+{":
            raise ValueError(f"`{letter}` is read as `{_IN_TWO_LETTERS[letter]}`: write `(?:{letter}){repeated}`")
    pattern = _LITERAL.sub(_small, _WIDE_SIGN.sub(_escaped, pattern))
    return _ordinary(pattern).translate(_FOLD_LETTERS)


def _small(found: re.Match[str]) -> str:
    """Return a letter as a small one; escapes and the names of groups stay as they are."""
    text = found.group()
    return text.lower() if len(text) == 1 else text


def _escaped(found: re.Match[str]) -> str:
    """Return a wide `（` or `？` as the sign that texts have for it, and not as one of the grammar of patterns."""
    return f"\\{unicodedata.normalize('NFKC', found.group())}"


def _single_blanks(text: str) -> str:
    return _SPACES.sub(" ", text) if "  " in text else text


def _ordinary(text: str) -> str:
    """Return the composed form, and NFKC where there are wide forms: of them each mail system has its own."""
    if _WIDE.search(text):
        return unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFC", text)
