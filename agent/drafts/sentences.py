"""Texts as sentences: what the reader of two drafts would notice as said twice."""

import re

from agent.drafts.templates import Forms

_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+")


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a rendered template, each on one line, with single spaces and no doubled full stop."""
    found = []
    for block in re.split(r"\n[ \t]*\n", text):
        line = re.sub(r"\s+([,.;:!?])(?=\s|$)", r"\1", " ".join(block.split()))
        line = re.sub(r"(?<!\.)\.\.(?!\.)", ".", line)
        if line:
            found.append(line)
    return found


def sentences(text: str, forms: Forms) -> list[str]:
    """Return the sentences of a text in the form in which they are compared: lower case, without signs, days and numbers."""
    days = "|".join(re.escape(name.casefold()) for name in (*forms.weekdays, *forms.months))
    found = []
    for line in text.split("\n"):
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
