"""Text and rules are folded alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.signals.folding import fold, fold_in_case, fold_pattern

FOLDED = {
    "Wir möchten Ihnen „Glück“ wünschen": 'wir moechten ihnen "glueck" wuenschen',
    "Straße, GRÖSSE": "strasse, groesse",
    "nous avons décidé — à bientôt": "nous avons decide - a bientot",
    "¿Cuándo podría?": "cuando podria?",
    "não é possível": "nao e possivel",
    "żałujemy, Łódź": "zalujemy, lodz",
    "på återseende, Åsa": "pa aterseende, asa",
    "I’d  like\u00a0to\r\ntalk": "i'd like to talk",
    "u\u0308ber": "ueber",
    "３月１２日（木）　１４：００": "3月12日(木) 14:00",
    "選考の\n結果": "選考の結果",
    "面试 时间 ： 3月 5日": "面试时间 : 3月5日",
    "Zoom 会議 2": "zoom 会議2",
    "がんばって": "がんばって",
}


@pytest.mark.parametrize("text", FOLDED)
def test_spellings_of_one_word_become_one(text: str) -> None:
    assert fold(text) == FOLDED[text]


def test_names_keep_their_capitals_and_marks() -> None:
    assert fold_in_case("Société  Générale – “Paris”") == 'Société Générale - "Paris"'


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_pattern_is_folded_and_its_escapes_stay() -> None:
    assert fold_pattern(r"\bmöchten (?:über|für)\S{0,3}é\b") == r"\bmoechten (?:ueber|fuer)\S{0,3}e\b"


@pytest.mark.parametrize("pattern", ["[äe]rger", "fü?r", "grüß*", "schö{2}n"])
def test_a_letter_that_becomes_two_is_refused_where_it_would_mean_something_else(pattern: str) -> None:
    with pytest.raises(ValueError, match="is read as"):
        fold_pattern(pattern)
