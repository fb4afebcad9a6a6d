"""Garbage that stands once between two lines of a server's: it is nobody's message that is bad."""

from datetime import UTC, datetime

from agent.mailbox import FolderRole, MailboxProblem
from agent.mailbox.imap import ImapMailbox, open_imap
from agent.mailbox.server import ImapServer
from tests.dovecot import Dovecot, MailboxUser
from tests.letters import letter
from tests.tls_proxy import TlsProxy

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
GARBAGE = b"\x00\xff* !garbage{9\r\n"


def read_ids(mailbox: ImapMailbox) -> list[bytes]:
    headings = list(mailbox.headings(FolderRole.INBOX, None, since=LONG_AGO))
    return [arrival.raw for arrival in mailbox.read(headings)]


def test_garbage_after_any_line_makes_no_message_a_bad_one(dovecot: Dovecot, mailbox_user: MailboxUser) -> None:
    now = datetime.now(UTC)
    raw = letter(message_id="<one@acme.example>", at=now, sender="dana@acme.example", subject="Hello", body="Hello.\n")
    dovecot.deliver(mailbox_user, "INBOX", raw)
    with TlsProxy(dovecot.starttls_port) as proxy:
        server: ImapServer = proxy.server(dovecot.server(mailbox_user))
        proxy.begin()
        mailbox = open_imap(server, mailbox_user.password)
        assert read_ids(mailbox) == [raw]
        mailbox.close()
        ends = [at + 1 for at, octet in enumerate(proxy.said) if octet == ord("\n")]
        outcomes = set()
        for end in ends:
            proxy.begin()
            proxy.inject_to_client_at(end, GARBAGE)
            try:
                mailbox = open_imap(server, mailbox_user.password)
                outcomes.add("read" if read_ids(mailbox) == [raw] else "lost")
            except MailboxProblem:
                outcomes.add("told")
            assert mailbox.skipped == [], end
            mailbox.close()
    assert outcomes == {"read", "told"}
