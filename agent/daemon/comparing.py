"""What other rules would make of the mail that was read already: two sets of rules over one ledger, and nothing written."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.desks import desk_of
from agent.daemon.second_reading import Pair, SecondReading
from agent.interviews import Event, EventKind, HistoryEntry, Interview, State
from agent.interviews.candidacy import Candidacy, Letter, candidacy_of
from agent.matching.match import Ties
from agent.messages.message import Message
from agent.plan.contacted import contacted, employer_key
from agent.plan.differing import Change, Key, Step, StepState, changes, rewordings, steps
from agent.plan.follow_up import FollowUp, follow_up, said_before
from agent.plan.intention import DraftRecord
from agent.plan.pointless import pointless
from agent.plan.rereading import retold
from agent.plan.take_in import take_in
from agent.signals import Reading
from agent.store import Ledger


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageChange:
    """One message that is read differently."""

    message_id: str
    at: datetime
    sender: str
    """Address."""
    subject: str
    before: Reading
    after: Reading
    given: bool = False
    """It belongs to no interview, and would be given to this one."""
    review: str = ""
    """What would be asked about it in review; empty where nothing would, or as much before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """The words that make a status another one."""

    message_id: str | None
    label: str
    quote: str
    rule: str
    gone: bool
    """They counted before, and do no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What changes in one interview."""

    interview: Interview
    before: State
    after: State
    cause: Cause | None = None
    """Why the status changes; None where it does not."""
    messages: tuple[MessageChange, ...] = ()
    steps: tuple[Change, ...] = ()
    """What is drafted, held, planned and suggested."""
    lying: frozenset[Key] = frozenset()
    """Those of the steps that lie in Drafts, or are about to."""
    withdrawn: tuple[tuple[DraftRecord, str], ...] = ()
    """Drafts that would be taken back as pointless, each with the reason."""
    texts: tuple[tuple[Step, Step], ...] = ()
    """Drafts that would be worded differently."""

    @property
    def stands_differently(self) -> bool:
        """Whether the status, or what is known beside it, changes."""
        return standing(self.before) != standing(self.after)

    def __bool__(self) -> bool:
        return self.stands_differently or bool(self.messages or self.steps or self.withdrawn or self.texts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What one set of rules makes of a ledger that another one does not."""

    interviews: tuple[Difference, ...]
    """Those in which anything changes, by id."""
    elsewhere: tuple[MessageChange, ...]
    """Messages that belong to no interview under either set, and are read differently."""
    messages: int
    """How many messages were compared."""
    not_kept: int
    """How many could not be: of mere noise no text is kept."""


def compare(
    ledger: Ledger,
    before: Account,
    after: Account,
    *,
    recorded: bool,
    now: datetime,
    only: str | None = None,
    progress: Callable[[int, int | None], None] = lambda _done, _of: None,
) -> Comparison:
    """Return what the rules of `after` make of the mail in `ledger` that those of `before` do not, as of `now`.

    With `recorded` the mail stands as it was read when it came, whatever the rules of `before` would make of it now. `only` is
    the interview to look at; without it all are. Nothing is written, and no mailbox is opened. `progress` is called with how
    many interviews have been compared, and of how many.
    """
    casebook = Casebook(ledger, now)
    mail = SecondReading(ledger, before, after, recorded=recorded)
    old = _World(ledger, replace(before, model=mail.model), casebook, mail, after=False)
    new = _World(ledger, replace(after, model=mail.model), casebook, mail, after=True)
    if not recorded:
        old.take_in(mail.loose)
    new.take_in(mail.loose)
    wanted = [interview for interview in casebook.interviews() if only in (None, interview.id)]
    found = []
    for number, interview in enumerate(wanted, start=1):
        found.append(_difference(interview, old, new, mail))
        progress(number, len(wanted))
    loose = [pair for pair in mail.loose if pair.message.message_id not in {*old.given, *new.given}]
    elsewhere = [_message(pair) for pair in loose if only is None and _visible(pair.before) != _visible(pair.after)]
    return Comparison(
        interviews=tuple(each for each in found if each),
        elsewhere=tuple(elsewhere),
        messages=mail.count,
        not_kept=mail.not_kept,
    )


def standing(state: State) -> tuple[object, ...]:
    """Return where a candidacy stands, as the user sees it."""
    return state.status, state.round, state.next_at, state.promised_by, state.turn


class _World:
    """The ledger as one set of rules would have it."""

    def __init__(self, ledger: Ledger, account: Account, casebook: Casebook, mail: SecondReading, *, after: bool) -> None:
        self._casebook = casebook
        self.desk = desk_of(account, casebook)
        self.now = casebook.now
        self.interviews = {interview.id: interview for interview in casebook.interviews()}
        self.events: dict[str, tuple[Event, ...]] = {}
        self.letters: dict[str, tuple[Letter, ...]] = {}
        self.asked: dict[str, str] = {}
        """Message-ID → what would be asked about it."""
        self.given: dict[str, str] = {}
        """Message-ID of what belongs to nothing in the ledger → the interview that it is given to."""
        self._candidacies: dict[str, Candidacy] = {}
        for interview in self.interviews.values():
            told = retold(interview, ledger.events(interview.id), mail.mail(interview.id, after=after), desk=self.desk)
            self.events[interview.id], self.letters[interview.id] = told.events, told.letters
            self.asked.update({each.message_id: each.reason for each in told.questions if each.message_id})

    def take_in(self, loose: Sequence[Pair]) -> None:
        """Plan anew for what belongs to nothing in the ledger and is read differently."""
        for pair in loose:
            intake = take_in(pair.message, own=pair.own, desk=self.desk, known=self, now=self.now)
            self.asked.update({each.message_id: each.reason for each in intake.questions if each.message_id})
            if intake.interview:
                self.given[pair.message.message_id] = intake.interview
                self.events[intake.interview] += intake.events
                letter = Letter(own=pair.own, message=pair.message, reading=intake.reading)
                self.letters[intake.interview] += (letter,)
                self._candidacies.pop(intake.interview, None)

    # What a plan asks for (`agent.plan.desk.Known`)

    def ties(self, message: Message) -> Ties:
        """Return what the ledger knows of the mail and the appointments that `message` names."""
        return self._casebook.ties(message)

    def waiting(self, interview: str) -> tuple[DraftRecord, ...]:
        """Return the drafts of an interview that are intended, queued or edited."""
        return self._casebook.waiting(interview)

    def candidacy(self, interview: str) -> Candidacy:
        """Return one candidacy as of now."""
        if interview not in self._candidacies:
            self._candidacies[interview] = self._as_of(interview, self.now)
        return self._candidacies[interview]

    def _as_of(self, interview: str, moment: datetime, *, undrafted: Collection[Key] = ()) -> Candidacy:
        """Return one candidacy as of `moment`, before now or after it, as if the drafts `undrafted` had not been made."""
        events = [
            event
            for event in self.events[interview]
            if event.kind is not EventKind.DRAFTED or (event.draft_kind, event.occasion) not in undrafted
        ]
        letters = self.letters[interview]
        if moment < self.now:
            events = [event for event in events if event.at <= moment]
            letters = tuple(letter for letter in letters if letter.message.date <= moment)
        return candidacy_of(self.interviews[interview], events, letters, moment)

    # What is planned

    def steps(self, interview: str) -> tuple[Step, ...]:
        """Return what is due, held, planned and suggested as if the drafts that wait had not been made yet.

        A draft that waits counts as due where it was due when it was decided: its window may have passed meanwhile.
        """
        waiting = self.waiting(interview)
        undrafted = {(draft.kind.value, draft.occasion) for draft in waiting}
        plan = self._plan(interview, self.now, undrafted)
        wordings = {}
        for due in plan.assessment.planned:
            then = self._plan(interview, due.due_at, undrafted)
            wordings.update({(draft.kind.value, draft.occasion): draft for draft in then.intended})
        found = {step.key: step for step in steps(plan, wordings)}
        for draft in waiting:
            key = (draft.kind.value, draft.occasion)
            if key not in found or found[key].state is not StepState.DUE:
                then = self._plan(interview, draft.decided_at, undrafted)
                found |= {step.key: step for step in steps(then, {}) if step.key == key and step.state is StepState.DUE}
        return tuple(found.values())

    def _plan(self, interview: str, moment: datetime, undrafted: Collection[Key]) -> FollowUp:
        candidacy = self._as_of(interview, moment, undrafted=undrafted)
        key = employer_key(candidacy.interview)
        others = [each for each in self.interviews.values() if each.id != interview and employer_key(each) == key]
        drafts = [
            draft
            for each in (candidacy.interview, *others)
            for draft in self._casebook.drafts(each.id)
            if each.id != interview or (draft.kind.value, draft.occasion) not in undrafted
        ]
        return follow_up(
            candidacy,
            desk=self.desk,
            contacted=contacted([candidacy, *(self.candidacy(each.id) for each in others)], drafts),
            drafts=[draft for draft in drafts if draft.interview == interview],
            earlier=said_before(drafts),
            now=moment,
            others=[self.candidacy(each.id) for each in self.interviews.values() if each.id != interview],
        )


def _difference(interview: Interview, old: _World, new: _World, mail: SecondReading) -> Difference:
    before, after = old.candidacy(interview.id), new.candidacy(interview.id)
    messages = tuple(_messages(interview.id, old, new, mail))
    old_steps, new_steps = old.steps(interview.id), new.steps(interview.id)
    waiting = new.waiting(interview.id)
    return Difference(
        interview=interview,
        before=before.state,
        after=after.state,
        cause=_cause(before.state, after.state) if before.state.status is not after.state.status else None,
        messages=messages,
        steps=changes(old_steps, new_steps),
        lying=frozenset((draft.kind.value, draft.occasion) for draft in waiting),
        withdrawn=tuple(
            (draft, why)
            for draft in waiting
            if (why := pointless(draft, after, new.now)) and not pointless(draft, before, old.now)
        ),
        texts=rewordings(old_steps, new_steps),
    )


def _messages(interview: str, old: _World, new: _World, mail: SecondReading) -> Iterator[MessageChange]:
    for pair in mail.belonging[interview]:
        message_id = pair.message.message_id
        asked = new.asked.get(message_id, "") if message_id not in old.asked else ""
        if _visible(pair.before) != _visible(pair.after):
            yield _message(pair, review=asked)
    for pair in mail.loose:
        message_id = pair.message.message_id
        if interview in (old.given.get(message_id), new.given.get(message_id)):
            yield _message(pair, given=message_id not in old.given)


def _message(pair: Pair, *, review: str = "", given: bool = False) -> MessageChange:
    message = pair.message
    return MessageChange(
        message_id=message.message_id,
        at=message.date,
        sender=message.sender.email,
        subject=message.subject,
        before=pair.before,
        after=pair.after,
        given=given,
        review=review,
    )


def _visible(reading: Reading) -> tuple[object, ...]:
    return (
        reading.label,
        reading.abstained,
        reading.round,
        reading.interview_at,
        reading.promised_by,
        reading.not_before,
        reading.returns_on,
    )


def _cause(before: State, after: State) -> Cause | None:
    """Return the words behind another status: those that newly count and lead there, else those that count no more."""
    olds, news = _counting(before), _counting(after)
    fresh = [each for key, each in news.items() if key not in olds and each.status is after.status]
    gone = [each for key, each in olds.items() if key not in news]
    for entries, over in ((fresh, False), (gone, True)):
        if entries:
            last = entries[-1]
            return Cause(message_id=last.message_id, label=last.label, quote=last.quote, rule=last.rule, gone=over)
    return None


def _counting(state: State) -> dict[tuple[str | None, str], HistoryEntry]:
    """Return the entries of messages that were not refused and quote their words, by message and label, in their order."""
    return {(each.message_id, each.label): each for each in state.history if each.message_id and each.quote and not each.refused}
