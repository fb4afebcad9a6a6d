"""`headings.yaml` turned into `HeadingWords`: by which words a subject speaks of a candidacy."""

from pathlib import Path

from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.signals.heading_words import Count, HeadingWords


def load_heading_words(user_folder: Path | None, *, check_all: bool = False) -> HeadingWords:
    """Return the words in force; raise `RulesRefused` for what cannot be read, and for a word that could never be found.

    The form of the shipped file is checked only with `check_all`.
    """
    found: dict[Count, set[str]] = {count: set() for count in Count}
    problems: list[RuleProblem] = []
    for file in rule_files("headings.yaml", user_folder):
        document = read_yaml(file.path, file.shown)
        if file.own or check_all:
            from agent.rulebook.forms import HeadingsFile  # slow to import, and seldom needed

            validated(document, HeadingsFile)
        for language, lists in document.data["languages"].items():
            for count, words in lists.items():
                for place, word in enumerate(words):
                    if not word.lstrip("*").strip() or word != word.lower():
                        path = ("languages", language, count, place)
                        problems.append(document.problem(path, f"`{word}` is never found", "write it in small letters"))
                    else:
                        found[Count(count)].add(word)
    if problems:
        raise RulesRefused(problems)
    return HeadingWords(always=frozenset(found[Count.ALWAYS]), often=frozenset(found[Count.OFTEN]))
