"""The configuration: TOML read by pydantic-settings, with `INTERVIEW_AGENT__ACCOUNT__HOST` style variables laid over it.

Slow to import (pydantic): commands that need no configuration must not import it.
"""

import os
import re
from codecs import BOM_UTF8
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field, PrivateAttr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from agent.accounts.locations import config_files
from agent.accounts.mistakes import ENV_PREFIX, mistakes, unknown_key, unknown_variables
from agent.accounts.problems import ConfigProblem, ConfigurationRefused
from agent.accounts.tables import (
    AccountTable,
    DaemonTable,
    DigestTable,
    DiscoveryTable,
    FolderTable,
    NamedAccountTable,
    OAuthTable,
    PolicyTable,
    RulesTable,
    SmtpTable,
    StateTable,
    UserTable,
)
from agent.accounts.values import AccountName, refuse

__all__ = [
    "AccountTable",
    "ConfigurationRefused",
    "DaemonTable",
    "DigestTable",
    "DiscoveryTable",
    "FolderTable",
    "NamedAccountTable",
    "OAuthTable",
    "PolicyTable",
    "RulesTable",
    "Settings",
    "SeveralSettings",
    "SmtpTable",
    "StateTable",
    "UserTable",
    "accounts_of",
    "load_accounts",
    "load_settings",
]


class _File(BaseSettings):
    """What is read from a file, with the environment laid over it."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, env_prefix=ENV_PREFIX, env_nested_delimiter="__"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the environment before the file, and nothing else."""
        return (env_settings, init_settings)


_Kind = TypeVar("_Kind", bound=_File)


class Settings(_File):
    """All that the user can set for one account. It holds no secret, only where each comes from."""

    user: UserTable
    account: AccountTable
    policy: PolicyTable = Field(default_factory=PolicyTable)
    rules: RulesTable = Field(default_factory=RulesTable)
    discovery: DiscoveryTable = Field(default_factory=DiscoveryTable)
    state: StateTable = Field(default_factory=StateTable)
    daemon: DaemonTable = Field(default_factory=DaemonTable)
    digest: DigestTable = Field(default_factory=DigestTable)
    _name: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _tokens_of_the_account(self) -> Self:
        _refuse_other_tokens(self.account, self.digest)
        return self

    @property
    def name(self) -> str:
        """The name of the account; empty for the one of `[account]`."""
        return self._name

    @property
    def sends_by_token(self) -> bool:
        """Whether the digest is handed in by SMTP with the tokens of the account."""
        smtp = self.digest.smtp
        if (
            smtp is None
            or not self.digest.enabled
            or self.digest.by != "smtp"
            or self.account.sign_in == "password"
            or smtp.sign_in == "password"
        ):
            return False
        return smtp.sign_in is not None or not smtp.password_keys

    @property
    def shared_folder(self) -> Path:
        """The state folder of all accounts, of which `state.folder` is this one's; the same where there is one."""
        return self.state.folder.parent if self._name else self.state.folder


class SeveralSettings(_File):
    """All that the user can set where the accounts have names."""

    user: UserTable
    accounts: Annotated[dict[AccountName, NamedAccountTable], Field(min_length=1)]
    policy: PolicyTable = Field(default_factory=PolicyTable)
    rules: RulesTable = Field(default_factory=RulesTable)
    discovery: DiscoveryTable = Field(default_factory=DiscoveryTable)
    state: StateTable = Field(default_factory=StateTable)
    daemon: DaemonTable = Field(default_factory=DaemonTable)
    digest: DigestTable = Field(default_factory=DigestTable)

    @model_validator(mode="after")
    def _tokens_of_the_accounts(self) -> Self:
        for account in self.accounts.values():
            _refuse_other_tokens(account, account.digest or self.digest)
        return self

    def of(self, name: str) -> Settings:
        """Return the settings of one account: with its addresses, its digest and a state folder of its own."""
        table = self.accounts[name]
        one = Settings.model_construct(
            user=self.user.model_copy(update={"addresses": table.addresses or self.user.addresses}),
            account=table.named(name),
            policy=self.policy,
            rules=self.rules,
            discovery=self.discovery,
            state=StateTable.model_construct(folder=self.state.folder / name),
            daemon=self.daemon,
            digest=table.digest or self.digest,
        )
        one._name = name  # noqa: SLF001 (its own class; pydantic takes a private attribute no other way)
        return one


def load_settings(path: Path | None) -> Settings:
    """Return the settings of the only account; see `load_accounts`. Several are refused, for one must be chosen."""
    every = load_accounts(path)
    if len(every) == 1:
        return every[0]
    names = ", ".join(each.name for each in every)
    raise ConfigurationRefused(
        [ConfigProblem(place=str(path or ""), key="accounts", what=f"has several ({names})", mend="name one with --account")]
    )


def load_accounts(path: Path | None) -> list[Settings]:
    """Return the settings of each account, by the file or without one by the first of `config_files()` that exists.

    Raises `ConfigurationRefused` with one line a problem; values are never shown, for one may be a misplaced password.
    """
    file = str(path if path is not None else _found())
    return accounts_of(_tables(Path(file)), file)


