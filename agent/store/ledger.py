"""The small interface of the store. `SqliteLedger` keeps it in one file, or in memory for `replay`."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from agent.interviews.candidacy import Letter
from agent.interviews.event import Event
from agent.interviews.interview import Interview
from agent.mailbox.interface import Cursor
from agent.matching.match import Member
from agent.plan.review import Question
from agent.policy.verdict import DraftKind
from agent.store.records import DraftRecord, DraftState, HeldRecord, MessageRecord, Review


class Ledger(Protocol):
    """What a pass needs of the store. All writes happen inside `transaction()`."""

    def transaction(self) -> AbstractContextManager[None]:
        """Begin a transaction (BEGIN IMMEDIATE), commit at the end, roll back on any exception; does not nest."""

    def interviews(self) -> list[Interview]:
        """Return all tracked interviews by id."""

    def put_interview(self, interview: Interview) -> None:
        """Add the interview, or replace the one of the same id."""

    def cursor(self, folder: str) -> Cursor | None:
        """Return how far a folder (by its name) was read."""

    def set_cursor(self, folder: str, cursor: Cursor) -> None:
        """Remember how far a folder was read."""

    def add_message(self, record: MessageRecord) -> bool:
        """Keep a message; return False, changing nothing, when its Message-ID is known already."""

    def message(self, message_id: str) -> MessageRecord | None:
        """Return a message by its Message-ID."""

    def assign(self, message_id: str, interview: str, evidence: tuple[str, ...]) -> None:
        """Note that a message belongs to an interview."""

    def members(self, message_ids: Iterable[str]) -> dict[str, Member]:
        """Return those of `message_ids` that are known, drafts of the agent among them (`own`)."""

    def calendar_members(self, uids: Iterable[str]) -> dict[str, str]:
        """Return calendar UID → interview for those that are known."""

    def letters(self, interview: str) -> list[Letter]:
        """Return the messages of an interview in the order of their dates."""

    def unassigned(self, since: datetime) -> Iterator[MessageRecord]:
        """Yield the messages since then that belong to no interview, oldest first: matched again when what is tracked changes."""

    def add_event(self, event: Event) -> Event:
        """Append an event; return it with its number."""

    def events(self, interview: str | None = None) -> list[Event]:
        """Return the events of one interview, or of all, in the order in which they happened (`at`, then number)."""

    def ask(self, question: Question) -> int | None:
        """Put a question; return its number, or None when the same one (kind, message or occasion) was put before."""

    def reviews(self, *, resolved: bool = False) -> list[Review]:
        """Return the open questions in the order of their numbers; with `resolved` all of them."""

    def resolve(self, number: int, *, resolution: str, at: datetime, interview: str | None = None) -> None:
        """Note how a question was answered."""

    def intend(self, draft: DraftRecord) -> bool:
        """Keep an intended draft; return False, changing nothing, when (interview, kind, occasion) has one already."""

    def drafts(self, *states: DraftState) -> list[DraftRecord]:
        """Return the drafts in these states (all, without), in the order in which they were decided."""

    def update_draft(self, draft: DraftRecord) -> None:
        """Replace the draft of the same (interview, kind, occasion)."""

    def set_held(self, interview: str, held: Iterable[HeldRecord]) -> None:
        """Replace what is held for an interview."""

    def held(self) -> list[HeldRecord]:
        """Return all that is held."""

    def release_held(self, interview: str, kind: DraftKind, occasion: str) -> None:
        """Forget one held follow-up: it was drafted."""

    def note(self, key: str, value: str) -> None:
        """Remember a small fact (`last_pass`, `digest_day`, `failures`)."""

    def noted(self, key: str) -> str | None:
        """Return a remembered fact."""

    def set_aside(self, folder: str, uidvalidity: int, uid: int, *, at: datetime, problem: str) -> None:
        """Note a message that could not be read; it is told in `check` and the digest, and never lost sight of."""

    def aside(self) -> list[tuple[str, int, int, datetime, str]]:
        """Return the messages set aside: folder, UIDVALIDITY, UID, when, problem."""

    def close(self) -> None:
        """Close the file."""
