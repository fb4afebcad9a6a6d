"""The TAB key, in a real bash: commands, actions, options, and what is in the ledger."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.interviews import Interview
from agent.plan.review import Question, ReviewKind
from agent.store import Ledger
from tests.cli.shell import Shell

# Calls what bash calls at the TAB key, with the line and the place of the cursor as bash gives them.
ASKING = """
eval "$(interview-agent completion bash 2>/dev/null)"
while IFS= read -r line; do
    COMP_LINE="$line"; COMP_POINT=${#line}; COMP_TYPE=9; COMPREPLY=()
    read -ra COMP_WORDS <<< "$line"; [[ "$line" == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _python_argcomplete interview-agent "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo "${COMPREPLY[*]}"
done
"""
LINES = {
    "interview-agent st": "status",
    "interview-agent interviews ": "add list show edit note import export",
    "interview-agent why ": "acme-backend birch-data",
    "interview-agent why a": "acme-backend",
    "interview-agent why --j": "--json",
    "interview-agent interviews edit birch-data --status off": "offer",
    "interview-agent interviews add ": "",
    "interview-agent interviews add acme --policy two": "two-touch",
    "interview-agent review accept ": "1",
    "interview-agent review accept 1 --interview b": "birch-data",
    "interview-agent replay --policy s": "status-guide step-by-step",
    "interview-agent status --config config.t": "config.toml",
    "interview-agent status --acc": "--account",
}
"""What stands on the line → what the TAB key offers."""


def test_the_tab_key_in_bash(shell: Shell) -> None:
    (shell.folder / ".config" / "interview-agent").mkdir(parents=True)
    shutil.copy(shell.folder / "config.toml", shell.folder / ".config" / "interview-agent")
    ledger = Ledger(shell.state / "ledger.sqlite3")
    with ledger.transaction():
        for ident in ("acme-backend", "birch-data"):
            ledger.put_interview(Interview(id=ident, company="Acme Robotics", role="Backend Engineer"))
        ledger.ask(
            Question(
                kind=ReviewKind.UNCLEAR,
                asked_at=datetime.now(UTC),
                message_id=None,
                occasion="",
                reason="It is not clear.",
                candidates=("acme-backend",),
            )
        )
    ledger.close()
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    asked = "".join(f"{line}\n" for line in LINES)

    done = subprocess.run(
        ["bash", "--norc", "-c", ASKING],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
        cwd=shell.folder,
        env={"HOME": str(shell.folder), "PATH": path},
    )

    assert dict(zip(LINES, [line.strip() for line in done.stdout.splitlines()], strict=True)) == LINES


@pytest.mark.parametrize(("name", "start_file"), [("bash", "~/.bashrc"), ("zsh", "~/.zshrc"), ("fish", "config.fish")])
def test_what_the_shell_has_to_know_is_printed_and_where_it_goes_is_said(shell: Shell, name: str, start_file: str) -> None:
    done = shell.run("completion", name, config=False)

    assert done.status == 0
    assert "interview-agent" in done.out
    assert start_file in done.err


def test_completing_imports_no_command() -> None:
    code = (
        "import os, sys\nos.environ.update(_ARGCOMPLETE='1', COMP_LINE='interview-agent why ', COMP_POINT='20', COMP_TYPE='9')\n"
        "import argcomplete\nargcomplete.autocomplete = lambda *_, **__: None\n"
        "from agent.cli.completion import complete\ncomplete()\n"
        "slow = {'pydantic', 'yaml', 'rich', 'agent.store.ledger', 'agent.cli.board'} & set(sys.modules)\nassert not slow, slow"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
