"""How the folders of a Maildir stand, and waiting for mail there."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer

import pytest

from agent.mailbox.interface import FolderRole, MailboxProblem, Place
from tests.mailbox.maildir_scene import MaildirScene
from tests.mailbox.test_interface import mail

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
INBOX, SENT, ARCHIVE = FolderRole.INBOX, FolderRole.SENT, FolderRole.ARCHIVE
SEEN = frozenset({"\\Seen"})


@pytest.fixture
def scene(tmp_path: Path) -> MaildirScene:
    return MaildirScene(tmp_path)


@pytest.fixture
def stop() -> Iterator[tuple[socket.socket, int]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs.fileno()


def answered(file: Path) -> Path:
    return file.rename(file.with_name(file.name + "R"))


def test_places_change_when_mail_comes_or_goes_and_not_when_flags_change(scene: MaildirScene) -> None:
    file = scene.put(INBOX, mail(1), NOW, SEEN)
    before = scene.mailbox.places()
    answered(file)
    assert scene.mailbox.places() == before
    other = scene.put(INBOX, mail(2), NOW)
    validity = before[INBOX].uidvalidity
    assert scene.mailbox.places()[INBOX] == Place(uidvalidity=validity, last_uid=2, count=2)
    other.unlink()
    assert scene.mailbox.places()[INBOX] == Place(uidvalidity=validity, last_uid=2, count=1)


def test_what_changes_right_after_a_look_is_seen_by_the_next(scene: MaildirScene) -> None:
    for number in range(30):
        scene.put(INBOX, mail(number), NOW)
        # As if the disk counted in days: the time of the folder tells nothing.
        for part in ("new", "cur"):
            os.utime(scene.paths[INBOX] / part)
        assert scene.mailbox.places()[INBOX].count == number + 1


def test_a_folder_without_new_or_that_cannot_be_read_is_left_out_of_the_places(scene: MaildirScene) -> None:
    scene.put(ARCHIVE, mail(1), NOW, SEEN)
    (scene.paths[ARCHIVE] / "new").rmdir()
    (scene.paths[SENT] / "new").rmdir()
    (scene.paths[SENT] / "new").write_text("a file where the folder should be")
    places = scene.mailbox.places()
    assert places[ARCHIVE].count == 1
    assert SENT not in places
    with pytest.raises(MailboxProblem, match=r'the folder "Sent" .* cannot be read: Not a directory'):
        scene.mailbox.listing(SENT)


def test_a_maildir_that_is_unmounted_is_a_problem_and_comes_back_as_it_was(scene: MaildirScene) -> None:
    scene.put(INBOX, mail(1), NOW)
    before = scene.mailbox.places()
    scene.root.rename(scene.root.with_name("away"))
    with pytest.raises(MailboxProblem, match="cannot be read"):
        scene.mailbox.places()
    scene.root.with_name("away").rename(scene.root)
    assert scene.mailbox.places() == before


def test_a_maildir_that_is_empty_for_a_while_comes_back_as_it_was(scene: MaildirScene) -> None:
    file = scene.put(INBOX, mail(1), NOW)
    before = scene.mailbox.places()
    file = file.rename(scene.root / "aside")
    assert scene.mailbox.places()[INBOX].count == 0
    file.rename(scene.paths[INBOX] / "cur" / "1789473600.M1P7.laptop:2,S")
    assert scene.mailbox.places() == before


def test_waiting_ends_when_mail_comes(scene: MaildirScene, stop: tuple[socket.socket, int]) -> None:
    scene.mailbox.places()
    timer = Timer(0.1, scene.put, (INBOX, mail(1), NOW))
    timer.start()
    assert scene.mailbox.wait(60, stop=stop[1]) is True
    timer.join()


def test_mail_that_came_since_the_last_look_ends_waiting_at_once(scene: MaildirScene, stop: tuple[socket.socket, int]) -> None:
    scene.mailbox.places()
    scene.put(INBOX, mail(1), NOW)
    assert scene.mailbox.wait(0, stop=stop[1]) is True


def test_waiting_ends_without_news_and_at_once_when_it_is_to_stop(scene: MaildirScene, stop: tuple[socket.socket, int]) -> None:
    file = scene.put(INBOX, mail(1), NOW, SEEN)
    scene.mailbox.places()
    answered(file)
    assert scene.mailbox.wait(0.01, stop=stop[1]) is False
    stop[0].send(b"!")
    assert scene.mailbox.wait(3600, stop=stop[1]) is False
