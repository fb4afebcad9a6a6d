"""What `rules check` finds in all rules: what they are refused for, what never does as it says, what is untidy."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from agent.rulebook.answers import load_answers
from agent.rulebook.columns import load_columns
from agent.rulebook.copying import SCHEMAS, outdated
from agent.rulebook.doubts import doubts
from agent.rulebook.layers import passed_over, rule_files
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.policies import load_policy
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.rulebook.providers import load_providers
from agent.rulebook.requirements import unknown
from agent.rulebook.templates import load_templates
from agent.rulebook.written import signal_documents

_FOLDERS = (
    "signals",
    "policies",
    "templates",
    "tone",
    "senders.yaml",
    "headings.yaml",
    "titles.yaml",
    "answers.yaml",
    "checks.yaml",
    "requirements.yaml",
    "providers.yaml",
    "columns.yaml",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What was found."""

    errors: tuple[RuleProblem, ...]
    """The rules cannot be used so, or a part of them never does what it says."""
    warnings: tuple[RuleProblem, ...]
    """They can be used, and something is missing or left over."""
    files: int
    own_files: int
    """How many of the files are the user's own."""
    languages: tuple[str, ...]
    """Those with phrase rules; empty when these are refused."""


def check_rules(user_folder: Path | None, only: Collection[str] = ()) -> Checked:
    """Return all that is wrong with the rules in force, `user_folder` laid over the shipped ones; it raises nothing.

    Of phrase rules it looks at all languages, or at those in `only`; at everything else always.
    """
    errors: list[RuleProblem] = []
    warnings: list[RuleProblem] = []
    languages: tuple[str, ...] = ()
    try:
        book = load_phrasebook(user_folder, check_all=True, languages=only or None)
    except RulesRefused as refused:
        errors.extend(refused.problems)
    else:
        languages = tuple(language.language for language in book.languages)
        found = doubts(signal_documents(user_folder, languages), book)
        errors.extend(found.errors)
        warnings.extend(found.warnings)
    for file in rule_files("policies", user_folder):
        errors.extend(_refusals(partial(load_policy, Path(file.name).stem, user_folder)))
    errors.extend(_refusals(partial(load_templates, user_folder, check_all=True)))
    errors.extend(_refusals(partial(load_answers, user_folder, check_all=True)))
    errors.extend(_unknown(user_folder))
    errors.extend(_refusals(partial(load_providers, user_folder)))
    errors.extend(_refusals(partial(load_columns, user_folder)))
    files = [file for folder in _FOLDERS for file in rule_files(folder, user_folder)]
    if user_folder is not None:
        warnings.extend(outdated(user_folder))
        warnings.extend(_unread(user_folder, {file.path for file in files}))
    return Checked(
        errors=_in_order(errors),
        warnings=_in_order(warnings),
        files=len(files),
        own_files=sum(file.own for file in files),
        languages=languages,
    )


def _unknown(user_folder: Path | None) -> list[RuleProblem]:
    try:
        return unknown(user_folder)
    except RulesRefused as refused:
        return list(refused.problems)


def _refusals(load: Callable[[], object]) -> Iterable[RuleProblem]:
    try:
        load()
    except RulesRefused as refused:
        return refused.problems
    return ()


def _unread(user_folder: Path, read: set[Path]) -> Iterator[RuleProblem]:
    """Yield the files of the user's folder that nothing reads: a folder or an ending is spelt wrongly."""
    for path in sorted(user_folder.rglob("*")):
        inside = path.relative_to(user_folder)
        if (
            path.is_file()
            and path not in read
            and path.suffix != ".md"
            and not passed_over(inside)
            and inside.parts[0] != SCHEMAS
        ):
            yield RuleProblem(
                file=str(path),
                line=1,
                column=1,
                what="nothing reads this file",
                mend="they lie in signals/<language>/, policies/, templates/<language>/, tone/ and senders.yaml and end in .yaml",
            )


def _in_order(problems: list[RuleProblem]) -> tuple[RuleProblem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line, problem.column)))
