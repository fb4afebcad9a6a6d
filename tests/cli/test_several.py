"""The commands where the configuration names several accounts: over all of them, or about one."""

import pytest

from agent.accounts.settings import load_accounts
from agent.cli.state import open_ledger
from agent.plan.review import Question, ReviewKind
from tests.cli.shell import Shell, refused
from tests.daemon.scene import NOW

CONFIG = """
[user]
name = "Robin Hale"
addresses = ["robin.hale@mailbox.example"]
timezone = "Europe/London"

[accounts.home]
host = "imap.nowhere.invalid"
user = "robin"
password_file = "{password}"

[accounts.work]
host = "imap.nowhere.invalid"
user = "rhale"
password_file = "{password}"
addresses = ["r.hale@work.example"]

[state]
folder = "{state}"
"""
ADD = ("--company", "Acme", "--role", "Clerk")


@pytest.fixture
def two(shell: Shell) -> Shell:
    """Give a shell with the accounts home and work."""
    text = CONFIG.format(password=shell.folder / "password", state=shell.state)
    (shell.folder / "config.toml").write_text(text, encoding="utf-8")
    return shell


def add(two: Shell, account: str, interview: str) -> None:
    done = two.run("interviews", "add", interview, *ADD, "--account", account)
    assert done.status == 0, done.err


def ask(two: Shell, account: str) -> None:
    """Put a question into the ledger of an account."""
    (settings,) = [each for each in load_accounts(two.folder / "config.toml") if each.name == account]
    question = Question(
        kind=ReviewKind.SUGGESTION,
        reason=f"time to move on, at {account}?",
        asked_at=NOW,
        candidates=("acme",),
        message_id=None,
        occasion="silence",
    )
    with open_ledger(settings) as ledger, ledger.transaction():
        ledger.ask(question)


def test_each_account_has_a_ledger_of_its_own(two: Shell) -> None:
    add(two, "home", "acme")
    add(two, "work", "birch")

    assert (two.state / "home" / "ledger.sqlite3").exists()
    assert (two.state / "work" / "ledger.sqlite3").exists()
    assert not (two.state / "ledger.sqlite3").exists()


def test_what_is_added_needs_an_account(two: Shell) -> None:
    refused(two.run("interviews", "add", "acme", *ADD), "there are several accounts (home, work); say which one: --account NAME")
    refused(two.run("interviews", "import", "-"), "--account NAME")


def test_an_account_that_does_not_exist(two: Shell, shell: Shell) -> None:
    refused(two.run("status", "--account", "wrk"), "there is no account 'wrk'; there are: home, work")


def test_the_only_account_has_no_name(shell: Shell) -> None:
    refused(shell.run("status", "--account", "home"), "there is no account 'home'; the configuration has one account")


def test_the_boards_of_all_are_shown_one_after_the_other(two: Shell) -> None:
    add(two, "home", "acme")
    add(two, "work", "birch")

    boards = two.run("status", "--json").json
    shown = two.run("status").out
    one = two.run("status", "--json", "--account", "work").json

    assert [(each["account"], [row["id"] for row in each["interviews"]]) for each in boards] == [
        ("home", ["acme"]),
        ("work", ["birch"]),
    ]
    assert shown.index("home:") < shown.index("acme") < shown.index("work:") < shown.index("birch")
    assert "account" not in one
    assert [row["id"] for row in one["interviews"]] == ["birch"]


def test_the_list_says_where_each_stands(two: Shell) -> None:
    add(two, "home", "acme")
    add(two, "work", "birch")

    listed = two.run("interviews", "list", "--json").json

    assert [(each["account"], each["id"]) for each in listed] == [("home", "acme"), ("work", "birch")]
    assert two.run("interviews", "list").out.splitlines()[0].split()[:2] == ["ACCOUNT", "INTERVIEW"]


def test_an_interview_is_found_wherever_it_stands(two: Shell) -> None:
    add(two, "work", "birch")

    assert two.run("why", "birch", "--json").json["id"] == "birch"
    assert two.run("interviews", "note", "birch", "rang", "back").out == "birch: noted.\n"
    assert two.run("interviews", "edit", "birch", "--status", "offer").status == 0
    assert two.run("interviews", "show", "birch").status == 0


@pytest.mark.parametrize("words", [("why", "acme"), ("interviews", "show", "acme"), ("interviews", "note", "acme", "x")], ids=str)
def test_one_that_stands_in_several_must_be_named_with_its_account(two: Shell, words: tuple[str, ...]) -> None:
    add(two, "home", "acme")
    add(two, "work", "acme")

    refused(two.run(*words), "there is interview 'acme' in several accounts (home, work); say which one: --account NAME")
    assert two.run(*words, "--account", "work").status == 0


def test_one_that_stands_nowhere(two: Shell) -> None:
    refused(two.run("why", "acme"), "there is no interview 'acme' in any account (home, work)")


def test_questions_of_all_are_listed_with_the_account_that_an_answer_needs(two: Shell) -> None:
    for account in ("home", "work"):
        add(two, account, "acme")
        ask(two, account)

    listed = two.run("review", "--json").json
    shown = two.run("review").out

    assert [(each["account"], each["number"], each["reason"]) for each in listed] == [
        ("home", 1, "time to move on, at home?"),
        ("work", 1, "time to move on, at work?"),
    ]
    assert "review accept 1 --account home   or   interview-agent review dismiss 1 --account home" in shown
    refused(two.run("review", "dismiss", "1"), "there is open question 1 in several accounts (home, work)")
    assert two.run("review", "dismiss", "1", "--account", "work").status == 0
    assert two.run("review", "dismiss", "1").out == "1: dismissed. It is not asked again.\n"


def test_an_entry_is_undone_in_the_account_that_has_it(two: Shell) -> None:
    add(two, "home", "acme")
    add(two, "work", "birch")
    two.run("interviews", "edit", "birch", "--status", "offer")

    done = two.run("undo", "1")

    assert done.out.startswith("1: is taken back. birch is applied."), done.err
    two.run("interviews", "edit", "acme", "--status", "offer")
    refused(two.run("undo", "1"), "there is entry 1 in several accounts (home, work)")


def test_a_pass_over_all_goes_on_when_one_fails(two: Shell) -> None:
    (two.folder / "Mail" / "cur").mkdir(parents=True)
    for name in ("new", "tmp"):
        (two.folder / "Mail" / name).mkdir()
    config = two.folder / "config.toml"
    config.write_text(f'{config.read_text()}\n[accounts.files]\nmaildir = "{two.folder / "Mail"}"\n')
    (two.folder / "password").write_text("x")

    done = two.run("once", "--json")

    assert done.status == 1
    assert [each["account"] for each in done.json] == ["home", "work", "files"]
    assert ["problem" in each for each in done.json] == [True, True, False]
    assert done.json[2]["read"] == 0
    assert "interview-agent: home: " in done.err


def test_check_names_the_account_of_each_finding(two: Shell) -> None:
    done = two.run("check", "--json")
    shown = two.run("check").out

    found = {(each["account"], each["name"]) for each in done.json}
    assert {
        ("", "configuration"),
        ("", "disk"),
        ("home", "state"),
        ("work", "state"),
        ("home", "login"),
        ("work", "login"),
    } <= found
    assert ("", "login") not in found
    assert "ok   home, state: " in shown
    assert "NOT  work, login: " in shown
