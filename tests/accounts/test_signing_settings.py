"""What the configuration says of tokens, and each mistake in it as one line with the remedy."""

from pathlib import Path

import pytest

from agent.accounts.oauth import provider_of
from agent.accounts.settings import ConfigurationRefused, Settings, load_accounts, load_settings

USER = '[user]\nname = "Robin Hale"\naddresses = ["robin@hale.example"]\ntimezone = "UTC"\n'
ACCOUNT = '[account]\nhost = "imap.hale.example"\nuser = "robin"\n'
SMTP = '[digest]\nenabled = true\n[digest.smtp]\nhost = "smtp.hale.example"\nuser = "robin"\n'
ENDPOINTS = 'token_endpoint = "https://x.example/token"\ndevice_endpoint = "https://x.example/device"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def load(file: Path, text: str) -> Settings:
    file.write_text(USER + text)
    return load_settings(file)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            f'{ACCOUNT}[account.oauth]\nclient_id = "x"',
            'account: has settings under oauth, and signs in with a password; add sign_in, such as "microsoft"',
        ),
        (
            f'{ACCOUNT}sign_in = "google"\npassword_env = "X"',
            'account: has sign_in = "google" and password_env; keep the tokens, or the password',
        ),
        (
            f'{ACCOUNT}sign_in = "google"\n[account.oauth]\ntenant = "x.example"',
            'account: has oauth.tenant and sign_in = "google"; take the tenant out: only Microsoft has such',
        ),
        (
            f'{ACCOUNT}sign_in = "oauth"',
            'account: has sign_in = "oauth" without oauth.token_endpoint; add it, or a token_command',
        ),
        (
            f'{ACCOUNT}sign_in = "oauth"\n[account.oauth]\ntoken_endpoint = "https://x.example/token"',
            (
                'account: has sign_in = "oauth" without oauth.device_endpoint or oauth.authorization_endpoint; '
                "add one of them, or a token_command"
            ),
        ),
        (
            f'{ACCOUNT}sign_in = "google"\n[account.oauth]\ntoken_endpoint = "http://x.example/token"',
            (
                "account.oauth.token_endpoint: is no https address; write it in full, such as "
                "'https://login.mail.example/oauth2/token'"
            ),
        ),
        (
            f'{ACCOUNT}sign_in = "google"\n[account.oauth]\nclient_secret = "hush"\nclient_secret_file = "/x"',
            "account.oauth: has client_secret and client_secret_file; keep one of them",
        ),
        (
            f'{ACCOUNT}sign_in = "microsoft"\n{SMTP}sign_in = "google"',
            (
                'digest.smtp has sign_in = "google", and the account signs in with "microsoft"; let both be the same, or name a '
                "password under [digest.smtp]"
            ),
        ),
    ],
)
def test_each_mistake_about_tokens_is_told_with_its_remedy(text: str, told: str, file: Path) -> None:
    with pytest.raises(ConfigurationRefused) as raised:
        load(file, text)
    assert f"{file}: {told}" in str(raised.value).splitlines()
    assert "hush" not in str(raised.value)


def test_the_secret_of_a_client_stands_only_in_a_file_that_is_the_users_alone(file: Path) -> None:
    text = f'{ACCOUNT}sign_in = "google"\n[account.oauth]\nclient_id = "c"\nclient_secret = "hush"\n'
    file.touch(mode=0o644)
    with pytest.raises(ConfigurationRefused) as raised:
        load(file, text)
    assert str(raised.value) == (
        f"{file}: account.oauth.client_secret: stands in a file that others than you can read; run: chmod 600 {file}, "
        "or put it into a file of its own and name that in client_secret_file"
    )
    file.chmod(0o600)
    settings = load(file, text)
    assert "hush" not in repr(settings)
    assert provider_of(settings.account).client_secret == "hush"


@pytest.mark.parametrize(
    ("account", "smtp", "by_token"),
    [
        ('sign_in = "microsoft"\n', "", True),
        ('sign_in = "microsoft"\n', 'sign_in = "microsoft"\n', True),
        ('sign_in = "microsoft"\n', 'sign_in = "password"\n', False),
        ('sign_in = "microsoft"\n', 'password_env = "X"\n', False),
        ("", "", False),
    ],
)
def test_the_digest_goes_out_as_the_account_signs_in_unless_a_password_is_named(
    account: str, smtp: str, by_token: bool, file: Path
) -> None:
    assert load(file, ACCOUNT + account + SMTP + smtp).sends_by_token is by_token


def test_each_of_several_accounts_signs_in_for_itself(file: Path) -> None:
    file.write_text(
        USER
        + '[accounts.home]\nhost = "imap.hale.example"\nuser = "robin"\n'
        + '[accounts.work]\nhost = "imap.office.example"\nuser = "r.hale"\nsign_in = "oauth"\n[accounts.work.oauth]\n'
        + f'client_id = "c"\n{ENDPOINTS}'
    )
    home, work = load_accounts(file)
    assert (home.account.sign_in, work.account.sign_in) == ("password", "oauth")
    provider = provider_of(work.account, name=work.name)
    assert (provider.table, provider.command) == ("accounts.work.oauth", "interview-agent sign-in --account work")
