"""The password for `init`: from where it comes, and where it is kept."""

import re
import shlex
from contextlib import suppress
from pathlib import Path

from agent.accounts.keyrings import put_into_keyring
from agent.accounts.problems import ConfigurationRefused, SecretRefused
from agent.accounts.secrets import read_secret
from agent.accounts.writing import Value, write_private
from agent.cli.answers import Answers, Configuration

SECRET_KEYS = ("password_file", "password_command", "password_env", "password_keyring")
"""The settings that say where the password of an account is; without any it is the credential."""


class PasswordSource:
    """Where the password comes from, and where it is kept."""

    def __init__(self, answers: Answers, configuration: Configuration) -> None:
        self._answers, self._configuration = answers, configuration
        self.secret = ""
        self._typed = False
        self._present = self._present_secret()
        self.is_given = any(answers.given(name) is not None for name in ("password_file", "password_command", "password_stdin"))

    def ask(self, *, again: bool) -> None:
        """Find out the password: by an option, or by asking for it."""
        answers, configuration = self._answers, self._configuration
        if (file := answers.given("password_file")) is not None:
            self._only("password_file", str(Path(file).expanduser().absolute()))
            self.secret = read_secret(configuration.settings().account.secret)
            return
        if (command := answers.given("password_command")) is not None:
            self._only("password_command", shlex.split(command))
            self.secret = read_secret(configuration.settings().account.secret)
            return
        if (line := answers.given("password_stdin")) is not None:
            self.secret, self._typed = line, True
            return
        keep = self._present is not None and not again
        question = "Password, or Enter to keep the present one" if keep else "Password"
        typed = answers.secret(question, "--password-file, --password-stdin or --password-command", may_be_empty=keep)
        self._typed = bool(typed)
        self.secret = _tidied(typed) if typed else self._present or ""

    def keep(self) -> None:
        """Put a password that was typed where the configuration says."""
        if not self._typed:
            return
        configuration = self._configuration
        settings = configuration.settings()
        if settings.account.password_keyring:
            service, user = f"interview-agent/{settings.account.host}", settings.account.user
            put_into_keyring(service, user, self.secret, key="account.password_keyring")
            print("The password lies in the keyring of the desktop.")
            return
        file = settings.account.secret.file or settings.account.secret.beside
        if file is not None:
            write_private(file, f"{self.secret}\n")
            print(f"The password lies in {file}, which only you can read.")

    def prepare(self) -> None:
        """Set where a password that was typed is going to lie."""
        configuration = self._configuration
        if not self._typed:
            return
        if self._answers.given("password_keyring"):
            self._only("password_keyring", value=True)
        elif configuration.present(*configuration.key("password_file")) or self._stays_in_keyring():
            return
        elif configuration.usual:
            self._only(None)
        else:
            self._only("password_file", str(configuration.secret_file("imap-password")))

    def _stays_in_keyring(self) -> bool:
        return bool(self._configuration.present(*self._configuration.key("password_keyring")))

    def _only(self, name: str | None, value: Value = "") -> None:
        for each in SECRET_KEYS:
            self._configuration.put(self._configuration.key(each), value if each == name else None)

    def _present_secret(self) -> str | None:
        if self._configuration.is_new:
            return None
        with suppress(SecretRefused, ConfigurationRefused):
            return read_secret(self._configuration.settings().account.secret)
        return None


def _tidied(password: str) -> str:
    """Return an app password as it is meant: pages show it in four groups of four."""
    return password.replace(" ", "") if re.fullmatch(r"[a-z0-9]{4}( [a-z0-9]{4}){3}", password) else password
