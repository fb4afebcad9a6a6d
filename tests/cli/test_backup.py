"""`backup` and `restore` as a user calls them."""

import fcntl
from pathlib import Path

from tests.cli.shell import Shell, refused

TRACKED = "- {id: acme, company: Acme, role: Clerk}\n"


def known(shell: Shell) -> list[str]:
    return [each["id"] for each in shell.run("interviews", "list", "--json").json]


def test_what_is_known_here_is_known_there_and_nothing_is_lost_that_was_known_there(shell: Shell) -> None:
    shell.track(TRACKED)
    (shell.folder / "password").write_text("open sesame")

    done = shell.run("backup", "all.jsonl")

    assert (done.status, done.out.splitlines()[0].endswith("written to all.jsonl.")) == (0, True)
    assert (shell.folder / "all.jsonl").stat().st_mode & 0o777 == 0o600
    assert "sesame" not in (shell.folder / "all.jsonl").read_text()
    assert shell.run("backup", "all.jsonl", "--json").json[0]["account"] == ""

    shell.configure(state=shell.folder / "there")
    assert known(shell) == []
    assert shell.run("restore", "all.jsonl").status == 0
    assert known(shell) == ["acme"]

    shell.run("interviews", "add", "birch", "--company", "Birch", "--role", "Chef")
    refused(shell.run("restore", "all.jsonl"), "--replace", "there/ledger.sqlite3")
    assert known(shell) == ["acme", "birch"]
    done = shell.run("restore", "all.jsonl", "--replace")
    assert (done.status, known(shell)) == (0, ["acme"])
    (kept,) = (shell.folder / "there").glob("ledger.sqlite3.before-*")
    assert f"What was known before is kept in {kept}." in done.out
    kept.replace(shell.folder / "there" / "ledger.sqlite3")
    assert known(shell) == ["acme", "birch"]


def test_a_damaged_backup_changes_nothing(shell: Shell) -> None:
    shell.track(TRACKED)
    shell.run("backup", "all.jsonl")
    file = shell.folder / "all.jsonl"
    file.write_text(file.read_text().replace("Acme", "Akme"))

    done = shell.run("restore", "all.jsonl", "--replace")

    assert (done.status, "the file is damaged or cut off" in done.err) == (1, True)
    assert known(shell) == ["acme"]
    assert not list(shell.state.glob("*.restoring")) + list(shell.state.glob("*.before-*"))
    assert shell.run("restore", "nowhere.jsonl").status == 1
    assert shell.run("backup", "nowhere/all.jsonl").status == 1


def test_nothing_is_restored_below_a_running_agent(shell: Shell) -> None:
    shell.track(TRACKED)
    shell.run("backup", "all.jsonl")
    with (shell.state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = shell.run("restore", "all.jsonl", "--replace")

    assert (done.status, "stop it first" in done.err) == (1, True)


def several(folder: Path, *names: str) -> None:
    accounts = "".join(
        f'[accounts.{name}]\nhost = "imap.nowhere.invalid"\nuser = "{name}"\npassword_file = "{folder}/password"\n'
        for name in names
    )
    user = '[user]\nname = "Robin Hale"\naddresses = ["robin.hale@mailbox.example"]\ntimezone = "Europe/London"\n'
    (folder / "config.toml").write_text(f'{user}{accounts}[state]\nfolder = "{folder}/several"\n')


def test_several_accounts_go_by_their_names(shell: Shell) -> None:
    several(shell.folder, "home", "work")
    shell.run("interviews", "add", "acme", "--company", "Acme", "--role", "Clerk", "--account", "home")
    shell.run("interviews", "add", "birch", "--company", "Birch", "--role", "Chef", "--account", "work")
    assert [each["account"] for each in shell.run("backup", "all.jsonl", "--json").json] == ["home", "work"]

    (shell.folder / "several").rename(shell.folder / "old")
    assert shell.run("restore", "all.jsonl", "--account", "work").status == 0
    assert [(each["account"], each["id"]) for each in shell.run("interviews", "list", "--json").json] == [("work", "birch")]
    (shell.folder / "several").rename(shell.folder / "half")
    assert shell.run("restore", "all.jsonl").status == 0
    assert [(each["account"], each["id"]) for each in shell.run("interviews", "list", "--json").json] == [
        ("home", "acme"),
        ("work", "birch"),
    ]

    several(shell.folder, "home", "private")
    refused(shell.run("restore", "all.jsonl", "--replace"), "home, work", "home, private")
