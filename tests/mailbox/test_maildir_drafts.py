"""Writing to the Drafts of a Maildir: whole or not at all, never twice, and nothing but the agent's own is taken out."""

import errno
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.mailbox.interface import Appended, AppendUnknown, FolderRole, MailboxProblem
from tests.mailbox.maildir_scene import MaildirScene
from tests.mailbox.test_interface import mail
from tests.project.links import ROOT
from tests.project.test_layout import called

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
INBOX, DRAFTS = FolderRole.INBOX, FolderRole.DRAFTS
CHANGING = {"chmod", "hardlink_to", "link", "remove", "removedirs", "rename", "rmdir", "rmtree", "symlink_to", "unlink", "utime"}
"""Functions that change what lies in a folder; `replace` is the list of numbers' own, in the state folder."""


@pytest.fixture
def scene(tmp_path: Path) -> MaildirScene:
    return MaildirScene(tmp_path)


def below(scene: MaildirScene, part: str) -> list[Path]:
    return sorted((scene.paths[DRAFTS] / part).iterdir())


def test_a_draft_is_a_file_as_other_programs_write_one(scene: MaildirScene) -> None:
    scene.mailbox.append_draft(mail(1))
    [file] = below(scene, "cur")
    assert re.fullmatch(r"\d{10}\.M\d{1,6}P\d+Q1R[0-9a-f]{8}\.[^/:]+:2,DS", file.name)
    assert file.read_bytes() == mail(1).replace(b"\r\n", b"\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_nlink == 1
    assert below(scene, "tmp") == below(scene, "new") == []


def test_a_draft_has_its_number_at_once(scene: MaildirScene) -> None:
    scene.put(DRAFTS, mail(1), NOW)
    answer = scene.mailbox.append_draft(mail(2))
    place = scene.mailbox.position(DRAFTS)
    assert answer == Appended(uidvalidity=place.uidvalidity, uid=2)
    assert [stored.raw for stored in scene.mailbox.fetch(DRAFTS, [2])] == [mail(2)]


def test_flags_are_written_with_the_sign_that_the_folder_uses(scene: MaildirScene) -> None:
    (scene.paths[DRAFTS] / "cur" / "1789473600.M1P7.laptop;2,S").write_bytes(mail(1))
    scene.mailbox.append_draft(mail(2))
    assert [file.name[-5:] for file in below(scene, "cur") if "Q1R" in file.name] == [";2,DS"]


def test_a_folder_without_tmp_is_given_one(scene: MaildirScene) -> None:
    (scene.paths[DRAFTS] / "tmp").rmdir()
    scene.mailbox.append_draft(mail(1))
    assert len(below(scene, "cur")) == 1


_KILLED = """
import os, sys
from pathlib import Path
from agent.mailbox.maildir import MaildirMailbox
if sys.argv[3] == "before":
    Path.rename = lambda *_: os._exit(9)
else:
    from agent.mailbox import maildir_drafts
    maildir_drafts._sync = lambda *_: os._exit(9)
mailbox = MaildirMailbox(Path(sys.argv[1]), state=Path(sys.argv[2]), folders={}, size_limit=1_000_000)
mailbox.append_draft(sys.stdin.buffer.read())
"""


@pytest.mark.parametrize(("step", "there"), [("before", 0), ("after", 1)])
def test_a_kill_between_tmp_and_cur_loses_and_doubles_nothing(scene: MaildirScene, step: str, there: int) -> None:
    scene.put(DRAFTS, mail(1), NOW)
    before = scene.mailbox.position(DRAFTS)
    words = [sys.executable, "-c", _KILLED, str(scene.root), str(scene.state), step]
    assert subprocess.run(words, input=mail(2), check=False, cwd=ROOT).returncode == 9
    found = scene.mailbox.find(DRAFTS, "<m2@acme.example>", above_uid=before.last_uid)
    assert [stored.raw for stored in found] == [mail(2)] * there
    if not found:
        scene.mailbox.append_draft(mail(2))
    assert [stored.raw for stored in scene.mailbox.find(DRAFTS, "<m2@acme.example>")] == [mail(2)]
    assert sorted(scene.messages(DRAFTS).values()) == [mail(1), mail(2)]


@pytest.mark.parametrize(
    ("number", "text", "permanent"),
    [
        (errno.ENOSPC, "took no draft: the disk is full; make room on it", False),
        (errno.EDQUOT, "took no draft: the disk is full; make room on it", False),
        (errno.EROFS, "took no draft: Read-only file system; give the agent the right to write there", True),
        (errno.EIO, "took no draft: Input/output error", False),
    ],
)
def test_a_disk_that_takes_no_draft_is_told_and_nothing_is_left(
    scene: MaildirScene, monkeypatch: pytest.MonkeyPatch, number: int, text: str, *, permanent: bool
) -> None:
    def failing(_: int) -> None:
        raise OSError(number, os.strerror(number))

    scene.mailbox.position(DRAFTS)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with pytest.raises(MailboxProblem, match=re.escape(text)) as problem:
            scene.mailbox.append_draft(mail(1))
    assert problem.value.permanent is permanent
    assert below(scene, "tmp") == below(scene, "cur") == []


def test_a_draft_of_which_the_disk_does_not_say_whether_it_is_kept_is_unknown(
    scene: MaildirScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.fsync

    def failing(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        really(fd)

    scene.mailbox.position(DRAFTS)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        answer = scene.mailbox.append_draft(mail(1))
    assert answer == AppendUnknown(problem=f"{scene.paths[DRAFTS]}/cur: Input/output error")
    assert [stored.raw for stored in scene.mailbox.find(DRAFTS, "<m1@acme.example>")] == [mail(1)]


def uploaded(file: Path) -> None:
    file.rename(file.with_name(file.name.replace(":2,DS", ",U=12:2,DS")))


def flagged(file: Path) -> None:
    file.rename(file.with_name(file.name.replace(":2,DS", ":2,DFS")))


@pytest.mark.parametrize("rename", [uploaded, flagged])
def test_a_draft_that_mbsync_has_renamed_is_removed_all_the_same(scene: MaildirScene, rename: Callable[[Path], None]) -> None:
    scene.put(DRAFTS, mail(1), NOW)
    scene.mailbox.append_draft(mail(2))
    [stored] = scene.mailbox.find(DRAFTS, "<m2@acme.example>")
    rename(next(file for file in below(scene, "cur") if "Q1R" in file.name))
    assert scene.mailbox.remove_draft(stored) is True
    assert list(scene.messages(DRAFTS).values()) == [mail(1)]


def test_a_draft_that_was_edited_in_its_place_is_not_removed(scene: MaildirScene) -> None:
    scene.mailbox.append_draft(mail(1))
    [stored] = scene.mailbox.find(DRAFTS, "<m1@acme.example>")
    [file] = below(scene, "cur")
    file.write_bytes(mail(1, text="My own words."))
    assert scene.mailbox.remove_draft(stored) is False
    assert list(scene.messages(DRAFTS).values()) == [mail(1, text="My own words.")]


def test_a_draft_that_is_replaced_while_it_is_looked_at_is_not_removed(
    scene: MaildirScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.mailbox.append_draft(mail(1))
    [stored] = scene.mailbox.find(DRAFTS, "<m1@acme.example>")
    [file] = below(scene, "cur")
    really, edits = os.pread, [mail(1, text="My own words.")]

    def replacing(fd: int, octets: int, offset: int) -> bytes:
        raw = really(fd, octets, offset)
        if edits:
            (file.parent / "beside").write_bytes(edits.pop())
            (file.parent / "beside").rename(file)
        return raw

    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", replacing)
        assert scene.mailbox.remove_draft(stored) is False
    assert list(scene.messages(DRAFTS).values()) == [mail(1, text="My own words.")]


def test_a_draft_that_is_gone_is_not_removed_and_no_error(scene: MaildirScene) -> None:
    scene.mailbox.append_draft(mail(1))
    [stored] = scene.mailbox.find(DRAFTS, "<m1@acme.example>")
    below(scene, "cur")[0].unlink()
    assert scene.mailbox.remove_draft(stored) is False


def test_only_the_drafts_file_changes_a_maildir() -> None:
    files = [*(ROOT / "agent" / "mailbox").glob("maildir*.py"), ROOT / "agent" / "mailbox" / "plain_file.py"]
    assert {file.name: calls for file in files if (calls := called(file) & CHANGING)} == {
        "maildir_drafts.py": {"rename", "unlink"}
    }
