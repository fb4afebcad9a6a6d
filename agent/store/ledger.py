"""What outlives a pass, behind one small interface.

One mailbox has one ledger: a SQLite file, or a database in memory for `replay`. All writes happen inside `transaction()`.
Reading and writing may raise `StoreProblem`.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from agent.interviews.candidacy import Letter
from agent.interviews.event import Event
from agent.interviews.interview import Interview
from agent.mailbox.interface import Cursor
from agent.matching.match import Member
from agent.matching.tracked import registrable
from agent.messages.subject import is_forward
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.review import Question, ReviewKind
from agent.policy.verdict import Held
from agent.store.answers import Answers
from agent.store.headings import Headings
from agent.store.kept import Kept
from agent.store.records import Aside, Fact, MessageRecord, Review
from agent.store.rows import Rows, base, utc
from agent.store.sqlite import open_database


class Ledger:
    """The store of one mailbox."""

    def __init__(self, path: Path | None = None, *, passing: bool = False) -> None:
        """Open, or create, the ledger at `path`; without a path it lives in memory. Raises `StoreProblem`.

        A `passing` one has no path and may grow larger than memory: it is gone when it is closed.
        """
        self.where = str(path) if path else "the ledger in memory"
        connection = open_database(path, passing=passing)
        self._rows = Rows(connection, self.where)
        self.headings = Headings(self._rows)
        """Mail that was settled from its heading, its senders, and how the folders stood."""
        self.answers = Answers(self._rows)
        """What the user answered to digests."""
        self.kept = Kept(connection)
        """What was worked out from the rest."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Begin a transaction, commit at the end, roll back on any exception; does not nest."""
        with self._rows.transaction():
            yield

    def within(self) -> AbstractContextManager[None]:
        """Take part in the transaction that is under way; begin one, as `transaction` does, where none is."""
        return self._rows.within()

    def attempt(self) -> AbstractContextManager[None]:
        """Undo on any exception what is written inside, and nothing else of the transaction around it."""
        return self._rows.attempt()

    def version(self) -> tuple[int, int]:
        """Return what changes whenever anybody else commits to this ledger, or a row is written through this object."""
        return self._rows.version()

    def close(self) -> None:
        """Close the file."""
        self._rows.close()

    # What is tracked

    def interviews(self) -> list[Interview]:
        """Return all tracked interviews by id."""
        return [_load(Interview, row[0]) for row in self._rows.read("SELECT data FROM interviews ORDER BY id")]

    def put_interview(self, interview: Interview) -> None:
        """Add the interview, or replace the one of the same id."""
        self._rows.write("INSERT OR REPLACE INTO interviews VALUES (?, ?)", interview.id, _dump(interview))

    # What was read

    def cursor(self, folder: str) -> Cursor | None:
        """Return how far a folder (by its name) was read."""
        row = self._rows.one("SELECT uidvalidity, last_uid FROM cursors WHERE folder = ?", folder)
        return Cursor(uidvalidity=row[0], last_uid=row[1]) if row else None

    def set_cursor(self, folder: str, cursor: Cursor) -> None:
        """Remember how far a folder was read."""
        self._rows.write("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)", folder, cursor.uidvalidity, cursor.last_uid)

    def add_message(self, record: MessageRecord) -> bool:
        """Keep a message; return False, changing nothing, when its Message-ID is known already."""
        message = record.message
        added = self._rows.write(
            "INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?, ?)",
            message.message_id,
            record.interview,
            record.own,
            utc(message.date),
            _dump(record),
        )
        if added:
            for parent in message.parent_ids:
                self._rows.write("INSERT OR IGNORE INTO links VALUES (?, ?)", parent, message.message_id)
            if message.provider_thread:
                self._rows.write(
                    "INSERT OR IGNORE INTO provider_threads VALUES (?, ?)", message.provider_thread, message.message_id
                )
        if added and record.interview:
            self._keep_ties(record, record.interview)
        return bool(added)

    def message(self, message_id: str) -> MessageRecord | None:
        """Return a message by its Message-ID."""
        row = self._rows.one("SELECT data FROM messages WHERE message_id = ?", message_id)
        return _load(MessageRecord, row[0]) if row else None

    def assign(self, message_id: str, interview: str, evidence: tuple[str, ...]) -> None:
        """Note that a known message belongs to an interview."""
        record = self.message(message_id)
        if record is None:
            raise KeyError(message_id)
        for address in _correspondents(record) if record.interview else ():
            self._rows.write("DELETE FROM correspondents WHERE address = ? AND interview = ?", address, record.interview)
        assigned = replace(record, interview=interview, evidence=evidence)
        self._rows.write(
            "UPDATE messages SET interview = ?, data = ? WHERE message_id = ?", interview, _dump(assigned), message_id
        )
        self._keep_ties(assigned, interview)

    def suspect(self, message_id: str, interview: str) -> None:
        """Note which interview a known message is asked about: an answer of the user's in its thread confirms it."""
        record = self.message(message_id)
        if record is None:
            raise KeyError(message_id)
        data = _dump(replace(record, likely=interview))
        self._rows.write("UPDATE messages SET data = ? WHERE message_id = ?", data, message_id)

    def correspondents(self, addresses: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return address, or registrable domain with an @ in front → interviews in which it wrote or was written to."""
        sql = "SELECT interview FROM correspondents WHERE address = ? ORDER BY interview"
        rows = {address: tuple(row[0] for row in self._rows.read(sql, address)) for address in addresses}
        return {address: interviews for address, interviews in rows.items() if interviews}

    def _keep_ties(self, record: MessageRecord, interview: str) -> None:
        for event in record.message.calendar:
            if event.uid:
                self._rows.write("INSERT OR REPLACE INTO appointments VALUES (?, ?)", event.uid, interview)
        for address in _correspondents(record):
            self._rows.write("INSERT OR IGNORE INTO correspondents VALUES (?, ?)", address, interview)
        if subject := base(record.message.subject):
            self._rows.write("INSERT OR IGNORE INTO subjects VALUES (?, ?)", subject, interview)

    def members(self, message_ids: Iterable[str]) -> dict[str, Member]:
        """Return those of `message_ids` that are known: mail that was read or settled, and drafts of the agent (own mail)."""
        found: dict[str, Member] = {}
        for message_id in message_ids:
            row = (
                self._rows.one("SELECT interview, own, data ->> 'likely' FROM messages WHERE message_id = ?", message_id)
                or self._rows.one("SELECT interview, 1, NULL FROM drafts WHERE message_id = ?", message_id)
                or self._rows.one("SELECT NULL, role = 'sent', NULL FROM settled WHERE message_id = ?", message_id)
            )
            if row:
                found[message_id] = Member(message_id=message_id, interview=row[0], own=bool(row[1]), likely=row[2])
        return found

    def calendar_members(self, uids: Iterable[str]) -> dict[str, str]:
        """Return calendar UID → interview for those that are known."""
        rows = {uid: self._rows.one("SELECT interview FROM appointments WHERE uid = ?", uid) for uid in uids}
        return {uid: row[0] for uid, row in rows.items() if row}

    def provider_member(self, thread: str) -> Member | None:
        """Return the latest message of a provider's thread that belongs to an interview."""
        row = self._rows.one(
            "SELECT m.message_id, m.interview, m.own FROM provider_threads t JOIN messages m ON m.message_id = t.message_id"
            " WHERE t.thread = ? AND m.interview IS NOT NULL ORDER BY m.date DESC LIMIT 1",
            thread,
        )
        return Member(message_id=row[0], interview=row[1], own=bool(row[2])) if row else None

    def interviews_of_subject(self, subject: str) -> tuple[str, ...]:
        """Return the interviews with a message of the same base subject (RFC 5256 section 2.1); none for an empty one."""
        wanted = base(subject)
        rows = self._rows.read("SELECT interview FROM subjects WHERE subject = ? ORDER BY interview", wanted) if wanted else []
        return tuple(row[0] for row in rows)

    def letters(self, interview: str) -> list[Letter]:
        """Return the messages of an interview in the order of their dates."""
        rows = self._rows.read("SELECT data FROM messages WHERE interview = ? ORDER BY date, message_id", interview)
        records = (_load(MessageRecord, row[0]) for row in rows)
        return [Letter(own=record.own, message=record.message, reading=record.reading) for record in records]

    def unassigned_kin(self, message_id: str) -> list[MessageRecord]:
        """Return the messages that belong to no interview and that `message_id` answers, or that answer it, oldest first."""
        rows = self._rows.read(
            "SELECT data FROM messages WHERE interview IS NULL AND message_id IN"
            " (SELECT child FROM links WHERE parent = ?1 UNION SELECT parent FROM links WHERE child = ?1) ORDER BY date",
            message_id,
        )
        return [_load(MessageRecord, row[0]) for row in rows]

    def answer_to(self, message_id: str) -> Member | None:
        """Return a message that belongs to an interview and answers this one directly, the oldest of several."""
        rows = self._rows.read(
            "SELECT m.data FROM links l JOIN messages m ON m.message_id = l.child"
            " WHERE l.parent = ? AND m.interview IS NOT NULL ORDER BY m.date",
            message_id,
        )
        for row in rows:
            record: MessageRecord = _load(MessageRecord, row[0])
            if message_id in record.message.parent_ids[:1]:
                return Member(message_id=record.message.message_id, interview=record.interview, own=False)
        return None

    def unassigned(self, since: datetime) -> list[MessageRecord]:
        """Return the messages since then that belong to no interview, oldest first."""
        rows = self._rows.read(
            "SELECT data FROM messages WHERE interview IS NULL AND date >= ? ORDER BY date, message_id", utc(since)
        )
        return [_load(MessageRecord, row[0]) for row in rows]

    def prune(self, before: datetime) -> None:
        """Forget messages from before then that belong to no interview and that no question was ever asked about."""
        self._rows.write(
            "DELETE FROM messages WHERE interview IS NULL AND date < ? AND data ->> 'likely' IS NULL"
            " AND message_id NOT IN (SELECT data ->> 'message_id' FROM reviews WHERE data ->> 'message_id' IS NOT NULL)",
            utc(before),
        )

    def set_aside(self, folder: str, uidvalidity: int, uid: int, *, at: datetime, problem: str) -> bool:
        """Note a message that could not be read, for `check` and the digest; return False when it was noted before."""
        return bool(
            self._rows.write("INSERT OR IGNORE INTO aside VALUES (?, ?, ?, ?, ?)", folder, uidvalidity, uid, utc(at), problem)
        )

    def aside(self) -> list[Aside]:
        """Return the messages set aside, the latest last."""
        rows = self._rows.read("SELECT folder, uidvalidity, uid, at, problem FROM aside ORDER BY at, folder, uid")
        return [
            Aside(folder=row[0], uidvalidity=row[1], uid=row[2], at=datetime.fromisoformat(row[3]), problem=row[4])
            for row in rows
        ]

    # What happened

    def add_event(self, event: Event) -> Event:
        """Append an event; return it with its number."""
        self._rows.write(
            "INSERT INTO events (interview, at, data) VALUES (?, ?, ?)", event.interview, utc(event.at), _dump(event)
        )
        (number,) = self._rows.one("SELECT last_insert_rowid()")
        return replace(event, id=number)

    def events(self, interview: str | None = None) -> list[Event]:
        """Return the events of one interview, or of all, in the order in which they happened."""
        where, arguments = (" WHERE interview = ?", (interview,)) if interview else ("", ())
        rows = self._rows.read(f"SELECT id, data FROM events{where} ORDER BY at, id", *arguments)  # noqa: S608 (no value is in the text)
        return [replace(_load(Event, row[1]), id=row[0]) for row in rows]

    # What is asked

    def ask(self, question: Question) -> int | None:
        """Put a question; return its number, or None when the same one was put before."""
        row = (question.identity, _dump(question))
        if not self._rows.write("INSERT OR IGNORE INTO reviews (identity, data) VALUES (?, ?)", *row):
            return None
        (number,) = self._rows.one("SELECT number FROM reviews WHERE identity = ?", question.identity)
        return int(number)

    def reviews(self, *, resolved: bool = False) -> list[Review]:
        """Return the open questions in the order of their numbers; with `resolved` the answered ones as well."""
        rows = self._rows.read("SELECT number, data, resolved_at, resolution, interview FROM reviews ORDER BY number")
        found = [
            Review(
                number=row[0],
                question=_load(Question, row[1]),
                resolved_at=datetime.fromisoformat(row[2]) if row[2] else None,
                resolution=row[3],
                interview=row[4],
            )
            for row in rows
        ]
        return [review for review in found if resolved or review.resolved_at is None]

    def resolve(self, number: int, *, resolution: str, at: datetime, interview: str | None = None) -> None:
        """Note how a question was answered."""
        self._rows.write(
            "UPDATE reviews SET resolved_at = ?, resolution = ?, interview = ? WHERE number = ?",
            utc(at),
            resolution,
            interview,
            number,
        )

    def settle(self, message_id: str, *, at: datetime) -> None:
        """Close the open questions to which interview a message belongs: it has come to be known by other means."""
        for review in self.reviews():
            if review.question.message_id == message_id and review.question.kind in _WHOSE:
                self.resolve(review.number, resolution="settled", at=at)

    # What was intended

    def intend(self, draft: DraftRecord) -> bool:
        """Keep an intended draft; return False, changing nothing, when its (interview, kind, occasion) has one already.

        One that was withdrawn gives way.
        """
        return bool(
            self._rows.write(
                "INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (interview, kind, occasion) DO UPDATE SET"
                " message_id = excluded.message_id, state = excluded.state, decided_at = excluded.decided_at,"
                " data = excluded.data, raw = excluded.raw WHERE drafts.state = 'withdrawn'",
                *_draft_row(draft),
            )
        )

    def drafts(self, *states: DraftState) -> list[DraftRecord]:
        """Return the drafts in these states (without any: all) in the order in which they were decided."""
        rows = self._rows.read("SELECT state, data, raw FROM drafts ORDER BY decided_at, interview, kind, occasion")
        return [replace(_load(DraftRecord, row[1]), raw=row[2]) for row in rows if not states or row[0] in states]

    def update_draft(self, draft: DraftRecord) -> None:
        """Replace the draft of the same (interview, kind, occasion)."""
        self._rows.write("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *_draft_row(draft))

    def set_held(self, interview: str, held: Iterable[Held]) -> None:
        """Replace what is held for an interview."""
        self._rows.write("DELETE FROM held WHERE interview = ?", interview)
        for each in held:
            self._rows.write(
                "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?)",
                interview,
                each.kind,
                each.occasion,
                utc(each.due_at),
                _dump(each),
            )

    def held(self) -> list[Held]:
        """Return all that is held, by the moment it was due."""
        return [
            _load(Held, row[0]) for row in self._rows.read("SELECT data FROM held ORDER BY due_at, interview, kind, occasion")
        ]

    # Small facts

    def note(self, fact: Fact, value: str) -> None:
        """Remember a small fact, in place of what it was."""
        self._rows.write("INSERT OR REPLACE INTO notes VALUES (?, ?)", fact, value)

    def noted(self, fact: Fact) -> str | None:
        """Return a remembered fact."""
        row = self._rows.one("SELECT value FROM notes WHERE key = ?", fact)
        return str(row[0]) if row else None


def _draft_row(draft: DraftRecord) -> tuple[Any, ...]:
    data = _dump(replace(draft, raw=b""))
    return draft.interview, draft.kind, draft.occasion, draft.message_id, draft.state, utc(draft.decided_at), data, draft.raw


_WHOSE = frozenset({ReviewKind.MATCH, ReviewKind.DISCOVERED})


def _correspondents(record: MessageRecord) -> list[str]:
    """Return who wrote a received message, or to whom the user wrote; what the user hands on to others is none."""
    message = record.message
    if record.own and is_forward(message.subject):
        return []
    theirs = [address for address in message.to if address.email != message.sender.email] if record.own else [message.sender]
    return [key for address in theirs if address.domain for key in (address.email, f"@{registrable(address.domain)}")]


_ADAPTERS: dict[type, TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (Interview, MessageRecord, Event, Question, DraftRecord, Held)
}


def _dump(value: Any) -> str:
    return _ADAPTERS[type(value)].dump_json(value, exclude_defaults=True).decode()


def _load(kind: type, data: str) -> Any:
    return _ADAPTERS[kind].validate_json(data)
