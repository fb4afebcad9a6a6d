"""The product's own IMAP code reads the demo's server as it would any other."""

from datetime import UTC, datetime, timedelta

from agent.demo.search import demo_messages
from agent.demo.server import DemoServer
from agent.mailbox.imap import open_imap
from agent.mailbox.interface import Appended, FolderRole
from agent.mailbox.server import ImapServer
from tests.mailbox.scenes import arrivals

NOW = datetime(2026, 11, 18, 9, 50, tzinfo=UTC)
DRAFT = b"Message-ID: <one@mailbox.example>\r\nSubject: s\r\n\r\nt\r\n"


def test_the_real_imap_code_reads_every_message_and_leaves_a_draft() -> None:
    mail = demo_messages(NOW)
    with DemoServer(mail) as demo:
        place = ImapServer(host=demo.host, port=demo.port, user=demo.user, ca_file=str(demo.ca_file))
        mailbox = open_imap(place, demo.password)
        folders = mailbox.folders()
        read = {
            role: [arrival.raw for arrival in arrivals(mailbox, role, None, since=NOW - timedelta(days=90))]
            for role in (FolderRole.INBOX, FolderRole.SENT, FolderRole.JUNK)
        }
        appended = mailbox.append_draft(DRAFT)
        found = mailbox.find(FolderRole.DRAFTS, "<one@mailbox.example>")
        removed = mailbox.remove_draft(found[0])
        left = mailbox.find(FolderRole.DRAFTS, "<one@mailbox.example>")
        mailbox.close()
    assert folders == {
        FolderRole.INBOX: "INBOX",
        FolderRole.SENT: "Sent",
        FolderRole.DRAFTS: "Drafts",
        FolderRole.JUNK: "Junk",
    }
    for role, raws in read.items():
        assert raws == [message.raw for message in mail if message.folder is role]
    assert mailbox.skipped == []
    assert isinstance(appended, Appended)
    assert [stored.raw for stored in found] == [DRAFT]
    assert removed
    assert left == []
