"""Every kind of finding about rules, with its place; and the shipped rules themselves."""

from pathlib import Path

import pytest

from agent.rulebook.checking import Checked, check_rules
from agent.rulebook.doubts import doubts
from agent.rulebook.marked_yaml import parse_yaml
from agent.rulebook.problems import RuleProblem
from agent.signals.phrasebook import LanguageBook, Phrasebook
from tests.rulebook.folder import OTHER, other_rules, user_rules

EXAMPLES = "    matches: [It is a nope from us.]\n    not: [It is a yes from us.]\n"
GOOD = OTHER + "    any: ['\\bnope from us\\b']\n" + EXAMPLES


def check(folder: Path, text: str) -> Checked:
    return check_rules(other_rules(folder, text), only=["zz"])


def told(problems: tuple[RuleProblem, ...], folder: Path) -> list[str]:
    """Return the problems of `mine.yaml`, named from its folder on."""
    mine = f"{folder}/signals/zz/mine.yaml"
    return [str(problem).removeprefix(mine.removesuffix("mine.yaml")) for problem in problems if problem.file == mine]


def test_the_shipped_rules_have_no_errors() -> None:
    assert [str(problem) for problem in check_rules(None).errors] == []


def test_good_rules_of_the_users_own_are_neither_refused_nor_doubted(tmp_path: Path) -> None:
    found = check(tmp_path, GOOD)
    assert told(found.errors, tmp_path) == told(found.warnings, tmp_path) == []
    assert (found.own_files, found.languages) == (2, ("zz",))


