"""Templates, the forms of a language and its tone words: YAML turned into the values of `agent.drafts`.

One folder a language below `templates/`: `forms.yaml`, and one file for each kind of draft. The words to keep out stand in
`tone/<language>.yaml`. A language that has not all of it is refused, so that no draft is missing in silence.

Seven languages are too much to read for a program that writes one draft, or none. So a shipped language is read when it is first
asked for: its files are known to be good, for the tests check them. A language in which the user has files of their own is read
and checked whole at once, so that mistakes show at the start.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path

from agent.drafts.templates import CheckText, Language, Templates
from agent.rulebook.checks import load_checks
from agent.rulebook.layers import RuleFile, rule_files
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.rulebook.template_reader import read_language, whole_file


def load_templates(user_folder: Path | None, *, check_all: bool = False) -> Templates:
    """Return the templates in force: the shipped ones with those of `user_folder` laid over them, file by file.

    Raises `RulesRefused` with every mistake of the user's files and of the languages that they belong to, with `check_all` of all
    languages, each with its place.
    """
    problems: list[RuleProblem] = []
    folders: dict[str, list[RuleFile]] = defaultdict(list)
    for file in rule_files("templates", user_folder):
        _, code, *rest = file.name.split("/")
        if len(rest) != 1 or not re.fullmatch(r"[a-z]{2}", code):
            what, mend = "a template lies in templates/<language>/<kind>.yaml", "move it to such a folder"
            problems.append(whole_file(file, what, mend))
            continue
        folders[code].append(file)
    for file in rule_files("tone", user_folder):
        code = file.name.removeprefix("tone/").removesuffix(".yaml")
        if code in folders:
            folders[code].append(file)
    languages: dict[str, Callable[[], Language]] = {}
    for code, files in sorted(folders.items()):
        try:
            languages[code] = _opening(code, tuple(files), check_all=check_all)
        except RulesRefused as refused:
            problems.extend(refused.problems)
    checks: Mapping[str, CheckText] = {}
    try:
        checks = load_checks(user_folder)
    except RulesRefused as refused:
        problems.extend(refused.problems)
    if problems:
        raise RulesRefused(problems)
    return Templates(languages=_Languages(languages), checks=checks)


class _Languages(Mapping[str, Language]):
    """Languages by code, each read when it is first asked for; its codes are known without."""

    __slots__ = ("_openings",)

    def __init__(self, openings: Mapping[str, Callable[[], Language]]) -> None:
        self._openings = openings

    def __getitem__(self, code: str) -> Language:
        return self._openings[code]()

    def __contains__(self, code: object) -> bool:
        return code in self._openings

    def __iter__(self) -> Iterator[str]:
        return iter(self._openings)

    def __len__(self) -> int:
        return len(self._openings)


def _opening(code: str, files: tuple[RuleFile, ...], *, check_all: bool) -> Callable[[], Language]:
    """Return what gives the language; one with files of the user's own is read and checked before."""
    if any(file.own for file in files):
        language = read_language(code, files, check=True)
        return lambda: language
    if check_all:
        _known_to_be_good(code, files)
    return partial(_shipped, code, files)


@cache
def _known_to_be_good(code: str, files: tuple[RuleFile, ...]) -> None:
    """Check shipped files, once in a process: they do not change under it."""
    read_language(code, files, check=True)


@cache
def _shipped(code: str, files: tuple[RuleFile, ...]) -> Language:
    """Return a shipped language, read once for all that ask for it."""
    return read_language(code, files, check=False)
