"""Templates as their users edit them: what is wrong is told with file, line, column and how to mend it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agent.drafts.facts import FIELDS
from agent.drafts.markup import FILTERS
from agent.policy.verdict import DraftKind
from agent.rulebook import RulesRefused
from agent.rulebook.layers import rule_files, shipped_rules
from agent.rulebook.template_reader import read_language
from agent.rulebook.templates import load_templates
from tests.project.links import ROOT

GOOD = """\
subject: "Thanks, {{ user_name }}"
max_words: 60
requires: [B1]
variants:
  - id: plain
    requires: [A8]
    body: |
      Thank you for the interview.

      {% if role %}I like the {{ role }} position.{% endif %}
"""


def refused(folder: Path, text: str, name: str = "templates/en/thank_you.yaml") -> list[str]:
    """Return the problems of the user's file, one line each, without the folder."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulesRefused) as caught:
        load_templates(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_the_shipped_templates_load() -> None:
    english = load_templates(None).languages["en"]
    assert set(english.templates) == set(DraftKind)
    assert english.templates[DraftKind.FINAL_NOTE].max_words < english.templates[DraftKind.STATUS_CHECK].max_words


def test_a_users_file_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    file = tmp_path / "templates/en/thank_you.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(GOOD, encoding="utf-8")
    english = load_templates(tmp_path).languages["en"]
    assert [variant.id for variant in english.templates[DraftKind.THANK_YOU].variants] == ["plain"]
    assert len(english.templates[DraftKind.STATUS_CHECK].variants) > 1


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        (
            "{{ role }}",
            "{{ rolle }}",
            "10:34",
            "there is no field `rolle`; did you mean `role`? the fields are agency, agreed_date,",
        ),
        ("{% if role %}I", "{% if rle %}I", "10:13", "there is no field `rle`"),
        (
            "{% if role %}I like the {{ role }} position.{% endif %}",
            "I like the {{ role }}.",
            "10:21",
            "`role` is not known in every case",
        ),
        ("{{ user_name }}", "{{ user }}", "1:22", "there is no field `user`"),
        ("{{ role }}", "{{ role * 9 }}", "10:31", "`mul` is not allowed in a template"),
        ("{% endif %}", "", "10:7", "the template cannot be read"),
        ("max_words: 60", "max_word: 60", "2:1", "`max_word` is not a known key"),
        ("max_words: 60", "max_words: 6000", "2:1", "`max_words`: input should be less than or equal to 400"),
        ("    requires: [A8]", "    requires: [Z8]", "6:16", "`variants.0.requires.0`"),
        ("    requires: [A8]", "    needs: [rol]", "6:13", "there is no field `rol`"),
        ("    requires: [A8]", "    need: [role]", "6:5", "`variants.0.need` is not a known key"),
        ("    requires: [A8]", "    needs: [role]", "4:1", "every variant needs a fact that may be unknown"),
        ("id: plain", "id: plain\n    id: plain", "6:5", "`id` stands here twice"),
        ("subject: ", "subject ", "2:10", "this is not YAML"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_column(tmp_path: Path, old: str, new: str, place: str, what: str) -> None:
    assert old in GOOD
    problems = refused(tmp_path, GOOD.replace(old, new, 1))
    assert any(problem.startswith(f"templates/en/thank_you.yaml:{place}: {what}") for problem in problems), problems


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "tone").mkdir()
    (tmp_path / "tone/en.yaml").write_text("casul: [hey]\n", encoding="utf-8")
    problems = refused(tmp_path, GOOD.replace("user_name", "user").replace("{{ role }}", "{{ rolle }}"))
    assert len([problem for problem in problems if problem.startswith("templates/en/thank_you.yaml")]) == 2
    assert any(problem.startswith("tone/en.yaml:1:1: `casul` is not a known key") for problem in problems)


def test_a_body_without_a_block_is_told_by_its_key(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("    body: |")] + "    body: >\n      Thank you for\n      the {{ rolle }}.\n"
    assert any(problem.startswith("templates/en/thank_you.yaml:7:5: there is no field") for problem in refused(tmp_path, text))


def test_a_file_that_is_no_kind_is_refused(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, GOOD, "templates/en/thankyou.yaml")
    assert problem.startswith(
        "templates/en/thankyou.yaml:1:1: `thankyou` is no kind of draft; name the file for one of thank_you,"
    )


def test_a_file_in_no_language_is_refused(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, GOOD, "templates/thank_you.yaml")
    assert problem.startswith("templates/thank_you.yaml:1:1: a template lies in templates/<language>/<kind>.yaml")


def test_a_language_that_is_not_whole_is_refused_and_what_is_missing_is_named(tmp_path: Path) -> None:
    problems = refused(tmp_path, GOOD, "templates/sv/thank_you.yaml")
    assert [problem.partition(";")[0] for problem in problems] == [
        f"templates/sv:1:1: `{name}` is missing"
        for name in (
            *(f"templates/sv/{kind}.yaml" for kind in DraftKind if kind is not DraftKind.THANK_YOU),
            "templates/sv/forms.yaml",
            "tone/sv.yaml",
        )
    ]


def test_another_language_can_be_laid_beside_english(tmp_path: Path) -> None:
    shutil.copytree(shipped_rules() / "templates/en", tmp_path / "templates/sv")
    (tmp_path / "tone").mkdir()
    shutil.copy(shipped_rules() / "tone/en.yaml", tmp_path / "tone/sv.yaml")
    assert {"sv", "en"} <= set(load_templates(tmp_path).languages)


def test_a_greeting_that_names_nobody_known_is_refused(tmp_path: Path) -> None:
    shipped = (shipped_rules() / "templates/en/forms.yaml").read_text(encoding="utf-8")
    problems = refused(tmp_path, shipped.replace('"Hello,"', '"Dear {{ greeting_name }},"'), "templates/en/forms.yaml")
    assert [problem.partition(": ")[2].partition(";")[0] for problem in problems] == [
        "`greeting_name` is not known in every case"
    ]


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "templates/en/thank_you.yaml"
    file.parent.mkdir(parents=True)
    file.write_bytes(GOOD.replace("like", "líke").encode("latin-1"))
    with pytest.raises(RulesRefused, match=r"thank_you.yaml:10:1: the file is not UTF-8 text"):
        load_templates(tmp_path)


def test_every_field_and_filter_is_explained_to_those_who_write_templates() -> None:
    guide = (shipped_rules() / "templates/README.md").read_text(encoding="utf-8")
    assert {line.split("`")[1] for line in guide.splitlines() if line.startswith("| `")} == {*FIELDS}
    assert all(f"`{name}`" in guide for name in FILTERS)


@pytest.mark.parametrize("code", load_templates(None).languages)
def test_what_is_opened_late_is_what_a_full_check_reads(code: str) -> None:
    tone = [file for file in rule_files("tone", None) if file.name == f"tone/{code}.yaml"]
    assert load_templates(None).languages[code] == read_language(
        code, [*rule_files(f"templates/{code}", None), *tone], check=True
    )


def test_a_shipped_language_is_read_only_when_it_is_asked_for() -> None:
    asked = """
import sys
from pathlib import Path
from agent.rulebook.templates import load_templates
read = set()
def note(event, given):
    if event == "open" and "/templates/" in str(given[0]):
        read.add(Path(given[0]).parent.name)
sys.addaudithook(note)
languages = load_templates(None).languages
codes = list(languages)
print("fr" in languages, "xx" in languages, sorted(read))
languages["fr"]
print(sorted(read), len(codes) > 5)
"""
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "True False []\n['fr'] True\n"


def test_a_shipped_language_is_read_once_in_a_process() -> None:
    assert load_templates(None).languages["it"] is load_templates(None).languages["it"]


def test_a_language_with_a_users_file_is_read_whole_at_once(tmp_path: Path) -> None:
    problems = refused(tmp_path, GOOD.replace("{{ role }}", "{{ rolle }}"), "templates/fr/withdraw.yaml")
    assert [problem.partition("; ")[0] for problem in problems] == ["templates/fr/withdraw.yaml:10:34: there is no field `rolle`"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("{% if role %}I like the {{ role }}", "{% if asked_for %}I send {{ asked_for }}", "10:35"),
        ("Thanks, {{ user_name }}", "{% if asked_for %}Sending {{ asked_for }}{% endif %}", "1:40"),
    ],
)
def test_what_is_for_the_user_alone_is_refused_in_body_and_subject(tmp_path: Path, old: str, new: str, place: str) -> None:
    (problem,) = refused(tmp_path, GOOD.replace(old, new))
    where, told = problem.split(": ", 1)
    assert where == f"templates/en/thank_you.yaml:{place}"
    assert told == "`asked_for` is for the user, not for the mail; write it out in `before_sending` only"


def test_what_is_for_the_user_alone_may_decide_the_words_of_the_mail_and_stand_in_the_hint(tmp_path: Path) -> None:
    hint = 'before_sending: "{% if clashing_times %}You are taken on {{ clashing_times }}.{% endif %}"\nmax_words'
    text = GOOD.replace("max_words", hint, 1).replace(
        "{% if role %}I like the {{ role }} position.", "{% if clashing_times %}Not then."
    )
    file = tmp_path / "templates/en/thank_you.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    thanks = load_templates(tmp_path).languages["en"].templates[DraftKind.THANK_YOU]
    assert "{{ clashing_times }}" in thanks.before_sending
