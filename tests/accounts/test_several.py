"""Several accounts in one configuration: what each has of its own, and what is said when something is wrong."""

from pathlib import Path

import pytest

from agent.accounts.secrets import read_secret
from agent.accounts.settings import ConfigurationRefused, load_accounts, load_settings

SEVERAL = """
[user]
name = "Robin Hale"
addresses = ["robin@hale.example"]
timezone = "America/New_York"

[accounts.home]
host = "imap.hale.example"
user = "robin"

[accounts.work]
host = "imap.work.example"
user = "rhale"
addresses = ["R.Hale@work.example"]
password_file = "/run/secrets/work"

[accounts.work.folders]
drafts = "Entwürfe"
"""
ONE = """
[account]
host = "h"
user = "u"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(SEVERAL, encoding="utf-8")
    return path


def refused(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationRefused) as raised:
        load_accounts(file)
    return str(raised.value).removeprefix(f"{file}: ").split(f"\n{file}: ")


def test_each_has_its_own_server_addresses_folders_and_state(file: Path, home: Path) -> None:
    first, second = load_accounts(file)

    assert [each.name for each in (first, second)] == ["home", "work"]
    assert [each.account.host for each in (first, second)] == ["imap.hale.example", "imap.work.example"]
    assert [each.user.addresses for each in (first, second)] == [("robin@hale.example",), ("r.hale@work.example",)]
    assert [each.user.name for each in (first, second)] == ["Robin Hale", "Robin Hale"]
    assert second.account.folders.drafts == "Entwürfe"
    state = home / ".local/state/interview-agent"
    assert [each.state.folder for each in (first, second)] == [state / "home", state / "work"]
    assert {each.shared_folder for each in (first, second)} == {state}


def test_one_account_without_a_name_stays_where_it_was(file: Path, home: Path) -> None:
    file.write_text(SEVERAL[: SEVERAL.index("[accounts.home]")] + ONE)

    (only,) = load_accounts(file)

    assert (only.name, only.state.folder) == ("", home / ".local/state/interview-agent")
    assert only.shared_folder == only.state.folder


def test_a_password_that_is_named_nowhere_is_the_credential_of_that_name(file: Path, home: Path) -> None:
    first, second = load_accounts(file)
    folder = home / ".config/interview-agent"
    folder.mkdir(parents=True)
    (folder / "imap-password-home").write_text("correct-horse")
    (folder / "imap-password-home").chmod(0o600)

    assert read_secret(first.account.secret) == "correct-horse"
    assert (second.account.secret.table, second.account.secret.file) == ("accounts.work", Path("/run/secrets/work"))


def test_the_digest_is_the_one_of_all_unless_an_account_has_its_own(file: Path) -> None:
    smtp = '{host = "smtp.hale.example", user = "robin"}'
    file.write_text(f"{SEVERAL}\n[accounts.home.digest]\nenabled = true\nhour = 18\nsmtp = {smtp}\n[digest]\nhour = 7\n")

    assert [(each.digest.enabled, each.digest.hour) for each in load_accounts(file)] == [(True, 18), (False, 7)]


def test_a_variable_sets_a_key_of_one_account(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_AGENT__ACCOUNTS__WORK__PORT", "1993")

    assert [each.account.port for each in load_accounts(file)] == [993, 1993]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[accounts.home]", "[accounts.Home]"), "accounts.Home.[key]: is no name for an account"),
        (("[accounts.home]", '[accounts."../home"]'), "accounts.../home.[key]: is no name for an account"),
        (('host = "imap.hale.example"\n', ""), "accounts.home.host: is missing; add host = ... to the table [accounts.home]"),
        (('user = "rhale"', 'usr = "rhale"'), "accounts.work.user: is missing; add user = ... to the table [accounts.work]"),
        (('user = "rhale"', 'user = "rhale"\nhots = "x"'), "accounts.work.hots: there is no such setting; did you mean 'host'?"),
        (("[accounts.home]", f"{ONE}\n[accounts.home]"), "account: stands beside [accounts]; give it a name as well"),
        (('addresses = ["R.Hale@work.example"]', "addresses = []"), "accounts.work.addresses: should have at least 1 item"),
    ],
    ids=["a capital", "a path", "no host", "no user", "a typo", "one beside", "no address"],
)
def test_what_is_wrong_is_said_with_the_account(file: Path, change: tuple[str, str], said: str) -> None:
    assert refused(file, SEVERAL.replace(*change))[0].startswith(said)


def test_who_needs_one_is_told_that_there_are_several(file: Path) -> None:
    with pytest.raises(ConfigurationRefused, match=r"has several \(home, work\); name one with --account"):
        load_settings(file)


def test_a_maildir_needs_neither_server_nor_password(file: Path, tmp_path: Path) -> None:
    (tmp_path / "Mail").mkdir()
    file.write_text(f'{SEVERAL}\n[accounts.files]\nmaildir = "{tmp_path / "Mail"}"\n')

    assert load_accounts(file)[2].account.maildir == tmp_path / "Mail"


def test_a_maildir_beside_a_server_is_a_riddle(file: Path, tmp_path: Path) -> None:
    both = SEVERAL.replace('user = "rhale"', f'user = "rhale"\nmaildir = "{tmp_path}"')

    assert refused(file, both) == [
        "accounts.work: has maildir and host and user and password_file; keep the Maildir, or the server"
    ]


def test_without_a_maildir_host_and_user_are_needed_and_may_not_be_empty(file: Path) -> None:
    said = refused(file, SEVERAL.replace('host = "imap.hale.example"', 'host = ""'))

    assert said == ["accounts.home.host: should have at least 1 character; fill it in, or take it out where it is optional"]
