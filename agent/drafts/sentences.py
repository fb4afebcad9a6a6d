"""Texts as sentences: what the reader of two drafts would notice as said twice."""

import re

from agent.drafts.templates import Forms

_SPACE = re.compile(r"[ \t\r\n]+")
_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+")


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a rendered template, each on one line, with single spaces and no doubled full stop.

    A no-break space stays where it is: French sets one before a question mark.
    """
    found = []
    for block in re.split(r"\n[ \t]*\n", text):
        line = re.sub(r" +([,.;:!?])(?=\s|$)", r"\1", " ".join(_SPACE.split(block.strip())))
        line = re.sub(r"(?<!\.)\.\.(?!\.)", ".", line)
        if line:
            found.append(line)
    return found


def sentences(text: str, forms: Forms) -> list[str]:
    """Return the sentences of a text in the form in which they are compared: lower case, without signs, days and numbers.

    The full stop of a German '10. März' ends no sentence.
    """
    days = "|".join(re.escape(name.casefold()) for name in (*forms.weekdays, *forms.months))
    ordinal_day = re.compile(rf"\b\d{{1,2}}\.(?=\s(?:{'|'.join(map(re.escape, forms.months))})\b)")
    found = []
    for line in ordinal_day.sub(" ", text).split("\n"):
        for sentence in _END.split(line):
            plain = re.sub(rf"\b(?:{days})\b", " ", sentence.casefold())
            words = re.findall(r"[^\W\d_]+", plain)
            if words:
                found.append(" ".join(words))
    return found


def repeated(text: str, earlier: frozenset[str], forms: Forms) -> int:
    """Return how many sentences of `text` are among the compared forms in `earlier`."""
    return sum(1 for sentence in sentences(text, forms) if sentence in earlier)


def word_count(text: str) -> int:
    """Return the number of words between spaces."""
    return len(text.split())
