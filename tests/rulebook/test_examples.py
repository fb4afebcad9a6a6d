"""The examples beside the rules: the shipped rules keep theirs, and one that is not kept is told with the reason."""

from pathlib import Path

import pytest

from agent.rulebook.examples import run_examples
from agent.rulebook.phrases import load_phrasebook
from tests.rulebook.folder import OTHER, other_rules
from tests.signals.letters import phrasebook


def test_the_shipped_rules_hold_their_examples() -> None:
    examples = run_examples(phrasebook(), None)
    assert [str(example.failure) for example in examples if example.failure] == []
    assert len([example for example in examples if example.language == "en"]) > 150


def failures(folder: Path, text: str) -> list[str]:
    own = other_rules(folder, text)
    found = [example.failure for example in run_examples(load_phrasebook(own, languages=["zz"]), own) if example.failure]
    return [str(failure).removeprefix(f"{folder}/signals/zz/") for failure in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            "    any: [\\bnope from us\\b]\n    matches: [A nope from us., A nope of ours.]\n",
            "mine.yaml:8:32: `zz.rejection.one`: “A nope of ours.” is not read by the rule: no pattern under `any:` "
            "matches it; add a pattern, or widen one",
        ),
        pytest.param(
            "    any: [\\bnope from us\\b]\n    not:\n      - A nope from us.\n      - Never.\n",
            "mine.yaml:9:9: `zz.rejection.one`: “A nope from us.” is read by the rule, and must not be: it matches "
            "from “nope from us.” on; make the pattern narrower, or add words to `unless:`",
        ),
        pytest.param(
            "    any: [\\bnope from us\\b]\n    unless: [zzz, \\bjoke\\b]\n    matches: [A nope from us is no joke.]\n",
            "mine.yaml:9:15: `zz.rejection.one`: “A nope from us is no joke.” is not read by the rule: its own "
            "`unless:` number 2 matches too; make that `unless:` narrower, or change the example",
        ),
        pytest.param(
            "    any: [\\bnope from us\\b]\n    matches: [Is it a nope from us?]\n",
            "mine.yaml:8:15: `zz.rejection.one`: “Is it a nope from us?” is not read by the rule: the frame "
            "`question` silences it; change the frame, or write `despite: [question]` in the rule if it means what it "
            "says even so",
        ),
    ],
)
def test_an_example_that_is_not_kept_is_told_with_the_reason(tmp_path: Path, lines: str, expected: str) -> None:
    assert failures(tmp_path, OTHER + lines) == [expected]


def test_an_example_is_kept_when_the_rule_reads_it_in_one_of_its_places(tmp_path: Path) -> None:
    text = OTHER + "    any: ['^nope: ']\n    where: [subject]\n    matches: ['Nope: your application. Really.']\n"
    assert failures(tmp_path, text) == []
