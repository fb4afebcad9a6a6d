"""Candidacies that a look back over mail has found, and taking the chosen ones into the ledger with their mail."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from agent.daemon.account import Account
from agent.interviews import ENDED, Event, Interview, Status
from agent.matching.tracked import registrable
from agent.plan.discovery import UNKNOWN, complete, free_id, one_employer, one_role, proposal, same_proposal
from agent.plan.review import Question, ReviewKind
from agent.store import Fact, Ledger, MessageRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A candidacy that the mail tells of, as it would stand if it were tracked."""

    interview: Interview
    """As proposed; what the mail does not name is `UNKNOWN`."""
    status: Status
    messages: int
    first: datetime
    """Date of its first message."""
    last: datetime
    words: str
    """The quoted words that led to the status, or that told of the candidacy; empty where a calendar did."""
    tracked: bool = False
    """Whether it is tracked already, so that only its mail would be taken in."""
    records: tuple[MessageRecord, ...] = field(default=(), repr=False)
    events: tuple[Event, ...] = field(default=(), repr=False)

    @property
    def complete(self) -> bool:
        """Whether company and role are known; what is not known is asked for before it is tracked."""
        return complete(self.interview)

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.status in ENDED

    def named(self, *, company: str | None = None, role: str | None = None) -> "Found":
        """Return it with the company or the role that the user says."""
        told = {key: value for key, value in (("company", company), ("role", role)) if value}
        return replace(self, interview=replace(self.interview, **told))  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True, slots=True)
class LookedBack:
    """What was found in the mail."""

    found: tuple[Found, ...]
    """Candidacies that are not tracked yet, and not over, the latest first."""
    ended: tuple[Found, ...] = ()
    """Those that are over."""
    known: tuple[Found, ...] = ()
    """What is tracked already, where mail of it was read that the ledger does not have."""
    read: int
    """Messages that were looked at."""


def siblings(chosen: Sequence[Found], back: LookedBack) -> list[Found]:
    """Return what was found at the employers of the chosen ones beside them, and names company and role.

    It must be tracked with them: the mail of a role that nobody tracks would be taken for that of the one which is.
    """
    taken = {each.interview.id for each in chosen}
    rest = [each for each in (*back.found, *back.ended) if each.interview.id not in taken and each.complete]
    return [each for each in rest if any(_near(each.interview, one.interview) for one in chosen)]


def _near(one: Interview, other: Interview) -> bool:
    return one_employer(one, other) or not domains_of(one).isdisjoint(domains_of(other))


def domains_of(interview: Interview) -> frozenset[str]:
    """Return the registrable domains of an interview and its contacts."""
    hosts = (*interview.domains, *(contact.email.rpartition("@")[2] for contact in interview.contacts))
    return frozenset(registrable(host) for host in hosts)


def track(account: Account, found: Iterable[Found], now: datetime) -> list[str]:
    """Track those that are given, and take their mail in; return their ids, each once.

    All of it is one transaction. What turns out to be the role of one that is tracked already becomes part of it. A message that
    the ledger has and that belongs to nothing yet is given to its interview, and what was asked about it is settled; no message
    and no event is taken in twice. Raises `ValueError` for one that lacks company or role.
    """
    ledger = account.ledger
    done: list[str] = []
    with ledger.transaction():
        for each in found:
            if not each.complete:
                raise ValueError(f"{each.interview.id}: company and role must be named before it is tracked")
            interview = each.interview.id if each.tracked else _home(ledger, each.interview)
            _take_over(ledger, each, interview, now)
            done.append(interview)
        if done:
            ledger.note(Fact.REMATCH, "1")
        if ledger.noted(Fact.DIGEST_DAY) is None:
            # The user sees it now, on the board: it is no news for the first digest.
            newest = max((event.id or 0 for event in ledger.events()), default=0)
            ledger.note(Fact.DIGEST_EVENT, str(newest))
    return list(dict.fromkeys(done))


def decline(account: Account, found: Iterable[Found], now: datetime) -> None:
    """Note of those that are given that they are not wanted, so that no pass asks about them; incomplete ones are passed over."""
    ledger = account.ledger
    with ledger.transaction():
        for each in found:
            for question in _questions(account, each, now) if each.complete else ():
                ledger.ask(question)
                for review in ledger.reviews():
                    if review.question.identity == question.identity:
                        ledger.resolve(review.number, resolution="dismissed", at=now)


def _questions(account: Account, found: Found, now: datetime) -> Iterator[Question]:
    """Yield what would be asked about those of its messages that name the employer: a role alone is that of many."""
    for record in found.records:
        proposed = proposal(record.message, record.reading, tracked=(), senders=account.phrasebook.senders)
        if record.own or proposed is None or proposed.company == UNKNOWN:
            continue
        yield Question(
            kind=ReviewKind.DISCOVERED,
            asked_at=now,
            message_id=record.message.message_id,
            occasion=same_proposal(proposed),
            reason="You did not choose it when you looked back.",
            candidates=(),
            proposed=proposed,
        )


def _home(ledger: Ledger, proposed: Interview) -> str:
    """Return the id under which it is tracked from now on: that of the same role at the same employer, or a new one."""
    tracked = ledger.interviews()
    kin = next((each.id for each in tracked if one_employer(each, proposed) and one_role(each, proposed)), None)
    if kin is not None:
        return kin
    wanted = free_id(proposed.id, {each.id for each in tracked})
    ledger.put_interview(replace(proposed, id=wanted))
    return wanted


def _take_over(ledger: Ledger, found: Found, interview: str, now: datetime) -> None:
    taken: set[str] = set()
    for record in found.records:
        known = ledger.message(record.message.message_id)
        if known is None:
            ledger.add_message(replace(record, interview=interview))
        elif known.interview is None:
            ledger.assign(record.message.message_id, interview, record.evidence)
        else:
            continue
        taken.add(record.message.message_id)
    for event in found.events:
        if event.message_id in taken:
            ledger.add_event(replace(event, id=None, interview=interview))
    for review in ledger.reviews():
        if review.question.message_id in taken:
            ledger.resolve(review.number, resolution="accepted", at=now, interview=interview)
