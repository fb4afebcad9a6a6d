"""Carrying out what the user answers to a digest in the mail client: only from Sent, each line once (design, promise 8)."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.daemon.account import Account
from agent.daemon.answering import accept, dismiss, track
from agent.daemon.casebook import Casebook
from agent.daemon.undoing import NotUndone, undo
from agent.interviews import Event, EventKind, Interview
from agent.messages.message import Message
from agent.notify.digest import is_digest_id
from agent.plan.answers import copies_the_digest, read_answers
from agent.plan.discovery import UNKNOWN, complete, free_id, named_id, proposal
from agent.plan.draft_life import is_to_oneself
from agent.plan.orders import Act, AnswerWords, Order
from agent.plan.review import ReviewKind
from agent.rulebook.problems import RulesRefused
from agent.store import AnswerRecord, Fact, Review

BY_MAIL = "answered by mail"
"""The rule of events that an answer to a digest led to."""
_CLOCKS = timedelta(minutes=5)
"""How far the clock of a mail client may be behind."""
_NOTHING = (
    "There was nothing in your answer that could be read. Write above the old text, or right below a question, one line for each "
    "answer."
)


class _NotDone(Exception):
    """An order cannot be carried out; the text says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A mail of the user's that answers a digest."""

    message: Message
    digest: str
    """Message-ID of the digest."""

    @property
    def same(self) -> str:
        """What the copies of one mail have in common, also where a server gave one another Message-ID."""
        said = " ".join(re.findall(r"\w+", self.message.fresh))
        whole = f"{self.digest}\n{self.message.date.timestamp():.0f}\n{said}"
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def reply_to_digest(message: Message, account: Account) -> Reply | None:
    """Return a mail of Sent as an answer to a digest of this account; None where it is none.

    It is one from the user to the user alone, which no machine wrote. That it lies in Sent is for the caller to see to.
    """
    own = account.user.addresses
    if message.auto_submitted or not is_to_oneself(message, own_addresses=own):
        return None
    for parent in message.parent_ids:
        if any(is_digest_id(parent, address, account=account.name) for address in own):
            return Reply(message=message, digest=parent)
    return None


def carry_out(reply: Reply, account: Account, words: AnswerWords, now: datetime) -> list[AnswerRecord]:
    """Carry out what a reply asks for and keep what came of it, within a transaction; return that, nothing for a known one.

    One from before the first digest of this ledger asks for nothing: a ledger that was lost had other questions under the same
    numbers.
    """
    ledger, message = account.ledger, reply.message
    since = ledger.noted(Fact.DIGEST_SINCE)
    if not since or message.date < datetime.fromisoformat(since) - _CLOCKS:
        return []
    if ledger.answers.known(message.message_id, reply.same):
        return []
    reviews = ledger.reviews(resolved=True)
    found = read_answers(
        message.text,
        message.fresh,
        words=words,
        questions={review.number: review.question for review in reviews if review.resolved_at is None},
        answered={review.number: review.resolution for review in reviews if review.resolved_at is not None},
        interviews=ledger.interviews(),
        me=account.user.name,
        signature=message.signature,
    )
    # That a mail was read is kept in any case: once, whatever became of it.
    record = AnswerRecord(message_id=message.message_id, line=0, same=reply.same, at=now, words="", told="", done=True)
    greets = bool(message.fresh.strip()) and not copies_the_digest(message.fresh)
    records = [] if found else [record if greets else replace(record, told=_NOTHING, done=False)]
    for number, each in enumerate(found, 1):
        said = replace(record, line=number, words=" ".join(each.words.split())[:200])
        if not isinstance(each, Order):
            records.append(replace(said, told=each.why, done=False))
            continue
        try:
            with ledger.attempt():
                records.append(replace(said, told=_Carrying(account, reply, now).carried(each)))
        except _NotDone as problem:
            records.append(replace(said, told=str(problem), done=False))
    for kept in records:
        ledger.answers.add(kept)
    return records


