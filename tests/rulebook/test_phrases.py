"""Phrase rules: what a user adds is read, and what a user mistypes is told in one clear line."""

import subprocess
import sys
from pathlib import Path

import pytest

from agent.rulebook.languages import LanguageReader
from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import read_yaml
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.signals import Label, PlatformKind, read_message
from agent.signals.folding import fold
from agent.signals.phrasebook import Phrases
from tests.project.links import ROOT
from tests.rulebook.folder import ENGLISH, user_rules
from tests.signals.letters import letter, phrasebook

BOOK = phrasebook()


def refusals(folder: Path, text: str) -> list[str]:
    with pytest.raises(RulesRefused) as refused:
        load_phrasebook(user_rules(folder, text))
    return [str(problem).removeprefix(str(folder / "signals" / "en") + "/") for problem in refused.value.problems]


def test_every_label_that_words_can_carry_has_a_rule() -> None:
    # A bounce is a report first of all; `scheduled` and `timeline` are also read from dates.
    said = {rule.label for language in BOOK.languages for rule in language.rules}
    assert said >= set(Label) - {Label.BOUNCE, Label.SENT_OTHER}


def test_a_rule_of_the_users_own_is_read(tmp_path: Path) -> None:
    text = ENGLISH + "    any: [\\bnope from us\\b]\n"
    book = load_phrasebook(user_rules(tmp_path, text))
    assert book.rule("en.rejection.one") is not None
    assert read_message(letter("It is a nope from us."), book).label is Label.REJECTION


def test_a_users_file_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    text = ENGLISH + "    any: [\\bnope from us\\b]\n"
    book = load_phrasebook(user_rules(tmp_path, text, "signals/en/rejection.yaml"))
    english = next(language for language in book.languages if language.language == "en")
    assert [rule.id for rule in english.rules if rule.label is Label.REJECTION] == ["en.rejection.one"]


def test_a_bad_pattern_is_told_with_its_place(tmp_path: Path) -> None:
    told = refusals(tmp_path, ENGLISH + "    any:\n      - fine\n      - broken (group\n")
    assert told == [
        "mine.yaml:9:9: `broken (group`: this is no regular expression: missing ): broken (group; correct the pattern"
    ]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(?<!not )selected", "look-behind `(?<=` and `(?<!` are refused: put what must not stand there under `unless`"),
        ("selected(?! for)", "look-ahead `(?=` and `(?!` are refused: put what must not stand there under `unless`"),
        ("(a)\\1", "back-references such as `\\1` are refused: write both places out"),
        ("{nobody} said", "`{nobody}` is not among the words of this language"),
    ],
)
def test_what_cannot_be_read_in_linear_time_is_refused_with_the_way_out(tmp_path: Path, pattern: str, told: str) -> None:
    lines = refusals(tmp_path, ENGLISH + f"    any:\n      - '{pattern}'\n")
    assert lines == [f"mine.yaml:8:9: `{pattern}`: {told}; correct the pattern"]


def test_an_unknown_label_is_refused(tmp_path: Path) -> None:
    told = refusals(tmp_path, ENGLISH.replace("label: rejection", "label: rejected") + "    any: [x]\n")
    assert len(told) == 1
    assert told[0].startswith("mine.yaml:2:1: `label`: input should be 'acknowledged', 'invitation'")


def test_a_typo_in_a_key_is_refused(tmp_path: Path) -> None:
    told = refusals(tmp_path, ENGLISH + "    anny: [x]\n    any: [x]\n")
    assert told == ["mine.yaml:7:5: `rules.0.anny` is not a known key; correct its spelling or remove it"]


def test_a_pattern_that_yaml_cuts_at_a_colon_is_told_to_be_put_into_quotes(tmp_path: Path) -> None:
    (told,) = refusals(tmp_path, ENGLISH + "    any:\n      - nope(?: at all)?\n")
    assert told.startswith(
        "mine.yaml:8:9: `rules.0.any.0`: YAML takes this for a key and its value, because of the colon in it; put"
    )


def test_a_rule_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    text = ENGLISH + "    any: [x]\n  - {id: one, says: again, confidence: 0.5, any: [y]}\n"
    assert refusals(tmp_path, text) == ["mine.yaml:8:6: the rule `en.rejection.one` stands twice; give one of them another id"]


def test_a_frame_that_is_not_there_is_refused(tmp_path: Path) -> None:
    told = refusals(tmp_path, ENGLISH + "    any: [x]\n    despite: [qestion]\n")
    assert told[0].startswith("mine.yaml:8:15: there is no frame `qestion`; write one of ")
    assert ", question" in told[0]


def test_labels_of_the_users_own_mail_stand_apart(tmp_path: Path) -> None:
    told = refusals(tmp_path, ENGLISH.replace("rejection", "sent_other") + "    any: [x]\n")
    assert "`sent_other` does not go with `whose: theirs`" in told[0]


def test_a_file_in_the_folder_of_another_language_is_refused(tmp_path: Path) -> None:
    told = refusals(tmp_path, "language: de\n")
    assert told == ["mine.yaml:1:1: the file lies in the folder of `en`; write `language: en` or move it"]


