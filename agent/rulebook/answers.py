"""`answers.yaml` turned into `AnswerWords`: the words by which the user answers a digest in the mail client."""

from pathlib import Path

from agent.interviews import Status
from agent.plan.orders import AnswerWords, Meaning, plain
from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused


def load_answers(user_folder: Path | None, *, check_all: bool = False) -> AnswerWords:
    """Return the words in force; raise `RulesRefused` for what cannot be read, and for a word with two meanings.

    The form of the shipped file is checked only with `check_all`.
    """
    words: dict[Meaning, set[str]] = {meaning: set() for meaning in Meaning}
    statuses: dict[str, Status] = {}
    problems: list[RuleProblem] = []
    seen: dict[str, str] = {}
    for file in rule_files("answers.yaml", user_folder):
        document = read_yaml(file.path, file.shown)
        if file.own or check_all:
            from agent.rulebook.forms import AnswersFile  # slow to import, and seldom needed

            validated(document, AnswersFile)
        for section, means, word, path in _words(document):
            if not word or seen.setdefault(word, means) != means:
                what = f"`{word}` stands under `{seen[word]}` too" if word else "the word has neither letters nor digits"
                problems.append(document.problem(path, what, "keep it in one place" if word else "take it out"))
            elif section == "words":
                words[Meaning(means)].add(word)
            else:
                statuses[word] = Status(means)
    if problems:
        raise RulesRefused(problems)
    return AnswerWords(words={meaning: frozenset(found) for meaning, found in words.items()}, statuses=statuses)


def _words(document: MarkedYaml) -> list[tuple[str, str, str, tuple[str | int, ...]]]:
    """Return section, meaning, word and place of all words."""
    return [
        (section, means, plain(word), (section, means, language, place))
        for section in ("words", "statuses")
        for means, languages in (document.data.get(section) or {}).items()
        for language, listed in languages.items()
        for place, word in enumerate(listed)
    ]
