"""`check`: a line for each thing that was looked at, its remedy, and an exit status by the worst of them.

What is about one part alone is asked of that part: each run of the command reads all rules in all languages.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent.accounts.settings import Settings, load_accounts, load_settings
from agent.accounts.token_store import TokenFile
from agent.accounts.tokens import Tokens
from agent.cli import check_mailbox, check_past, check_setup
from agent.cli.finding import Finding, Level
from agent.cli.state import open_ledger
from agent.daemon.lock import alone
from agent.store import Fact
from tests.cli.shell import Shell, refused
from tests.dovecot import Dovecot, MailboxUser
from tests.notify.conftest import PASSWORD, Server, authority, ca_file, serve  # noqa: F401 - fixtures are named, not called

TRACKED = "- {id: acme, company: Acme, role: Clerk}\n"
KEYS = {"name", "ok", "level", "text", "mend"}
WITHOUT_UIDPLUS = "has no UIDPLUS: a draft that has become pointless is taken back only while nothing else is marked as deleted"
READ_ONLY = (
    "is read-only for you, so that no draft can be put there; name another under [account.folders], or ask who runs the server "
    "for the right to write there"
)
READ_ONLY_DRAFTS = """
mail_plugins = acl
protocol imap {
  mail_plugins = acl imap_acl
}
plugin {
  acl = vfile:HOME/acls
}
"""


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


def settings_of(shell: Shell) -> Settings:
    return load_settings(shell.folder / "config.toml")


def note(shell: Shell, **facts: str) -> None:
    with open_ledger(settings_of(shell)) as ledger, ledger.transaction():
        for key, value in facts.items():
            ledger.note(Fact(key), value)


@dataclass
class Checked:
    """What the command found, by name; the last of a name counts."""

    status: int
    found: dict[str, dict[str, str]]

    def levels(self, level: str) -> set[str]:
        return {name for name, each in self.found.items() if each["level"] == level}

    def __getitem__(self, name: str) -> str:
        return self.found[name]["text"]


def check(shell: Shell, *words: str) -> Checked:
    done = shell.run("check", "--json", *words)
    assert {frozenset(each) for each in done.json} == {frozenset(KEYS)}
    assert all(each["ok"] == (each["level"] != "problem") and each["text"].endswith(each["mend"]) for each in done.json)
    return Checked(done.status, {each["name"]: each for each in done.json})


def seen(findings: object) -> dict[str, tuple[Level, str]]:
    listed = [findings] if isinstance(findings, Finding) else list(findings)  # type: ignore[call-overload]
    return {each.name: (each.level, each.text) for each in listed}


def test_all_is_well_on_a_server_that_marks_its_folders(shell: Shell, user: MailboxUser, dovecot: Dovecot) -> None:
    dovecot.deliver(user, "INBOX", b"From: a@b.example\r\n\r\nhello\r\n")
    configured(shell, dovecot, user, more='[digest]\nenabled = true\nby = "imap"\n[account.folders]\njunk = "Junk"')

    found = check(shell)

    assert (found.status, found.levels("problem"), found.levels("warning")) == (0, set(), {"service"})
    assert set(found.found) == {
        "configuration", "disk", "learned reader", "secret", "state", "rules and templates", "clock", "senders", "passes",
        "service", "tracked", "login", "server", "folder inbox", "folder sent", "folder drafts", "folder junk", "folder archive",
        "digest",
    }  # fmt: skip
    assert found["configuration"] == f"read from {shell.folder / 'config.toml'} (mode 644)"
    assert found["secret"] == f"the password can be read from {shell.folder / 'password'}, by you alone"
    assert found["state"] == f"{shell.state}, yours alone, and whole"
    assert found["rules and templates"] == "preset default"
    assert found["senders"] == "vouched for by mx.mailbox.example"
    assert found["passes"] == "none was made yet"
    assert found["service"] == "no agent is at work; start it: systemctl --user enable --now interview-agent"
    assert found["login"].startswith(f"{user.name} at {dovecot.host}:{dovecot.port}, in ")
    assert found["server"] == "tells of new mail at once (IDLE)"
    assert found["folder inbox"] == "INBOX, newest UID 1, can be written to"
    assert found["folder drafts"] == "Drafts, marked by the server, empty, can be written to"
    assert found["folder junk"] == "Junk, as the configuration names it, empty"
    assert found["digest"] == "placed into the inbox, from 8:00 on"


def test_in_words_each_finding_is_a_line_and_warnings_alone_end_well_unless_strict(shell: Shell, user: MailboxUser) -> None:
    shell.track(TRACKED)

    done = shell.run("check")

    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("ok   configuration: read from ")
    assert "ok   tracked: 1 interview, 0 questions in review" in lines
    assert "warn service: no agent is at work; start it: systemctl --user enable --now interview-agent" in lines
    assert {line[:5] for line in lines} == {"ok   ", "warn "}
    assert shell.run("check", "--strict").status == 1


def test_all_that_is_broken_is_told_at_once(
    shell: Shell, user: MailboxUser, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = shell.folder / "rules" / "signals" / "en"
    rules.mkdir(parents=True)
    (rules / "mine.yaml").write_text("language: en\nrulez: []\n")
    smtp = '[digest]\nenabled = true\n[digest.smtp]\nhost = "localhost"\nport = 1\nuser = "robin"\npassword_file = "{}"\n'
    more = f'[rules]\nfolder = "{shell.folder / "rules"}"\n{smtp.format(shell.folder / "gone")}'
    configured(shell, dovecot, user, more=more)
    later = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    note(shell, problem="the server is away", failures="3", last_pass=later)
    (shell.folder / "password").write_text("not the one")
    shell.state.chmod(0o755)
    (shell.folder / "config.toml").chmod(0o664)
    monkeypatch.setenv("INTERVIEW_AGENT__DAEMON__POLL_MINUTES", "7")
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=1_000_000))

    found = check(shell)

    assert (found.status, found.levels("warning")) == (1, {"configuration", "state"})
    assert found.levels("problem") == {"disk", "rules and templates", "clock", "passes", "login", "digest"}
    config = shell.folder / "config.toml"
    assert found["configuration"] == (
        f"{config} can be changed by others (mode 664); before it go INTERVIEW_AGENT__DAEMON__POLL_MINUTES; "
        f"run: chmod go-w {config}"
    )
    assert found["disk"] == f"1 MB free at {shell.state}; free some space, or nothing can be remembered"
    assert found["state"] == f"{shell.state} can be opened by others (mode 755); run: chmod go-rwx {shell.state}"
    assert "mine.yaml:2:1: `rulez` is not a known key" in found["rules and templates"]
    assert found["clock"].endswith("the last pass was later; set the clock right")
    assert "The last 3 passes over your mailbox failed: the server is away" in found["passes"]
    assert "password" in found["login"]
    assert "there is no file" in found["digest"]
    assert "folder inbox" not in found.found
    assert "not the one" not in json.dumps(found.found)


def test_two_accounts_are_checked_each_with_its_name(shell: Shell, user: MailboxUser, dovecot: Dovecot) -> None:
    text = (shell.folder / "config.toml").read_text()
    second = text[text.index("[account]") : text.index("[state]")].replace("[account]", "[accounts.work]")
    gone = second.replace("[accounts.work]", "[accounts.old]").replace(str(shell.folder / "password"), "/nowhere/password")
    (shell.folder / "config.toml").write_text(f"{text[: text.index('[account]')]}{second}{gone}{text[text.index('[state]') :]}")

    done = shell.run("check")

    assert done.status == 1
    assert "ok   work, folder drafts: Drafts, marked by the server, empty, can be written to" in done.out.splitlines()
    assert any(
        line.startswith("NOT  old, secret: accounts.old.password_file: there is no file") for line in done.out.splitlines()
    )
    assert [each.name for each in load_accounts(shell.folder / "config.toml")] == ["work", "old"]


def test_a_poor_server_is_told_and_a_drafts_folder_that_is_missing(
    shell: Shell, mailbox_user: MailboxUser, poor_dovecot: Dovecot
) -> None:
    configured(shell, poor_dovecot, mailbox_user)
    poor_dovecot.create(mailbox_user, "INBOX.Gesendet")
    ahead = datetime.now(UTC) + timedelta(minutes=42)
    poor_dovecot.deliver(mailbox_user, "INBOX", b"From: a@b.example\r\n\r\nhello\r\n", internaldate=ahead)

    found = seen(check_mailbox.mailbox(settings_of(shell), {"INBOX": "2026-11-20 10:00 GMT"}))

    assert found["server"] == (
        Level.OK,
        f"tells of new mail at once (IDLE); {WITHOUT_UIDPLUS}; does not say which folder is for what",
    )
    assert found["folder sent"] == (Level.OK, "INBOX.Gesendet, found by its name, empty")
    assert found["folder inbox"][1].endswith("gave its messages new numbers, so that it was read anew on 2026-11-20 10:00 GMT")
    assert found["folder drafts"] == (
        Level.PROBLEM,
        "there is none that the server or its name marks as such; name it in the configuration: [account.folders] drafts = ...",
    )
    level, text = found["clock"]
    assert (level, "came in 42 minutes from now" in text or "came in 41 minutes from now" in text) == (Level.PROBLEM, True)


def test_a_drafts_folder_that_may_not_be_written_to(shell: Shell, mailbox_user: MailboxUser) -> None:
    with Dovecot(extra=READ_ONLY_DRAFTS, files={"acls": "Drafts owner lrs\n"}) as server:
        configured(shell, server, mailbox_user)
        found = seen(check_mailbox.mailbox(settings_of(shell), {}))

    assert found["folder drafts"] == (Level.PROBLEM, f"Drafts, marked by the server, empty, {READ_ONLY}")
    assert found["folder sent"][0] is Level.OK


def test_a_maildir_needs_no_login_and_names_its_folders(shell: Shell, tmp_path: Path) -> None:
    for name in ("cur", "new", "tmp", ".Drafts/cur", ".Drafts/new", ".Drafts/tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"):
        (tmp_path / "Mail" / name).mkdir(parents=True)
    text = (shell.folder / "config.toml").read_text()
    begin, end = text.index("[account]"), text.index("[state]")
    (shell.folder / "config.toml").write_text(f'{text[:begin]}[account]\nmaildir = "{tmp_path / "Mail"}"\n{text[end:]}')
    shell.state.mkdir(mode=0o700)

    found = seen(check_mailbox.mailbox(settings_of(shell), {}))

    assert found["folder drafts"] == (Level.OK, "Drafts, found by its name, empty, can be written to")
    assert "server" not in found


def test_a_password_that_is_nowhere_or_printed_by_a_program(shell: Shell) -> None:
    (shell.folder / "password").unlink()
    level, text = seen(check_setup.secret("secret", settings_of(shell).account.secret))["secret"]
    assert (level, "account.password_file" in text) == (Level.PROBLEM, True)

    shell.configure()
    text = (shell.folder / "config.toml").read_text()
    (shell.folder / "config.toml").write_text(
        text.replace(f'password_file = "{shell.folder / "password"}"', 'password_command = ["/bin/echo", "word-of-mine"]')
    )
    assert seen(check_setup.secret("secret", settings_of(shell).account.secret))["secret"] == (
        Level.OK,
        "the password is printed by echo",
    )


def test_a_state_folder_that_cannot_be_and_a_ledger_that_is_damaged(shell: Shell) -> None:
    shell.track(TRACKED)
    file = shell.state / "ledger.sqlite3"
    assert seen(check_past.state(settings_of(shell)))["state"][0] is Level.OK

    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * 4096 + whole[8192:])
    level, text = seen(check_past.state(settings_of(shell)))["state"]
    assert (level, text.startswith(f"{file} is damaged (")) == (Level.PROBLEM, True)
    assert text.endswith("put a backup in its place (`interview-agent restore`)")

    shell.configure(state=shell.folder / shell.file("taken", b""))
    done = shell.run("check")
    assert done.status == 1
    assert "cannot be made (File exists); name another folder under [state]" in done.out


def test_copies_that_hide_newer_rules_and_policies_that_are_not_there(shell: Shell) -> None:
    folder = shell.folder / "rules"
    shell.configure(more=f'[rules]\nfolder = "{folder}"')
    folder.mkdir()
    shell.track("- {id: acme, company: Acme, role: Clerk, policy: brief}\n")
    assert shell.run("rules", "new", "answers", "--rules", str(folder)).status == 0
    copy = folder / "answers.yaml"
    copy.write_text(re.sub(r"shipped text [0-9a-f]{16}", f"shipped text {'0' * 16}", copy.read_text()))
    (folder / "policies").mkdir()
    (folder / "policies" / "brief.yaml").write_text("extends: brief\nlimits: {nothing: at all}\n")

    settings = settings_of(shell)
    with open_ledger(settings) as ledger:
        found = seen(check_setup.rules(settings, ledger))

    assert found["rules and templates"] == (Level.OK, f"preset default, with 1 file of your own in {folder}")
    assert found["own rules"][0] is Level.WARNING
    assert "the shipped answers.yaml has changed since this copy was made, and the copy hides that" in found["own rules"][1]
    assert found["policies"][0] is Level.PROBLEM
    assert found["policies"][1].endswith("until then it follows `default`")


def test_past_passes_a_silent_mailbox_and_what_is_at_work(shell: Shell) -> None:
    def passes(**facts: str) -> dict[str, tuple[Level, str]]:
        note(shell, **facts)
        with open_ledger(settings_of(shell)) as ledger:
            return seen(check_past.passes(settings_of(shell), ledger, now))

    now = datetime.now(UTC)
    found = passes(last_pass="2026-07-01T10:00:00+00:00")
    assert found["passes"][1].startswith("the last one was on Wed 01 Jul 11:00, ")
    assert found["passes"][1].endswith(" days ago")
    assert found["service"][0] is Level.WARNING

    found = passes(last_pass=(now - timedelta(minutes=3)).isoformat(), last_read=(now - timedelta(days=9)).isoformat())
    assert found["passes"][1].endswith(", 3 minutes ago")
    assert found["service"] == (Level.OK, "no agent is at work now, and the last pass is recent")

    shell.track(TRACKED)
    with alone(shell.state):
        found = passes(last_pass=(now - timedelta(minutes=3)).isoformat())
        assert found["passes"][0] is Level.PROBLEM
        assert found["passes"][1].startswith("No new mail has come for 9 days, although candidacies are open")
        assert found["service"][0] is Level.OK
        assert found["service"][1].startswith("process ")
        found = passes(last_pass=(now - timedelta(hours=5)).isoformat())
        assert found["service"][0] is Level.PROBLEM
        assert "its last pass was 5 hours ago; restart it: systemctl --user restart interview-agent" in found["service"][1]


def test_a_sign_in_is_warned_of_before_its_end_and_told_when_it_is_missing(shell: Shell) -> None:
    text = (shell.folder / "config.toml").read_text()
    tokens = 'sign_in = "microsoft"\noauth = {client_id = "0000"}'
    (shell.folder / "config.toml").write_text(text.replace(f'password_file = "{shell.folder / "password"}"', tokens))
    settings, now = settings_of(shell), datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    shell.state.mkdir(mode=0o700)
    level, told = seen(check_past.sign_in(settings, now))["sign-in"]
    assert (level, told.endswith("run `interview-agent sign-in`")) == (Level.PROBLEM, True)

    endpoint = "https://login.microsoftonline.com/common/oauth2/v2.0/token"
    TokenFile(shell.state).write(
        Tokens(
            access="a", refresh="r", expires_at=now, signed_in_at=now, renewed_at=now, refresh_given_at=now, idle_days=90,
            owner=f"robin 0000 {endpoint}",
        )
    )  # fmt: skip
    good = seen(check_past.sign_in(settings, now))["sign-in"]
    soon = seen(check_past.sign_in(settings, now + timedelta(days=84)))["sign-in"]
    over = seen(check_past.sign_in(settings, now + timedelta(days=91)))["sign-in"]

    assert good == (Level.OK, "with tokens, good until 2027-02-20 as far as is known")
    assert (soon[0], over[0]) == (Level.WARNING, Level.PROBLEM)
    assert soon[1].startswith("Your sign-in to the mailbox ends on 2027-02-20 12:00 UTC. Run `interview-agent sign-in`")
    assert over[1] == "Your sign-in to the mailbox ended on 2027-02-20 12:00 UTC. Run `interview-agent sign-in`."[:-1]


def test_the_digests_server_is_logged_in_to_and_given_nothing(
    shell: Shell,
    serve: Callable[..., Server],  # noqa: F811
    ca_file: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    server = serve("tls")
    secret = tmp_path / "smtp"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    more = (
        f'[digest]\nenabled = true\nhour = 7\n[digest.smtp]\nhost = "localhost"\nport = {server.port}\nuser = "robin"\n'
        f'ca_file = "{ca_file}"\npassword_file = "{secret}"\n'
    )
    shell.configure(more=more)
    assert seen(check_mailbox.digest(settings_of(shell)))["digest"] == (
        Level.OK,
        f"localhost:{server.port} takes it (nothing was sent), from 7:00 on",
    )
    assert server.answers.accepted == []

    secret.write_text("another word")
    level, text = seen(check_mailbox.digest(settings_of(shell)))["digest"]
    assert (level, "refused the login of robin" in text, "another word" in text) == (Level.PROBLEM, True, False)


def test_a_configuration_that_cannot_be_read_is_wrong_usage(shell: Shell) -> None:
    shell.configure(account="prot = 1")
    refused(shell.run("check"), "account.prot", "'port'")

    (shell.folder / "config.toml").unlink()
    refused(shell.run("check"), "config.toml: there is no such file")
    refused(shell.run("check", config=False), "there is no configuration here", "--config")
