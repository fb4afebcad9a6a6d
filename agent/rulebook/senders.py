"""`senders.yaml` turned into the `SenderBook`: the domains that many senders share."""

from pathlib import Path

from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.signals.senders import Platform, PlatformKind, SenderBook


def load_senders(user_folder: Path | None, *, check_all: bool = False) -> SenderBook:
    """Return the platforms in force; raise `RulesRefused` for what cannot be read, and for a domain that stands twice.

    The form of the shipped file is checked only with `check_all`.
    """
    found: dict[str, Platform] = {}
    problems: list[RuleProblem] = []
    for file in rule_files("senders.yaml", user_folder):
        document = read_yaml(file.path, file.shown)
        if file.own or check_all:
            from agent.rulebook.forms import SenderFile  # slow to import, and seldom needed

            validated(document, SenderFile)
        for index, platform in enumerate(document.data["platforms"]):
            for place, domain in enumerate(platform["domains"]):
                if domain in found:
                    path = ("platforms", index, "domains", place)
                    problems.append(document.problem(path, f"the domain `{domain}` stands twice", "keep one of them"))
                found[domain] = Platform(domain=domain, name=platform["name"], kind=PlatformKind(platform["kind"]))
    if problems:
        raise RulesRefused(problems)
    return SenderBook(platforms=tuple(found.values()))
