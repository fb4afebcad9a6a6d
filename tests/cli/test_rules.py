"""`rules check` and `rules test`: findings with their place, JSON with stable keys, and the exit status of the contract."""

import json
import re

import pytest

from tests.cli.shell import Shell, refused
from tests.rulebook.folder import OTHER, other_rules

KEPT = OTHER + "    any: ['\\bnope from us\\b']\n    matches: [It is a nope from us.]\n    not: [It is a yes.]\n"


def test_a_language_can_be_looked_at_alone(shell: Shell) -> None:
    tested = shell.run("rules", "test", "en", config=False)
    assert (tested.status, tested.err) == (0, "")
    assert re.fullmatch(r"en: \d+ examples of \d+ rules, 0 failed\n", tested.out)
    refused(shell.run("rules", "test", "xy", config=False), "'xy': there are no phrase rules of this language")


def test_an_error_ends_the_check_as_wrong_configuration(shell: Shell) -> None:
    other_rules(shell.folder / "mine", KEPT.replace("confidence: 0.9", "confidence: 9"))
    done = shell.run("rules", "check", "zz", "--rules", "mine", config=False)
    assert (done.status, done.err) == (2, "")
    assert done.out.splitlines()[0].startswith("mine/signals/zz/mine.yaml:6:5: `rules.0.confidence`: ")
    assert "(2 your own): 1 error, " in done.out.splitlines()[-1]


def test_a_warning_is_told_as_such_and_fails_nothing(shell: Shell) -> None:
    other_rules(shell.folder / "mine", KEPT + "words: {idle: [x]}\n")
    done = shell.run("rules", "check", "zz", "--rules", "mine", config=False)
    assert done.status == 0
    line = "mine/signals/zz/mine.yaml:10:9: warning: no pattern uses the word group `idle`; use it or remove it"
    assert line in done.out.splitlines()


def test_the_check_as_json(shell: Shell) -> None:
    other_rules(shell.folder / "mine", KEPT.replace("not:", "nott:"))
    done = shell.run("rules", "check", "--json", "--rules", "mine", "zz", config=False)
    found = json.loads(done.out)
    assert done.status == 2
    assert list(found) == ["files", "own_files", "languages", "findings"]
    assert found["findings"][0] == {
        "severity": "error",
        "file": "mine/signals/zz/mine.yaml",
        "line": 9,
        "column": 5,
        "what": "`rules.0.nott` is not a known key",
        "mend": "correct its spelling or remove it",
    }


def test_an_example_that_is_not_kept_fails_the_test_with_its_place(shell: Shell) -> None:
    other_rules(shell.folder / "mine", KEPT.replace("It is a yes.", "A nope from us again."))
    done = shell.run("rules", "test", "zz", "--rules", "mine", config=False)
    assert done.status == 1
    assert done.out.startswith("mine/signals/zz/mine.yaml:9:11: `zz.rejection.one`: “A nope from us again.” is read by the rule")
    assert done.out.splitlines()[-1] == "zz: 2 examples of 1 rules, 1 failed"


def test_the_test_as_json(shell: Shell) -> None:
    other_rules(shell.folder / "mine", KEPT.replace("It is a yes.", "A nope from us again."))
    done = shell.run("rules", "test", "--json", "--rules", "mine", "zz", config=False)
    found = json.loads(done.out)
    assert list(found) == ["languages", "failures"]
    assert found["languages"] == [{"language": "zz", "rules": 1, "examples": 2, "failed": 1}]
    (failure,) = found["failures"]
    assert list(failure) == ["file", "line", "column", "rule", "example", "wanted", "what", "mend"]
    assert (failure["rule"], failure["example"], failure["wanted"]) == ("zz.rejection.one", "A nope from us again.", False)


@pytest.mark.parametrize("action", ["check", "test"])
def test_a_folder_that_is_not_there_is_wrong_usage(shell: Shell, action: str) -> None:
    refused(shell.run("rules", action, "--rules", "yours", config=False), "--rules yours: there is no such folder")


def test_rules_that_cannot_be_loaded_cannot_be_tested(shell: Shell) -> None:
    other_rules(shell.folder / "mine", "language: zz\nwrong: 1\n")
    refused(
        shell.run("rules", "test", "zz", "--rules", "mine", config=False),
        "mine/signals/zz/mine.yaml:2:1: `wrong` is not a known key",
    )
