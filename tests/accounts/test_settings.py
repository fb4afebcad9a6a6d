"""What the configuration file promises: what is written is read, and what is wrong is said in one line."""

import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from agent.accounts.locations import config_files
from agent.accounts.settings import ConfigurationRefused, Settings, load_settings

PLAIN = """
[user]
name = "Robin Hale"
addresses = ["Robin@Hale.example", "r.hale@work.example"]
timezone = "America/New_York"

[account]
host = "imap.hale.example"
user = "robin"
"""

VERIFIED = (
    "the server's certificate is always verified; take this out; "
    "for a server with a certificate of your own, name its CA in ca_file"
)
NO_PASSWORD = (
    "a password has no place in the configuration; put it into a file that only you can read and name that in password_file, "
    "or use password_command, password_env or a systemd credential"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(PLAIN, encoding="utf-8")
    return path


def refused(path: Path | None, text: str | None = None) -> list[str]:
    """Return the lines with which a configuration is refused."""
    if path is not None and text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationRefused) as raised:
        load_settings(path)
    return str(raised.value).splitlines()


def test_what_the_file_says_is_read_and_the_rest_has_its_default(file: Path, home: Path) -> None:
    settings = load_settings(file)
    assert settings.user.name == "Robin Hale"
    assert settings.user.addresses == ("robin@hale.example", "r.hale@work.example")
    assert settings.user.zone.key == "America/New_York"
    assert (settings.account.host, settings.account.port, settings.account.security) == ("imap.hale.example", 993, "tls")
    assert (settings.account.look_back_days, settings.account.authserv_id) == (90, None)
    assert settings.policy.preset == "default"
    assert settings.rules.folder is None
    assert settings.state.folder == home / ".local/state/interview-agent"
    assert settings.daemon.read_junk
    assert not settings.digest.enabled


def test_starttls_brings_its_own_ports(file: Path) -> None:
    file.write_text(
        PLAIN + 'security = "starttls"\n[digest.smtp]\nhost = "s.example"\nuser = "u"\nsecurity = "starttls"\n', encoding="utf-8"
    )
    settings = load_settings(file)
    assert settings.account.port == 143
    assert settings.digest.smtp is not None
    assert settings.digest.smtp.port == 587


def test_the_users_rules_folder_is_taken_when_it_is_there(file: Path, home: Path) -> None:
    rules = home / ".config/interview-agent/rules"
    rules.mkdir(parents=True)
    assert load_settings(file).rules.folder == rules


