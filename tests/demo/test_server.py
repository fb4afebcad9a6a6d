"""The embedded server serves what was put in, over verified TLS, and goes away without a trace."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from agent.demo.search import DemoMessage, demo_messages
from agent.demo.server import FOLDERS, DemoServer
from agent.mailbox.interface import FolderRole

NOW = datetime(2026, 11, 18, 9, 50, tzinfo=UTC)
MAIL = demo_messages(NOW)


def connect(server: DemoServer) -> IMAPClient:
    trust = ssl.create_default_context(cafile=str(server.ca_file))
    client = IMAPClient(server.host, server.port, ssl_context=trust, timeout=20)
    client.normalise_times = False
    return client


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(MAIL) as running:
        yield running


@pytest.fixture
def client(server: DemoServer) -> Iterator[IMAPClient]:
    with connect(server) as connected:
        connected.login(server.user, server.password)
        yield connected


def in_folder(role: FolderRole) -> list[DemoMessage]:
    return [message for message in MAIL if message.folder is role]


def test_the_folders_have_their_usual_names(client: IMAPClient) -> None:
    assert {name for _, _, name in client.list_folders()} == {"INBOX", "Sent", "Drafts", "Junk"}


@pytest.mark.parametrize("role", [FolderRole.INBOX, FolderRole.SENT, FolderRole.JUNK])
def test_a_folder_serves_what_was_put_in_oldest_first(client: IMAPClient, role: FolderRole) -> None:
    client.select_folder(FOLDERS.get(role, "INBOX"), readonly=True)
    found = client.fetch(client.search("ALL"), ["BODY.PEEK[]", "FLAGS", "INTERNALDATE", "RFC822.SIZE"])
    expected = in_folder(role)
    assert [found[uid][b"BODY[]"] for uid in sorted(found)] == [message.raw for message in expected]
    assert [found[uid][b"INTERNALDATE"] for uid in sorted(found)] == [message.received_at for message in expected]
    assert [b"\\Seen" in found[uid][b"FLAGS"] for uid in sorted(found)] == [message.seen for message in expected]
    assert [found[uid][b"RFC822.SIZE"] for uid in sorted(found)] == [len(message.raw) for message in expected]


def test_drafts_is_empty_and_takes_a_draft() -> None:
    with DemoServer([]) as empty, connect(empty) as other:
        other.login(empty.user, empty.password)
        assert other.select_folder("Drafts", readonly=True)[b"EXISTS"] == 0
        other.append("Drafts", b"Message-ID: <d1@mailbox.example>\r\nSubject: s\r\n\r\nt\r\n", [b"\\Draft", b"\\Seen"])
        other.select_folder("Drafts", readonly=True)
        (uid,) = other.search(["HEADER", "Message-ID", "<d1@mailbox.example>"])
        assert set(other.fetch([uid], ["FLAGS"])[uid][b"FLAGS"]) >= {b"\\Draft", b"\\Seen"}


def test_a_message_is_found_by_its_message_id(client: IMAPClient) -> None:
    wanted = in_folder(FolderRole.INBOX)[7]
    client.select_folder("INBOX", readonly=True)
    (uid,) = client.search(["HEADER", "Message-ID", wanted.message_id])
    assert client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"] == wanted.raw


def test_waiting_for_news_hears_of_new_mail() -> None:
    with DemoServer(in_folder(FolderRole.JUNK)) as own, connect(own) as waiting, connect(own) as writing:
        waiting.login(own.user, own.password)
        writing.login(own.user, own.password)
        waiting.select_folder("Junk", readonly=True)
        waiting.idle()
        writing.append("Junk", b"Subject: new\r\n\r\nt\r\n")
        assert (4, b"EXISTS") in waiting.idle_check(timeout=20)
        waiting.idle_done()


def test_a_wrong_password_is_refused(server: DemoServer) -> None:
    with connect(server) as stranger, pytest.raises(LoginError):
        stranger.login(server.user, "guess")


def test_without_its_own_authority_the_server_is_not_trusted(server: DemoServer) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        IMAPClient(server.host, server.port, ssl_context=ssl.create_default_context(), timeout=20)


def test_it_ends_although_a_client_is_still_connected() -> None:
    started = datetime.now(UTC)
    with DemoServer([]) as own:
        left = connect(own)
        left.login(own.user, own.password)
    assert datetime.now(UTC) - started < timedelta(seconds=15)
    assert not own.ca_file.exists()
    with pytest.raises(OSError, match=r"refused"):
        socket.create_connection((own.host, own.port), timeout=5)
    left.shutdown()


def test_a_port_that_is_taken_is_an_error_and_not_a_wait(server: DemoServer) -> None:
    with pytest.raises(OSError, match=r"in use|already"), DemoServer([], port=server.port):
        pass
