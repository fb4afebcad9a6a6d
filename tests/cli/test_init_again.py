"""`init` a second time, its digest by a mail server, and the service: nothing is lost that was not asked about."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.accounts.settings import load_settings
from tests.accounts.provider import TokenProvider
from tests.cli.newcomer import NOTHING_MORE, Newcomer, newcomer
from tests.cli.shell import refused
from tests.dovecot import Dovecot
from tests.notify.conftest import PASSWORD as SMTP_PASSWORD
from tests.notify.conftest import Server, authority, ca_file, serve

__all__ = ["authority", "ca_file", "newcomer", "serve"]


def is_set_up(newcomer: Newcomer) -> str:
    """Set the newcomer up; then they write into the file by hand. Return its text."""
    done = newcomer.init(*newcomer.mailbox, "--password-stdin", "--name", "Robin Hale", answers=f"{newcomer.user.password}\n")
    assert done.status == 0, done.err
    text = newcomer.config.read_text().replace('strengths = ""', 'strengths = "ten years of Python" # mine')
    newcomer.config.write_text(text.replace("poll_minutes = 5", "poll_minutes = 11") + "\n# the end\n")
    return newcomer.config.read_text()


def test_again_with_enter_alone_nothing_changes(newcomer: Newcomer) -> None:
    is_set_up(newcomer)
    before = newcomer.files()

    done = newcomer.init("--no-service", answers="\n" * 10)

    assert (done.status, done.err) == (0, "")
    assert "The configuration stays as it is" in done.out
    after = newcomer.files()
    assert {name: after[name] for name in before} == before
    assert f"Your mail address [{newcomer.user.name}]: " in done.out
    assert f"[localhost:{newcomer.server.port}]: " in done.out
    assert "Enter to keep the present one" in done.out


def test_again_with_another_answer_only_that_changes(newcomer: Newcomer) -> None:
    text = is_set_up(newcomer)

    done = newcomer.init("--yes", "--no-service", "--language", "it", "--preset", "brief", "--zone", "Europe/Rome")

    assert (done.status, done.err) == (0, "")
    lines = [pair for pair in zip(text.splitlines(), newcomer.config.read_text().splitlines(), strict=True) if pair[0] != pair[1]]
    assert lines == [
        ('timezone = "Europe/Berlin"', 'timezone = "Europe/Rome"'),
        ('language = "de"', 'language = "it"'),
        ('preset = "default"', 'preset = "brief"'),
    ]


def test_a_configuration_that_is_no_toml_is_left_alone(newcomer: Newcomer) -> None:
    newcomer.config.parent.mkdir(parents=True)
    newcomer.config.write_text("[user\n")

    refused(newcomer.init(*newcomer.mailbox), "config.toml: is not valid TOML", "line 1")
    assert newcomer.config.read_text() == "[user\n"


def test_several_mailboxes_one_after_the_other(newcomer: Newcomer) -> None:
    password = f"{newcomer.user.password}\n"
    first = newcomer.init("--account", "home", *newcomer.mailbox, "--password-stdin", answers=password)
    before = newcomer.config.read_text()
    other = ("--address", "robin@office.example", "--user", f"office-{newcomer.user.name}")

    second = newcomer.init(
        "--account", "work", *newcomer.mailbox[2:], *other, "--password-stdin", "--digest", "imap", answers=password
    )

    assert (first.status, first.err, second.status, second.err) == (0, "", 0, "")
    tables = newcomer.tables()
    accounts = tables["accounts"]
    assert list(accounts) == ["home", "work"]
    assert accounts["work"] == {
        "host": "localhost", "user": f"office-{newcomer.user.name}", "port": newcomer.server.port,
        "ca_file": newcomer.server.ca_file, "addresses": ["robin@office.example"],
        "digest": {"enabled": True, "hour": 8, "by": "imap"},
    }  # fmt: skip
    assert tables["user"]["addresses"] == [newcomer.user.name]
    assert all(line in newcomer.config.read_text() for line in before.splitlines())
    assert sorted(path.name for path in newcomer.config.parent.iterdir()) == [
        "config.toml",
        "imap-password-home",
        "imap-password-work",
    ]
    refused(newcomer.init("--yes"), "has several accounts (home, work)", "init --account NAME")


def test_an_account_without_a_name_is_not_made_one_of_several_by_itself(newcomer: Newcomer) -> None:
    text = is_set_up(newcomer)

    refused(newcomer.init("--account", "work", *newcomer.mailbox), "has one account without a name", "[accounts.first]")
    assert newcomer.config.read_text() == text


# The digest by a mail server, and the service


def test_the_digest_by_a_mail_server(newcomer: Newcomer, serve: Callable[..., Server], ca_file: Path) -> None:
    right, wrong = serve("starttls"), serve()
    more = ("--digest", "smtp", "--smtp-ca-file", str(ca_file), "--smtp-user", "robin")

    done = newcomer.init(
        *newcomer.mailbox[:6], *NOTHING_MORE, *more, "--smtp-host", f"localhost:{right.port}",
        answers=f"\n{newcomer.user.password}\n\n\n{SMTP_PASSWORD}\n\n",
    )  # fmt: skip

    assert (done.status, done.err) == (0, "")
    assert "refused the login of robin (535)" in " ".join(done.out.split())
    assert "ok   Sending: localhost lets robin in." in done.out
    smtp = load_settings(newcomer.config).digest.smtp
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.security, smtp.user) == ("localhost", right.port, "starttls", "robin")
    assert newcomer.config.with_name("smtp-password").read_text() == f"{SMTP_PASSWORD}\n"
    assert right.answers.accepted == []
    text = newcomer.config.read_text()

    failed = newcomer.init(*newcomer.mailbox, *more, "--smtp-host", f"localhost:{wrong.port}")
    assert (failed.status, newcomer.config.read_text()) == (2, text), failed.err

    back = newcomer.init(*newcomer.mailbox, "--digest", "imap")
    assert (back.status, back.err) == (0, "")
    assert load_settings(newcomer.config).digest.by == "imap"
    assert '# host = "localhost"\n# user = "robin"' in newcomer.config.read_text()


@pytest.fixture
def systemctl(newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a service manager onto the PATH that takes everything and writes down what; return where."""
    programs, said = newcomer.shell.folder / "bin", newcomer.shell.folder / "said"
    programs.mkdir()
    program = programs / "systemctl"
    program.write_text(f'#!/bin/sh\necho "$@" >> "{said}"\n[ ! -e "{said}.refuse" ] || {{ echo "no bus" >&2; exit 1; }}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return said


def test_the_service_is_made_for_this_installation_and_started(newcomer: Newcomer, systemctl: Path) -> None:
    is_set_up(newcomer)

    done = newcomer.init("--yes", "--service")

    assert (done.status, done.err) == (0, "")
    assert systemctl.read_text().splitlines() == [
        "--user show-environment", "--user daemon-reload", "--user enable interview-agent.service",
        "--user restart interview-agent.service",
    ]  # fmt: skip
    unit = newcomer.shell.folder / ".config/systemd/user/interview-agent.service"
    (start,) = re.findall(r"(?m)^ExecStart=(.*) run$", unit.read_text())
    ran = subprocess.run([start, "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("interview-agent ")
    if analyze := shutil.which("systemd-analyze"):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(newcomer.shell.folder),
            "XDG_RUNTIME_DIR": str(newcomer.shell.folder),
        }
        judged = subprocess.run(
            [analyze, "--user", "verify", str(unit)], capture_output=True, text=True, env=environment, check=False
        )
        assert (judged.returncode, judged.stderr) == (0, "")


def test_a_service_that_cannot_be_started_or_is_changed_by_hand(newcomer: Newcomer, systemctl: Path) -> None:
    is_set_up(newcomer)
    systemctl.with_name("said.refuse").touch()

    done = newcomer.init("--yes", "--service")

    assert done.status == 0
    assert "NOT  Service: it was not started" in done.out
    assert "       systemctl --user enable interview-agent.service\n" in done.out

    unit = newcomer.shell.folder / ".config/systemd/user/interview-agent.service"
    unit.write_text(unit.read_text() + "# mine\n")
    again = newcomer.init("--service", answers="\n" * 9 + "no\n")
    assert (again.status, unit.read_text().endswith("# mine\n"), "It stays as it is." in again.out) == (0, True, True), again.out


def test_a_sign_in_in_the_browser(newcomer: Newcomer, token_dovecot: Dovecot) -> None:
    with TokenProvider(folder=newcomer.shell.folder, user=newcomer.user.name) as provider:
        oauth = "\n".join(f"{key} = {json.dumps(value)}" for key, value in provider.settings().items())
        newcomer.config.parent.mkdir(parents=True)
        newcomer.config.write_text(
            f'[user]\nname = "Robin"\naddresses = ["{newcomer.user.name}"]\ntimezone = "Europe/Berlin"\n'
            f'[account]\nhost = "localhost"\nport = {token_dovecot.port}\nuser = "{newcomer.user.name}"\n'
            f'ca_file = "{token_dovecot.ca_file}"\nsign_in = "oauth"\n[account.oauth]\n{oauth}\n'
        )
        text = newcomer.config.read_text()

        done = newcomer.init("--yes", "--no-service")

        assert (done.status, done.err) == (0, "")
        assert "type the code" in done.out
        assert "ok   Login: " in done.out
        tokens = newcomer.shell.folder / ".local/state/interview-agent/tokens.json"
        assert tokens.is_file()
        asked = len(provider.asked)

        again = newcomer.init("--yes", "--no-service")
        assert (again.status, "type the code" in again.out, len(provider.asked)) == (0, False, asked)
        assert newcomer.config.read_text() == text

        tokens.unlink()
        stopped = newcomer.init("--yes", "--no-service", "--digest-hour", "99", "--digest", "imap")
        assert (stopped.status, tokens.exists()) == (2, False)


def test_its_help_tells_the_way_without_questions(newcomer: Newcomer) -> None:
    done = newcomer.init("--help")

    assert done.status == 0
    assert "interview-agent init --yes --address alex@mail.example --password-file ~/imap-password" in done.out
    assert "Ctrl-C leaves everything as it was" in " ".join(done.out.split())
