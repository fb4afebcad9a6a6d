"""Patterns in linear time (RE2), one at a time and all at once.

RE2 reads any text in time linear in its length and refuses what cannot be read so (look-behind, back-references).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

import re2

_WORD = re.compile(r"\{([a-z][a-z_]*)\}")


class Found(Protocol):
    """One match of a pattern."""

    def span(self, group: int | str = 0) -> tuple[int, int]:
        """Return start and end in characters."""

    def group(self, group: int | str = 0) -> str | None:
        """Return the text of a group; None when it took no part."""

    def groupdict(self) -> dict[str, str | None]:
        """Return the named groups."""


class Pattern(Protocol):
    """A compiled pattern."""

    def search(self, text: str | bytes) -> Found | None:
        """Return the first match anywhere in `text`, which may be encoded in UTF-8 already."""

    def finditer(self, text: str | bytes) -> Iterator[Found]:
        """Return all matches that do not overlap, in order; of encoded text with places in bytes."""


class BadPattern(Exception):
    """A pattern that cannot be used; its text says why and what to write instead."""


def expand(text: str, words: dict[str, str]) -> str:
    """Return `text` with every `{name}` replaced by the group of that name in `words`; raise `BadPattern` for an unknown one."""

    def replace(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in words:
            raise BadPattern(f"`{{{name}}}` is not among the words of this language")
        return words[name]

    for _ in range(8):
        expanded = _WORD.sub(replace, text)
        if expanded == text:
            return text
        text = expanded
    raise BadPattern("the words stand for each other in a circle")


def compile_pattern(text: str) -> Pattern:
    """Return `text` compiled, capitals kept apart from small letters; raise `BadPattern` with the reason when RE2 refuses it."""
    try:
        compiled: Pattern = re2.compile(text, _options())
    except re2.error as error:
        raise BadPattern(_explanation(error)) from None
    return compiled


class PatternSet:
    """Many patterns that are looked for in one go: RE2 seeks the words that each needs, and tries those that can match.

    A plain RE2 set of such patterns was ten times slower: counted gaps give it more states than it can remember.
    """

    __slots__ = ("_filter", "_patterns")

    def __init__(self, texts: Sequence[str]) -> None:
        """Compile `texts`; raises `BadPattern` as `compile_pattern` does."""
        self._filter = re2.Filter()
        options = _options()
        for text in texts:
            try:
                self._filter.Add(text, options)
            except re2.error as error:
                raise BadPattern(f"`{text:.80}`: {_explanation(error)}") from None
        self._patterns: tuple[Pattern, ...] = ()
        if texts:
            self._filter.Compile()
            self._patterns = tuple(self._filter.re(index) for index in range(len(texts)))

    def __getitem__(self, index: int) -> Pattern:
        """Return one pattern by its place in the list."""
        return self._patterns[index]

    def matching(self, text: str | bytes) -> list[int]:
        """Return the places of all patterns that match somewhere in `text` (which may be encoded in UTF-8), in order."""
        return sorted(self._filter.Match(text) or ()) if self._patterns else []


class Unless:
    """Patterns of which any silences something, compiled when they are first looked for."""

    __slots__ = ("_patterns", "_texts")

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        self._patterns: tuple[Pattern, ...] | None = None

    def first(self, data: bytes) -> int | None:
        """Return the place of the first pattern that matches somewhere in `data`, a text in UTF-8; None when none does."""
        if not self._texts:
            return None
        if self._patterns is None:
            self._patterns = tuple(compile_pattern(text) for text in self._texts)
        return next((place for place, pattern in enumerate(self._patterns) if pattern.search(data) is not None), None)


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


def _explanation(error: Exception) -> str:
    reason = error.args[0] if error.args else str(error)
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    if "(?<" in text:
        return "look-behind `(?<=` and `(?<!` are refused: put what must not stand there under `unless`"
    if "(?=" in text or "(?!" in text:
        return "look-ahead `(?=` and `(?!` are refused: put what must not stand there under `unless`"
    if re.search(r"escape sequence: \\[1-9]", text):
        return "back-references such as `\\1` are refused: write both places out"
    return f"this is no regular expression: {text}"
