"""The daily digest: gathered from the ledger when it is time for it, and handed over once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from agent.daemon import journal
from agent.daemon.account import Account
from agent.daemon.gathering import gather, named, stopped
from agent.notify.digest import digest_message, digest_text, due, is_time
from agent.notify.smtp import NotifyProblem
from agent.store import Fact, Ledger, StoreProblem

AFTER_FAILURE = timedelta(minutes=30)
AFTER_REFUSAL = timedelta(hours=23)
"""How long after a failure, or a refusal that only the user can mend, the digest is tried again."""

_TOMORROW = timedelta(days=1)
"""By which a day may be ahead because the user has come from the east."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """One digest that is due, and what is to be noted once it was handed over."""

    message: EmailMessage
    day: date
    told: dict[Fact, str]


def send_when_due(
    account: Account, *, hour: int, sender: str | None, send: Callable[[EmailMessage], None], now: datetime
) -> bool:
    """Send the digest when it is time for it and there is something to tell; return whether it was sent.

    `hour` is of the user's day, `send` hands the mail in and may raise `NotifyProblem`. A refusal, and a ledger that cannot be
    used, is told in the log; what could not be told is in the next digest.
    """

    def hand_over(digest: Digest) -> bool:
        send(digest.message)
        return True

    return when_due(account, hour=hour, sender=sender, hand_over=hand_over, now=now)


def when_due(
    account: Account,
    *,
    hour: int,
    sender: str | None = None,
    before: Callable[[], None] = lambda: None,
    hand_over: Callable[[Digest], bool],
    now: datetime,
) -> bool:
    """Let the digest be handed over when it is due; return whether it was.

    `before` is called when it is time for one, before anything is gathered. `hand_over` returns False where it is not known
    whether the user has it: then what it told is told again the next day. Both may raise `NotifyProblem`.
    """
    local = now.astimezone(account.user.timezone)
    try:
        return _when_due(account, hour=hour, sender=sender, before=before, hand_over=hand_over, now=local)
    except StoreProblem as problem:
        journal.digest_failed(day=local.date(), problem=str(problem))
        return False


def _when_due(
    account: Account,
    *,
    hour: int,
    sender: str | None,
    before: Callable[[], None],
    hand_over: Callable[[Digest], bool],
    now: datetime,
) -> bool:
    ledger = account.ledger
    again = ledger.noted(Fact.DIGEST_AGAIN)
    if not is_time(_last_day(ledger, now), now, hour) or (again and now < datetime.fromisoformat(again) <= now + AFTER_REFUSAL):
        return False
    try:
        before()
        digest = _digest(account, hour=hour, sender=sender, now=now)
        if digest is None:
            return False
        # Before it is handed over: whatever happens from here on (a full disk, a kill), it is not sent again at each poll.
        since = ledger.noted(Fact.DIGEST_SINCE) or now.isoformat()
        note(ledger, {Fact.DIGEST_AGAIN: (now + AFTER_FAILURE).isoformat(), Fact.DIGEST_SINCE: since})
        told = digest.told if hand_over(digest) else {Fact.DIGEST_DAY: digest.told[Fact.DIGEST_DAY]}
    except NotifyProblem as problem:
        wait = AFTER_REFUSAL if problem.permanent else AFTER_FAILURE
        note(ledger, {Fact.DIGEST_PROBLEM: str(problem), Fact.DIGEST_AGAIN: (now + wait).isoformat()})
        journal.digest_failed(day=now.date(), problem=str(problem))
        return False
    journal.digest_sent(day=digest.day, message_id=str(digest.message["Message-ID"]))
    note(ledger, {Fact.DIGEST_PROBLEM: "", Fact.DIGEST_AGAIN: "", Fact.DIGEST_PLACING: "", **told})
    return True


def note(ledger: Ledger, facts: dict[Fact, str]) -> None:
    """Remember small facts together."""
    with ledger.transaction():
        for fact, value in facts.items():
            ledger.note(fact, value)


def _digest(account: Account, *, hour: int, sender: str | None, now: datetime) -> Digest | None:
    """Return the digest as of now; None where nothing is to be told, or one went out today."""
    ledger = account.ledger
    gathered = gather(account, now)
    news = gathered.news
    if not due(_last_day(ledger, now), now, hour, news):
        return None
    subject, body = digest_text(news)
    return Digest(
        message=digest_message(
            address=account.user.address, sender=sender, subject=subject, body=body, now_local=now, account=account.name
        ),
        day=news.day,
        told={
            Fact.DIGEST_AT: now.isoformat(),
            Fact.DIGEST_DAY: news.day.isoformat(),
            Fact.DIGEST_EVENT: str(gathered.event),
            Fact.DIGEST_ANSWER: str(gathered.answer),
            Fact.DIGEST_HELD: "\n".join(named(each) for each in ledger.held() if stopped(each)),
        },
    )


def _last_day(ledger: Ledger, now: datetime) -> date | None:
    """Return the day of the last digest; None where the clock was ahead by days when it was sent: it must not be waited for."""
    last = ledger.noted(Fact.DIGEST_DAY)
    day = date.fromisoformat(last) if last else None
    return None if day is not None and day > now.date() + _TOMORROW else day
