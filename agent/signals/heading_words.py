"""Words of a candidacy in a subject or in a sender's name: found without reading the mail."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum


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
    _stems: dict[Count, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _inside: dict[Count, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = {Count.ALWAYS: self.always, Count.OFTEN: self.often}
        object.__setattr__(self, "_stems", {count: _shortest(given) for count, given in words.items()})
        object.__setattr__(
            self,
            "_inside",
            {count: tuple(sorted(word[1:] for word in given if word[0] == "*")) for count, given in words.items()},
        )

    @property
    def languages_known(self) -> bool:
        """Whether there are any words: without them nothing can be told from a heading."""
        return bool(self.always)

    def found_in(self, words: Collection[str], *, bulk: bool) -> str:
        """Return a word that stands among the folded `words` of a text, in their order; empty when there is none.

        With `bulk` only those that count in mail to many. Where no blanks are written, `words` are single characters.
        """
        spaced, joined = f" {' '.join(words)}", "".join(words)
        for count in (Count.ALWAYS,) if bulk else Count:
            for stem in self._stems[count]:
                if stem in spaced:
                    return stem.strip()
            for inside in self._inside[count]:
                if inside in joined:
                    return inside
        return ""


def _shortest(words: Collection[str]) -> tuple[str, ...]:
    """Return the words that begin a word, each with a blank before it, without those that begin with another."""
    found: list[str] = []
    for word in sorted(word for word in words if word[0] != "*"):
        if not found or not f" {word}".startswith(found[-1]):
            found.append(f" {word}")
    return tuple(found)
