"""What a running service takes up: edited rules by itself, and at a reload the configuration too, where that is safe."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from agent.accounts.locations import config_folder, rules_folder
from agent.accounts.problems import ConfigurationRefused
from agent.accounts.settings import Settings
from agent.cli.endings import UsageProblem
from agent.cli.opening import Rules, rules_of
from agent.cli.state import every_settings
from agent.daemon import journal
from agent.daemon.stopping import Bell
from agent.daemon.watching import STILL, Watched
from agent.notify import systemd
from agent.rulebook.footprint import Footprint, changes, footprint
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.policies import load_policies, load_policy
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.rulebook.templates import load_templates

_PIECE = 20.0
"""Seconds between two looks at the rules folder."""
_TAKEN_UP = ("policy", "rules", "discovery", "daemon", "digest")
"""Tables of the configuration that a reload takes up; what else has changed needs a restart."""
_MOST_TOLD = 10
"""Problems of which each has a line in the log."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InForce:
    """What all accounts work with; replaced as a whole, so that a thread may look at it at any time."""

    settings: Mapping[str, Settings]
    """Of each account, by its name."""
    rules: Rules
    warning: str = ""
    """Why newer rules are not taken up; empty where those on disk are in force."""


class Renewing:
    """Looks after what is in force, from the one thread that calls it."""

    def __init__(self, every: Sequence[Settings], arguments: argparse.Namespace, bell: Bell) -> None:
        """Load all rules; raise `RulesRefused` for these. `arguments` name the configuration, and `bell` rings for a reload."""
        self._settings = {settings.name: settings for settings in every}
        self._arguments = arguments
        self._bell = bell
        # Before they are read: what is written meanwhile is read again.
        self._watched: Watched[Footprint] = Watched(self._footprint)
        self._used = self._watched.known
        """How the files stood whose rules are in force."""
        self.in_force = InForce(settings=self._settings, rules=rules_of(every[0]))

    def look(self, tell: Callable[[], None]) -> float:
        """Take up what has changed, and `tell` all who work with it; return after how many seconds to look again."""
        before = self.in_force
        if self._bell.heard():
            self._reload()
        elif (seen := self._watched.stands_anew()) is not None:
            self._take_up(seen)
        if self.in_force is not before:
            tell()
        return STILL / 2 if self._watched.pending() else _PIECE

    def _reload(self) -> None:
        """Read configuration and rules anew at once; systemd hears when it begins and when it is over."""
        systemd.reloading()
        try:
            self._read_configuration()
            seen = self._watched.stands_anew(at_once=True)
            self._take_up(self._footprint() if seen is None else seen)
        finally:
            systemd.ready()

    def _read_configuration(self) -> None:
        try:
            every = every_settings(self._arguments)
        except (ConfigurationRefused, UsageProblem) as refused:
            for line in str(refused).splitlines()[:_MOST_TOLD]:
                journal.configuration_not_taken_up(problem=line)
            return
        old, new = self._settings, {settings.name: settings for settings in every}
        taken, left = set[str](), set[str]()
        if old.keys() != new.keys():
            left.add("accounts")
        merged = dict(old)
        for name in old.keys() & new.keys():
            differing = {key for key in Settings.model_fields if _said(old[name], key) != _said(new[name], key)}
            taken |= differing & set(_TAKEN_UP)
            left |= differing - set(_TAKEN_UP)
            merged[name] = old[name].model_copy(update={key: getattr(new[name], key) for key in _TAKEN_UP})
        if taken:
            journal.configuration_taken_up(tables=", ".join(sorted(taken)))
        if left:
            journal.restart_needed(tables=", ".join(sorted(left)))
        self._settings = merged
        self.in_force = replace(self.in_force, settings=merged)

    def _take_up(self, seen: Footprint) -> None:
        """Load all rules; use them where all of them load, and else keep those from before and say so."""
        try:
            rules = self._loaded()
        except RulesRefused as refused:
            # A file that was written while it was read is looked at again: what was wrong with half of it is nobody's business.
            if self._watched.take(seen):
                self._refuse(refused.problems)
            return
        if not self._watched.take(seen):
            return
        told = "; ".join(f"{how} {', '.join(names)}" for how, names in changes(self._used, seen).items())
        if told or self.in_force.warning:
            journal.rules_taken_up(what=told or "as they were before")
        self._used = seen
        self.in_force = replace(self.in_force, rules=rules, warning="")

    def _refuse(self, problems: Sequence[RuleProblem]) -> None:
        for problem in problems[:_MOST_TOLD]:
            journal.rules_not_taken_up(problem=str(problem))
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        self.in_force = replace(self.in_force, warning=f"{problems[0]}{more}")

    def _loaded(self) -> Rules:
        """Return all rules; raise `RulesRefused` with what is wrong with any of them."""
        settings = self._first
        folder = self._folder()
        if folder is not None and not folder.is_dir():
            what, mend = "the folder of your own rules is gone", "make it again, or name another under [rules] and reload"
            raise RulesRefused([RuleProblem(file=str(folder), line=1, column=1, what=what, mend=mend)])
        problems: list[RuleProblem] = []
        with _gathered(problems):
            phrasebook = load_phrasebook(folder)
        with _gathered(problems):
            policies = load_policies(settings.policy.preset, folder)
            for name in policies.refused:  # an interview may follow it, though the configuration names another
                with _gathered(problems):
                    load_policy(name, folder)
        with _gathered(problems):
            templates = load_templates(folder)
        if problems:
            raise RulesRefused(problems)
        return replace(self.in_force.rules, phrasebook=phrasebook, policies=policies, templates=templates)

    @property
    def _first(self) -> Settings:
        """The settings of any account: what is taken up is the same in all, but for the digest."""
        return next(iter(self._settings.values()))

    def _folder(self) -> Path | None:
        """Return the folder of the user's rules; where none is named, the usual one as soon as it is there."""
        rules = self._first.rules
        return rules.folder if "folder" in rules.model_fields_set else rules_folder()

    def _footprint(self) -> Footprint:
        folder = self._folder()
        return footprint(folder if folder is not None else config_folder() / "rules")


def _said(settings: Settings, key: str) -> object:
    """Return what the configuration says in one table: of `rules` what stands there, for the usual folder may come and go."""
    table = getattr(settings, key)
    return table.model_dump(exclude_unset=True) if key == "rules" else table


@contextmanager
def _gathered(problems: list[RuleProblem]) -> Iterator[None]:
    """Add what is refused inside to `problems`."""
    try:
        yield
    except RulesRefused as refused:
        problems.extend(refused.problems)
