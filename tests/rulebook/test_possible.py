"""What can never match is found, and what can is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.rulebook.possible import Fault, dead_parts
from agent.signals.patterns import compile_pattern

FEW = r"(?:[^\s!?;]+ ){0,6}?"


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("not  selected", Fault.BLANKS),
        ("^ selected", Fault.BLANKS),
        ("selected $", Fault.BLANKS),
        (rf"not {FEW} selected", Fault.BLANKS),
        (r"not (?:[a-z]+ ){1,6} selected", Fault.BLANKS),
        (r"\b\(m/f/d\)", Fault.BORDER),
        (r"\(m/f/d\)\b", Fault.BORDER),
        (r"\b不採用", Fault.BORDER),
        (r"採用\b", Fault.BORDER),
        (r"selec\bted", Fault.BORDER),
        (r"not\nselected", Fault.LETTERS),
        ("not\u00a0selected", Fault.LETTERS),
        ("it’s", Fault.LETTERS),
        ("selected$ for", Fault.LETTERS),
        ("not ^selected", Fault.LETTERS),
    ],
)
def test_a_pattern_that_can_never_match_is_dead_as_a_whole(pattern: str, fault: Fault) -> None:
    (dead,) = dead_parts(pattern)
    assert (dead.whole, dead.part, dead.fault) == (True, pattern, fault)


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        (rf"\bnot {FEW}(?:selected|chosen |taken) by", "chosen "),
        (r"\b(?:of course|e\.g\.)\b", r"e\.g\."),
        (r"(?:不\b|declined)", r"不\b"),
        (r"\bnot(?: at all )? selected", "(?: at all )"),
    ],
)
def test_the_part_that_can_never_match_is_named(pattern: str, part: str) -> None:
    assert [(dead.part, dead.whole) for dead in dead_parts(pattern)] == [(part, False)]


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bselected\b",
        rf"\bnot {FEW}selected\b",
        r"\b(?:we'll|'d like)\b",
        r"\b'll be\b",
        r"\b% off\b",
        r"n't\b",
        r"\?[\"')]*$",
        r"^(?:re: )?thanks",
        r"採用(?:いた)?し",
        r"(?i)anything goes here  as it is not looked into",
        r"\p{Han}  and neither is this",
        r"[^\W\d_]+ing\b",
        r"[]x]\b",
        "",
    ],
)
def test_what_can_match_is_left_alone(pattern: str) -> None:
    assert dead_parts(pattern) == []


PIECES = st.sampled_from(["a", "b ", " c", r"\b", "^", "$", "(?:d|e )", "(?: f)?", "[g ]", "h{2}", "(?:i )*", r"\.", "é"])


@given(pattern=st.lists(PIECES, min_size=1, max_size=5).map("".join), text=st.text("abcdefghi. é", max_size=12))
def test_a_pattern_that_is_found_in_a_folded_text_is_never_called_dead(pattern: str, text: str) -> None:
    folded = " ".join(text.split())
    found = compile_pattern(pattern).search(folded)
    # Beside a letter that `\b` does not know a pattern may match against the meaning of its author.
    begins_in_word = found is not None and found.span()[0] > 0 and folded[found.span()[0] - 1] != " "
    ends_in_word = found is not None and found.span()[1] < len(folded) and folded[found.span()[1]] != " "
    if found is not None and not begins_in_word and not ends_in_word:
        assert not any(dead.whole for dead in dead_parts(pattern))
