"""The process that makes the passes of a simulated week: one line asks for a pass, one line answers.

A line in names the moment and where the server stands (`{"now": ..., "port": ..., "ca_file": ...}`); a line out says how the
pass ended and how much memory the process holds. It may be killed at any moment and begun anew with the same ledger.
"""

import json
import os
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.daemon.one_pass import run_pass
from agent.mailbox import MailboxProblem
from agent.mailbox.imap import open_imap
from agent.mailbox.memory import MemoryMailbox
from agent.mailbox.server import ImapServer
from agent.store import Ledger, StoreProblem
from bench.soak_mail import tracked
from tests.daemon.scene import account

_TIMEOUT = 2.0
"""Seconds for any one answer: a server that goes silent costs the run no more."""


def main() -> None:
    """Make passes until the input ends: `python -m bench.soak_passes LEDGER USER PASSWORD CANDIDACIES`."""
    path, user, password, candidacies = sys.argv[1:]
    with_ledger = account(MemoryMailbox(), *tracked(int(candidacies)), ledger=Ledger(Path(path)))
    for line in sys.stdin:
        asked = json.loads(line)
        server = ImapServer(host="localhost", port=asked["port"], user=user, ca_file=asked["ca_file"], timeout_seconds=_TIMEOUT)
        told: dict[str, Any] = {"problem": ""}
        try:
            report = run_pass(
                replace(with_ledger, open_mailbox=lambda server=server: open_imap(server, password)),  # type: ignore[misc]
                datetime.fromisoformat(asked["now"]),
            )
            told |= {"read": report.read, "queued": len(report.queued)}
        except (MailboxProblem, StoreProblem) as problem:
            told["problem"] = str(problem)
        print(json.dumps({**told, "memory": _memory()}), flush=True)


def _memory() -> float:
    """Return how many MB this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