def test_under_systemd_the_state_lies_where_the_unit_says(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/interview-agent:/var/lib/other")
    assert load_settings(file).state.folder == Path("/var/lib/interview-agent")


def test_the_environment_goes_before_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_AGENT__ACCOUNT__HOST", "other.hale.example")
    monkeypatch.setenv("INTERVIEW_AGENT__ACCOUNT__FOLDERS__DRAFTS", "Entwürfe")
    monkeypatch.setenv("INTERVIEW_AGENT__USER__ADDRESSES", '["one@hale.example", "two@hale.example"]')
    settings = load_settings(file)
    assert settings.account.host == "other.hale.example"
    assert settings.account.user == "robin"
    assert settings.account.folders.drafts == "Entwürfe"
    assert settings.user.addresses == ("one@hale.example", "two@hale.example")


def test_without_a_path_the_users_file_is_found(home: Path) -> None:
    place = home / ".config/interview-agent"
    place.mkdir(parents=True)
    (place / "config.toml").write_text(PLAIN, encoding="utf-8")
    assert load_settings(None).user.name == "Robin Hale"


def test_the_places_are_the_users_and_then_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/srv/conf")
    assert config_files() == (Path("/srv/conf/interview-agent/config.toml"), Path("/etc/interview-agent/config.toml"))


def test_a_relative_xdg_folder_is_ignored(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "conf")
    assert config_files()[0] == home / ".config/interview-agent/config.toml"


def test_no_configuration_at_all_names_where_it_belongs(home: Path) -> None:
    (line,) = refused(None)
    assert line == (
        f"{home}/.config/interview-agent/config.toml: there is no configuration here, nor at /etc/interview-agent/config.toml; "
        "run `interview-agent init`, or name a file with --config"
    )


def test_a_named_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    (line,) = refused(tmp_path / "nowhere.toml")
    assert line == f"{tmp_path}/nowhere.toml: there is no such file; correct the path, or create it from config.example.toml"


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    (line,) = refused(tmp_path)
    assert line.startswith(f"{tmp_path}: is a folder, not a file; ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("host =", "hots ="), "account.hots: there is no such setting; did you mean 'host'?"),
        (("[account]", "[acount]"), "acount: there is no such setting; did you mean 'account'?"),
        (("timezone =", "time_zone ="), "user.time_zone: there is no such setting; did you mean 'timezone'?"),
        (
            ('user = "robin"', 'user = "robin"\npreset = "x"'),
            "account.preset: there is no such setting; did you mean 'policy.preset'?",
        ),
        (
            ('user = "robin"', 'user = "robin"\nverify_certificates = false'),
            f"account.verify_certificates: {VERIFIED}",
        ),
        (
            ('user = "robin"', 'user = "robin"\nsecurity = "none"'),
            "account.security: is not 'tls' or 'starttls'; write one of these; a connection without encryption is not possible",
        ),
        (
            ('user = "robin"', 'user = "robin"\nport = "imap"'),
            "account.port: should be a valid integer, unable to parse string as an integer; write a whole number, without quotes",
        ),
        (
            ('user = "robin"', 'user = "robin"\nport = 70000'),
            "account.port: should be less than or equal to 65535; see config.example.toml",
        ),
        (('user = "robin"\n', ""), "account.user: is missing; add user = ... to the table [account]"),
        (
            ("America/New_York", "America/New_Yorck"),
            "user.timezone: is no time zone; write a name of the IANA list, such as 'Europe/Berlin'",
        ),
        (
            ("America/New_York", "../../etc/passwd"),
            "user.timezone: is no time zone; write a name of the IANA list, such as 'Europe/Berlin'",
        ),
        (("r.hale@work.example", "r.hale"), "user.addresses[2]: is no mail address; write it bare, such as 'alex@mail.example'"),
        (
            ("r.hale@work.example", r"a@b.example\r\nBcc: x@y.example"),
            "user.addresses[2]: is no mail address; write it bare, such as 'alex@mail.example'",
        ),
        (
            ("Robin Hale", r"Robin\r\nBcc: x@y.example"),
            "user.name: holds a line break or a control character; write it on one line",
        ),
        (
            ('user = "robin"', 'user = "robin"\nca_file = "ca.pem"'),
            "account.ca_file: is a relative path; begin it with '/' or '~/'",
        ),
        (
            ('user = "robin"', 'user = "robin"\nca_file = "/no/ca.pem"'),
            "account.ca_file: there is no file /no/ca.pem; correct the path, or take the setting out",
        ),
        (
            ('user = "robin"', 'user = "robin"\n[rules]\nfolder = "/no/rules"'),
            "rules.folder: there is no folder /no/rules; create it, correct the path, or take the setting out",
        ),
        (
            ('user = "robin"', 'user = "robin"\npassword_file = "/a"\npassword_env = "B"'),
            "account: has password_file and password_env; keep one of them",
        ),
        (
            ('user = "robin"', 'user = "robin"\n[digest]\nenabled = true'),
            (
                'digest: is enabled without a server; add the table [digest.smtp], or by = "imap" to have it placed into the '
                "inbox, or set enabled = false"
            ),
        ),
        (
            ('user = "robin"', 'user = "robin"\n[digest]\nby = "imap"\nsender = "agent@mail.example"'),
            'digest: has by = "imap" and a sender; take the sender out: what is placed into the inbox is from you to you',
        ),
    ],
)
def test_each_mistake_is_one_line_with_the_key_and_the_remedy(file: Path, change: tuple[str, str], said: str) -> None:
    lines = refused(file, PLAIN.replace(*change))
    assert f"{file}: {said}" in lines


def test_all_mistakes_are_told_at_once(file: Path) -> None:
    lines = refused(file, PLAIN.replace("host =", "hots =").replace("America/New_York", "Mars"))
    assert lines == [
        f"{file}: user.timezone: is no time zone; write a name of the IANA list, such as 'Europe/Berlin'",
        f"{file}: account.host: is missing; add host = ... to the table [account]",
        f"{file}: account.hots: there is no such setting; did you mean 'host'?",
    ]


def test_a_missing_table_is_named(file: Path) -> None:
    assert refused(file, PLAIN[: PLAIN.index("[account]")]) == [f"{file}: account: is missing; add the table [account]"]


