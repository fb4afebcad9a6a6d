"""A policy for one interview: a name that does not exist is told wherever it is given, and stops no pass."""

import pytest

from agent.interviews import Interview
from agent.store import Ledger
from tests.cli.shell import Shell, refused

BIRCH = ("interviews", "add", "birch", "--company", "Birch", "--role", "Analyst")
KNOWN = "choose one of: brief, close-the-loop, default, status-guide, step-by-step, two-touch"
FILE = "- {id: cedar, company: Cedar, role: Analyst, policy: bref}\n"


def test_a_policy_that_does_not_exist_is_told_when_it_is_given(shell: Shell) -> None:
    shell.run(*BIRCH)
    (shell.folder / "tracked.yaml").write_text(FILE)

    for words in (
        ("interviews", "add", "cedar", "--company", "Cedar", "--role", "Analyst", "--policy", "bref"),
        ("interviews", "edit", "birch", "--policy", "bref"),
        ("interviews", "import", str(shell.folder / "tracked.yaml")),
    ):
        refused(shell.run(*words), KNOWN)


def test_check_tells_of_an_interview_whose_policy_is_gone(shell: Shell) -> None:
    shell.run(*BIRCH)
    ledger = Ledger(shell.state / "ledger.sqlite3")
    with ledger.transaction():
        ledger.put_interview(Interview(id="cedar", company="Cedar", role="Analyst", policy="mine"))
    ledger.close()

    told = shell.run("check", "--json").json

    policies = [each for each in told if each["name"] == "policies"]
    assert [each["ok"] for each in policies] == [False]
    assert policies[0]["text"] == (
        f"cedar follows the policy `mine`, which does not exist; {KNOWN}; until then it follows `default`"
    )


@pytest.mark.parametrize(("policy", "status"), [("bref", 2), ("brief", 0)])
def test_replay_refuses_a_policy_that_does_not_exist(shell: Shell, policy: str, status: int) -> None:
    (shell.folder / "tracked.yaml").write_text(FILE.replace("bref", policy))
    (shell.folder / "mail.jsonl").write_text("")

    ran = shell.run(
        *("replay", str(shell.folder / "mail.jsonl"), "--interviews", str(shell.folder / "tracked.yaml")),
        *("--me", "robin@mailbox.example", "--as-of", "2026-06-20T12:00+02:00", "--json"),
    )

    assert ran.status == status
    assert (KNOWN in ran.err) == (status == 2)
