"""The ledger as a plan wants to see it: candidacies put together from events and mail, kept between passes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from agent.interviews import ENDED, Interview, Status
from agent.interviews.candidacy import Candidacy, Letter, candidacy_of
from agent.interviews.event import Event
from agent.mailbox import FolderRole, Place
from agent.matching import Tracked, build_tracked
from agent.matching.match import Ties
from agent.matching.tracked import registrable
from agent.messages.message import Message
from agent.plan.intention import WAITING, DraftRecord
from agent.signals.senders import SenderBook
from agent.signals.title_words import TitleWords
from agent.store import Ledger

_OVER = ENDED - {Status.ACCEPTED}
"""Ended candidacies that attract no new mail; whoever accepted gets mail of the new employer."""
_MOST_RECIPIENTS = 20
"""Recipients of one message that are looked up; more are a list's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """How everything stood when a pass found nothing to do: as long as it stands so, there is nothing to do."""

    places: Mapping[FolderRole, Place]
    version: tuple[int, int]
    """Of the ledger."""
    since: datetime
    until: datetime | None
    """When the clock alone changes something next."""
    day: date
    """The user's day: dates in rules begin and end with it."""
    held: int


class Casebook:
    """Reads each interview's events and letters once, and again only after `changed`.

    One that is kept between passes notices at the beginning of each whether anybody else wrote the ledger.
    """

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self._ledger = ledger
        self.now = now
        """The moment as of which candidacies are folded; the owner moves it on."""
        self._interviews = {interview.id: interview for interview in ledger.interviews()}
        self._events: dict[str, tuple[Event, ...]] = {}
        self._letters: dict[str, tuple[Letter, ...]] = {}
        self._candidacies: dict[str, Candidacy] = {}
        self._drafts: dict[str, tuple[DraftRecord, ...]] | None = None
        self._index: Tracked | None = None
        self._version = ledger.version()
        self.rest: Rest | None = None
        """What the last pass left, where it left nothing to do."""

    def refresh(self) -> None:
        """Forget what was read, if anybody else has written the ledger since `in_step`."""
        if self._ledger.version() != self._version:
            self.forget()

    def in_step(self) -> None:
        """Note that all that was written until now is known here."""
        self._version = self._ledger.version()

    def forget(self) -> None:
        """Forget all that was read: the ledger holds something else."""
        self._interviews = {interview.id: interview for interview in self._ledger.interviews()}
        for kept in (self._events, self._letters, self._candidacies):
            kept.clear()
        self._drafts = self._index = self.rest = None

    def ties(self, message: Message) -> Ties:
        """Return what is known of the mail and the appointments that `message` names."""
        bounced = (message.bounce.original_message_id,) if message.bounce and message.bounce.original_message_id else ()
        return Ties(
            members=self._ledger.members((*message.parent_ids, *bounced)),
            appointments=self._ledger.calendar_members(event.uid for event in message.calendar if event.uid),
            provider=self._ledger.provider_member(message.provider_thread) if message.provider_thread else None,
            correspondents=self._ledger.correspondents(_addresses(message)),
            subjects=self._ledger.interviews_of_subject(message.subject),
        )

    def interviews(self) -> list[Interview]:
        """Return all tracked interviews by id."""
        return list(self._interviews.values())

    def candidacy(self, interview: str) -> Candidacy:
        """Return one tracked candidacy as of `now`."""
        kept = self._candidacies.get(interview)
        if kept is None:
            if interview not in self._events:
                self._events[interview] = tuple(self._ledger.events(interview))
                self._letters[interview] = tuple(self._ledger.letters(interview))
            kept = self._candidacies[interview] = candidacy_of(
                self._interviews[interview], self._events[interview], self._letters[interview], self.now
            )
        return kept

    def candidacies(self) -> list[Candidacy]:
        """Return all tracked candidacies as of `now`."""
        return [self.candidacy(interview) for interview in self._interviews]

    def drafts(self, interview: str) -> tuple[DraftRecord, ...]:
        """Return all drafts of an interview, in any state."""
        if self._drafts is None:
            by_interview: dict[str, list[DraftRecord]] = {}
            for draft in self._ledger.drafts():
                by_interview.setdefault(draft.interview, []).append(draft)
            self._drafts = {key: tuple(drafts) for key, drafts in by_interview.items()}
        return self._drafts.get(interview, ())

    def waiting(self, interview: str) -> tuple[DraftRecord, ...]:
        """Return the drafts of an interview that are intended, queued or edited."""
        return tuple(draft for draft in self.drafts(interview) if draft.state in WAITING)

    def tracked(self, senders: SenderBook, title_words: TitleWords) -> Tracked:
        """Return the index that matching works on, with the ended candidacies and the fixed interviews as of `now`."""
        if self._index is None:
            self._index = build_tracked(self.interviews(), senders=senders, title_words=title_words)
        states = {each.interview.id: each.state for each in self.candidacies()}
        return self._index.as_of(
            ended={interview for interview, state in states.items() if state.status in _OVER},
            expected={interview: state.next_at for interview, state in states.items() if state.next_at},
        )

    def moved_to(self, now: datetime) -> None:
        """Move the moment on: candidacies are folded anew."""
        if now != self.now:
            self.now = now
            self._candidacies.clear()

    def added(self, interview: str) -> None:
        """Take in an interview that has come to be tracked, or was changed."""
        self._interviews = {each.id: each for each in self._ledger.interviews()}
        self._index = None
        self.changed(interview)

    def changed(self, interview: str) -> None:
        """Forget what was read of an interview: its events, letters or drafts have changed."""
        for kept in (self._events, self._letters, self._candidacies):
            kept.pop(interview, None)
        self._drafts = None


def _addresses(message: Message) -> list[str]:
    """Return the addresses on both sides of a message with their domains, as the ledger keeps correspondents."""
    there = (message.sender, *message.reply_to, *message.recipients[:_MOST_RECIPIENTS])
    keys = (key for each in there if each.domain for key in (each.email, f"@{registrable(each.domain)}"))
    return list(dict.fromkeys(keys))
