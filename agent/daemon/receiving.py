"""Reading what is new: headings of all folders by time, texts of those that leave a doubt, and a window in one transaction.

A window that ends early, for whatever reason, leaves nothing behind: its messages and the places in their folders are committed
together, and what they change is told afterwards.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from heapq import merge
from itertools import islice

from agent.daemon import journal
from agent.daemon.account import Account, PassReport
from agent.daemon.answering import track
from agent.daemon.casebook import Casebook
from agent.daemon.desks import learn_provider
from agent.daemon.folders import Standing, trusted
from agent.daemon.intake import Taker
from agent.daemon.tidings import Tidings
from agent.mailbox import Arrival, Cursor, FolderRole, Heading, Mailbox
from agent.messages.glance import Glance, read_glance
from agent.plan.desk import Desk
from agent.plan.discovery import Discovery, complete
from agent.plan.heading import Settled
from agent.store import Fact, SettledRecord

_WINDOW = 200
"""Headings that are judged together."""
_TEXTS = 50
"""Texts that are read, and held, at a time; so long lasts a transaction at most."""

_AHEAD = timedelta(days=1)
"""How far the clock of the last pass must have been ahead for the mail to be looked back for anew."""

_Key = tuple[str, int]


@dataclass(slots=True)
class _Seen:
    """One message of a window."""

    heading: Heading
    glance: Glance
    why: Settled | None = None
    """Why its text is not needed, when it was judged last."""

    @property
    def key(self) -> _Key:
        return self.heading.folder, self.heading.uid


class Receiver:
    """Reads the folders of one account and keeps ledger and casebook in step."""

    def __init__(
        self,
        account: Account,
        mailbox: Mailbox,
        casebook: Casebook,
        report: PassReport,
        *,
        alive: Callable[[], None],
        progress: Callable[[PassReport], None],
    ) -> None:
        self._account = account
        self._ledger = account.ledger
        self._mailbox = mailbox
        self._casebook = casebook
        self._report = report
        self._alive = alive
        self._progress = progress
        self._tidings = Tidings()
        self._taker = Taker(account, casebook, report, self._tidings)
        self._came: set[str] = set()
        """Folders in which there was anything to look at."""
        self._back: bool | None = None
        """Whether this look goes back as if it were the first; None before the first look of the pass."""

    @property
    def desk(self) -> Desk:
        """The desk, with an index of what is tracked and not ended as of now."""
        return self._taker.desk

    def receive(self, standing: Standing, now: datetime) -> int:
        """Read what came since the last time, oldest first over all folders; return how many messages were new.

        A folder into which nothing came is not opened. `alive` is called after each message, so that a watchdog sees progress and
        not time; it may raise: then what is not committed is rolled back.
        """
        self._back = self._back is None and self._was_ahead(now)
        open_ = [role for role in self._roles(standing) if not standing.read_through(role, self._cursor(standing, role))]
        if FolderRole.INBOX in open_ and learn_provider(self._account, self._mailbox, now):
            self._taker.lay_anew()
        self._report.expected += sum(standing.coming(role, self._cursor(standing, role)) for role in open_)
        since = now - timedelta(days=self._account.look_back_days)
        streams = [self._mailbox.headings(role, self._cursor(standing, role), since=since) for role in open_]
        headings = merge(*streams, key=lambda each: each.received_at)
        before = len(self._mailbox.skipped)
        count = 0
        while window := list(islice(headings, _WINDOW)):
            self._came.update(each.folder for each in window)
            count += self._window(window, now)
            self._progress(self._report)
        if open_:
            count += self._read_wanted(now)
            self._pass_on(open_, standing, {each.role for each in self._mailbox.skipped[before:]})
            self._note_skipped(standing, now)
            self._progress(self._report)
        if self._account.discovery is Discovery.TRACK:
            self._track_discovered(now)
        return count

    def match_again(self, since: datetime, now: datetime) -> None:
        """Plan anew for mail since then that belonged to nothing: what is tracked has changed.

        Of what was settled from its heading the texts are read that are needed now.
        """
        records = deque(self._ledger.unassigned(since))
        while records:
            with self._committed():
                for record in (records.popleft() for _ in range(min(_TEXTS, len(records)))):
                    self._taker.reconsider(record, now)
                    self._alive()
        needed: list[SettledRecord] = []
        for settled in self._ledger.headings.since(since):
            self._alive()
            if self._judged(settled.glance, settled.thread, settled.role) is None:
                needed.append(settled)
        for start in range(0, len(needed), _TEXTS):
            self._read_settled(needed[start : start + _TEXTS], now)
        self._read_wanted(now)

    def _roles(self, standing: Standing) -> list[FolderRole]:
        there = [role for role in self._account.roles if role in standing.names]
        if FolderRole.ALL in standing.names:
            # A draft may become sent mail under the number that it had in the folder of all mail; in Sent it gets one of its own.
            return [FolderRole.ALL, *(role for role in there if role in {FolderRole.SENT, FolderRole.JUNK})]
        return there

    def _cursor(self, standing: Standing, role: FolderRole) -> Cursor | None:
        return None if self._back else self._ledger.cursor(standing.names[role])

    def _was_ahead(self, now: datetime) -> bool:
        """Whether the last pass was made by a clock that ran ahead: mail that it took for too old was passed over."""
        last = self._ledger.noted(Fact.LAST_PASS)
        return bool(last) and datetime.fromisoformat(last or "") > now + _AHEAD

    # One window

    def _window(self, headings: Sequence[Heading], now: datetime) -> int:
        pending = deque(_Seen(heading=each, glance=read_glance(each.header)) for each in headings)
        texts: dict[_Key, Arrival | None] = {}
        count = 0
        while pending:
            batch = self._batch(pending, texts)
            needed = [each.heading for each in batch if each.why is None and each.key not in texts]
            texts |= {(each.folder, each.uid): None for each in needed}
            texts |= {(each.folder, each.uid): each for each in (self._mailbox.read(needed) if needed else ())}
            with self._committed():
                taken, new = self._take_batch(batch, texts, now)
            for _ in range(taken):
                texts.pop(pending.popleft().key, None)
            count += new + self._read_wanted(now)
        return count

    def _batch(self, pending: deque[_Seen], texts: dict[_Key, Arrival | None]) -> list[_Seen]:
        """Return the messages up to the first one that would be a text too many, judged."""
        batch: list[_Seen] = []
        unread = 0
        for each in pending:
            each.why = self._judged(each.glance, each.heading.thread, each.heading.role)
            unread += each.why is None and each.key not in texts
            if unread > _TEXTS:
                break
            batch.append(each)
        return batch

    def _take_batch(self, batch: Sequence[_Seen], texts: dict[_Key, Arrival | None], now: datetime) -> tuple[int, int]:
        """Take messages in, and move the cursors on; return how many were taken, and how many of them were new.

        It ends before one that was settled and must be read after all, for what came before it.
        """
        assigned, ids = self._taker.assigned, set[str]()
        cursors: dict[str, Cursor] = {}
        taken = new = 0
        for each in batch:
            changed = self._taker.assigned != assigned or not ids.isdisjoint(each.glance.parent_ids)
            if each.why is not None and changed:
                each.why = self._judged(each.glance, each.heading.thread, each.heading.role)
                if each.why is None and each.key not in texts:
                    break
            arrival = texts.get(each.key)
            if each.why is not None:
                self._settle(each, each.why)
            elif arrival is not None:
                new += self._taker.take(arrival, now)
                ids.add(each.glance.message_id)
            taken += 1
            cursors[each.heading.folder] = Cursor(uidvalidity=each.heading.uidvalidity, last_uid=each.heading.uid)
            self._alive()
        for folder, cursor in cursors.items():
            self._ledger.set_cursor(folder, cursor)
        self._tidings.after_commit(partial(self._count_looked_at, taken))
        return taken, new

    def _judged(self, glance: Glance, thread: str, role: str) -> Settled | None:
        """Return why a text is not needed; None where it is, and where nobody foresaw such a heading."""
        own = role == FolderRole.SENT
        try:
            return self._taker.sieve.settled(glance, self._ledger.headings.ties(glance, thread, own=own), own=own)
        except (AttributeError, ValueError, LookupError, TypeError, RecursionError) as error:
            # A mistake of the program's own costs a text here; it must not hide that all of a mailbox is read for it.
            journal.heading_not_judged(problem=type(error).__name__)
            return None

    def _settle(self, seen: _Seen, why: Settled) -> None:
        if why is not Settled.NOT_THEIRS:
            heading = seen.heading
            self._ledger.headings.add(
                SettledRecord(
                    folder=heading.folder,
                    uidvalidity=heading.uidvalidity,
                    uid=heading.uid,
                    role=heading.role,
                    received_at=heading.received_at,
                    size=heading.size,
                    thread=heading.thread,
                    glance=seen.glance,
                )
            )
            self._tidings.after_commit(self._count_settled)

    # What was settled and is needed after all

    def _read_wanted(self, now: datetime) -> int:
        """Read what a message that came later has drawn into a candidacy."""
        count = 0
        while wanted := self._ledger.headings.wanted(_TEXTS):
            count += self._read_settled(wanted, now)
        return count

    def _read_settled(self, records: Sequence[SettledRecord], now: datetime) -> int:
        """Read messages that were settled before; what is gone, or has another UID now, is forgotten."""
        arrivals = self._mailbox.read([_heading(each) for each in records])
        count = 0
        with self._committed():
            for record in records:
                self._ledger.headings.remove(record)
            for arrival in arrivals:
                count += self._taker.take(arrival, now)
                self._alive()
        return count

    # At the end

    def _pass_on(self, read: Sequence[FolderRole], standing: Standing, skipped: set[FolderRole]) -> None:
        """Move the cursors over UIDs that name nothing, so that a folder in which nothing is new is seen to be so."""
        beyond = {}
        for role in read:
            cursor, place = self._cursor(standing, role), standing.places.get(role)
            if place is None or role in skipped or not trusted(place) or standing.read_through(role, cursor):
                continue
            if cursor is None or cursor.uidvalidity == place.uidvalidity or standing.names[role] not in self._came:
                beyond[standing.names[role]] = Cursor(uidvalidity=place.uidvalidity, last_uid=place.last_uid)
        if beyond:
            with self._ledger.transaction():
                for folder, cursor in beyond.items():
                    self._ledger.set_cursor(folder, cursor)

    def _note_skipped(self, standing: Standing, now: datetime) -> None:
        if self._mailbox.skipped:
            with self._committed():
                for each in self._mailbox.skipped:
                    folder = standing.names[each.role]
                    if self._ledger.set_aside(folder, each.uidvalidity, each.uid, at=now, problem=each.problem):
                        self._tidings.after_commit(partial(self._count_aside, folder, each.uid))

    def _track_discovered(self, now: datetime) -> None:
        """Track the candidacies that were found, as the configuration says; what is not known of one is still asked."""
        for review in self._ledger.reviews():
            proposed = review.question.proposed
            if proposed is not None and complete(proposed):
                track(self._ledger, review, proposed, senders=self._account.phrasebook.senders, now=now)
                self._casebook.added(proposed.id)
                self._taker.lay_anew()

    @contextmanager
    def _committed(self) -> Iterator[None]:
        """Commit all that is written inside together and tell of it; when it is rolled back, the casebook forgets it too."""
        try:
            with self._ledger.transaction():
                yield
        except BaseException:
            self._tidings.back_to(0)
            self._taker.forget()
            raise
        self._tidings.tell()

    def _count_looked_at(self, number: int) -> None:
        self._report.looked_at += number

    def _count_settled(self) -> None:
        self._report.settled += 1

    def _count_aside(self, folder: str, uid: int) -> None:
        self._report.set_aside += 1
        journal.message_set_aside(folder=folder, uid=uid, problem="the server did not give it")


def _heading(record: SettledRecord) -> Heading:
    return Heading(
        role=FolderRole(record.role),
        folder=record.folder,
        uidvalidity=record.uidvalidity,
        uid=record.uid,
        received_at=record.received_at,
        size=record.size,
        header=b"",
        thread=record.thread,
    )
