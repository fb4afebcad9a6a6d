"""What a digest would tell, gathered from the ledger: what is new since the last one, what waits, what does not work."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.replies import BY_MAIL
from agent.daemon.troubles import troubles_of_passes
from agent.interviews import ENDED, EventKind, Interview
from agent.interviews.candidacy import Candidacy
from agent.interviews.fold import fold
from agent.interviews.status import HistoryEntry
from agent.notify.news import Answered, Changed, Choice, Coming, DigestNews, Drafted, HeldBack, Waiting
from agent.plan.discovery import complete
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.orders import choices
from agent.plan.review import Question, ReviewKind
from agent.policy import Held
from agent.store import Fact, Ledger, Review

AHEAD = timedelta(days=7)
"""How far ahead a digest tells of interviews and promised days."""

_LYING = (DraftState.QUEUED, DraftState.EDITED)
_CLOCK = "clock"
"""The rule of what time alone has changed: an interview is over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """What a digest would tell."""

    news: DigestNews
    event: int
    """Number of the newest event in it."""
    answer: int
    """Number of the newest answer in it."""


def gather(account: Account, now: datetime) -> Gathered:
    """Return what a digest would tell now."""
    ledger = account.ledger
    local = now.astimezone(account.user.timezone)
    told = int(ledger.noted(Fact.DIGEST_EVENT) or 0)
    told_answer = int(ledger.noted(Fact.DIGEST_ANSWER) or 0)
    told_held = (ledger.noted(Fact.DIGEST_HELD) or "").splitlines()
    casebook = Casebook(ledger, now)
    candidacies = casebook.candidacies()
    interviews = {each.interview.id: each.interview for each in candidacies}
    answers = ledger.answers.after(told_answer)
    news = DigestNews(
        day=local.date(),
        changed=tuple(changed for each in candidacies if (changed := _changed(ledger, each, told, local))),
        drafted=tuple(drafted for each in candidacies for drafted in _drafted(each, told, casebook.drafts(each.interview.id))),
        waiting=tuple(_waiting(ledger, review, interviews, local) for review in ledger.reviews()),
        answered=tuple(Answered(words=each.words, told=each.told, done=each.done) for each in answers if each.told),
        coming=tuple(coming for each in candidacies for coming in _coming(each, local)),
        held=tuple(
            HeldBack(
                interview=each.interview,
                company=interviews[each.interview].company,
                role=interviews[each.interview].role,
                kind=each.kind,
                reason=each.reason,
                until=each.until.astimezone(local.tzinfo).date() if each.until else None,
                rule=each.rule,
                stopped=stopped(each) and named(each) not in told_held,
            )
            for each in ledger.held()
            if each.interview in interviews
        ),
        problems=tuple(
            troubles_of_passes(
                ledger,
                open_candidacies=any(each.state.status not in ENDED for each in candidacies),
                since=moment(ledger.noted(Fact.DIGEST_AT)),
                now=local,
            )
        ),
    )
    newest = max((event.id or 0 for each in candidacies for event in each.events), default=0)
    return Gathered(news=news, event=max(told, newest), answer=max([told_answer, *(each.number for each in answers)]))


def stopped(held: Held) -> bool:
    """Return whether a check stopped the text, and no rule of the policy (`agent.plan.follow_up`)."""
    return held.rule.startswith("check ")


def named(held: Held) -> str:
    """Return what makes something held the same when it is held again."""
    return f"{held.interview}|{held.kind}|{held.occasion}"


def moment(noted: str | None) -> datetime | None:
    """Return a noted moment."""
    return datetime.fromisoformat(noted) if noted else None


def _changed(ledger: Ledger, candidacy: Candidacy, told: int, now: datetime) -> Changed | None:
    """Return how a candidacy has changed; what the user's own answer has set is told with the answer."""
    interview, state = candidacy.interview, candidacy.state
    before = fold(interview, [event for event in candidacy.events if (event.id or 0) <= told], now).status
    if before is state.status:
        return None
    entry = _reached(state.history)
    if entry is not None and entry.rule == BY_MAIL:
        return None
    by, at = _who(ledger, entry, now)
    return Changed(
        interview=interview.id,
        company=interview.company,
        role=interview.role,
        before=before,
        after=state.status,
        quote=entry.quote if entry else "",
        by=by,
        at=at,
        event=entry.event if entry else None,
    )


