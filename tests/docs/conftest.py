"""A mail server under the names that the pages use, and readers of the pages."""

from collections.abc import Iterator

import pytest

from tests.docs.reader import Machine
from tests.docs.starting import Starter
from tests.dovecot import Dovecot


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Give a mail server that is known as `imap.mail.example`, and what commands are forked from."""
    with Dovecot(names=("localhost", "127.0.0.1", "imap.mail.example")) as server:
        ports = {993: server.port, 143: server.starttls_port}
        starter = Starter(
            tmp_path_factory.mktemp("start"), dict.fromkeys(("imap.mail.example", "127.0.0.1"), ("127.0.0.1", ports))
        )
        try:
            yield Machine(server=server, starter=starter)
        finally:
            starter.close()
