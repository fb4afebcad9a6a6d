r"""Which parts of a pattern can match at all in the text that rules read.

That text is folded: single blanks, no blank at either end, no line breaks, plain quotes. RE2's `\b` knows only the letters a to
z, digits and `_`. So `not  selected`, `{few} selected` (the group ends with a blank) and `\b\(m/f/d\)` never match, though
they look well. The pattern is turned into an automaton over kinds of characters, and a part is alive when a way from begin to end
leads through it. What the small grammar here does not know is taken to match.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from agent.rulebook.automaton import Kind, Machine, Span, Step, Unknown, automaton


class Fault(StrEnum):
    """Why a part of a pattern can never match."""

    BLANKS = "blanks"
    """Two blanks would stand side by side, or one at the very begin or end."""
    BORDER = "border"
    """A `\\b` stands where no word begins or ends."""
    LETTERS = "letters"
    """A character that folded text never holds, or something before `^` or behind `$`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dead:
    """One part of a pattern that can never match."""

    part: str
    """As it stands in the expanded pattern."""
    whole: bool
    """It is all of the pattern."""
    fault: Fault


def dead_parts(pattern: str) -> list[Dead]:
    """Return the parts of an expanded pattern that can never match, outermost only."""
    try:
        machine = automaton(pattern)
    except Unknown:
        return []
    dead = _dead(machine, frozenset())
    found = []
    for start, end in _outermost(dead):
        fault = Fault.LETTERS
        for loose in ({Fault.BLANKS}, {Fault.BORDER}, {Fault.BLANKS, Fault.BORDER}):
            if (start, end) not in _dead(machine, frozenset(loose)):
                fault = min(loose)
                break
        found.append(Dead(part=pattern[start:end], whole=(start, end) == (0, len(pattern)), fault=fault))
    return found


_WORDS = (Kind.WORD, Kind.WORD_BEFORE)
_NEXT_WORD, _NEXT_NO_WORD, _NEXT_NOTHING, _NEXT_ANY = "word", "no word", "nothing", "any"
_State = tuple[int, Kind, str]


def _dead(machine: Machine, loose: frozenset[Fault]) -> set[Span]:
    """Return the parts that no way from begin to end leads through; a fault in `loose` is let pass."""
    starts: list[_State] = [(machine.first, kind, _NEXT_ANY) for kind in (Kind.START, Kind.BLANK, Kind.WORD_BEFORE, Kind.APART)]
    before: dict[_State, list[_State]] = {state: [] for state in starts}
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        for after in _after(machine, state, loose):
            if after not in before:
                before[after] = []
                waiting.append(after)
            before[after].append(state)
    alive = {state for state in before if state[0] == machine.last and (state[2] != _NEXT_WORD or Fault.BORDER in loose)}
    waiting = list(alive)
    while waiting:
        for state in before[waiting.pop()]:
            if state not in alive:
                alive.add(state)
                waiting.append(state)
    nodes = {node for node, _, _ in alive}
    living = {span for node, span in machine.parts if node in nodes}
    return {span for _, span in machine.parts} - living


def _after(machine: Machine, state: _State, loose: frozenset[Fault]) -> Iterator[_State]:
    node, kind, wanted = state
    for step, target in machine.edges[node]:
        if isinstance(step, frozenset):
            for char in step:
                if _may_follow(kind, wanted, char, loose):
                    yield target, char, _NEXT_ANY
        elif step is Step.FREE:
            yield target, kind, wanted
        elif step is Step.BEGIN:
            if kind is Kind.START:
                yield target, kind, wanted
        elif step is Step.END:
            if wanted != _NEXT_WORD and (kind is not Kind.BLANK or Fault.BLANKS in loose):
                yield target, kind, _NEXT_NOTHING
        elif Fault.BORDER in loose:
            yield target, kind, wanted
        else:
            word_next = (kind in _WORDS) != (step is Step.BORDER)
            both = _NEXT_WORD if word_next else _NEXT_NO_WORD
            if wanted in (_NEXT_ANY, both) or (wanted == _NEXT_NOTHING and not word_next):
                yield target, kind, both if wanted == _NEXT_ANY else wanted


def _may_follow(before: Kind, wanted: str, char: Kind, loose: frozenset[Fault]) -> bool:
    if wanted == _NEXT_NOTHING or (wanted == _NEXT_WORD and char is not Kind.WORD):
        return False
    if wanted == _NEXT_NO_WORD and char is Kind.WORD:
        return False
    if before is Kind.WORD_BEFORE and char is Kind.APART and wanted != _NEXT_ANY:
        return False
    return Fault.BLANKS in loose or char is not Kind.BLANK or before not in (Kind.BLANK, Kind.START)


def _outermost(spans: set[Span]) -> list[Span]:
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept
