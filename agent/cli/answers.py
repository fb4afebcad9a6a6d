"""Answers to what `init` asks: from its options, from what is proposed, or from the user; and the configuration they change."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.accounts.locations import config_files, config_folder
from agent.accounts.settings import Settings, accounts_of
from agent.accounts.writing import Key, Value, new_configuration, tables_of, value_at, with_answers, without_table, write_private
from agent.cli import asking
from agent.cli.endings import UsageProblem


class Answers:
    """What was given by options, or else is asked."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._given = vars(arguments)
        self.yes: bool = arguments.yes
        """Whether all that is proposed is taken without a question."""

    def given(self, name: str) -> Any:
        """Return what an option says, or None."""
        return self._given.get(name)

    def ask(
        self,
        name: str,
        question: str,
        *,
        default: str | None = None,
        check: asking.Check | None = None,
        may_be_empty: bool = False,
        again: bool = False,
    ) -> str:
        """Return the answer to a question; `again` is for a second time, when what the option says did not do."""
        given = self.given(name)
        if given is not None and not again:
            return _accepted(name, str(given), check)
        if self.yes and not again and (default or may_be_empty):
            return _accepted(name, default, check) if default else ""
        if self.yes:
            raise UsageProblem(f"{_option(name)} is missing; give it, or leave --yes out to be asked")
        return asking.ask(question, default=default, option=self._how(name, default), check=check, may_be_empty=may_be_empty)

    def choose(self, name: str, question: str, choices: Sequence[tuple[str, str]], *, default: str | None = None) -> str:
        """Return the name of one of the choices, which are shown when they are asked about."""
        given = self.given(name)
        if given is not None:
            names = [choice for choice, _ in choices]
            if given not in names:
                raise UsageProblem(f"{_option(name)} {given!r}: there is {', '.join(names)}")
            return str(given)
        if self.yes and default:
            return default
        if self.yes:
            raise UsageProblem(f"{_option(name)} is missing; give it, or leave --yes out to be asked")
        return asking.choose(question, choices, default=default, option=self._how(name, default))

    def confirm(self, name: str, question: str, *, default: bool) -> bool:
        """Return whether the answer is yes."""
        given = self.given(name)
        if given is not None:
            return bool(given)
        return default if self.yes else asking.confirm(question, default=default, option=self._how(name, "yes"))

    def secret(self, question: str, option: str, *, may_be_empty: bool) -> str:
        """Return a secret that is typed unseen."""
        if self.yes and may_be_empty:
            return ""
        if self.yes:
            raise UsageProblem(f"{option} is missing; give it, or leave --yes out to be asked")
        return asking.ask_secret(question, option=option, may_be_empty=may_be_empty)

    def _how(self, name: str, default: str | None) -> str:
        return _option(name) + (", or take what is proposed with --yes" if default else "")


class Configuration:
    """The configuration while it is being changed; nothing is written before `write`."""

    def __init__(self, path: Path | None, account: str | None) -> None:
        """Read the file at `path`, or the one in its usual place; a new one begins as the example.

        Raises `ConfigurationRefused` for one that is no TOML, `UsageProblem` where it is not clear which account is meant.
        """
        usual = config_files()[0]
        self.path = (path or next((file for file in config_files() if file.exists()), usual)).absolute()
        self.usual = self.path == usual
        """Whether it lies where every command looks for it."""
        self.is_new = not self.path.exists()
        self.account = account or ""
        self._text = self.path.read_text(encoding="utf-8-sig") if not self.is_new else new_configuration(self.account)
        self._present = tables_of(self._text, str(self.path)) if not self.is_new else {}
        self._answers: dict[Key, Value | None] = {}
        self._gone: list[Key] = []
        _one_is_meant(self._present, self.account, self.path)

    def key(self, *names: str) -> Key:
        """Return the key of a setting of the account."""
        return ("accounts", self.account, *names) if self.account else ("account", *names)

    def present(self, *key: str) -> Any:
        """Return a setting as it was answered, else as it stands; None where it is not set."""
        return self._answers[key] if key in self._answers else value_at(self._present, key)

    def stands(self, *key: str) -> Any:
        """Return a setting as it stands in the file; None where it is not set there."""
        return value_at(self._present, key)

    def put(self, key: Key, value: Value | None) -> None:
        """Set a setting, or take it out for None."""
        self._answers[key] = value

    def put_default(self, key: Key, value: Value, default: Value) -> None:
        """Set a setting that goes without saying where it has its default, unless it is said already."""
        if value != default or self.stands(*key) is not None:
            self.put(key, value)
        else:
            self._answers.pop(key, None)

    def drop(self, key: Key) -> None:
        """Leave a whole table out; its lines stay as comments."""
        self._gone.append(key)

    @property
    def text(self) -> str:
        """The file as it is going to be."""
        text = self._text
        for key in self._gone:
            text = without_table(text, key)
        return with_answers(text, {key: value for key, value in self._answers.items() if not _inside(key, self._gone)})

    def settings(self) -> Settings:
        """Return the settings of the account as they are going to be; raises `ConfigurationRefused`."""
        every = accounts_of(tables_of(self.text, str(self.path)), str(self.path))
        return next(settings for settings in every if settings.name == self.account)

    def secret_file(self, name: str) -> Path:
        """Return the file in which a secret of this name lies: where the service looks, or beside a configuration elsewhere."""
        ending = f"-{self.account}" if self.account else ""
        return (config_folder() if self.usual else self.path.parent) / f"{name}{ending}"

    def write(self) -> bool:
        """Write the file; return whether anything changed."""
        text = self.text
        if not self.is_new and self.path.read_text(encoding="utf-8") == text:
            return False
        write_private(self.path, text, keep_mode=True)
        return True


def _one_is_meant(present: dict[str, Any], account: str, path: Path) -> None:
    """Refuse to guess which of several accounts is meant, or to make two of one."""
    several = present.get("accounts")
    if isinstance(several, dict) and not account:
        raise UsageProblem(
            f"{path} has several accounts ({', '.join(several)}); name one of them, or a new one: init --account NAME"
        )
    if account and "account" in present:
        raise UsageProblem(
            f"{path} has one account without a name. To have several, give it one first: write [accounts.first] instead of "
            "[account] there (also in [account.folders] and [account.oauth]), rename its file imap-password to "
            "imap-password-first, and move its ledger.sqlite3 into a folder `first` of the state folder. Then run this again"
        )


def _inside(key: Key, tables: Sequence[Key]) -> bool:
    return any(key[: len(table)] == table for table in tables)


def _accepted(name: str, value: str, check: asking.Check | None) -> str:
    try:
        return check(value) if check is not None else value
    except UsageProblem as problem:
        raise UsageProblem(f"{_option(name)} {value!r}: {problem}") from None


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
