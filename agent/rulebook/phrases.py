"""Phrase rules: `signals/<language>/*.yaml` turned into the `Phrasebook` that `agent.signals` reads with.

A file has one language and any of the sections of `agent.rulebook.forms`. Patterns are RE2 regular expressions on a folded
sentence (lower case, plain letters and quotes, single blanks); `{name}` stands for the group of that name under `words:` of the
same language.

Eleven languages are too much to read for a program that looks at one mail. So of a language only `language.yaml` is read at
once, by which it is known; the rest when the first message in it comes. The shipped files are known to be good, for the tests
check them; a language in which the user has files of their own is read and checked whole at once, so that mistakes show at the
start.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache, partial
from pathlib import Path

from agent.rulebook.heading_words import load_heading_words
from agent.rulebook.languages import LanguageReader
from agent.rulebook.layers import RuleFile, rule_files
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.rulebook.senders import load_senders
from agent.rulebook.title_words import load_title_words
from agent.signals.heading_words import HeadingWords
from agent.signals.phrasebook import LanguageBook, Phrasebook, Phrases
from agent.signals.senders import SenderBook
from agent.signals.title_words import TitleWords

_TABLES = "language.yaml"


def load_phrasebook(user_folder: Path | None, *, check_all: bool = False, languages: Collection[str] | None = None) -> Phrasebook:
    """Return the rules in force, `user_folder` laid over the shipped ones; only `languages`, when they are named.

    Raises `RulesRefused` with every problem of the user's files and of the languages that they belong to, with `check_all` of all
    languages: a key that is not known, a label that is none, a rule id that stands twice, a pattern that RE2 refuses, a word that
    is not defined.
    """
    problems: list[RuleProblem] = []
    folders: dict[str, list[RuleFile]] = defaultdict(list)
    for file in rule_files("signals", user_folder):
        language = file.name.split("/")[1]
        if languages is None or language in languages:
            folders[language].append(file)
    senders, heading_words = SenderBook(), HeadingWords()
    try:
        senders = load_senders(user_folder, check_all=check_all)
    except RulesRefused as refused:
        problems.extend(refused.problems)
    try:
        heading_words = load_heading_words(user_folder, check_all=check_all)
    except RulesRefused as refused:
        problems.extend(refused.problems)
    title_words = TitleWords()
    try:
        title_words = load_title_words(user_folder, check_all=check_all)
    except RulesRefused as refused:
        problems.extend(refused.problems)
    books = []
    for language, files in sorted(folders.items()):
        try:
            books.append(_book(language, tuple(files), check_all=check_all))
        except RulesRefused as refused:
            problems.extend(refused.problems)
    if problems:
        raise RulesRefused(problems)
    return Phrasebook(languages=tuple(books), senders=senders, heading_words=heading_words, title_words=title_words)


def _book(language: str, files: tuple[RuleFile, ...], *, check_all: bool) -> LanguageBook:
    if any(file.own for file in files):
        return _checked(language, files)
    if check_all:
        _known_to_be_good(language, files)
    return _unopened(files)


@cache
def _known_to_be_good(language: str, files: tuple[RuleFile, ...]) -> None:
    """Check shipped files, once in a process: they do not change under it."""
    _checked(language, files)


def _checked(language: str, files: Sequence[RuleFile]) -> LanguageBook:
    """Return a language of which every file was read and checked; raise `RulesRefused` with all problems."""
    problems: list[RuleProblem] = []
    documents: list[MarkedYaml] = []
    for file in files:
        try:
            documents.append(_in_form(file, language))
        except RulesRefused as refused:
            problems.extend(refused.problems)
    if problems:
        raise RulesRefused(problems)
    reader = LanguageReader(documents, problems, check=True)
    phrases = reader.phrases()
    if problems:
        raise RulesRefused(problems)
    return reader.book(lambda: phrases)


def _in_form(file: RuleFile, language: str) -> MarkedYaml:
    from agent.rulebook.forms import PhraseFile  # slow to import, and seldom needed

    document = read_yaml(file.path, file.shown)
    model = validated(document, PhraseFile)
    if model.language != language:
        what, mend = f"the file lies in the folder of `{language}`", f"write `language: {language}` or move it"
        raise RulesRefused([document.problem(("language",), what, mend)])
    return document


@cache
def _unopened(files: tuple[RuleFile, ...]) -> LanguageBook:
    """Return a shipped language whose rules are read when a message first needs them; one for all that ask for it."""
    problems: list[RuleProblem] = []
    tables = [read_yaml(file.path, file.shown) for file in files if file.name.endswith(f"/{_TABLES}")]
    if not tables:
        what, mend = f"a language needs `{_TABLES}`", "add it, with `language:`, `known_by:` and its tables"
        raise RulesRefused([RuleProblem(file=files[0].shown, line=1, column=1, what=what, mend=mend)])
    book = LanguageReader(tables, problems, check=False).book(partial(_opened, files))
    if problems:
        raise RulesRefused(problems)
    return book


def _opened(files: Sequence[RuleFile]) -> Phrases:
    problems: list[RuleProblem] = []
    phrases = LanguageReader([read_yaml(file.path, file.shown) for file in files], problems, check=False).phrases()
    if problems:
        raise RulesRefused(problems)
    return phrases
