"""`titles.yaml` turned into `TitleWords`: what the words of job titles mean."""

from collections.abc import Mapping
from pathlib import Path

from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.signals.title_words import Named, TitleWords

_MISSING, _ADD = "there is no field `{}`", "add it to `fields`"


def load_title_words(user_folder: Path | None, *, check_all: bool = False) -> TitleWords:
    """Return the words in force; raise `RulesRefused` for what cannot be read, and for a field that is not there.

    The form of the shipped file is checked only with `check_all`.
    """
    found = TitleWords()
    problems: list[RuleProblem] = []
    for file in rule_files("titles.yaml", user_folder):
        document = read_yaml(file.path, file.shown)
        if file.own or check_all:
            from agent.rulebook.forms import TitlesFile  # slow to import, and seldom needed

            validated(document, TitlesFile)
        data = document.data
        fields, may_be = data["fields"], data.get("may_be", {})
        for name, others in may_be.items():
            if name not in fields:
                problems.append(document.problem(("may_be", name), _MISSING.format(name), _ADD))
            for place, other in enumerate(others):
                if other not in fields:
                    problems.append(document.problem(("may_be", name, place), _MISSING.format(other), _ADD))
        found = TitleWords(
            fields=_named(fields),
            crafts=_named(data["crafts"]),
            may_be=_named(may_be),
            ranks=tuple(data["ranks"]),
            plain=tuple(data.get("plain", ())),
        )
    if problems:
        raise RulesRefused(problems)
    return found


def _named(lists: Mapping[str, list[str]]) -> Named:
    return tuple((name, tuple(words)) for name, words in lists.items())
