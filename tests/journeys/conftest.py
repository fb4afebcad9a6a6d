"""A user's home with a configuration for a real Dovecot, and the program as the user calls it."""

from pathlib import Path

import pytest

from tests.dovecot import Dovecot, MailboxUser
from tests.journeys.home import Home


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, mailbox_user: MailboxUser) -> Home:
    """Give a home whose configuration names a mailbox on Dovecot."""
    made = Home(folder=tmp_path, host=dovecot.host, port=dovecot.port, user=mailbox_user.name, ca_file=dovecot.ca_file)
    made.password.write_text(mailbox_user.password)
    made.password.chmod(0o600)
    made.configure()
    return made
