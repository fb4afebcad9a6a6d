"""Runs the program and kills it, with SIGKILL, right before or right after the server took the first draft."""

import os
import signal
import sys

from agent.cli.main import main
from agent.mailbox import Appended, AppendUnknown
from agent.mailbox.imap import ImapMailbox

if __name__ == "__main__":
    moment, words = sys.argv[1], sys.argv[2:]
    append = ImapMailbox.append_draft

    def append_and_die(self: ImapMailbox, raw: bytes) -> Appended | AppendUnknown:
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        append(self, raw)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")

    ImapMailbox.append_draft = append_and_die  # type: ignore[method-assign]
    sys.exit(main(words))
