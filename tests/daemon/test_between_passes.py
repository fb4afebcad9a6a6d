"""What the service does between its passes: it listens, it minds the clocks, and it leaves a tired server in peace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from agent.daemon import loop
from agent.daemon.account import Account
from agent.daemon.stopping import Stop
from agent.mailbox import FolderRole, Mailbox, MailboxProblem
from agent.mailbox.memory import MemoryMailbox
from agent.store import Fact
from tests.daemon.scene import ACME, INVITES, NOW, account, receive

POLL = timedelta(minutes=5)
HOUR = timedelta(hours=1)
BROKEN = MailboxProblem("the connection to imap.example ended", permanent=False)
REFUSED = MailboxProblem("wrong user name or password for robin at imap.example", permanent=True)
NO_HOST = MailboxProblem("the host imap.example is unknown", permanent=False, reached=False)
TIRED = MailboxProblem("imap.example says: too many connections", permanent=False, retry_after=timedelta(minutes=15))


class Time:
    """A wall clock and a monotonic one, which go on while somebody waits."""

    def __init__(self) -> None:
        self.now = NOW
        self.passed = 0.0

    def wall(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.passed

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.passed += seconds


class FastStop(Stop):
    """Waits in that time."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self.time = time

    def wait(self, seconds: float | None = None) -> bool:
        assert seconds is not None
        self.time.go_on(max(seconds, 0.0))
        return self.is_set()


class Listening(MemoryMailbox):
    """Waits in that time too; what happens meanwhile is planned: after so many seconds of waiting, something is done."""

    def __init__(self, time: Time, *plan: tuple[float, Callable[["Listening"], bool]]) -> None:
        super().__init__(clock=time.wall)
        self.time = time
        self.plan = list(plan)
        self.waited = 0.0
        self.pieces: list[float] = []

    def wait(self, seconds: float, *, stop: int) -> bool:
        assert stop > 0
        self.pieces.append(seconds)
        if self.plan and self.plan[0][0] <= self.waited + seconds:
            after, happens = self.plan.pop(0)
            self.time.go_on(max(after - self.waited, 0.0))
            self.waited = max(after, self.waited)
            return happens(self)
        self.time.go_on(seconds)
        self.waited += seconds
        return False


class Diary:
    """Serves an account for so many passes, and notes when each began."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.began: list[float] = []

    def serve(self, served: Account, *, passes: int, mended_at: datetime | None = None) -> list[float]:
        stop = FastStop(self.time)

        def after_pass(_now: datetime) -> None:
            self.began.append(round(self.time.passed, 2))
            if len(self.began) == passes:
                stop.set()

        loop.serve(
            served,
            poll=POLL,
            stop=stop,
            after_pass=after_pass,
            clock=self.time.wall,
            monotonic=self.time.monotonic,
            mended_at=mended_at,
        )
        stop.close()
        return self.began


@pytest.fixture
def time() -> Time:
    return Time()


def raises(problem: Exception) -> Callable[[Listening], bool]:
    def happen(_mailbox: Listening) -> bool:
        raise problem

    return happen


def fail(mailbox: MemoryMailbox, problem: MailboxProblem, *, times: int) -> None:
    for _ in range(times):
        mailbox.fail_next("folders", problem)


def told(_mailbox: Listening) -> bool:
    return True


def delivered(mailbox: Listening) -> bool:
    receive(mailbox, "<i@acme.example>", INVITES, at=mailbox.time.now)
    return True


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
