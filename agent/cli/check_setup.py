"""What `check` looks at on this machine: the configuration, the secrets, the disk, the rules, the learned reader."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from agent.accounts.locations import config_files
from agent.accounts.mistakes import ENV_PREFIX
from agent.accounts.problems import SecretRefused
from agent.accounts.secrets import SecretSource, read_secret
from agent.accounts.settings import Settings
from agent.cli.finding import Finding, broken, warned, well
from agent.cli.opening import account_of
from agent.cli.printing import counted
from agent.learned import missing
from agent.rulebook.copying import outdated
from agent.rulebook.layers import rule_files
from agent.rulebook.problems import RulesRefused
from agent.store import Ledger

_LEAST_FREE = 100_000_000
"""Octets that the disk of the state folder should have left."""


def configuration(named: Path | None) -> Finding:
    """Return which file was read, and whether others could change it: it names commands that are run."""
    file = named or next((each for each in config_files() if each.exists()), config_files()[0])
    variables = sorted(name for name in os.environ if name.upper().startswith(ENV_PREFIX))
    also = f"; before it go {', '.join(variables)}" if variables else ""
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        return warned("configuration", f"{file} can be changed by others (mode {mode:o}){also}", f"run: chmod go-w {file}")
    return well("configuration", f"read from {file} (mode {mode:o}){also}")


def disk(settings: Settings) -> Finding:
    """Return whether there is room for what the agent remembers."""
    folder = settings.shared_folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        return broken("disk", f"{folder} cannot be written", "name another [state] folder")
    told = f"{free // 1_000_000} MB free at {folder}"
    return well("disk", told) if free >= _LEAST_FREE else broken("disk", told, "free some space, or nothing can be remembered")


def learned_reader() -> Finding:
    """Return whether the learned reader is there."""
    lacking = missing()
    if lacking:
        mend = f"run `python -m pip install {' '.join(lacking)}` beside interview-agent; until then mail is read by rules alone"
        return warned("learned reader", f"not installed: {', '.join(lacking)}", mend)
    return well("learned reader", "asked where the rules are not certain")


def rules(settings: Settings, ledger: Ledger) -> Iterator[Finding]:
    """Yield what there is to say of the rules in force, of copies that hide newer ones, and of policies of single interviews."""
    folder = settings.rules.folder
    try:
        account = account_of(settings, ledger)
    except RulesRefused as refused:
        yield broken("rules and templates", "; ".join(str(refused).splitlines()))
        return
    own = sum(file.own for below in ("signals", "policies", "templates", "tone") for file in rule_files(below, folder))
    with_own = f", with {counted(own, 'file')} of your own in {folder}" if own else ""
    yield well("rules and templates", f"preset {settings.policy.preset}{with_own}")
    for each in outdated(folder) if folder is not None else ():
        yield warned("own rules", f"{each.file}: {each.what}", each.mend)
    for interview in ledger.interviews():
        if told := account.policies.lacking(interview):
            yield broken("policies", f"{told}; until then it follows `{settings.policy.preset}`")


def secret(name: str, source: SecretSource) -> Finding:
    """Return whether a password can be had, and where it lies."""
    try:
        read_secret(source)
    except SecretRefused as refused:
        return broken(name, str(refused))
    return well(name, f"the password {_whence(source)}")


def _whence(source: SecretSource) -> str:
    if source.file is not None:
        return f"can be read from {source.file}, by you alone"
    if source.command:
        return f"is printed by {Path(source.command[0]).name}"
    if source.env is not None:
        return f"stands in the environment, in {source.env}"
    if source.keyring is not None:
        return "lies in the keyring"
    return f"is the credential {source.credential}"