def test_a_syntax_error_has_its_line_and_column(file: Path) -> None:
    (line,) = refused(file, '[user]\nname = "Robin"\naddresses = [oops]\n')
    assert line == f"{file}:3:14: is not valid TOML (Invalid value); correct this line"


def test_a_file_in_another_encoding_is_refused(file: Path) -> None:
    file.write_bytes('[user]\nname = "Zoë"\n'.encode("latin-1"))
    (line,) = refused(file)
    assert line == f"{file}: is not UTF-8; save it as UTF-8"


def test_a_byte_order_mark_is_named(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + PLAIN.encode())
    (line,) = refused(file)
    assert line == f"{file}: begins with a byte order mark, which TOML forbids; save it as UTF-8 without one"


def test_a_typo_in_a_variable_names_the_variable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_AGENT__ACCOUNT__HOTS", "x")
    monkeypatch.setenv("INTERVIEW_AGENT__ACOUNT__HOST", "x")
    assert refused(file) == [
        "environment variable INTERVIEW_AGENT__ACOUNT__HOST: acount: there is no such setting; did you mean 'account'?",
        "environment variable INTERVIEW_AGENT__ACCOUNT__HOTS: account.hots: there is no such setting; did you mean 'host'?",
    ]


def test_a_variable_with_a_wrong_value_names_the_variable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_AGENT__DAEMON__POLL_MINUTES", "often")
    (line,) = refused(file)
    assert line.startswith(
        "environment variable INTERVIEW_AGENT__DAEMON__POLL_MINUTES: daemon.poll_minutes: should be a valid integer"
    )


def test_a_list_in_a_variable_that_is_no_json_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_AGENT__USER__ADDRESSES", "one@hale.example")
    (line,) = refused(file)
    assert line == (
        "environment: user: one of the variables INTERVIEW_AGENT__USER* is no JSON; "
        'write lists and tables as JSON, such as ["one", "two"]'
    )


@pytest.mark.parametrize(
    "table", ['password = "hunter2-very-secret"', 'smtp_password = "hunter2-very-secret"', 'port = "hunter2-very-secret"',
              'password_file = ["hunter2-very-secret"]', 'password_env = "hunter2-very-secret"']
)  # fmt: skip
def test_a_password_in_the_file_is_refused_and_never_shown(file: Path, table: str) -> None:
    file.write_text(f"{PLAIN}{table}\n", encoding="utf-8")
    with pytest.raises(ConfigurationRefused) as raised:
        load_settings(file)
    shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + repr(raised.value.problems)
    assert "account." in shown
    assert "hunter2" not in shown
    assert raised.value.__context__ is None


def test_a_password_in_the_file_is_told_where_it_belongs(file: Path) -> None:
    assert refused(file, f'{PLAIN}password = "x"\n') == [
        f"{file}: account.password: {NO_PASSWORD}",
    ]


def test_a_password_in_a_variable_is_refused_and_never_shown(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_AGENT__ACCOUNT__PASSWORD", "hunter2-very-secret")
    (line,) = refused(file)
    assert line.startswith("environment variable INTERVIEW_AGENT__ACCOUNT__PASSWORD: account.password: a password has no place")
    assert "hunter2" not in line


def test_the_arguments_of_a_password_command_do_not_show(file: Path) -> None:
    file.write_text(PLAIN + 'password_command = ["printf", "hunter2-very-secret"]\n', encoding="utf-8")
    settings = load_settings(file)
    assert "hunter2" not in repr(settings) + str(settings) + repr(settings.account.secret)


def test_settings_cannot_be_changed(file: Path) -> None:
    settings = load_settings(file)
    with pytest.raises(ValueError, match="frozen"):
        settings.account.host = "other"  # type: ignore[misc]


def test_a_key_of_the_library_is_no_setting(file: Path) -> None:
    assert refused(file, '_env_file = "x"\n' + PLAIN)[0].startswith(f"{file}: _env_file: there is no such setting; ")


def test_errors_and_places_come_without_pydantic() -> None:
    code = (
        "import sys, agent.accounts, agent.accounts.problems, agent.accounts.secrets, agent.accounts.locations\n"
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_table_refuses_what_it_does_not_know() -> None:
    tables = [Settings, *(field.annotation for field in Settings.model_fields.values())]
    assert [table for table in tables if table.model_config.get("extra") != "forbid"] == []  # type: ignore[union-attr]
