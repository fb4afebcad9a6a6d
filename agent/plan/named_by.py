"""Which tracked interviews a few words of the user's name: by id, by company or alias, by the beginning of either."""

import re
import unicodedata
from collections.abc import Sequence

from agent.interviews import Interview

_SHORTEST = 2
"""Characters that a name has at least, unless it is a whole id."""


def named_by(text: str, interviews: Sequence[Interview]) -> tuple[str, ...]:
    """Return the ids of the interviews that `text` may name, in order; more than one means that it is not clear which.

    A whole id names that one alone. Else whole words from the beginning of an id, a company, an alias or `company role` do.
    """
    said = text.strip(" \t.,;:!?\"'“”[]()").casefold()
    for interview in interviews:
        if said == interview.id.casefold():
            return (interview.id,)
    wanted = _words(said)
    if len("".join(wanted)) < _SHORTEST or all(word.isdecimal() for word in wanted):
        return ()
    return tuple(each.id for each in interviews if any(name[: len(wanted)] == wanted for name in _names(each)))


def _names(interview: Interview) -> list[tuple[str, ...]]:
    role = _words(interview.role)
    names = [_words(name) for name in (interview.company, *interview.aliases)]
    return [_words(interview.id), *(name + role for name in names)]


def _words(text: str) -> tuple[str, ...]:
    folded = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if unicodedata.category(each) != "Mn")
    return tuple(re.findall(r"[^\W_]+", folded))
