"""The daily digest, gathered from the ledger: what is new since the last one, what waits, what does not work."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from itertools import takewhile

from agent.daemon import journal
from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
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
from agent.store import Ledger, StoreProblem

AFTER_FAILURE = timedelta(minutes=30)
AFTER_REFUSAL = timedelta(hours=23)
"""How long after a failure, or a refusal that only the user can mend, the digest is tried again."""

SILENT_AFTER = timedelta(days=7)
"""A mailbox that brought nothing for so long, while candidacies are open, is news by itself (design, promise 9)."""

_EVER = "1970-01-01T00:00:00+00:00"
_LYING = (DraftState.QUEUED, DraftState.EDITED)


def send_when_due(
    account: Account, *, hour: int, sender: str | None, send: Callable[[EmailMessage], None], now: datetime
) -> bool:
    """Send the digest when it is time for it and there is something to tell; return whether it was sent.

    `hour` is of the user's day, `send` hands the mail in and may raise `NotifyProblem`. That, and a ledger that cannot be used,
    is told in the log; what could not be told is in the next digest.
    """
    local = now.astimezone(account.user.timezone)
    try:
        return _send_when_due(account, hour=hour, sender=sender, send=send, now=local)
    except StoreProblem as problem:
        journal.digest_failed(day=local.date(), problem=str(problem))
        return False


def _send_when_due(
    account: Account, *, hour: int, sender: str | None, send: Callable[[EmailMessage], None], now: datetime
) -> bool:
    ledger = account.ledger
    last, again = ledger.noted("digest_day"), ledger.noted("digest_again")
    last_day = date.fromisoformat(last) if last else None
    if not is_time(last_day, now, hour) or (again and now < datetime.fromisoformat(again)):
        return False
    news, newest = gather(account, now)
    if not due(last_day, now, hour, news):
        return False
    subject, body = digest_text(news)
    message = digest_message(address=account.user.address, sender=sender, subject=subject, body=body, now_local=now)
    # Before it is sent: whatever happens from here on (a full disk, a kill), it is not sent again at each poll.
    _note(ledger, digest_again=(now + AFTER_FAILURE).isoformat())
    try:
        send(message)
    except NotifyProblem as problem:
        wait = AFTER_REFUSAL if problem.permanent else AFTER_FAILURE
        _note(ledger, digest_problem=str(problem), digest_again=(now + wait).isoformat())
        journal.digest_failed(day=news.day, problem=str(problem))
        return False
    journal.digest_sent(day=news.day, message_id=str(message["Message-ID"]))
    _note(
        ledger,
        digest_problem="",
        digest_again="",
        digest_at=now.isoformat(),
        digest_day=news.day.isoformat(),
        digest_event=str(newest),
    )
    return True


def gather(account: Account, now: datetime) -> tuple[DigestNews, int]:
    """Return what a digest would tell now, and the number of the newest event in it."""
    ledger = account.ledger
    zone = account.user.timezone
    told = int(ledger.noted("digest_event") or 0)
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
            )
            for each in ledger.held()
            if each.interview in interviews
        ),
        problems=tuple(
            _problems_of_passes(
                ledger,
                open_candidacies=_any_open(candidacies),
                since=datetime.fromisoformat(ledger.noted("digest_at") or _EVER),
                now=now.astimezone(zone),
            )
        ),
    )
    newest = max((event.id or 0 for each in candidacies for event in each.events), default=0)
    return news, max(told, newest)


def problems(ledger: Ledger, *, open_candidacies: bool, now: datetime) -> list[str]:
    """Return what does not work, a line each: passes that fail, mail kept aside, a mailbox fallen silent, an unsent digest.

    Moments are shown in the zone of `now`.
    """
    found = _problems_of_passes(ledger, open_candidacies=open_candidacies, now=now, since=datetime.fromisoformat(_EVER))
    if problem := ledger.noted("digest_problem"):
        again = ledger.noted("digest_again")
        when = f" It is tried again after {_shown(datetime.fromisoformat(again), now)}." if again else ""
        found.append(f"The last digest could not be sent: {problem.rstrip('.')}.{when}")
    return found


def _problems_of_passes(ledger: Ledger, *, open_candidacies: bool, now: datetime, since: datetime) -> list[str]:
    """Return what a digest tells of them: of what was kept aside only what was so after `since`.

    Not that a digest could not be sent: the one that tells it is the proof that it is over.
    """
    found = []
    problem, last_pass, last_read = ledger.noted("problem"), ledger.noted("last_pass"), ledger.noted("last_read")
    if problem:
        failures = int(ledger.noted("failures") or 1)
        passes = "The last pass over your mailbox" if failures == 1 else f"The last {failures} passes over your mailbox"
        good = (
            f"The last good one was at {_shown(datetime.fromisoformat(last_pass), now)}."
            if last_pass
            else "None has succeeded yet."
        )
        found.append(f"{passes} failed: {problem.rstrip('.')}. {good}")
    elif open_candidacies and last_read and now - datetime.fromisoformat(last_read) > SILENT_AFTER:
        days = (now - datetime.fromisoformat(last_read)).days
        found.append(
            f"No new mail has come for {days} days, although candidacies are open: does your mail still arrive there, and are "
            "the right folders read? `interview-agent check` shows them."
        )
    aside = [each for each in ledger.aside() if each.at > since]
    if aside:
        last = aside[-1]
        place = f"UID {last.uid} in {last.folder}: {last.problem}"
        if len(aside) == 1:
            found.append(f"One message could not be read and was kept aside, {place}")
        else:
            found.append(f"{len(aside)} messages could not be read and were kept aside, the last of them {place}")
    return found


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


def _mail_of(ledger: Ledger, message_id: str | None, now: datetime) -> str:
    record = ledger.message(message_id) if message_id else None
    if record is None:
        return ""
    message = record.message
    return f"{_shown(message.date, now)}, from {message.sender.email}, “{message.subject}”"


def _any_open(candidacies: Sequence[Candidacy]) -> bool:
    return any(each.state.status not in ENDED for each in candidacies)


def _shown(moment: datetime, now: datetime) -> str:
    return f"{moment.astimezone(now.tzinfo):%Y-%m-%d %H:%M %Z}"


def _note(ledger: Ledger, **notes: str) -> None:
    with ledger.transaction():
        for key, value in notes.items():
            ledger.note(key, value)
