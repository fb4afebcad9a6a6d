"""`interview-agent rules`: whether the rules are well written and keep their own examples, and what an edit would change."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from agent.cli import rules_diff, rules_new
from agent.cli.endings import UsageProblem
from agent.cli.given import rules
from agent.cli.printing import counted, print_json
from agent.cli.progress import shown
from agent.rulebook.checking import Checked, check_rules
from agent.rulebook.examples import Example, run_examples
from agent.rulebook.layers import SHIPPED, rule_files
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.problems import RuleProblem, RulesRefused


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `rules`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    checking = actions.add_parser("check", help="read all rules files and tell every mistake with file, line and column")
    testing = actions.add_parser("test", help="run the examples that stand beside the phrase rules")
    for action in (checking, testing):
        action.add_argument("language", nargs="*", metavar="LANGUAGE", help="only phrase rules of this language, such as de")
        action.add_argument("--json", action="store_true", help="one JSON object")
        action.add_argument("--rules", type=Path, metavar="FOLDER", help="your own rules, laid over the shipped ones")
    checking.add_argument("--all", action="store_true", help="beside your own files the warnings about shipped ones too")
    comparing = actions.add_parser(
        "diff",
        help="show what an edit would change over the mail already read; nothing is written",
        description="Compares the rules in force with an edited copy (--rules), another preset (--policy), or both. Without "
        "either it compares what was read when the mail came with what the rules on disk make of it now.",
    )
    comparing.add_argument("--rules", type=Path, metavar="FOLDER", help="an edited copy of your rules folder")
    comparing.add_argument("--policy", metavar="PRESET", help="another policy")
    comparing.add_argument("--interview", metavar="ID", help="only this interview")
    comparing.add_argument("--json", action="store_true", help="one JSON object")
    making = actions.add_parser(
        "new",
        help="copy a shipped file into your rules folder, for you to change; without a name, list what there is",
        description="Copies a shipped rules file into your own rules folder. Phrases, templates and the like take the place of "
        "the shipped file; of a policy a small file is made that names only what differs.",
    )
    rules_new.arguments(making)


def run(arguments: argparse.Namespace) -> int:
    """Carry one of the actions out. Rules that cannot be used are told a line a problem, as `check` tells them."""
    try:
        match arguments.action:
            case "diff":
                return rules_diff.run(arguments)
            case "new":
                return rules_new.run(arguments)
            case _:
                return _look(arguments)
    except RulesRefused as refused:
        for problem in refused.problems:
            print(problem, file=sys.stderr)
        raise UsageProblem("the rules cannot be used; mend them until `interview-agent rules check` has nothing to say") from None


def _look(arguments: argparse.Namespace) -> int:
    own = rules_new.own_folder(arguments.rules, arguments.config)
    folder = rules(arguments.rules) if arguments.rules else own if own.is_dir() else None
    only = tuple(arguments.language)
    if unknown := [language for language in only if not rule_files(f"signals/{language}", folder)]:
        raise UsageProblem(f"{unknown[0]!r}: there are no phrase rules of this language; write it as `de`")
    if arguments.action == "check":
        return _check(check_rules(folder, only), everything=arguments.all, as_json=arguments.json)
    with shown("Trying the examples", quiet=arguments.json) as tell:
        examples = run_examples(load_phrasebook(folder, languages=only or None), folder, progress=tell)
    return _test(examples, as_json=arguments.json)


def _check(found: Checked, *, everything: bool, as_json: bool) -> int:
    """Print the findings; return 2, for a wrong configuration, when there are errors. Warnings change nothing.

    Whoever has files of their own sees the warnings about these, and of the shipped ones how many there are.
    """
    if as_json:
        told = [*(_finding("error", each) for each in found.errors), *(_finding("warning", each) for each in found.warnings)]
        print_json({"files": found.files, "own_files": found.own_files, "languages": found.languages, "findings": told})
    else:
        for problem in found.errors:
            print(problem)
        shown = [problem for problem in found.warnings if everything or not found.own_files or not _is_shipped(problem)]
        for problem in shown:
            print(f"{problem.place}: warning: {problem.what}; {problem.mend}")
        more = len(found.warnings) - len(shown)
        own = f" ({found.own_files} your own)" if found.own_files else ""
        errors, warnings = counted(len(found.errors), "error"), counted(len(shown), "warning")
        others = f" ({more} more about shipped files: --all)" if more else ""
        print(f"{counted(found.files, 'file')}{own}: {errors}, {warnings}{others}")
    return 2 if found.errors else 0


def _is_shipped(problem: RuleProblem) -> bool:
    return problem.file.startswith(SHIPPED)


def _finding(severity: str, problem: RuleProblem) -> dict[str, object]:
    return {
        "severity": severity,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "what": problem.what,
        "mend": problem.mend,
    }


def _test(examples: Sequence[Example], *, as_json: bool) -> int:
    """Print what failed and a line a language; return 1 when anything failed."""
    failed = [example for example in examples if example.failure]
    languages = sorted({example.language for example in examples})
    if as_json:
        print_json(
            {
                "languages": [_counts(language, examples) for language in languages],
                "failures": [_failure(example, example.failure) for example in failed if example.failure],
            }
        )
    else:
        for example in failed:
            print(example.failure)
        for language in languages:
            counts = _counts(language, examples)
            print(f"{language}: {counts['examples']} examples of {counts['rules']} rules, {counts['failed']} failed")
    return 1 if failed else 0


def _counts(language: str, examples: Sequence[Example]) -> dict[str, object]:
    ours = [example for example in examples if example.language == language]
    return {
        "language": language,
        "rules": len({example.rule for example in ours}),
        "examples": len(ours),
        "failed": sum(example.failure is not None for example in ours),
    }


def _failure(example: Example, problem: RuleProblem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "rule": example.rule,
        "example": example.text,
        "wanted": example.wanted,
        "what": problem.what,
        "mend": problem.mend,
    }
