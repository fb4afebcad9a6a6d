"""A user's home with a configuration for a real Dovecot, and a mailbox there with the user's hand in its drafts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dovecot import Dovecot, MailboxUser
from tests.journeys.drafts_scene import Scene, begun, theirs
from tests.journeys.home import Home


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, mailbox_user: MailboxUser) -> Home:
    """Give a home whose configuration names a mailbox on Dovecot."""
    made = Home(folder=tmp_path, host=dovecot.host, port=dovecot.port, user=mailbox_user.name, ca_file=dovecot.ca_file)
    made.password.write_text(mailbox_user.password)
    made.password.chmod(0o600)
    made.configure()
    return made


@pytest.fixture
def scene(dovecot: Dovecot, mailbox_user: MailboxUser, tmp_path: Path) -> Iterator[Scene]:
    """Give a mailbox with two mails and three drafts of the user's own, all of which must be as they were in the end."""
    scene = begun(dovecot, mailbox_user, tmp_path / "ledger.sqlite")
    before = {folder: theirs(scene, folder) for folder in ("INBOX", "Drafts")}
    yield scene
    assert {folder: theirs(scene, folder) for folder in ("INBOX", "Drafts")} == before
    scene.account.ledger.close()