def test_mistakes_in_all_kinds_of_files_are_told_together(tmp_path: Path) -> None:
    user_rules(tmp_path, "platforms: 3\n", "senders.yaml")
    user_rules(tmp_path, "about: [\n", "policies/mine.yaml")
    user_rules(tmp_path, "nothing: 1\n", "tone/en.yaml")
    user_rules(tmp_path, "subject: x\n", "templates/en/thank_you.yaml")
    files = {problem.file.removeprefix(f"{tmp_path}/") for problem in check(tmp_path, "language: zz\nwrong: 1\n").errors}
    assert files == {
        "signals/zz/mine.yaml",
        "senders.yaml",
        "policies/mine.yaml",
        "tone/en.yaml",
        "templates/en/thank_you.yaml",
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            "    any: ['\\bnope from us\\b']\n    unless: [nope]\n" + EXAMPLES,
            "mine.yaml:4:5: `zz.rejection.one` can never fire: it reads none of its own examples; of the first, its "
            "own `unless:` number 1 matches too; make that `unless:` narrower, or change the example",
            id="its own unless",
        ),
        pytest.param(
            "    any: ['\\bnope from us\\b']\n    matches: [If it is a nope from us you will hear.]\n    not: [Yes.]\n",
            "mine.yaml:4:5: `zz.rejection.one` can never fire: it reads none of its own examples; of the first, the frame "
            "`condition` silences it; change the frame, or write `despite: [condition]` in the rule if it means what "
            "it says even so",
            id="a frame",
        ),
        pytest.param(
            "    any: ['nope  from us', '\\bnope from us\\b']\n" + EXAMPLES,
            "mine.yaml:7:11: `nope  from us` can never match: two blanks would stand side by side, or one at the "
            "begin or end; write one blank; groups such as `{few}` end with one already",
            id="two blanks",
        ),
        pytest.param(
            "    any: ['\\b\\(nope\\)', '\\bnope from us\\b']\n" + EXAMPLES,
            "mine.yaml:7:11: `\\b\\(nope\\)` can never match: `\\b` stands where no word begins or ends; leave `\\b` "
            "out there, or put it beside a letter from a to z or a digit",
            id="no border",
        ),
        pytest.param(
            '    any: ["\\bnope from us\\b", "nope"]\n' + EXAMPLES,
            "mine.yaml:7:11: `\bnope from us\b`: a backspace stands here; in double quotes YAML makes one of `\\b`; "
            "put the pattern into single quotes, or into none",
            id="double quotes",
        ),
        pytest.param(
            "    any: ['nope|']\n" + EXAMPLES,
            "mine.yaml:7:11: `nope|` matches in every text: an alternative in it is empty, or all of it may be left "
            "out; remove the empty alternative, or a `?` or `*`",
            id="empty alternative",
        ),
        pytest.param(
            "    any: [nope]\n" + EXAMPLES + "dates:\n  - {reckon: day_month, any: ['\\b(?P<day>\\d+) x\\b']}\n",
            "mine.yaml:11:31: `\\b(?P<day>\\d+) x\\b`: `day_month` reckons nothing without the group `month`; name it "
            "in the pattern: `(?P<month>...)`",
            id="date group missing",
        ),
        pytest.param(
            "    any: [nope]\n" + EXAMPLES + "dates:\n  - {reckon: today, any: ['\\b(?P<dya>now)\\b']}\n",
            "mine.yaml:11:27: `today` knows no group `dya`; it knows none",
            id="date group unknown",
        ),
        pytest.param(
            "    any: [nope]\n" + EXAMPLES + "zones: {here: Europe/Berlim}\n",
            "mine.yaml:10:9: `Europe/Berlim` is no time zone; write it as Europe/Berlin",
            id="zone",
        ),
    ],
)
def test_what_never_does_as_it_says_is_an_error(tmp_path: Path, lines: str, expected: str) -> None:
    assert told(check(tmp_path, OTHER + lines).errors, tmp_path) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            OTHER + "    any: ['\\bnope from us\\b']\n    not: [Yes.]\n",
            "mine.yaml:4:5: `zz.rejection.one` has no example of what must be read by it; add sentences under `matches:`",
            id="no matches",
        ),
        pytest.param(
            OTHER + "    any: ['\\bnope from us\\b']\n    matches: [A nope from us.]\n",
            "mine.yaml:4:5: `zz.rejection.one` has no example of what must not be read by it, though it looks alike; "
            "add sentences under `not:`",
            id="no not",
        ),
        pytest.param(
            OTHER + "    any: ['\\bnope from us\\b']\n    matches: [Well, a nope from us.]\n    not: [Yes.]\n",
            "mine.yaml:8:15: “Well” and “a nope from us.” look like one sentence: in [...] a comma begins the next example; "
            "put the sentence into quotes, or write `- ` before each on its own line",
            id="cut at a comma",
        ),
        pytest.param(
            GOOD + "words: {idle: [one, two]}\n",
            "mine.yaml:10:9: no pattern uses the word group `idle`; use it or remove it",
            id="unused words",
        ),
        pytest.param(
            OTHER + "    any: ['\\bnope(?: from | for )? us\\b', '\\bnope from us\\b']\n" + EXAMPLES,
            "mine.yaml:7:11: `(?: from | for )` can never match in `\\bnope(?: from | for )? us\\b`: two blanks would "
            "stand side by side, or one at the begin or end; write one blank; groups such as `{few}` end with one already",
            id="dead part",
        ),
        pytest.param(
            OTHER + "    any: ['\\bnope from us|nope for us\\b']\n" + EXAMPLES,
            "mine.yaml:7:11: `\\bnope from us|nope for us\\b`: `\\b` holds for the first and the last alternative "
            "only; put the alternatives into a group: `\\b(?:one|two)\\b`",
            id="half a border",
        ),
        pytest.param(
            OTHER + "    any: ['\\bnope from us\\b', '\\bnope from us\\b']\n" + EXAMPLES,
            "mine.yaml:7:31: `\\bnope from us\\b` stands twice: also in {folder}/signals/zz/mine.yaml:7; keep one of the two",
            id="twice",
        ),
        pytest.param(
            GOOD + "frames:\n  - {id: mine, says: x, any: [zzz], silences: [bounce]}\n",
            "mine.yaml:11:37: the frame `mine` silences nothing: no rule of the language says any of its labels; name "
            "labels that rules say, or remove the frame",
            id="idle frame",
        ),
        pytest.param(
            GOOD + "frames:\n  - {id: mine, says: x, any: [zzz], reach: sentence, until: [but]}\n",
            "mine.yaml:11:54: `until` of the frame `mine` ends nothing: it silences the whole sentence; remove it, or write "
            "`reach: after`",
            id="until of a whole sentence",
        ),
        pytest.param(
            GOOD + "    despite: [no-offer]\n",
            "mine.yaml:10:15: the frame `no-offer` does not silence `rejection` anyway; remove it",
            id="needless despite",
        ),
        pytest.param(
            OTHER
            + "    any: ['\\bnope from us\\b']\n    where: [sender]\n"
            + EXAMPLES.replace(" from us.", " from us <a@b.example>"),
            None,
            id="a sender's example with an address",
        ),
        pytest.param(
            OTHER
            + "    any: ['\\bnope from us\\b']\n    where: [sender]\n    matches: [Nope from us]\n    not: [Yes <a@b.example>]\n",
            "mine.yaml:9:15: “Nope from us” is no sender: `where: [sender]` reads name and address; write it as "
            "`Name <address@domain.example>`",
            id="sender without address",
        ),
        pytest.param(
            GOOD + "names:\n  - {says: x, where: [body], any: ['\\bat [A-Z]\\w+']}\n",
            "mine.yaml:11:36: `\\bat [A-Z]\\w+` names nothing; name a group in it: (?P<company>...), (?P<last_round>...), "
            "(?P<requisition>...), (?P<role>...), (?P<round>...)",
            id="nameless name",
        ),
    ],
)
def test_what_is_missing_or_left_over_is_a_warning(tmp_path: Path, text: str, expected: str | None) -> None:
    found = check(tmp_path, text)
    assert told(found.errors, tmp_path) == []
    assert told(found.warnings, tmp_path) == ([expected.replace("{folder}", str(tmp_path))] if expected else [])


