"""The large mailbox of the bench: the same seed gives the same mail, and it is made up as it says."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from agent.rulebook.tracked import read_interviews
from bench.mailbox_mail import Mail, mailbox
from bench.mailbox_maildir import drafts_in, take_back_drafts, write
from bench.mailbox_search import letters, tracked

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def made(many: int) -> list[Mail]:
    return list(mailbox(many, seed=1, now=NOW))


@pytest.fixture(scope="module")
def mails() -> list[Mail]:
    return made(200)


def test_the_same_seed_and_moment_give_the_same_bytes(mails: list[Mail]) -> None:
    assert made(200) == mails


def test_it_has_as_many_mails_as_asked_for_of_the_last_85_days_oldest_first(mails: list[Mail]) -> None:
    assert len(mails) == 200
    assert [each.at for each in mails] == sorted(each.at for each in mails)
    assert all(NOW - timedelta(days=85) <= each.at < NOW for each in mails)


def test_a_twentieth_is_about_the_sixty_candidacies(mails: list[Mail]) -> None:
    assert sum(each.kind == "candidacy" for each in mails) == 10
    assert len(read_interviews(tracked(NOW), "interviews.yaml")) == 60


def test_where_the_searches_have_too_few_mails_others_come_between_in_their_threads() -> None:
    many = letters(NOW, 440, random.Random(1))

    between = [each for each in many if b"Message-ID: <between." in each.raw]
    assert len(many) == 440
    assert len(between) > 40
    assert all(NOW - timedelta(days=85) <= each.at < NOW for each in many)


def test_everyday_mail_says_by_its_fields_what_it_is(mails: list[Mail]) -> None:
    assert all(b"\r\nList-Unsubscribe: " in each.raw for each in mails if each.kind in {"newsletter", "shop", "alert", "list"})
    assert all(b"\r\nAuto-Submitted: auto-generated" in each.raw for each in mails if each.kind == "notice")
    assert all(each.raw.count(b"Authentication-Results: mx.mailbox.example") < 3 for each in mails)


def test_on_disk_each_mail_has_its_moment_and_its_sizes(tmp_path: Path, mails: list[Mail]) -> None:
    made_up = write(mails, tmp_path / "Mail")

    inbox = [each for each in mails if each.folder == "INBOX"]
    files = sorted((tmp_path / "Mail" / "cur").iterdir())
    assert len(files) == len(inbox) == made_up.folders["INBOX"]
    for file, mail in zip(files, inbox, strict=True):
        raw = file.read_bytes()
        assert file.stat().st_mtime == mail.at.timestamp()
        assert f",S={len(raw)},W={len(mail.raw)}:2," in file.name
        assert raw.replace(b"\n", b"\r\n") == mail.raw
    assert sum(made_up.sizes) == sum(len(each.raw) for each in mails)


def test_the_date_field_says_when_it_came(mails: list[Mail]) -> None:
    everyday = [each for each in mails if each.kind != "candidacy"]

    for mail in everyday:
        date = mail.raw.partition(b"\r\nDate: ")[2].partition(b"\r\n")[0]
        assert parsedate_to_datetime(date.decode()) == mail.at


def test_drafts_that_came_later_are_taken_back(tmp_path: Path, mails: list[Mail]) -> None:
    maildir = tmp_path / "Mail"
    write(mails[:20], maildir)
    kept = drafts_in(maildir)
    (maildir / ".Drafts" / "cur" / "2.agent:2,DS").write_bytes(b"Subject: x\n\n")

    take_back_drafts(maildir, kept)

    assert drafts_in(maildir) == kept
