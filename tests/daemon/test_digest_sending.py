"""When the digest is sent: the clock is an argument, the sender a list or a refusal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent.daemon.digest import send_when_due
from agent.daemon.one_pass import run_pass
from agent.daemon.troubles import troubles
from agent.interviews import EventKind, Status
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.notify.smtp import NotifyProblem
from agent.store import Ledger, StoreProblem
from tests.daemon.digests import DAY, HOUR, Outbox, add, body, note, rejected, sent
from tests.daemon.scene import ACME, INVITES, ME, NOW, account, receive, send


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(clock=lambda: NOW)


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


# When it is sent


def test_one_a_day_and_none_without_news(mailbox: MemoryMailbox, outbox: Outbox) -> None:
    birch = rejected(mailbox)

    assert sent(birch, outbox, NOW)
    assert not sent(birch, outbox, NOW + HOUR)
    assert not sent(birch, outbox, NOW + DAY)
    assert not sent(birch, outbox, NOW + 2 * DAY)

    receive(mailbox, "<i@acme.example>", INVITES, at=NOW + 2 * DAY)
    run_pass(birch, NOW + 2 * DAY + HOUR)
    assert sent(birch, outbox, NOW + 2 * DAY + HOUR)

    first, second = outbox
    assert first["To"] == second["To"] == ME
    assert "Birch Analytics" in body(first)
    assert "[acme-backend] Acme Robotics, Backend Engineer\nInvited (was: applied)\n" in body(second)
    assert "Birch" not in body(second)


def test_a_question_is_told_every_day_until_it_is_answered(mailbox: MemoryMailbox, outbox: Outbox) -> None:
    birch = rejected(mailbox, vouched="fail")

    assert [sent(birch, outbox, NOW + days * DAY) for days in range(3)] == [True, True, True]
    with birch.ledger.transaction():
        birch.ledger.resolve(1, resolution="dismissed", at=NOW)
    assert not sent(birch, outbox, NOW + 3 * DAY)


def test_news_of_the_night_waits_for_the_hour_of_the_users_day(mailbox: MemoryMailbox, outbox: Outbox) -> None:
    auckland = rejected(mailbox)
    auckland = replace(auckland, user=replace(auckland.user, timezone=ZoneInfo("Pacific/Auckland")))
    # Auckland is 13 hours ahead of UTC in March: 8 o'clock on the 11th is 19:00 UTC on the 10th.
    assert not sent(auckland, outbox, datetime(2026, 3, 10, 18, 59, tzinfo=UTC))
    assert sent(auckland, outbox, datetime(2026, 3, 10, 19, 0, tzinfo=UTC))

    assert outbox[0]["Subject"] == "1 rejection, 1 draft – Wed 11 March"
    assert outbox[0]["Date"] == "Wed, 11 Mar 2026 08:00:00 +1300"


@pytest.mark.parametrize(
    ("before", "at"),
    [
        # 29 March: at 01:00 UTC the clocks of Berlin go from 2 to 3; there is no hour 2 that day.
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # 25 October: 2 o'clock comes twice, at 00:00 and at 01:00 UTC.
        (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),
    ],
    ids=["spring", "autumn"],
)
def test_on_days_when_the_clocks_change_there_is_still_one(
    mailbox: MemoryMailbox, outbox: Outbox, before: datetime, at: datetime
) -> None:
    berlin = rejected(mailbox, vouched="fail")
    berlin = replace(berlin, user=replace(berlin.user, timezone=ZoneInfo("Europe/Berlin")))
    assert not sent(berlin, outbox, before, hour=2)
    assert sent(berlin, outbox, at, hour=2)
    assert not sent(berlin, outbox, at + HOUR, hour=2)
    assert sent(berlin, outbox, at + DAY + HOUR, hour=2)


def test_passes_that_fail_are_told_every_day(mailbox: MemoryMailbox, outbox: Outbox) -> None:
    acme = account(mailbox, ACME)
    note(acme.ledger, problem="wrong user name or password for robin at imap.example", failures="3")

    assert [sent(acme, outbox, NOW + days * DAY) for days in range(2)] == [True, True]
    assert outbox[0]["Subject"] == "1 problem – Tue 10 March"
    assert "wrong user name or password for robin at imap.example" in body(outbox[0])


def test_what_was_kept_aside_is_told_once(mailbox: MemoryMailbox, outbox: Outbox) -> None:
    acme = account(mailbox, ACME)
    with acme.ledger.transaction():
        acme.ledger.set_aside("INBOX", 1, 7, at=NOW - HOUR, problem="could not be understood")

    assert sent(acme, outbox, NOW)
    assert not sent(acme, outbox, NOW + DAY)


# When it cannot be sent


def test_a_refusal_is_kept_for_check_and_tried_again_the_next_day(mailbox: MemoryMailbox) -> None:
    birch = rejected(mailbox)
    outbox = Outbox(NotifyProblem("mail server smtp.example:465 refused the login of robin (535)", permanent=True))

    assert not sent(birch, outbox, NOW)
    assert [sent(birch, outbox, NOW + minutes * timedelta(minutes=10)) for minutes in range(1, 138)] == [False] * 137
    assert outbox.tries == 1
    (line,) = troubles(birch.ledger, open_candidacies=True, now=NOW)
    assert line == (
        "The last digest could not be sent: mail server smtp.example:465 refused the login of robin (535). "
        "It is tried again after 2026-03-11 09:00 UTC."
    )

    assert sent(birch, outbox, NOW + DAY)
    assert troubles(birch.ledger, open_candidacies=True, now=NOW) == []
    # What it tells is what the first would have told; that the first could not be sent is over.
    assert "Rejected (was: applied)" in body(outbox[0])
    assert "could not be sent" not in body(outbox[0])


def test_a_failure_is_tried_again_after_half_an_hour(mailbox: MemoryMailbox) -> None:
    birch = rejected(mailbox)
    outbox = Outbox(NotifyProblem("mail server smtp.example:465 cannot be reached", permanent=False))

    assert not sent(birch, outbox, NOW)
    assert not sent(birch, outbox, NOW + timedelta(minutes=29))
    assert sent(birch, outbox, NOW + timedelta(minutes=30))


def test_an_old_refusal_alone_makes_no_digest(mailbox: MemoryMailbox, outbox: Outbox) -> None:
    acme = account(mailbox, ACME)
    note(acme.ledger, digest_problem="mail server smtp.example:465 refused the digest", digest_again=NOW.isoformat())

    assert not sent(acme, outbox, NOW + DAY)


class Brittle(Ledger):
    """A ledger whose disk is full after so many more transactions."""

    left = 1000

    def transaction(self):  # type: ignore[no-untyped-def]
        if self.left == 0:
            raise StoreProblem("ledger.sqlite3: database or disk is full")
        self.left -= 1
        return super().transaction()


@pytest.mark.parametrize(("transactions", "mails"), [(0, 0), (1, 1)])
def test_a_full_disk_does_not_make_a_digest_at_each_poll(
    mailbox: MemoryMailbox, outbox: Outbox, transactions: int, mails: int
) -> None:
    ledger = Brittle()
    acme = account(mailbox, ACME, ledger=ledger)
    add(ledger, interview="acme-backend", at=NOW, kind=EventKind.SET, status=Status.OFFER)
    ledger.left = transactions

    for minutes in range(0, 600, 10):
        send_when_due(acme, hour=8, sender=None, send=outbox, now=NOW + timedelta(minutes=minutes))

    assert len(outbox) == mails


# Its own way back


def test_the_agent_does_not_read_its_own_digest(mailbox: MemoryMailbox, outbox: Outbox) -> None:
    birch = rejected(mailbox)
    assert sent(birch, outbox, NOW)
    for role in (FolderRole.INBOX, FolderRole.SENT):
        mailbox.deliver(role, outbox[0].as_bytes(), NOW + HOUR)

    report = run_pass(birch, NOW + 2 * HOUR)

    assert (report.read, report.assigned, report.asked, report.changes) == (0, 0, [], [])
    assert birch.ledger.message(str(outbox[0]["Message-ID"])) is None
    assert birch.ledger.unassigned(NOW - DAY) == []


def test_mail_of_the_users_own_to_themselves_is_no_digest(mailbox: MemoryMailbox) -> None:
    birch = rejected(mailbox)
    send(mailbox, "<note@mailbox.example>", "Remember the salary range.", at=NOW, to=ME)

    assert run_pass(birch, NOW + HOUR).read == 1
