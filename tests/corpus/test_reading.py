"""How well the open part of the corpus is read must not fall below what was reached; `make bench-reading` shows it in detail."""

from agent.rulebook.phrases import load_phrasebook
from bench.figures import abstention, macro_f1, unsafe_errors
from bench.reading import run
from bench.records import corpus

LEAST_MACRO_F1 = 0.96
MOST_UNSAFE_IN_1000 = 4.0
MOST_ABSTAINED = 0.03
"""Of the messages that matter. All three are set a little below what is reached with the rules alone, and only ever tightened."""


def test_the_corpus_is_read_as_well_as_it_was() -> None:
    scored = run([record for record in corpus("open") if not record.own], load_phrasebook(None), None).scored
    assert len(scored) > 1000
    unsafe = unsafe_errors(scored)
    assert 1000 * unsafe.total() / len(scored) <= MOST_UNSAFE_IN_1000, unsafe
    assert macro_f1(scored) >= LEAST_MACRO_F1
    assert abstention(scored, that_matters=True) <= MOST_ABSTAINED