class _Carrying:
    """Carries out one order."""

    def __init__(self, account: Account, reply: Reply, now: datetime) -> None:
        self._ledger = account.ledger
        self._senders = account.phrasebook.senders
        self._reply = reply
        self._now = now

    def carried(self, order: Order) -> str:
        """Do it; return what was done, in a sentence. Raises `_NotDone`."""
        match order.act:
            case Act.ACCEPT:
                return self._accept(order)
            case Act.TRACK:
                return self._track(order)
            case Act.DISMISS:
                review = self._review(order.number)
                dismiss(self._ledger, review, now=self._now)
                about = f"Question {order.number}, about {self._about(review)}"
                return f"{about}, is closed: nothing is done, and it is not asked again."
            case Act.STATUS:
                return self._set(order)
            case Act.NOTE:
                return self._note(order)
            case Act.UNDO:
                return self._undo(order)

    def _accept(self, order: Order) -> str:
        review = self._review(order.number)
        before = self._status(order.interview)
        learned = accept(self._ledger, review, order.interview, senders=self._senders, now=self._now)
        after = self._status(order.interview)
        title = self._title(order.interview)
        if review.question.kind is ReviewKind.BOUNCED:
            told = f"Question {order.number}, about {self._about(review)}, is closed."
        elif after != before:
            told = f"{title}: {_spoken(after)} now (was: {_spoken(before)})."
        else:
            told = f"{title}: the mail belongs there." if review.question.kind is ReviewKind.MATCH else f"{title}: taken as read."
        return f"{told} Learned: {'; '.join(learned)}." if learned else told

    def _track(self, order: Order) -> str:
        review = self._review(order.number)
        new = self._new(order, review)
        track(self._ledger, review, new, senders=self._senders, now=self._now)
        return f"{self._title(new.id)} is tracked: {_spoken(self._status(new.id))}."

    def _new(self, order: Order, review: Review) -> Interview:
        question = review.question
        record = self._ledger.message(question.message_id) if question.message_id else None
        if record is None:
            raise _NotDone("The mail that it is about is not there any more.")
        tracked = {interview.id for interview in self._ledger.interviews()}
        found = question.proposed or proposal(record.message, record.reading, tracked=tracked, senders=self._senders)
        found = found or Interview(id="", company=UNKNOWN, role=UNKNOWN)
        if order.company:
            found = replace(found, id=named_id(order.company, order.role, tracked), company=order.company, role=order.role)
        if not complete(found):
            raise _NotDone(f"The mail does not name company or role: answer “{order.number} new Company, Role”.")
        from agent.rulebook.tracked import entry_of, interview_of  # slow to import, and seldom needed

        try:
            return interview_of(entry_of(replace(found, id=free_id(found.id, tracked))), where="the answer")
        except RulesRefused as refused:
            raise _NotDone("; ".join(f"{problem.what}; {problem.mend}" for problem in refused.problems)) from None

    def _set(self, order: Order) -> str:
        self._ledger.add_event(
            Event(
                interview=order.interview,
                at=self._said_at,
                kind=EventKind.SET,
                message_id=self._reply.message.message_id,
                status=order.status,
                quote=order.words,
                rule=BY_MAIL,
            )
        )
        return f"{self._title(order.interview)}: {_spoken(order.status or '')} now."

    def _note(self, order: Order) -> str:
        interview = self._interview(order.interview)
        notes = f"{interview.notes}\n{order.text}" if interview.notes else order.text
        self._ledger.put_interview(replace(interview, notes=notes))
        self._ledger.add_event(
            Event(
                interview=order.interview,
                at=self._said_at,
                kind=EventKind.NOTE,
                message_id=self._reply.message.message_id,
                note=order.text,
                rule=BY_MAIL,
            )
        )
        return f"{self._title(order.interview)}: noted."

    def _undo(self, order: Order) -> str:
        event = next((each for each in self._ledger.events() if each.id == order.number), None)
        if event is None:
            raise _NotDone(f"There is no entry {order.number}.")
        try:
            undo(self._ledger, event, elsewhere=None, senders=self._senders, now=self._now)
        except NotUndone as problem:
            raise _NotDone(f"Not undone: {problem}.") from None
        return f"{self._title(event.interview)}: taken back; {_spoken(self._status(event.interview))} now."

    @property
    def _said_at(self) -> datetime:
        """When the user wrote it: what came later is newer."""
        return min(self._reply.message.date, self._now)

    def _review(self, number: int) -> Review:
        found = next((review for review in self._ledger.reviews() if review.number == number), None)
        if found is None:
            # Another line of the same mail has settled it meanwhile.
            raise _NotDone(f"Question {number} is answered already.")
        return found

    def _about(self, review: Review) -> str:
        question = review.question
        record = self._ledger.message(question.message_id) if question.message_id else None
        if record is not None:
            return f"the mail “{record.message.subject}” from {record.message.sender.email}"
        return self._title(question.candidates[0]) if question.candidates else "what waited"

    def _interview(self, interview: str) -> Interview:
        return next(each for each in self._ledger.interviews() if each.id == interview)

    def _status(self, interview: str) -> str:
        return Casebook(self._ledger, self._now).candidacy(interview).state.status

    def _title(self, interview: str) -> str:
        found = self._interview(interview)
        return f"{found.company}, {found.role}"


def _spoken(status: str) -> str:
    return status.replace("_", " ")
