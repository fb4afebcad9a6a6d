"""The daily digest, gathered from the ledger: what is new since the last one, what waits, what does not work."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from agent.daemon import journal
from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.interviews import ENDED, EventKind
from agent.interviews.fold import fold
from agent.notify.digest import (
    Changed,
    DigestNews,
    Drafted,
    HeldBack,
    Waiting,
    digest_message,
    digest_text,
    due,
)
from agent.notify.smtp import NotifyProblem
from agent.store import Ledger

AFTER_FAILURE = timedelta(minutes=30)
AFTER_REFUSAL = timedelta(hours=23)
"""How long after a failure, or a refusal that only the user can mend, the digest is tried again."""

_EVER = "1970-01-01T00:00:00+00:00"

SILENT_AFTER = timedelta(days=7)
"""A mailbox that brought nothing for so long, while candidacies are open, is news by itself (design, promise 9)."""


def send_when_due(
    account: Account, *, hour: int, sender: str | None, send: Callable[[EmailMessage], None], now: datetime
) -> bool:
    """Send the digest when it is time for it and there is something to tell; return whether it was sent.

    `hour` is of the user's day, `send` hands the mail in and may raise `NotifyProblem`, which is told in the log.
    """
    local = now.astimezone(account.user.timezone)
    last = account.ledger.noted("digest_day")
    again = account.ledger.noted("digest_again")
    if again and now < datetime.fromisoformat(again):
        return False
    news, newest = gather(account, now)
    if not due(date.fromisoformat(last) if last else None, local, hour, news):
        return False
    subject, body = digest_text(news)
    message = digest_message(address=account.user.address, sender=sender, subject=subject, body=body, now_local=local)
    try:
        send(message)
    except NotifyProblem as problem:
        journal.digest_failed(day=news.day, problem=str(problem))
        wait = AFTER_REFUSAL if problem.permanent else AFTER_FAILURE
        with account.ledger.transaction():
            account.ledger.note("digest_problem", str(problem))
            account.ledger.note("digest_again", (now + wait).isoformat())
        return False
    with account.ledger.transaction():
        account.ledger.note("digest_problem", "")
        account.ledger.note("digest_at", now.isoformat())
        account.ledger.note("digest_day", news.day.isoformat())
        account.ledger.note("digest_event", str(newest))
    journal.digest_sent(day=news.day, message_id=str(message["Message-ID"]))
    return True


def gather(account: Account, now: datetime) -> tuple[DigestNews, int]:
    """Return what a digest would tell now, and the number of the newest event in it."""
    ledger = account.ledger
    told = int(ledger.noted("digest_event") or 0)
    casebook = Casebook(ledger, now)
    candidacies = casebook.candidacies()
    interviews = {each.interview.id: each.interview for each in candidacies}
    changed, drafted, newest = [], [], told
    for candidacy in candidacies:
        interview = candidacy.interview
        newest = max([newest, *(event.id or 0 for event in candidacy.events)])
        fresh = [event for event in candidacy.events if (event.id or 0) > told]
        before = fold(interview, [event for event in candidacy.events if (event.id or 0) <= told], now).status
        after = candidacy.state.status
        if before is not after:
            quote = next((event.quote for event in reversed(fresh) if event.quote), "")
            changed.append(
                Changed(
                    interview=interview.id,
                    company=interview.company,
                    role=interview.role,
                    before=before,
                    after=after,
                    quote=quote,
                )
            )
        requirements = {(draft.kind, draft.occasion): draft.requirements for draft in casebook.drafts(interview.id)}
        drafted += [
            Drafted(
                interview=interview.id,
                company=interview.company,
                role=interview.role,
                kind=event.draft_kind,
                reason=event.note,
                requirements=next(
                    (found for key, found in requirements.items() if key == (event.draft_kind, event.occasion)), ()
                ),
            )
            for event in fresh
            if event.kind is EventKind.DRAFTED
        ]
    news = DigestNews(
        day=now.astimezone(account.user.timezone).date(),
        changed=tuple(changed),
        drafted=tuple(drafted),
        waiting=tuple(
            Waiting(number=review.number, reason=review.question.reason, candidates=review.question.candidates)
            for review in ledger.reviews()
        ),
        held=tuple(
            HeldBack(
                interview=each.interview,
                company=interviews[each.interview].company,
                role=interviews[each.interview].role,
                kind=each.kind,
                reason=each.reason,
                until=each.until.astimezone(account.user.timezone).date() if each.until else None,
            )
            for each in ledger.held()
            if each.interview in interviews
        ),
        problems=tuple(
            problems(
                ledger,
                open_candidacies=any(each.state.status not in ENDED for each in candidacies),
                since=datetime.fromisoformat(ledger.noted("digest_at") or _EVER),
                now=now,
            )
        ),
    )
    return news, newest


def problems(ledger: Ledger, *, open_candidacies: bool, now: datetime, since: datetime | None = None) -> list[str]:
    """Return what does not work, a line each: passes that fail, mail kept aside since `since`, a mailbox fallen silent."""
    found = []
    if problem := ledger.noted("digest_problem"):
        found.append(f"The last digest could not be sent: {problem}")
    if problem := ledger.noted("problem"):
        found.append(f"The last pass failed ({ledger.noted('failures')} in a row): {problem}")
    aside = [each for each in ledger.aside() if since is None or each[3] > since]
    if aside:
        folder, _, uid, _, problem = aside[-1]
        found.append(f"{len(aside)} messages were kept aside, the last of them UID {uid} in {folder}: {problem}")
    last_read = ledger.noted("last_read")
    if open_candidacies and last_read and now - datetime.fromisoformat(last_read) > SILENT_AFTER:
        days = (now - datetime.fromisoformat(last_read)).days
        found.append(
            f"No mail at all was read for {days} days; look whether the right folders are read (`interview-agent check`)"
        )
    return found