def test_a_pattern_that_matches_everything_is_refused(tmp_path: Path) -> None:
    told = refusals(tmp_path, ENGLISH + "    any: ['nope|']\n")
    assert len(told) == 1
    assert told[0].startswith(
        "mine.yaml:7:11: `nope|` matches in every text: an alternative in it is empty, or all of it may be left"
    )


def test_a_pattern_may_be_written_with_capitals(tmp_path: Path) -> None:
    book = load_phrasebook(user_rules(tmp_path, ENGLISH + "    any: ['\\bNope\\S? from [A-Z]{2}\\b']\n"))
    assert read_message(letter("It is a NOPE from us."), book).label is Label.REJECTION


def test_a_wide_question_mark_is_no_sign_of_the_grammar(tmp_path: Path) -> None:
    text = "language: zz\nlabel: rejection\nscript: kana\nrules:\n  - {id: one, says: x, confidence: 0.9, any: ['不採用？']}\n"
    book = load_phrasebook(user_rules(tmp_path, text, "signals/zz/mine.yaml"), languages=["zz"])
    (index,) = (language.index for language in book.languages)
    assert [bool(index.patterns.matching(fold(said))) for said in ("不採用？", "不採用?", "不採。")] == [True, True, False]


def test_a_shipped_language_is_opened_only_when_it_is_needed() -> None:
    asked = """
from agent.rulebook.phrases import load_phrasebook
from agent.signals import read_message
from tests.signals.letters import letter
book = load_phrasebook(None)
read_message(letter("Unfortunately we have decided not to move forward with your application."), book)
print([language.language for language in book.languages if language.is_open])
"""
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "['en']\n"


def test_a_shipped_language_is_opened_once_in_a_process() -> None:
    assert load_phrasebook(None).languages[0] is load_phrasebook(None).languages[0]


def test_what_is_opened_late_is_what_a_full_check_reads() -> None:
    for book in load_phrasebook(None).languages:
        files = rule_files(f"signals/{book.language}", None)
        problems: list[RuleProblem] = []
        reader = LanguageReader([read_yaml(file.path) for file in files], problems, check=True)
        assert problems == []
        assert (book, book.phrases) == (reader.book(Phrases), reader.phrases())


def test_a_language_of_the_users_own_is_known_by_its_words(tmp_path: Path) -> None:
    tables = "language: zz\nknown_by: [ni, vo, zar, elu, kame, tir, so]\n"
    rules = "language: zz\nlabel: offer\nrules:\n  - {id: one, says: x, confidence: 0.95, any: ['\\btir kame\\b']}\n"
    user_rules(tmp_path, tables, "signals/zz/language.yaml")
    book = load_phrasebook(user_rules(tmp_path, rules, "signals/zz/offer.yaml"))
    reading = read_message(letter("Ni vo zar elu, tir kame so vo ni zar."), book)
    assert (reading.label, reading.language) == (Label.OFFER, "zz")


def test_an_unknown_reckoning_is_refused(tmp_path: Path) -> None:
    told = refusals(tmp_path, "language: en\ndates:\n  - reckon: sometime\n    any: [x]\n")
    assert told[0].startswith("mine.yaml:3:5: `sometime` is no way of reckoning a date; write one of clock, day_after_tomorrow")


def test_all_files_are_told_at_once(tmp_path: Path) -> None:
    user_rules(tmp_path, "language: en\nwrong: 1\n")
    (tmp_path / "senders.yaml").write_text("platforms:\n  - {name: X, kind: nothing, domains: [x.example]}\n")
    with pytest.raises(RulesRefused) as refused:
        load_phrasebook(tmp_path)
    assert len(refused.value.problems) == 2


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("us.greenhouse-mail.io", PlatformKind.ATS),
        ("acme.myworkday.com", PlatformKind.ATS),
        ("e.linkedin.com", PlatformKind.JOB_BOARD),
        ("GMAIL.com", PlatformKind.MAIL_PROVIDER),
        ("calendly.com", PlatformKind.CALENDAR),
        ("eumail.docusign.net", PlatformKind.SIGNING),
    ],
)
def test_shared_domains_are_known_with_their_subdomains(domain: str, kind: PlatformKind) -> None:
    platform = BOOK.senders.platform(domain)
    assert platform is not None
    assert platform.kind is kind


@pytest.mark.parametrize("domain", ["acme.example", "notgmail.com", "", "com"])
def test_other_domains_are_nobodys_platform(domain: str) -> None:
    assert BOOK.senders.platform(domain) is None


def test_the_longest_suffix_names_the_platform(tmp_path: Path) -> None:
    (tmp_path / "senders.yaml").write_text(
        "platforms:\n  - {name: Wide, kind: mailing, domains: [x.example]}\n"
        "  - {name: Narrow, kind: ats, domains: [jobs.x.example]}\n"
    )
    senders = load_phrasebook(tmp_path).senders
    assert [getattr(senders.platform(domain), "name", None) for domain in ("a.jobs.x.example", "b.x.example")] == [
        "Narrow",
        "Wide",
    ]


def test_a_domain_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "senders.yaml").write_text(
        "platforms:\n  - {name: A, kind: ats, domains: [x.example]}\n  - {name: B, kind: ats, domains: [x.example]}\n"
    )
    with pytest.raises(RulesRefused, match=r"senders\.yaml:3:\d+: the domain `x\.example` stands twice"):
        load_phrasebook(tmp_path)
