"""What the service does between its passes: it listens, and it leaves a tired server in peace."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from agent.daemon import loop
from agent.daemon.stopping import Stop
from agent.mailbox import FolderRole, Mailbox
from agent.mailbox.memory import MemoryMailbox
from agent.store import Fact
from tests.daemon.fast_time import (
    BROKEN,
    POLL,
    TIRED,
    Diary,
    FastStop,
    Listening,
    Time,
    delivered,
    fail,
    raises,
    told,
)
from tests.daemon.scene import ACME, INVITES, NOW, account, receive


@pytest.fixture
def time() -> Time:
    return Time()


# News


def test_news_makes_a_pass_at_once_and_the_mailbox_stays_open(time: Time) -> None:
    mailbox = Listening(time, (77.0, delivered))
    opened: list[Mailbox] = []

    def open_mailbox() -> Mailbox:
        opened.append(mailbox)
        return mailbox

    began = Diary(time).serve(replace(account(mailbox, ACME), open_mailbox=open_mailbox), passes=3)

    assert began == [0.0, 77.05, 377.05]
    assert len(mailbox.messages(FolderRole.DRAFTS)) == 1
    assert len(opened) == 1
    assert mailbox.closed


def test_a_burst_of_news_is_one_pass(time: Time) -> None:
    mailbox = MemoryMailbox(clock=time.wall)
    acme = account(mailbox, ACME)
    began: list[int] = []
    stop = Stop()

    def after_pass(_now: datetime) -> None:
        began.append(len(acme.ledger.events("acme-backend")))
        if len(began) == 1:
            for number in range(10):
                receive(mailbox, f"<{number}@acme.example>", INVITES, at=NOW - timedelta(minutes=number))
        else:
            stop.set()

    loop.serve(acme, poll=POLL, stop=stop, after_pass=after_pass, clock=lambda: NOW)

    assert len(began) == 2
    assert acme.ledger.message("<9@acme.example>") is not None


def test_a_server_that_tells_of_news_without_end_is_looked_at_less_and_less(time: Time) -> None:
    mailbox = Listening(time, *[(0.0, told)] * 12)

    began = Diary(time).serve(account(mailbox, ACME), passes=12)

    gaps = [round(later - earlier) for earlier, later in pairwise(began)]
    assert gaps == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_news_after_news_that_was_none_is_answered_at_once_again(time: Time) -> None:
    mailbox = Listening(time, (0.0, told), (0.0, told), (0.0, told), (500.0, delivered), (501.5, told))

    began = Diary(time).serve(account(mailbox, ACME), passes=7)

    # Three passes for nothing, then calm: the fourth is at once, and so is the one after it, for that one brought something.
    assert began[4] - began[3] == 300.0
    assert len(mailbox.messages(FolderRole.DRAFTS)) == 1
    assert began[6] - began[5] == pytest.approx(1.55)


# Connections that end


def test_a_connection_that_ends_while_idle_is_made_anew_at_once(time: Time) -> None:
    mailbox = Listening(time, (100.0, raises(BROKEN)))
    acme = account(mailbox, ACME)

    began = Diary(time).serve(acme, passes=2)

    assert began == [0.0, 100.05]
    assert acme.ledger.noted(Fact.PROBLEM) == ""


def test_a_server_that_ends_every_connection_is_not_asked_more_often_than_by_polling(time: Time) -> None:
    mailbox = Listening(time, *[(0.0, raises(BROKEN))] * 12)

    began = Diary(time).serve(account(mailbox, ACME), passes=12)

    assert began[-1] - began[-2] == 300.0


def test_a_pass_that_was_cut_is_tried_again_within_seconds_and_then_with_growing_waits(time: Time) -> None:
    mailbox = Listening(time)
    fail(mailbox, BROKEN, times=3)

    began = Diary(time).serve(account(mailbox, ACME), passes=4)

    assert 1 <= began[1] <= 2
    assert 15 <= began[2] - began[1] <= 30
    assert 30 <= began[3] - began[2] <= 60


@pytest.mark.parametrize("where", ["folders", "wait"])
def test_a_provider_that_wants_to_be_left_in_peace_is(time: Time, where: str) -> None:
    mailbox = Listening(time, (10.0, raises(TIRED))) if where == "wait" else Listening(time)
    if where == "folders":
        mailbox.fail_next("folders", TIRED)
    acme = account(mailbox, ACME)

    began = Diary(time).serve(acme, passes=2)

    assert 900 <= began[1] - began[0] <= 1000


def test_an_unforeseen_mistake_is_told_and_the_mailbox_read_again_later(time: Time) -> None:
    class Odd(Listening):
        odd = True

        def folders(self) -> dict[FolderRole, str]:
            if self.odd:
                self.odd = False
                raise ZeroDivisionError
            return super().folders()

    acme = account(Odd(time), ACME)
    noted: list[str] = []

    stop = FastStop(time)

    def after_pass(_now: datetime) -> None:
        noted.append(acme.ledger.noted(Fact.PROBLEM) or "")
        if len(noted) == 2:
            stop.set()

    loop.serve(acme, poll=POLL, stop=stop, after_pass=after_pass, clock=time.wall, monotonic=time.monotonic)

    assert noted == ["a mistake in interview-agent itself (ZeroDivisionError); `interview-agent once --debug` shows where", ""]


# A wait that is none


def test_a_wait_that_ends_at_once_for_no_reason_does_not_burn_the_processor(time: Time) -> None:
    class Hasty(Listening):
        def wait(self, seconds: float, *, stop: int) -> bool:
            self.pieces.append(seconds)
            return False

    mailbox = Hasty(time)

    began = Diary(time).serve(account(mailbox, ACME), passes=2)

    assert began == [0.0, 300.0]
    assert len(mailbox.pieces) <= 300 / 0.05 + 10


def test_each_wait_is_short_enough_to_notice_a_suspended_machine(time: Time) -> None:
    mailbox = Listening(time)

    Diary(time).serve(account(mailbox, ACME), passes=2)

    assert mailbox.pieces == [60.0] * 5
