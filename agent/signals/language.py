"""Which languages a text is in, of those that there are rules for.

A language is known by its small words, or by its script. A text may be in two (a notice in English under a German mail), and a
short one shows none: it is read in all that it could be in.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from agent.signals.folding import fold
from agent.signals.phrasebook import LanguageBook, Phrasebook, Script

_READ = 4_000
"""Characters that are enough to know a language by."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_LINK = re.compile(r"\S*(?:://|@|www\.)\S*")
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_ENOUGH = 6
"""Words, or as many letters of other scripts times three: in fewer no language shows."""
_SHARE = 0.07
"""Share of the words in `known_by` from which on a text may be in that language; in ordinary mail it is about a third."""
_CLEAR = 0.11
_BY_CHANCE = 2
"""Of a share below that, so many known words may stand there by chance,"""
_CHANCE = 10
"""if there are so many words at all."""
_BESIDE = 0.55
"""A language with less than this part of the best one's share only has words in common with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """The languages of a text."""

    books: tuple[LanguageBook, ...]
    """Those to read it with, the likeliest first; all that are possible for a short text."""
    foreign: bool
    """It is long enough to show its language, and that is none of these."""
    sure: bool
    """The first of `books` is the language of the text, not only one of the possible ones."""


def spoken(text: str, phrasebook: Phrasebook) -> Spoken:
    """Return the languages that `text` is in."""
    folded = fold(_LINK.sub(" ", text[:_READ]))
    words = _WORD.findall(folded)
    kana, han = len(_KANA.findall(folded)), len(_HAN.findall(folded))
    latin = [word for word in words if word[0] < "\u0250"]
    letters = sum(map(len, latin))
    if kana + han >= 4 and 2 * (kana + han) >= letters / 5:
        script = Script.KANA if 12 * kana >= han else Script.HAN
        books = tuple(book for book in phrasebook.languages if book.script is script)
        return Spoken(books=books, foreign=not books, sure=bool(books))
    other = sum(len(word) for word in words if word[0] >= "\u0250")
    if other > letters:
        return Spoken(books=(), foreign=other >= 3 * _ENOUGH, sure=False)
    if not latin and not _LINK.search(text[:_READ]):
        return Spoken(books=(), foreign=False, sure=False)
    shares = _shares(latin, phrasebook)
    best = max(shares.values(), default=0.0)
    by_code = {book.language: book for book in phrasebook.languages}
    likely = tuple(by_code[code] for code in sorted(shares, key=lambda code: -shares[code]) if shares[code] >= _BESIDE * best)
    if len(latin) >= _ENOUGH:
        hits = round(best * len(latin))
        known = best >= _SHARE and (best >= _CLEAR or hits > _BY_CHANCE or len(latin) < _CHANCE)
        return Spoken(books=likely if known else (), foreign=not known, sure=known)
    if best > 0:
        return Spoken(books=likely, foreign=False, sure=False)
    return Spoken(books=tuple(by_code[code] for code in shares), foreign=False, sure=False)


def _shares(words: list[str], phrasebook: Phrasebook) -> dict[str, float]:
    """Return for each language in Latin letters the share of `words` that is known by it."""
    found = {book.language: 0 for book in phrasebook.languages if book.script is Script.LATIN}
    for word, times in Counter(words).items():
        for language in _known_by(word, phrasebook.known):
            found[language] += times
    return {language: number / max(len(words), 1) for language, number in found.items()}


def _known_by(word: str, known: Mapping[str, tuple[str, ...]]) -> Collection[str]:
    """Return the languages that are known by a word, or by what stands before its apostrophe."""
    if "'" not in word:
        return known.get(word, ())
    return {*known.get(word, ()), *known.get(word.partition("'")[0], ())}
