"""Words of a candidacy in a subject or in a sender's name: found without reading the mail."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from agent.signals.patterns import Pattern, compile_pattern


class Count(StrEnum):
    """In which mail a word counts."""

    ALWAYS = "always"
    """Whoever writes."""
    OFTEN = "often"
    """In all mail but that to many: advertising uses it too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadingWords:
    """The words of all languages, in small letters and without accents; `*` before one that may stand inside another."""

    always: frozenset[str] = frozenset()
    often: frozenset[str] = frozenset()
    _patterns: dict[bool, Pattern] = field(init=False, repr=False, compare=False)
    """By whether the mail is one to many."""

    def __post_init__(self) -> None:
        found = {True: _pattern(self.always), False: _pattern(self.always | self.often)} if self.always else {}
        object.__setattr__(self, "_patterns", found)

    @property
    def languages_known(self) -> bool:
        """Whether there are any words: without them nothing can be told from a heading."""
        return bool(self.always)

    def found_in(self, words: Collection[str], *, bulk: bool) -> str:
        """Return a word that stands among the folded `words` of a text, in their order; empty when there is none.

        With `bulk` only those that count in mail to many. Where no blanks are written, `words` are single characters.
        """
        pattern = self._patterns.get(bulk)
        found = pattern.search(f" {' '.join(words)}\n{''.join(words)}") if pattern else None
        return (found.group() or "").strip() if found else ""


def _pattern(words: Collection[str]) -> Pattern:
    """Return the pattern of a text with blanks and the same without: a word begins with one of these, or has it inside."""
    stems = [f" {word}" for word in words if word[0] != "*"]
    inside = [word[1:] for word in words if word[0] == "*"]
    return compile_pattern("|".join(re.escape(each) for each in sorted((*stems, *inside))))
