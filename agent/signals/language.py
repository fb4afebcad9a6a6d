"""Whether a text is in a language that there are rules for."""

import re

from agent.signals.phrasebook import Phrasebook
from agent.signals.sentences import fold

_READ = 4_000
"""Characters that are enough to know a language by."""
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 6
"""Words, or as many letters of other scripts times three: in fewer no language shows."""
_SHARE = 0.07
"""Share of the words in `known_by` from which on a text is in that language; in English mail it is about a third."""


def is_foreign(text: str, phrasebook: Phrasebook) -> bool:
    """Return whether `text` is long enough to show its language, and is in none that `phrasebook` knows."""
    words = _WORD.findall(fold(text[:_READ]))
    other_scripts = sum(letter > "\u02ff" for word in words for letter in word)
    if max(len(words), other_scripts // 3) < _ENOUGH:
        return False
    return all(sum(word in book.known_by for word in words) < _SHARE * len(words) for book in phrasebook.languages)