def test_a_part_that_a_word_group_brings_into_many_patterns_is_told_once(tmp_path: Path) -> None:
    words = "words: {ask: [please, 'r\\.s\\.v\\.p\\.']}\n"
    text = OTHER + "    any: ['\\bnope from us\\b', '{ask}\\b now', '{ask}\\b at once']\n" + EXAMPLES + words
    (warning,) = told(check(tmp_path, text).warnings, tmp_path)
    assert warning.startswith("mine.yaml:7:31: `r\\.s\\.v\\.p\\.` can never match in `{ask}\\b now`, nor in 1 more: ")


def test_a_shipped_table_outside_of_its_file_is_an_error() -> None:
    document = parse_yaml("language: zz\nzones: {cet: Europe/Berlin}\n", "rules/signals/zz/dates.yaml")
    found = doubts([document], Phrasebook(languages=(LanguageBook(language="zz"),)))
    assert [str(error) for error in found.errors] == [
        "rules/signals/zz/dates.yaml:2:1: `zones` is not read from this file; move it to `language.yaml`"
    ]


def test_a_file_that_nothing_reads_is_told(tmp_path: Path) -> None:
    names = ["mine.yaml", "signal/zz/mine.yaml", "signals/zz/mine.yml", "tones/zz.yaml"]
    for name in names:
        user_rules(tmp_path, GOOD, name)
    warnings = [warning for warning in check(tmp_path, GOOD).warnings if "nothing reads" in warning.what]
    assert [warning.file for warning in warnings] == [f"{tmp_path}/{name}" for name in names]
    assert str(warnings[0]) == (
        f"{tmp_path}/mine.yaml:1:1: nothing reads this file; they lie in signals/<language>/, policies/, templates/<language>/, "
        "tone/ and senders.yaml and end in .yaml"
    )


def test_notes_and_hidden_files_lie_where_they_like(tmp_path: Path) -> None:
    for name in ("README.md", ".git/config", "signals/zz/.mine.yaml.swp"):
        user_rules(tmp_path, "nothing", name)
    assert [warning for warning in check(tmp_path, GOOD).warnings if "nothing reads" in warning.what] == []
