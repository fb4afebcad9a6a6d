"""Whether two job titles are two roles, or may be one role in other words."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent.matching.names import is_filler, role_words
from agent.signals.title_words import Named, TitleWords

_SHORTEST_PART = 4
"""Letters of a word that is looked for inside another."""
_ALIKE = 5
"""Letters with which two words begin that are taken for forms of one ('Logistik', 'Logistics')."""
_ABBREVIATION = 4
"""Letters of an abbreviation at most."""
_MOST_WORDS = 8
"""Words of a subject that may be a title and nothing else."""
_JOINTS = ("", "s", "es", "n", "en")
"""What joins two words to one, in German and its neighbours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """What a title says."""

    fields: frozenset[str]
    """What the work is about; a word that the rules do not know stands for itself, with a `?` before it."""
    crafts: frozenset[str]
    known: bool
    """Whether all its words are known, and one of them says what somebody is."""

    @property
    def telling(self) -> frozenset[str]:
        """What tells it from another: its fields, or where it names none, what one is in it."""
        return self.fields or self.crafts


class Titles:
    """The words of titles, indexed."""

    def __init__(self, said: TitleWords) -> None:
        """Fold the words as titles are folded."""
        self._meant: dict[tuple[str, ...], set[str]] = {}
        self._fields = frozenset(name for name, _ in said.fields)
        self._may_be = {name: frozenset(others) for name, others in said.may_be}
        for name, word in (*_each(said.fields), *_each(said.crafts), *(("", word) for word in (*said.ranks, *said.plain))):
            folded = role_words(word).folded
            self._meant.setdefault(folded, set()).update({name} - {""})
            if len(folded) > 1:  # `front-end`, `frontend`
                self._meant.setdefault(("".join(folded),), set()).update({name} - {""})
        self._ranks = frozenset(role_words(word).folded for word in said.ranks)
        self._longest = max((len(words) for words in self._meant), default=1)
        self._single = {words[0]: frozenset(meant) for words, meant in self._meant.items() if len(words) == 1}

    def differ(self, one: str, other: str) -> bool:
        """Whether two titles are certainly of two roles: what the one tells is in the other neither named nor possible.

        A title that tells nothing ('Manager', 'SWE') differs from none.
        """
        first, second = self.meaning(one), self.meaning(other)
        if not first.telling or not second.telling or _initials(one, other) or _initials(other, one):
            return False
        meets = self._meet(first.telling, second.fields | second.crafts) or self._meet(
            second.telling, first.fields | first.crafts
        )
        return not meets

    def is_title(self, text: str) -> bool:
        """Whether a text is a title and nothing else: all its words are those of titles."""
        return len(role_words(text).folded) <= _MOST_WORDS and self.meaning(text).known

    def meaning(self, title: str) -> Meaning:
        """Return what a title says."""
        said = role_words(title)
        folded, written = said.folded, said.written
        shouted = title.isupper() and len(written) > 1
        found: set[str] = set()
        known, someone = True, False
        place = 0
        while place < len(folded):
            for length in range(min(self._longest, len(folded) - place), 0, -1):
                meant = self._meant.get(folded[place : place + length])
                if meant is not None:
                    found |= meant
                    someone = someone or folded[place : place + length] in self._ranks
                    break
            else:
                length = 1
                short = written[place].isupper() and len(written[place]) <= _ABBREVIATION and not shouted
                if not is_filler(folded[place]) and not short:
                    meant = self._parts(folded[place])
                    known = known and not any(each.startswith("?") for each in meant)
                    found |= meant
                elif short:
                    known = False
            place += length
        crafts = frozenset(each for each in found if each not in self._fields and not each.startswith("?"))
        return Meaning(fields=frozenset(found) - crafts, crafts=crafts, known=known and bool(crafts or (found and someone)))

    def _parts(self, word: str) -> set[str]:
        """Return what a word means that is not known whole: its known parts, else itself; one character alone is nothing."""
        if len(word) < 2 or word.isdigit():
            return set()
        for cut in range(1, len(word) - 1):
            if (end := self._known_part(word[cut:])) is not None:
                before = word[:cut]
                return set(end) | (self._before(before) if len(before) >= 2 else set())
        for cut in range(len(word) - 1, _SHORTEST_PART - 1, -1):
            if (beginning := self._known_part(word[:cut])) is not None and len(word) - cut >= _SHORTEST_PART:
                return set(beginning)
        return {f"?{word}"}

    def _before(self, word: str) -> set[str]:
        """Return what the first part of a word means, with or without what joins it to the second."""
        for joint in _JOINTS:
            if word.endswith(joint) and (known := self._single.get(word.removesuffix(joint))) is not None:
                return set(known)
        return self._parts(word)

    def _known_part(self, word: str) -> frozenset[str] | None:
        shortest = _SHORTEST_PART if word.isascii() else 2
        return self._single.get(word) if len(word) >= shortest else None

    def _meet(self, some: frozenset[str], others: frozenset[str]) -> bool:
        return any(
            one == other or other in self._may_be.get(one, ()) or one in self._may_be.get(other, ()) or _alike(one, other)
            for one in some
            for other in others
        )


@lru_cache(maxsize=4)
def titles(said: TitleWords) -> Titles:
    """Return the index of the words, kept for those that were asked for last."""
    return Titles(said)


def _each(named: Named) -> Iterator[tuple[str, str]]:
    return ((name, word) for name, words in named for word in words)


def _alike(one: str, other: str) -> bool:
    """Whether two words that are not known begin alike."""
    return one[0] == other[0] == "?" and len(one) > _ALIKE < len(other) and one[: _ALIKE + 1] == other[: _ALIKE + 1]


def _initials(short: str, title: str) -> bool:
    """Whether the one title is an abbreviation of the other ('SRE', 'Site Reliability Engineer')."""
    letters = "".join(word[0] for word in role_words(title).folded)
    return len(letters) > 1 and short.strip().lower() == letters
