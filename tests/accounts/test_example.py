"""`config.example.toml` is complete, true to the defaults, and valid with any of its lines uncommented."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from agent.accounts.mistakes import keys
from agent.accounts.settings import Settings, load_accounts, load_settings
from agent.accounts.tables import SECRET_KEYS

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()
COMMENTED = re.compile(r"# ([a-z_]+ = .*)")

MAILDIR = LINES.index('# maildir = "~/Mail"')
SIGN_IN = LINES.index('# sign_in = "password"')
TOKENS = range(LINES.index("[account.oauth]"), LINES.index("#   [accounts.home]"))


def uncommented(*numbers: int) -> str:
    """Return the example with the commented-out settings of these lines (0-based) set.

    A Maildir replaces the server, and settings of tokens go with a provider of tokens.
    """
    lines = [COMMENTED.sub(r"\1", line) if number in numbers else line for number, line in enumerate(LINES)]
    if numbers == (MAILDIR,):
        of_the_server = [number for number, line in enumerate(lines[:MAILDIR]) if re.match("(host|user|security) = ", line)]
        lines = [line for number, line in enumerate(lines) if number not in of_the_server]
    if SIGN_IN not in numbers and any(number in TOKENS for number in numbers):
        lines[SIGN_IN] = 'sign_in = "microsoft"'
    return "\n".join(lines)


OPTIONAL = [number for number, line in enumerate(LINES) if COMMENTED.fullmatch(line)]


@pytest.fixture
def existing(home: Path) -> Path:
    """Make the files and folders that the example names."""
    folder = home / ".config/interview-agent"
    (folder / "rules").mkdir(parents=True)
    (folder / "ca.pem").touch()
    (home / "Mail").mkdir()
    return folder


def at(tables: dict[str, Any], path: tuple[str, ...]) -> Any:
    """Return what stands under a path of names; KeyError when nothing does."""
    value: Any = tables
    for name in path:
        value = value[name]
    return value


def default_of(path: tuple[str, ...]) -> Any:
    """Return the default of a setting, as `Settings` with only the required ones has it."""
    least: dict[str, Any] = {
        "user": {"name": "x", "addresses": ["x@y.example"], "timezone": "UTC"},
        "account": {"host": "h", "user": "u"},
        "digest": {"smtp": {"host": "h", "user": "u"}},
    }
    try:
        at(least, path)
    except KeyError:
        value: Any = Settings.model_validate(least)
        for name in path:
            value = getattr(value, name)
        return value
    return ...


def test_the_example_loads_as_it_stands() -> None:
    settings = load_settings(EXAMPLE)
    assert settings.user.name == "Alex Example"
    assert not settings.digest.enabled


def test_the_settings_are_more_than_forty() -> None:
    # Guards the walk itself: one that finds nothing would pass all the rest.
    assert len(keys(Settings)) > 40
    assert ("account", "folders", "drafts") in keys(Settings)
    assert ("digest", "smtp", "ca_file") in keys(Settings)


@pytest.mark.parametrize("path", keys(Settings), ids=".".join)
def test_every_setting_stands_in_the_example_with_its_default(path: tuple[str, ...], existing: Path) -> None:
    tables = tomllib.loads(uncommented(*OPTIONAL))
    shown = at(tables, path)
    default = default_of(path)
    if default is ... or default is None:
        return
    if isinstance(default, Path):
        assert Path(shown).expanduser() == default
    else:
        assert shown == default


@pytest.mark.parametrize("number", OPTIONAL, ids=[LINES[number] for number in OPTIONAL])
def test_each_commented_setting_can_be_set_alone(number: int, tmp_path: Path, existing: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(uncommented(number), encoding="utf-8")
    file.chmod(0o600)
    assert isinstance(load_settings(file), BaseModel)


def test_all_commented_settings_that_do_not_exclude_each_other_can_be_set_together(tmp_path: Path, existing: Path) -> None:
    for kept, out in (("password_file", TOKENS), ("client_secret_file", [SIGN_IN])):
        without = {*SECRET_KEYS, "client_secret_file", "client_secret", "maildir"} - {kept}
        together = [number for number in OPTIONAL if LINES[number].split()[1] not in without and number not in out]
        file = tmp_path / "config.toml"
        file.write_text(uncommented(*together), encoding="utf-8")
        settings = load_settings(file)
        assert settings.account.ca_file == existing / "ca.pem"
        assert settings.account.authserv_id == "mx.mail.example"


def test_no_line_of_the_example_sets_a_password() -> None:
    assert [line for line in LINES if re.match(r"(# )?password =", line)] == []


def test_the_tables_for_several_accounts_can_take_the_place_of_the_one(tmp_path: Path, existing: Path) -> None:
    first, last = LINES.index("[account]"), LINES.index("[policy]")
    several = [line.removeprefix("#   ") for line in LINES[first:last] if line.startswith("#   ")]
    file = tmp_path / "config.toml"
    file.write_text("\n".join([*LINES[:first], *several, *LINES[last:]]), encoding="utf-8")

    home, work = load_accounts(file)

    assert (home.name, home.account.host, home.user.addresses) == ("home", "imap.mail.example", ("alex@mail.example",))
    assert (work.name, work.account.user, work.user.addresses) == ("work", "alex", ("alex@office.example",))
    assert (work.account.folders.drafts, work.digest.enabled) == ("Entwürfe", False)
