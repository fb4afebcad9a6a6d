"""`why` answers for a silence too (design, promise 6)."""

from pathlib import Path

import pytest

from agent.cli.main import main
from agent.interviews import Interview
from agent.store import Ledger

CONFIGURATION = """
[user]
name = "Robin Hale"
addresses = ["robin.hale@mailbox.example"]
timezone = "Europe/London"

[account]
host = "imap.mailbox.example"
user = "robin"

[state]
folder = "{folder}"
"""


def test_why_nothing_is_due_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIGURATION.format(folder=tmp_path / "state"))
    ledger = Ledger(tmp_path / "state" / "ledger.sqlite3")
    with ledger.transaction():
        ledger.put_interview(Interview(id="acme-backend", company="Acme Robotics", role="Backend Engineer"))
    ledger.close()

    status = main(["why", "acme-backend", "--config", str(config)])

    assert status == 0
    assert "Nothing is due: the status is applied, and no rule of the policy asks for a follow-up" in capsys.readouterr().out