def accounts_of(tables: dict[str, Any], file: str) -> list[Settings]:
    """Return the settings of each account, by the tables that `file` holds or will hold; see `load_accounts`."""
    several = "accounts" in tables or any(name.upper().startswith(f"{ENV_PREFIX}ACCOUNTS__") for name in os.environ)
    if several and "account" in tables:
        what, mend = "stands beside [accounts]", "give it a name as well, as [accounts.NAME], or take it out"
        raise ConfigurationRefused([ConfigProblem(place=file, key="account", what=what, mend=mend)])
    if not several:
        return [_checked(Settings, tables, file)]
    whole = _checked(SeveralSettings, tables, file)
    return [whole.of(name) for name in whole.accounts]


def _refuse_other_tokens(account: AccountTable, digest: DigestTable) -> None:
    """Refuse a digest that is to be handed in with tokens which the account does not have."""
    wanted = digest.smtp.sign_in if digest.smtp is not None else None
    if wanted not in {None, "password", account.sign_in}:
        what = f'digest.smtp has sign_in = "{wanted}", and the account signs in with "{account.sign_in}"'
        raise refuse(what, "let both be the same, or name a password under [digest.smtp]")


def _exposed(tables: dict[str, Any], file: str) -> list[ConfigProblem]:
    """Return one problem for each secret of a client in a file that others than the user can read."""
    named: dict[str, Any] = {"account": tables.get("account")}
    several = tables.get("accounts")
    named |= {f"accounts.{name}": table for name, table in several.items()} if isinstance(several, dict) else {}
    found = []
    open_to_others = Path(file).is_file() and Path(file).stat().st_mode & 0o077
    for place, table in named.items():
        oauth = table.get("oauth") if isinstance(table, dict) else None
        if isinstance(oauth, dict) and "client_secret" in oauth and open_to_others:
            what = "stands in a file that others than you can read"
            mend = f"run: chmod 600 {file}, or put it into a file of its own and name that in client_secret_file"
            found.append(ConfigProblem(place=file, key=f"{place}.oauth.client_secret", what=what, mend=mend))
    return found


def _checked(kind: type[_Kind], tables: dict[str, Any], file: str) -> _Kind:
    """Return the settings, or raise `ConfigurationRefused` with all that is wrong."""
    problems = unknown_variables(kind, os.environ) + _exposed(tables, file)
    problems += [unknown_key(kind, (name,), file) for name in tables if name not in kind.model_fields]
    settings: _Kind | None = None
    try:
        settings = kind(**{name: table for name, table in tables.items() if name in kind.model_fields})
    except ValidationError as error:
        problems += mistakes(error.errors(include_url=False, include_input=False), kind, file, os.environ)
    except SettingsError as error:
        problems.append(_bad_variable(str(error)))
    if settings is None or problems:
        # Raised outside of the handlers: the errors of pydantic hold the values.
        raise ConfigurationRefused(problems)
    return settings


def _found() -> Path:
    """Return the first configuration file that exists."""
    looked = config_files()
    for file in looked:
        if file.exists():
            return file
    raise ConfigurationRefused(
        [
            ConfigProblem(
                place=str(looked[0]),
                key="",
                what=f"there is no configuration here, nor at {looked[1]}",
                mend="run `interview-agent init`, or name a file with --config",
            )
        ]
    )


def _tables(file: Path) -> dict[str, Any]:
    """Return what the file says, as plain tables; pydantic-settings would skip a missing file in silence."""
    place = str(file)
    try:
        if not file.is_file():
            what = "is a folder, not a file" if file.is_dir() else "there is no such file"
            problem = ConfigProblem(
                place=place, key="", what=what, mend="correct the path, or create it from config.example.toml"
            )
        else:
            with file.open("rb") as opened:
                marked = opened.read(len(BOM_UTF8)) == BOM_UTF8
            if not marked:
                return TomlConfigSettingsSource(Settings, toml_file=file).toml_data
            problem = ConfigProblem(
                place=place, key="", what="begins with a byte order mark, which TOML forbids", mend="save it as UTF-8 without one"
            )
    except TOMLDecodeError as error:
        said, line, column = _position(str(error))
        place = f"{place}:{line}:{column}" if line else place
        problem = ConfigProblem(place=place, key="", what=f"is not valid TOML ({said})", mend="correct this line")
    except UnicodeDecodeError:
        problem = ConfigProblem(place=place, key="", what="is not UTF-8", mend="save it as UTF-8")
    except OSError as error:
        problem = ConfigProblem(
            place=place, key="", what=f"cannot be read ({error.strerror})", mend="check the path and who may read it"
        )
    raise ConfigurationRefused([problem])


def _position(text: str) -> tuple[str, str, str]:
    """Return what a TOML error says, its line and its column; the latter are empty at the end of the document."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", text, re.DOTALL)
    said, line, column = (found[1], found[2], found[3]) if found else (text, "", "")
    return " ".join(said.split()), line, column


def _bad_variable(text: str) -> ConfigProblem:
    """Return the problem of a variable that holds a list or a table which is no JSON; the library names only its table."""
    found = re.search(r'field "(\w+)"', text)
    return ConfigProblem(
        place="environment",
        key=found[1] if found else "",
        what=f"one of the variables {ENV_PREFIX}{found[1].upper() if found else ''}* is no JSON",
        mend='write lists and tables as JSON, such as ["one", "two"]',
    )
