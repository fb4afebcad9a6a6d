"""The mail of a ledger read a second time, with two sets of rules: what each of them makes of each message."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from agent.daemon.account import Account
from agent.messages.message import Message
from agent.plan.rereading import Reread, says
from agent.signals import Label, Phrasebook, Reading, SentenceModel, read_message, read_own_message
from agent.signals.opinion import Asked, Opinion
from agent.store import Ledger, MessageRecord

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One message as both sets of rules read it."""

    message: Message
    own: bool
    recorded: Reading
    """As it was read when it came."""
    before: Reading
    after: Reading

    @property
    def differs(self) -> bool:
        """Whether the two sets of rules make different things of it."""
        return says(self.before) != says(self.after) or _names(self.before) != _names(self.after)

    def seen(self, *, after: bool) -> Reading:
        """Return how one of the two sets reads it."""
        return self.after if after else self.before


class SecondReading:
    """Reads what the ledger keeps of the mail; a message that both sets of rules read alike stays as it was recorded."""

    def __init__(self, ledger: Ledger, before: Account, after: Account, *, recorded: bool) -> None:
        """Read with the phrases of `before` and `after`; with `recorded` what was recorded stands for `before`."""
        self._ledger = ledger
        self._before = None if recorded else before.phrasebook
        self._after = after.phrasebook
        self._model = _Remembering(after.model) if after.model else None
        self.count = 0
        """Messages that were compared."""
        self.not_kept = 0
        """Messages of which no text is kept, for they were mere noise."""
        self.belonging = {each.id: [self._letter(*letter) for letter in self._letters(each.id)] for each in ledger.interviews()}
        """Interview → its messages, by date."""
        self.loose: list[Pair] = []
        """Messages that belong to no interview and are read differently."""
        for record in ledger.unassigned(_BEGINNING):
            if _emptied(record):
                self.not_kept += 1
            elif (pair := self._letter(record.message, record.own, record.reading)).differs:
                self.loose.append(pair)

    @property
    def model(self) -> SentenceModel | None:
        """The learned model, which is asked once about the same words."""
        return self._model

    def mail(self, interview: str, *, after: bool) -> list[Reread]:
        """Return the messages of an interview as one of the two sets of rules reads them."""
        return [self._reread(pair, pair.seen(after=after)) for pair in self.belonging[interview]]

    def _letters(self, interview: str) -> Sequence[tuple[Message, bool, Reading]]:
        return [(letter.message, letter.own, letter.reading) for letter in self._ledger.letters(interview)]

    def _reread(self, pair: Pair, reading: Reading) -> Reread:
        reread = Reread(message=pair.message, own=pair.own, recorded=pair.recorded, reading=reading)
        record = self._ledger.message(pair.message.message_id) if reread.changed else None
        if record is None:
            return reread
        kin = self._ledger.members(pair.message.parent_ids)
        return replace(reread, evidence=record.evidence, own_thread=any(member.own for member in kin.values()))

    def _letter(self, message: Message, own: bool, recorded: Reading) -> Pair:  # noqa: FBT001 (as a letter has them)
        self.count += 1
        alike = Pair(message=message, own=own, recorded=recorded, before=recorded, after=recorded)
        if self._before is self._after:
            return alike
        if self._before is not None and self._same_without_the_model(message, own=own, one=self._before):
            return alike
        after = self._read(message, self._after, own=own)
        before = recorded if self._before is None else self._read(message, self._before, own=own)
        pair = replace(alike, before=_completed(before, recorded), after=_completed(after, recorded))
        return pair if pair.differs else alike

    def _same_without_the_model(self, message: Message, *, own: bool, one: Phrasebook) -> bool:
        """Whether the rules alone read it alike; then the model, told the same, makes the same of it."""
        other = self._after
        domain = message.sender.domain
        if one.dots != other.dots or one.senders.platform(domain) != other.senders.platform(domain):
            return False
        if own:
            return read_own_message(message, one) == read_own_message(message, other)
        return read_message(message, one) == read_message(message, other)

    def _read(self, message: Message, book: Phrasebook, *, own: bool) -> Reading:
        return read_own_message(message, book) if own else read_message(message, book, self._model)


class _Remembering:
    """A model that is asked only once about the same words: to think takes it longer than to read."""

    def __init__(self, model: SentenceModel) -> None:
        self._asked = model
        self._opinions: dict[Asked, Opinion | None] = {}

    def opinion(self, asked: Asked) -> Opinion | None:
        """Return what it thinks."""
        if asked not in self._opinions:
            self._opinions[asked] = self._asked.opinion(asked)
        return self._opinions[asked]


def _completed(reading: Reading, recorded: Reading) -> Reading:
    """Return a reading with what only the whole text gave when the message came: signature and footer are not kept."""
    return replace(
        reading,
        phone=recorded.phone,
        company=reading.company or recorded.company,
        role=reading.role or recorded.role,
        requisition=reading.requisition or recorded.requisition,
    )


def _names(reading: Reading) -> tuple[object, ...]:
    return reading.company, reading.role, reading.requisition


def _emptied(record: MessageRecord) -> bool:
    """Whether nothing of its text was kept (`receiving`): an alert, or mail to many that says nothing."""
    label = record.reading.label
    noise = label is Label.ALERT or (record.message.list_mail and label is Label.OTHER)
    return noise and not record.message.fresh
