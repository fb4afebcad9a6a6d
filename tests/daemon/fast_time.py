"""Time that goes on only while somebody waits: for tests of what the service does in hours and days."""

from collections.abc import Callable
from datetime import datetime, timedelta

from agent.daemon import loop
from agent.daemon.account import Account
from agent.daemon.stopping import Stop
from agent.mailbox import MailboxProblem
from agent.mailbox.memory import MemoryMailbox
from tests.daemon.scene import INVITES, NOW, receive

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
