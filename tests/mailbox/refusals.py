"""A login that is refused, as the user is told of it; a server that is asked again is asked at once here."""

import pytest

from agent.mailbox.imap import open_imap
from agent.mailbox.interface import MailboxProblem
from agent.mailbox.server import ImapServer
from tests.dovecot import PASSWORD


def refusal(server: ImapServer, secret: str = PASSWORD) -> MailboxProblem:
    """Return why this server does not let the user in: one line, without the secret."""
    with pytest.raises(MailboxProblem) as caught:
        open_imap(server, secret)
    text = str(caught.value)
    assert "\n" not in text
    assert secret not in text
    return caught.value


@pytest.fixture
def no_pause_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass between two tries to connect."""
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: None)
