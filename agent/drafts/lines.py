"""Words from elsewhere (a contact, a note, a posting): made fit to stand in one line of a mail, and taken out of it again."""

import re
import unicodedata
from collections.abc import Iterable

from agent.drafts.templates import Forms

_MARK = re.compile(
    r"\[[^\[\]]*\]|\((?:all genders|[a-z*]{1,2}(?:\s?[/|,]\s?[a-z*]{1,2}){1,3})\)|\b[mfdwx](?:/[mfdwx]){2}\b", re.IGNORECASE
)
_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF))


def one_line(text: str) -> str:
    """Return `text` on one line, without control characters, surrogates and marks that turn the direction of writing."""
    kept = (" " if unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") else char for char in text)
    return " ".join("".join(kept).translate(_TURNS).split())


def without(names: Iterable[str], text: str) -> str:
    """Return `text` with a dot in place of each of `names`, the longest first: they may hold any word."""
    for name in sorted(set(names) - {""}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "·", text)
    return text


def known_name(text: str, forms: Forms) -> str:
    """Return a name on one line; empty when it only says that the name is not known."""
    name = one_line(text)
    return "" if name.casefold().strip(" .?[](){}<>") in ("", *forms.unknown) else name


def known_role(text: str, forms: Forms) -> str:
    """Return the position as one says it: without '(m/f/d)', '[Remote]' and the like."""
    return known_name(_MARK.sub(" ", one_line(text)), forms).strip(" ,;-–—|/")


def inside_a_sentence(text: str, forms: Forms, *, most_words: int) -> str:
    """Return a note of the user as it can go on inside a sentence; empty when it has more than `most_words` words."""
    words = one_line(text).split()
    if not words or len(words) > most_words:
        return ""
    if words[0].casefold() in forms.lowered:
        words[0] = words[0].casefold()
    return " ".join(words).strip(" .!?;,")


def joined(pieces: tuple[str, ...] | list[str], last: str) -> str:
    """Return `a, b and c`, with `last` as the word before the last one."""
    return f"{', '.join(pieces[:-1])} {last} {pieces[-1]}" if len(pieces) > 1 else "".join(pieces)
