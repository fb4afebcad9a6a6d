"""A server that says nothing: whoever waits for it is freed from another thread."""

import threading
import time
from datetime import UTC, datetime

import pytest

from agent.mailbox import Abandonable, FolderRole, MailboxProblem
from agent.mailbox.imap import open_imap
from agent.mailbox.server import ImapServer
from tests.dovecot import Dovecot, MailboxUser
from tests.proxy import Proxy


def test_what_waits_for_a_silent_server_is_freed_and_nothing_is_asked_any_more(
    dovecot: Dovecot, mailbox_user: MailboxUser
) -> None:
    with Proxy(dovecot.port) as proxy:
        server = ImapServer(
            host=dovecot.host,
            port=proxy.port,
            security="tls",
            user=mailbox_user.name,
            ca_file=dovecot.ca_file,
            timeout_seconds=60,
        )
        mailbox = open_imap(server, mailbox_user.password)
        assert isinstance(mailbox, Abandonable)
        proxy.stall()
        began = time.monotonic()
        threading.Timer(0.1, mailbox.abandon).start()

        with pytest.raises(MailboxProblem):
            list(mailbox.headings(FolderRole.INBOX, None, since=datetime.now(UTC)))
        with pytest.raises(MailboxProblem, match="was given up"):
            mailbox.places()

        assert time.monotonic() - began < 10
        mailbox.close()
