"""The daily digest, gathered from the ledger: what is new since the last one, what waits, what does not work."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from itertools import takewhile

from agent.daemon import journal
from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.troubles import shown_moment, troubles_of_passes
from agent.interviews import ENDED, EventKind
from agent.interviews.candidacy import Candidacy
from agent.interviews.fold import fold
from agent.interviews.status import HistoryEntry
from agent.notify.digest import (
    Changed,
    DigestNews,
    Drafted,
    HeldBack,
    Waiting,
    digest_message,
    digest_text,
    due,
    is_time,
)
from agent.notify.smtp import NotifyProblem
from agent.plan.intention import DraftRecord, DraftState
from agent.policy import Held
from agent.store import Fact, Ledger, StoreProblem

AFTER_FAILURE = timedelta(minutes=30)
AFTER_REFUSAL = timedelta(hours=23)
"""How long after a failure, or a refusal that only the user can mend, the digest is tried again."""

_TOMORROW = timedelta(days=1)
"""By which a day may be ahead because the user has come from the east."""

_LYING = (DraftState.QUEUED, DraftState.EDITED)


def send_when_due(
    account: Account,
    *,
    hour: int,
    sender: str | None,
    send: Callable[[EmailMessage], None],
    now: datetime,
    name: str = "",
) -> bool:
    """Send the digest when it is time for it and there is something to tell; return whether it was sent.

    `hour` is of the user's day, `send` hands the mail in and may raise `NotifyProblem`; `name` is that of the account where
    there are several. A refusal, and a ledger that cannot be used, is told in the log; what could not be told is in the next
    digest.
    """
    local = now.astimezone(account.user.timezone)
    try:
        return _send_when_due(account, hour=hour, sender=sender, send=send, now=local, name=name)
    except StoreProblem as problem:
        journal.digest_failed(day=local.date(), problem=str(problem))
        return False


def _send_when_due(
    account: Account, *, hour: int, sender: str | None, send: Callable[[EmailMessage], None], now: datetime, name: str
) -> bool:
    ledger = account.ledger
    last, again = ledger.noted(Fact.DIGEST_DAY), ledger.noted(Fact.DIGEST_AGAIN)
    last_day = date.fromisoformat(last) if last else None
    if last_day is not None and last_day > now.date() + _TOMORROW:
        last_day = None  # the clock was ahead by days when it was sent: it must not be waited for
    if not is_time(last_day, now, hour) or (again and now < datetime.fromisoformat(again) <= now + AFTER_REFUSAL):
        return False
    news, newest = gather(account, now)
    if not due(last_day, now, hour, news):
        return False
    subject, body = digest_text(news)
    message = digest_message(address=account.user.address, sender=sender, subject=subject, body=body, now_local=now, account=name)
    # Before it is sent: whatever happens from here on (a full disk, a kill), it is not sent again at each poll.
    _note(ledger, {Fact.DIGEST_AGAIN: (now + AFTER_FAILURE).isoformat()})
    try:
        send(message)
    except NotifyProblem as problem:
        wait = AFTER_REFUSAL if problem.permanent else AFTER_FAILURE
        _note(ledger, {Fact.DIGEST_PROBLEM: str(problem), Fact.DIGEST_AGAIN: (now + wait).isoformat()})
        journal.digest_failed(day=news.day, problem=str(problem))
        return False
    journal.digest_sent(day=news.day, message_id=str(message["Message-ID"]))
    _note(
        ledger,
        {
            Fact.DIGEST_PROBLEM: "",
            Fact.DIGEST_AGAIN: "",
            Fact.DIGEST_AT: now.isoformat(),
            Fact.DIGEST_DAY: news.day.isoformat(),
            Fact.DIGEST_EVENT: str(newest),
            Fact.DIGEST_HELD: "\n".join(_named(each) for each in ledger.held() if _stopped(each)),
        },
    )
    return True


def gather(account: Account, now: datetime) -> tuple[DigestNews, int]:
    """Return what a digest would tell now, and the number of the newest event in it."""
    ledger = account.ledger
    zone = account.user.timezone
    told = int(ledger.noted(Fact.DIGEST_EVENT) or 0)
    told_held = (ledger.noted(Fact.DIGEST_HELD) or "").splitlines()
    casebook = Casebook(ledger, now)
    candidacies = casebook.candidacies()
    interviews = {each.interview.id: each.interview for each in candidacies}
    news = DigestNews(
        day=now.astimezone(zone).date(),
        changed=tuple(changed for each in candidacies if (changed := _changed(each, told, now))),
        drafted=tuple(drafted for each in candidacies for drafted in _drafted(each, told, casebook.drafts(each.interview.id))),
        waiting=tuple(
            Waiting(
                number=review.number,
                reason=review.question.reason,
                candidates=review.question.candidates,
                mail=_mail_of(ledger, review.question.message_id, now.astimezone(zone)),
            )
            for review in ledger.reviews()
        ),
        held=tuple(
            HeldBack(
                interview=each.interview,
                company=interviews[each.interview].company,
                role=interviews[each.interview].role,
                kind=each.kind,
                reason=each.reason,
                until=each.until.astimezone(zone).date() if each.until else None,
                rule=each.rule,
                requirements=each.requirements,
                stopped=_stopped(each) and _named(each) not in told_held,
            )
            for each in ledger.held()
            if each.interview in interviews
        ),
        problems=tuple(
            troubles_of_passes(
                ledger,
                open_candidacies=_any_open(candidacies),
                since=_moment(ledger.noted(Fact.DIGEST_AT)),
                now=now.astimezone(zone),
            )
        ),
    )
    newest = max((event.id or 0 for each in candidacies for event in each.events), default=0)
    return news, max(told, newest)


def _changed(candidacy: Candidacy, told: int, now: datetime) -> Changed | None:
    interview, state = candidacy.interview, candidacy.state
    before = fold(interview, [event for event in candidacy.events if (event.id or 0) <= told], now).status
    if before is state.status:
        return None
    return Changed(
        interview=interview.id,
        company=interview.company,
        role=interview.role,
        before=before,
        after=state.status,
        quote=_words(state.history),
    )


def _words(history: Sequence[HistoryEntry]) -> str:
    """Return the words of the message that led to the last status; one that came later and changed nothing explains nothing."""
    read = [entry for entry in history if entry.rule != "clock" and not entry.refused]
    reached = list(takewhile(lambda entry: entry.status is read[-1].status, reversed(read)))
    return reached[-1].quote if reached else ""


def _drafted(candidacy: Candidacy, told: int, drafts: Sequence[DraftRecord]) -> list[Drafted]:
    """Return the drafts that were put into Drafts since the last digest and still lie there."""
    interview = candidacy.interview
    lying = {(draft.kind, draft.occasion): draft for draft in drafts if draft.state in _LYING}
    return [
        Drafted(
            interview=interview.id,
            company=interview.company,
            role=interview.role,
            kind=draft.kind,
            reason=draft.reason,
            requirements=draft.requirements,
        )
        for event in candidacy.events
        if event.kind is EventKind.DRAFTED and (event.id or 0) > told
        for (kind, occasion), draft in lying.items()
        if (event.draft_kind, event.occasion) == (kind, occasion)
    ]


def _stopped(held: Held) -> bool:
    """Whether a check stopped the text, and no rule of the policy (`agent.plan.follow_up`)."""
    return held.rule.startswith("check ")


def _named(held: Held) -> str:
    return f"{held.interview}|{held.kind}|{held.occasion}"


def _mail_of(ledger: Ledger, message_id: str | None, now: datetime) -> str:
    record = ledger.message(message_id) if message_id else None
    if record is None:
        return ""
    message = record.message
    return f"{shown_moment(message.date, now)}, from {message.sender.email}, “{message.subject}”"


def _any_open(candidacies: Sequence[Candidacy]) -> bool:
    return any(each.state.status not in ENDED for each in candidacies)


def _note(ledger: Ledger, facts: dict[Fact, str]) -> None:
    with ledger.transaction():
        for fact, value in facts.items():
            ledger.note(fact, value)


def _moment(noted: str | None) -> datetime | None:
    return datetime.fromisoformat(noted) if noted else None
