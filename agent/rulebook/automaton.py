"""A pattern as an automaton over kinds of characters: what `agent.rulebook.possible` looks for dead ends in.

Only the part of RE2's grammar that rules use is known here.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Unknown(Exception):
    """The pattern uses something that is not looked into."""


class Kind(StrEnum):
    """What kind of character stands before a place, or may stand there."""

    START = "start"
    """The begin of the text."""
    WORD_BEFORE = "word before"
    """The end of a word that the pattern does not read."""
    BLANK = "blank"
    """A single blank."""
    WORD = "word"
    """What `\\b` takes for part of a word."""
    JOINT = "joint"
    """What may stand right behind a word: `'`, `-`, `%`, a full stop."""
    APART = "apart"
    """All else: brackets, quotes, letters that `\\b` does not know."""


class Step(StrEnum):
    """What a way through the automaton asks of its place."""

    FREE = "free"
    """Nothing."""
    BORDER = "border"
    """A word begins or ends (`\\b`)."""
    NO_BORDER = "no border"
    """None does (`\\B`)."""
    BEGIN = "begin"
    """The text begins."""
    END = "end"
    """The text ends."""


Span = tuple[int, int]
"""Begin and end of a part in the pattern."""


@dataclass(kw_only=True, slots=True)
class Machine:
    """An automaton: edges by node, and the node at which each part begins."""

    edges: list[list[tuple[Step | frozenset[Kind], int]]] = field(default_factory=list)
    parts: list[tuple[int, Span]] = field(default_factory=list)
    first: int = 0
    last: int = 0

    def node(self) -> int:
        """Add a node and return its number."""
        self.edges.append([])
        return len(self.edges) - 1

    def link(self, source: int, step: Step | frozenset[Kind], target: int) -> None:
        """Add an edge."""
        self.edges[source].append((step, target))


def automaton(pattern: str) -> Machine:
    """Return an expanded pattern as an automaton; raise `Unknown` when it uses more of the grammar than is known here."""
    return _Parser(pattern).machine()


_FOLDED_AWAY = re.compile("[\t\n\r\v\f\x00-\x1f\u00a0\u00ad\u200b-\u200f\u2018\u2019\u201c-\u201f\u2013\u2014\u2026\u2060\ufeff]")
_WORD_CHAR = re.compile(r"[A-Za-z0-9_]")
_WORD_RUN = re.compile(r"[A-Za-z0-9_]+(?![A-Za-z0-9_?*+{])")
_COUNT = re.compile(r"\{(\d+)(,?)(\d*)\}")
_OPENING = re.compile(r"\(\?(?:P?<\w+>|:)")
_ALL = frozenset({Kind.BLANK, Kind.WORD, Kind.JOINT, Kind.APART})
_CLASSES = {
    "d": frozenset({Kind.WORD}),
    "w": frozenset({Kind.WORD}),
    "s": frozenset({Kind.BLANK}),
    "S": _ALL - {Kind.BLANK},
    "W": _ALL - {Kind.WORD},
    "D": _ALL,
}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_JOINTS = "'-%/.,:;!?&@+"
_SAMPLES = {
    Kind.BLANK: " ",
    Kind.WORD: "abcdefghijklmnopqrstuvwxyz0123456789_",
    Kind.JOINT: _JOINTS,
    Kind.APART: '"#$()*<=>[]^{|}~é日',
}


class _Parser:
    """Reads the part of RE2's grammar that rules use into an automaton."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.made = Machine()

    def machine(self) -> Machine:
        self.made.first, self.made.last = self.made.node(), self.made.node()
        self.alternatives(self.made.first, self.made.last)
        if self.at < len(self.pattern):
            raise Unknown
        self.made.parts.append((self.made.last, (0, len(self.pattern))))
        return self.made

    def alternatives(self, source: int, target: int) -> None:
        branches: list[tuple[int, Span]] = []
        while True:
            begin, start = self.made.node(), self.at
            self.made.link(source, Step.FREE, begin)
            self.made.link(self.sequence(begin), Step.FREE, target)
            branches.append((begin, (start, self.at)))
            if self.pattern[self.at : self.at + 1] != "|":
                break
            self.at += 1
        if len(branches) > 1:
            self.made.parts.extend((node, span) for node, span in branches if span[0] < span[1])

    def sequence(self, node: int) -> int:
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            if run := _WORD_RUN.match(self.pattern, self.at):
                self.at = run.end()
                target = self.made.node()
                self.made.link(node, _CLASSES["w"], target)  # for kinds, letters side by side are as one
                node = target
            else:
                node = self.repeated(node)
        return node

    def repeated(self, source: int) -> int:
        start = self.at
        begin = self.made.node()
        end = self.atom(begin)
        finish = self.at
        least, most = self.count()
        target = self.made.node()
        if least == 0:
            self.made.link(source, Step.FREE, target)
            if finish - start > 2:
                self.made.parts.append((begin, (start, finish)))
        self.made.link(source, Step.FREE, begin)
        after, rest = end, self.at
        for _ in range(min(least, 2) - 1):
            again = self.made.node()
            self.made.link(after, Step.FREE, again)
            self.at = start
            after = self.atom(again)
        self.at = rest
        if most is None or most > 1:
            self.made.link(after, Step.FREE, begin)
        self.made.link(after, Step.FREE, target)
        return target

    def count(self) -> tuple[int, int | None]:
        """Read a quantifier; return the least and the most, None for no end."""
        sign = self.pattern[self.at : self.at + 1]
        found = _COUNT.match(self.pattern, self.at)
        if sign and sign in "*+?":
            self.at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        elif found:
            self.at = found.end()
            least = int(found[1])
            most = least if not found[2] else int(found[3]) if found[3] else None
        else:
            return 1, 1
        if self.pattern[self.at : self.at + 1] == "?":
            self.at += 1
        return least, most

    def atom(self, source: int) -> int:
        target = self.made.node()
        char = self.pattern[self.at]
        if char == "(":
            opening = _OPENING.match(self.pattern, self.at)
            if opening is None and self.pattern.startswith("(?", self.at):
                raise Unknown
            self.at = opening.end() if opening else self.at + 1
            self.alternatives(source, target)
            if self.pattern[self.at : self.at + 1] != ")":
                raise Unknown
            self.at += 1
            return target
        if char == "[":
            self.made.link(source, self.char_class(), target)
            return target
        self.at += 1
        if char in "^$":
            self.made.link(source, Step.BEGIN if char == "^" else Step.END, target)
        elif char == ".":
            self.made.link(source, _ALL, target)
        elif char == "\\":
            self.made.link(source, self.escaped(), target)
        else:
            self.made.link(source, self.kinds_of(char), target)
        return target

    def escaped(self) -> Step | frozenset[Kind]:
        char = self.pattern[self.at]
        self.at += 1
        if char in "bB":
            return Step.BORDER if char == "b" else Step.NO_BORDER
        if char in "AzZ":
            return Step.BEGIN if char == "A" else Step.END
        if char in _CLASSES:
            return _CLASSES[char]
        if char in _CONTROLS:
            return self.kinds_of(_CONTROLS[char])
        if char.isalnum():
            raise Unknown
        return self.kinds_of(char)

    def kinds_of(self, char: str) -> frozenset[Kind]:
        """Return the kinds of text that a literal character matches; none when folded text never holds it."""
        if char == " ":
            return frozenset({Kind.BLANK})
        if _FOLDED_AWAY.match(char):
            return frozenset()
        return frozenset({Kind.WORD if _WORD_CHAR.match(char) else Kind.JOINT if char in _JOINTS else Kind.APART})

    def char_class(self) -> frozenset[Kind]:
        end = self.at + 1
        while end < len(self.pattern) and (
            self.pattern[end] != "]" or end <= self.at + 1 + self.pattern.startswith("[^", self.at)
        ):
            if self.pattern.startswith("[:", end) or self.pattern.startswith(("\\p", "\\P", "\\x"), end):
                raise Unknown
            end += 2 if self.pattern[end] == "\\" else 1
        text = self.pattern[self.at : end + 1]
        self.at = end + 1
        try:
            compiled = re.compile(text.replace("[^[", "[^\\[") if text.startswith("[^[") else text, re.ASCII)
        except re.error:
            raise Unknown from None
        kinds = frozenset(kind for kind, sample in _SAMPLES.items() if compiled.search(sample) or compiled.search(sample.upper()))
        rest = re.sub(r"\\.|[\[\]^]", "", text)
        others = any(ord(char) > 127 and not _FOLDED_AWAY.match(char) for char in rest)
        return kinds | {Kind.APART} if others else kinds
