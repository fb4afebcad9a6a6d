"""`check`: a line for each thing that was looked at, and 1 as soon as one of them is not well."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent.accounts.settings import load_settings
from agent.cli.state import open_ledger
from agent.store import Fact
from tests.cli.shell import Shell, refused
from tests.dovecot import Dovecot, MailboxUser

TRACKED = "- {id: acme, company: Acme, role: Clerk}\n"


@pytest.fixture
def user(shell: Shell, dovecot: Dovecot, mailbox_user: MailboxUser) -> MailboxUser:
    """Give a user of a real server, whom the shell's configuration names."""
    configured(shell, dovecot, mailbox_user)
    return mailbox_user


def configured(shell: Shell, server: Dovecot, user: MailboxUser, *, more: str = "", state: Path | None = None) -> None:
    shell.configure(
        account=f'ca_file = "{server.ca_file}"',
        more=more,
        host=server.host,
        port=server.port,
        login=user.name,
        state=state or shell.state,
    )
    (shell.folder / "password").write_text(user.password)


def findings(shell: Shell) -> dict[str, tuple[bool, str]]:
    done = shell.run("check", "--json")
    found = {each["name"]: (each["ok"], each["text"]) for each in done.json}
    assert {frozenset(each) for each in done.json} == {frozenset({"name", "ok", "text"})}
    assert done.status == (0 if all(ok for ok, _ in found.values()) else 1)
    return found


def note(shell: Shell, **facts: str) -> None:
    with open_ledger(load_settings(shell.folder / "config.toml")) as ledger, ledger.transaction():
        for key, value in facts.items():
            ledger.note(Fact(key), value)


def test_all_is_well(shell: Shell, user: MailboxUser) -> None:
    found = findings(shell)

    assert {name for name, (ok, _) in found.items() if not ok} == set()
    assert set(found) == {
        "configuration", "disk", "learned reader", "state", "rules and templates", "clock", "senders", "passes", "tracked",
        "login", "folder inbox", "folder sent", "folder drafts", "folder junk", "folder archive",
    }  # fmt: skip
    assert found["passes"][1] == "none was made yet"
    assert found["senders"][1] == "vouched for by mx.mailbox.example"


def test_in_words_each_finding_is_a_line(shell: Shell, user: MailboxUser) -> None:
    shell.track(TRACKED)

    done = shell.run("check")

    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[0] == "ok   configuration: read"
    assert "ok   tracked: 1 interview, 0 questions in review" in done.out.splitlines()


def test_a_wrong_password(shell: Shell, user: MailboxUser) -> None:
    (shell.folder / "password").write_text("not the one")

    found = findings(shell)

    assert not found["login"][0]
    assert "password" in found["login"][1]
    assert "folder inbox" not in found
    assert found["rules and templates"][0]
    assert any(line.startswith("NOT  login: ") for line in shell.run("check").out.splitlines())


def test_a_password_that_is_nowhere(shell: Shell, user: MailboxUser) -> None:
    (shell.folder / "password").unlink()

    ok, text = findings(shell)["login"]

    assert (ok, "account.password_file" in text) == (False, True)


def test_a_missing_drafts_folder(shell: Shell, user: MailboxUser, poor_dovecot: Dovecot) -> None:
    configured(shell, poor_dovecot, user)

    found = findings(shell)

    assert found["folder inbox"][0]
    assert found["folder drafts"][0] is False
    assert "[account.folders] drafts = ..." in found["folder drafts"][1]


def test_broken_rules(shell: Shell, user: MailboxUser, dovecot: Dovecot) -> None:
    rules = shell.folder / "rules" / "signals" / "en"
    rules.mkdir(parents=True)
    (rules / "mine.yaml").write_text("language: en\nrulez: []\n")
    configured(shell, dovecot, user, more=f'[rules]\nfolder = "{shell.folder / "rules"}"')

    ok, text = findings(shell)["rules and templates"]

    assert (ok, "mine.yaml:2:1: `rulez` is not a known key" in text) == (False, True)


def test_a_clock_that_went_back(shell: Shell, user: MailboxUser) -> None:
    note(shell, last_pass=(datetime.now(UTC) + timedelta(hours=2)).isoformat())

    ok, text = findings(shell)["clock"]

    assert (ok, text.endswith("the last pass was later; set the clock right")) == (False, True)


def test_the_last_pass_is_told_in_the_users_time(shell: Shell, user: MailboxUser) -> None:
    note(shell, last_pass="2026-07-01T10:00:00+00:00")

    assert findings(shell)["passes"] == (True, "the last one was on Wed 01 Jul 11:00")


def test_passes_that_fail(shell: Shell, user: MailboxUser) -> None:
    note(shell, problem="the server is away", failures="3")

    ok, text = findings(shell)["passes"]

    assert (ok, "the server is away" in text, "3" in text) == (False, True, True)


def test_a_mailbox_that_has_fallen_silent_while_a_candidacy_is_open(shell: Shell, user: MailboxUser) -> None:
    note(shell, last_read=(datetime.now(UTC) - timedelta(days=9)).isoformat())
    assert findings(shell)["passes"][0] is True

    shell.track(TRACKED)

    assert findings(shell)["passes"][0] is False


def test_a_state_folder_that_cannot_be(shell: Shell, user: MailboxUser, dovecot: Dovecot) -> None:
    configured(shell, dovecot, user, state=shell.folder / shell.file("taken", b""))

    found = findings(shell)

    assert found["state"][0] is False
    assert "cannot be made (File exists); name another folder under [state]" in found["state"][1]
    assert found["login"][0]


def test_a_disk_that_is_full(shell: Shell, user: MailboxUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=1_000_000))

    ok, text = findings(shell)["disk"]

    assert (ok, text.startswith("1 MB free at "), "free some space" in text) == (False, True, True)


def test_the_digests_password(shell: Shell, user: MailboxUser, dovecot: Dovecot, tmp_path: Path) -> None:
    digest = '[digest]\nenabled = true\n[digest.smtp]\nhost = "smtp.mailbox.example"\nuser = "robin"\npassword_file = "{}"\n'
    secret = tmp_path / "smtp"
    configured(shell, dovecot, user, more=digest.format(secret))
    assert findings(shell)["digest"][0] is False

    secret.write_text("secret word")
    secret.chmod(0o600)

    assert findings(shell)["digest"] == (True, "its password can be read")
    assert "secret word" not in shell.run("check").out


def test_a_configuration_that_cannot_be_read_is_wrong_usage(shell: Shell) -> None:
    shell.configure(account="prot = 1")
    refused(shell.run("check"), "account.prot", "'port'")

    (shell.folder / "config.toml").unlink()
    refused(shell.run("check"), "config.toml: there is no such file")
    refused(shell.run("check", config=False), "there is no configuration here", "--config")
