"""Restarts and clocks that jump: no wait is forgotten, none lasts for ever, nothing is drafted twice."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from agent.daemon import loop
from agent.mailbox import FolderRole, Mailbox
from agent.store import Fact
from tests.daemon.fast_time import (
    HOUR,
    NO_HOST,
    POLL,
    REFUSED,
    Diary,
    FastStop,
    Listening,
    Time,
    delivered,
    fail,
)
from tests.daemon.scene import ACME, NOW, account


@pytest.fixture
def time() -> Time:
    return Time()


# Restarts


def test_a_restart_waits_out_what_is_left_of_the_wait_after_a_failure(time: Time) -> None:
    mailbox = Listening(time)
    mailbox.fail_next("folders", NO_HOST)
    acme = account(mailbox, ACME)
    Diary(time).serve(acme, passes=1)
    ends = datetime.fromisoformat((acme.ledger.noted(Fact.NEXT_TRY) or "").split()[1])
    time.go_on(5)

    (began,) = Diary(time).serve(acme, passes=1)

    assert abs(NOW + timedelta(seconds=began) - ends) < timedelta(milliseconds=10)
    assert acme.ledger.noted(Fact.PROBLEM) == ""


def test_restarts_in_a_loop_do_not_hammer_a_server_that_refuses_the_login(time: Time) -> None:
    mailbox = Listening(time)
    acme = account(mailbox, ACME)
    Diary(time).serve(acme, passes=1)
    fail(mailbox, REFUSED, times=20)
    tried: list[float] = []

    for _ in range(20):
        tried += Diary(time).serve(acme, passes=1)

    assert all(later - earlier >= 1800 for earlier, later in pairwise(tried))


def test_after_success_a_restart_makes_its_pass_at_once(time: Time) -> None:
    mailbox = Listening(time)
    mailbox.fail_next("folders", NO_HOST)
    acme = account(mailbox, ACME)
    Diary(time).serve(acme, passes=2)

    before = time.passed

    assert Diary(time).serve(acme, passes=1) == [round(before, 2)]


def test_what_the_user_mended_is_tried_at_once(time: Time) -> None:
    mailbox = Listening(time)
    acme = account(mailbox, ACME)
    Diary(time).serve(acme, passes=1)
    mailbox.fail_next("folders", REFUSED)
    Diary(time).serve(acme, passes=1)
    before = time.passed

    began = Diary(time).serve(acme, passes=1, mended_at=time.now + timedelta(seconds=1))

    assert began == [round(before, 2)]


def test_a_clock_that_went_back_does_not_make_the_wait_longer_than_it_was(time: Time) -> None:
    mailbox = Listening(time)
    mailbox.fail_next("folders", NO_HOST)
    acme = account(mailbox, ACME)
    Diary(time).serve(acme, passes=1)
    time.now -= timedelta(days=400)
    before = time.passed

    (began,) = Diary(time).serve(acme, passes=1)

    assert 15 <= began - before <= 30


# Clocks


@pytest.mark.parametrize("jump", [timedelta(hours=9), -timedelta(hours=9), timedelta(days=400), -timedelta(days=400)], ids=str)
def test_a_clock_that_jumps_makes_a_pass_at_once_over_a_new_connection(time: Time, jump: timedelta) -> None:
    def jumps(mailbox: Listening) -> bool:
        mailbox.time.now += jump
        return False

    mailbox = Listening(time, (40.0, jumps))
    opened: list[float] = []

    def open_mailbox() -> Mailbox:
        opened.append(time.passed)
        return mailbox

    began = Diary(time).serve(replace(account(mailbox, ACME), open_mailbox=open_mailbox), passes=3)

    assert began[1] < 60.2
    assert opened == [0.0, began[1]]
    assert began[2] - began[1] == pytest.approx(300.0)


def test_a_clock_that_goes_forward_ends_the_wait_after_a_refused_login_no_sooner_than_it_says(time: Time) -> None:
    mailbox = Listening(time)
    acme = account(mailbox, ACME)
    Diary(time).serve(acme, passes=1)
    fail(mailbox, REFUSED, times=1)
    stop = FastStop(time)
    began: list[datetime] = []

    def after_pass(now: datetime) -> None:
        began.append(now)
        if len(began) == 1:
            time.now -= HOUR
        if len(began) == 2:
            stop.set()

    loop.serve(acme, poll=POLL, stop=stop, after_pass=after_pass, clock=time.wall, monotonic=time.monotonic)

    assert 1800 <= time.passed <= 1990


def test_a_clock_that_goes_back_and_forth_drafts_once_and_goes_on_drafting(time: Time) -> None:
    def back(mailbox: Listening) -> bool:
        mailbox.time.now -= timedelta(hours=12)
        return False

    def forth(mailbox: Listening) -> bool:
        mailbox.time.now += timedelta(hours=12)
        return False

    mailbox = Listening(time, (50.0, delivered), (100.0, back), (150.0, forth), (200.0, back), (250.0, forth))

    Diary(time).serve(account(mailbox, ACME), passes=7)

    assert len(mailbox.messages(FolderRole.DRAFTS)) == 1
