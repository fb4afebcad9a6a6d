"""Where a password may come from, what is refused, and that it never shows."""

import os
import shutil
import sys
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.accounts.problems import SecretRefused
from agent.accounts.secrets import SecretSource, read_secret

NOT_ALONE = "holds more than one line, or control characters; the password must stand there alone"
SECRET = "correct horse; battery=staple ü"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(SECRET + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def refusal(source: SecretSource) -> str:
    """Return the text with which a secret is refused, after a look at all that a log could show of it."""
    with pytest.raises(SecretRefused) as raised:
        read_secret(source)
    shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + repr(source) + str(source)
    assert SECRET not in shown
    assert raised.value.__context__ is None
    assert "\n" not in str(raised.value)
    return str(raised.value)


def printing(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_file_gives_its_line_without_the_line_end(file: Path, end: str) -> None:
    file.write_bytes((SECRET + end).encode())
    assert read_secret(SecretSource(table="account", file=file)) == SECRET


def test_spaces_at_the_ends_belong_to_the_password(file: Path) -> None:
    file.write_text(" pass word \n", encoding="utf-8")
    assert read_secret(SecretSource(table="account", file=file)) == " pass word "


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_file_that_others_can_read_or_change_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert refusal(SecretSource(table="account", file=file)) == (
        f"account.password_file: others than you can read or change {file}; run: chmod 600 {file}"
    )


def test_a_missing_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "none"
    assert refusal(SecretSource(table="digest.smtp", file=path)) == (
        f"digest.smtp.password_file: there is no file {path}; create it with the password as its only line, "
        f"then run: chmod 600 {path}"
    )


def test_a_folder_is_no_password(tmp_path: Path) -> None:
    assert refusal(SecretSource(table="account", file=tmp_path)) == (
        f"account.password_file: {tmp_path} cannot be read (Is a directory); check the path and who owns it"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty; put the password there"),
        (b"\n", "is empty; put the password there"),
        (SECRET.encode() + b"\nsecond line\n", NOT_ALONE),
        (SECRET.encode() + b"\r\nA1 DELETE INBOX", NOT_ALONE),
        (SECRET.encode() + b"\0", NOT_ALONE),
        (SECRET.encode() + b"\xff", "is not UTF-8; write it again as UTF-8"),
        (SECRET.encode() * 3000, "holds more than 65536 bytes; it must be the password alone"),
    ],
)
def test_what_cannot_be_a_password_is_refused(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)
    assert refusal(SecretSource(table="account", file=file)) == f"account.password_file: {file} {said}"


def test_a_command_gives_what_it_prints(file: Path) -> None:
    assert read_secret(SecretSource(table="account", command=("cat", str(file)))) == SECRET


def test_a_command_runs_without_a_shell() -> None:
    assert read_secret(SecretSource(table="account", command=("printf", "%s", "$HOME; `id`"))) == "$HOME; `id`"


def test_a_failed_command_tells_its_exit_status_and_nothing_that_it_printed() -> None:
    code = f"import sys; print({SECRET!r}); print({SECRET!r}, file=sys.stderr); sys.exit(7)"
    assert refusal(SecretSource(table="account", command=printing(code))) == (
        f"account.password_command: {sys.executable} failed with exit status 7; run it by hand to see why"
    )


def test_a_killed_command_tells_the_signal() -> None:
    code = f"import os; print({SECRET!r}, flush=True); os.kill(os.getpid(), 9)"
    assert refusal(SecretSource(table="account", command=printing(code))) == (
        f"account.password_command: {sys.executable} failed with signal 9; run it by hand to see why"
    )


def test_a_slow_command_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.accounts.secrets.COMMAND_SECONDS", 0.2)
    code = f"import signal; print({SECRET!r}, flush=True); signal.pause()"
    assert refusal(SecretSource(table="account", command=printing(code))).startswith(
        f"account.password_command: {sys.executable} took longer than 0.2 seconds; "
    )


def test_a_command_that_prints_nothing_is_refused() -> None:
    assert refusal(SecretSource(table="account", command=("true",))) == (
        "account.password_command: the output of true is empty; put the password there"
    )


def test_a_command_that_is_not_installed_is_told() -> None:
    assert refusal(SecretSource(table="account", command=("no-such-command", SECRET))) == (
        "account.password_command: no-such-command cannot be run (No such file or directory); "
        "check that it is installed and on the PATH"
    )


def test_a_command_may_lie_in_the_home_folder(home: Path, file: Path) -> None:
    (home / "bin").mkdir()
    shutil.copy(shutil.which("cat") or "", home / "bin/show")
    assert read_secret(SecretSource(table="account", command=("~/bin/show", str(file)))) == SECRET


def test_the_environment_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", SECRET)
    assert read_secret(SecretSource(table="account", env="MAIL_PASSWORD")) == SECRET


def test_a_variable_that_is_not_set_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_PASSWORD", raising=False)
    assert refusal(SecretSource(table="account", env="MAIL_PASSWORD")) == (
        "account.password_env: the environment variable MAIL_PASSWORD is not set; set it, or use password_file"
    )


def test_systemd_gives_it_whatever_the_mode_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imap-password").write_text(SECRET + "\n", encoding="utf-8")
    (tmp_path / "imap-password").chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert read_secret(SecretSource(table="account", credential="imap-password")) == SECRET


def test_without_systemd_the_file_that_the_unit_loads_is_read(file: Path) -> None:
    assert read_secret(SecretSource(table="account", credential="imap-password", beside=file)) == SECRET


def test_the_file_that_the_unit_loads_must_be_private_too(file: Path) -> None:
    file.chmod(0o644)
    assert refusal(SecretSource(table="account", credential="imap-password", beside=file)) == (
        f"account.credential: others than you can read or change {file}; run: chmod 600 {file}"
    )


def test_the_empty_credential_that_the_unit_sets_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imap-password").write_text("\n", encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    beside = tmp_path / "conf/imap-password"
    assert refusal(SecretSource(table="account", credential="imap-password", beside=beside)) == (
        "account.credential: there is no password: no systemd credential 'imap-password' was given; set account.password_file, "
        f"password_command or password_env or put it into {beside} (chmod 600)"
    )


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40))
def test_any_password_of_one_line_comes_back_as_it_is(password: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "MAIL_PASSWORD", password)
        assert read_secret(SecretSource(table="account", env="MAIL_PASSWORD")) == password