def _reached(history: Sequence[HistoryEntry]) -> HistoryEntry | None:
    """Return the entry that led to the last status; one that came later and changed nothing explains nothing."""
    read = [entry for entry in history if not entry.refused]
    reached = list(takewhile(lambda entry: entry.status is read[-1].status, reversed(read)))
    return reached[-1] if reached else None


def _who(ledger: Ledger, entry: HistoryEntry | None, now: datetime) -> tuple[str, datetime | None]:
    """Return who wrote what led to a status, and when; where nobody did, what led to it."""
    record = ledger.message(entry.message_id) if entry and entry.message_id else None
    if entry is None:
        return "", None
    if entry.rule == _CLOCK:
        return "The interview is over.", None
    if record is None:
        return f"{entry.rule.capitalize()}.", None
    sender = record.message.sender
    by = "You" if record.own else f"{sender.name} ({sender.email})" if sender.name else sender.email
    return by, record.message.date.astimezone(now.tzinfo)


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
            to=draft.to,
            reason=draft.reason,
        )
        for event in candidacy.events
        if event.kind is EventKind.DRAFTED and (event.id or 0) > told
        for (kind, occasion), draft in lying.items()
        if (event.draft_kind, event.occasion) == (kind, occasion)
    ]


def _coming(candidacy: Candidacy, now: datetime) -> Iterator[Coming]:
    """Yield the interviews of the next days, and the days by which news was promised."""
    interview, state = candidacy.interview, candidacy.state
    if state.status in ENDED:
        return
    for held in state.rounds:
        if now < held.starts_at <= now + AHEAD:
            at = held.starts_at.astimezone(now.tzinfo)
            yield Coming(
                interview=interview.id, company=interview.company, role=interview.role, on=at.date(), at=at, round=held.number
            )
    if state.promised_by is not None and now.date() <= state.promised_by <= (now + AHEAD).date():
        yield Coming(interview=interview.id, company=interview.company, role=interview.role, on=state.promised_by)


def _waiting(ledger: Ledger, review: Review, interviews: Mapping[str, Interview], now: datetime) -> Waiting:
    question = review.question
    return Waiting(
        number=review.number,
        reason=question.reason,
        choices=tuple(
            Choice(answer=answer, means=_means(answer, question, interviews))
            for answer in choices(review.number, question, list(interviews))
        ),
        mail=_mail_of(ledger, question.message_id, now),
    )


def _means(answer: str, question: Question, interviews: Mapping[str, Interview]) -> str:
    """Return what one of the answers to a question does."""
    _, _, said = answer.partition(" ")
    if said in interviews:
        return f"it is about {interviews[said].company}, {interviews[said].role}"
    if said.startswith("new "):
        return "it is tracked under the company and the role that you write"
    if said == "no":
        return _NO.get(question.kind, "it is left as it is, and not asked again")
    match question.kind:
        case ReviewKind.DISCOVERED if question.proposed is not None and complete(question.proposed):
            return f"{question.proposed.company}, {question.proposed.role} is tracked"
        case ReviewKind.SUGGESTION:
            return f"it is set to {(question.status or '').replace('_', ' ')}"
        case ReviewKind.BOUNCED:
            return "you have seen it"
        case ReviewKind.MATCH if (found := interviews.get(question.candidates[0])) is not None:
            return f"it is about {found.company}, {found.role}"
        case ReviewKind.UNVOUCHED | ReviewKind.UNCLEAR | ReviewKind.REFUSED if found := interviews.get(question.candidates[0]):
            return f"it is true, and counts for {found.company}, {found.role}"
    return "it is so"


_NO: Mapping[ReviewKind, str] = {
    ReviewKind.MATCH: "it is about none of these",
    ReviewKind.DISCOVERED: "it is not tracked",
    ReviewKind.BOUNCED: "you have seen it",
    ReviewKind.UNVOUCHED: "it is not true, and changes nothing",
    ReviewKind.UNCLEAR: "it says nothing that counts",
    ReviewKind.REFUSED: "it changes nothing",
}


def _mail_of(ledger: Ledger, message_id: str | None, now: datetime) -> str:
    record = ledger.message(message_id) if message_id else None
    if record is None:
        return ""
    message = record.message
    at = message.date.astimezone(now.tzinfo)
    return f"{at:%a} {at.day} {at:%B} {at:%H:%M}, from {message.sender.email}, “{message.subject}”"
