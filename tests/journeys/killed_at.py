"""Makes one pass over IMAP at a moment that is given, and kills itself, with SIGKILL, before or after a method of the mailbox.

python -m tests.journeys.killed_at LEDGER HOST PORT CA_FILE USER NOW before|after append_draft|remove_draft
"""

import os
import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from agent.daemon.one_pass import run_pass
from agent.mailbox.imap import ImapMailbox, open_imap
from agent.mailbox.memory import MemoryMailbox
from agent.mailbox.server import ImapServer
from agent.store import Ledger
from tests.daemon.scene import account
from tests.dovecot import PASSWORD

if __name__ == "__main__":
    ledger, host, port, ca_file, user, now, moment, method = sys.argv[1:]
    server = ImapServer(host=host, port=int(port), user=user, ca_file=ca_file)
    done = getattr(ImapMailbox, method)

    def do_and_die(self: ImapMailbox, argument: object) -> object:
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done(self, argument)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")

    setattr(ImapMailbox, method, do_and_die)
    made = account(MemoryMailbox(), ledger=Ledger(Path(ledger)))
    run_pass(replace(made, open_mailbox=lambda: open_imap(server, PASSWORD)), datetime.fromisoformat(now))
