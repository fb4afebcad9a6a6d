"""How well messages are matched, on whole job searches, and what matching costs: `python -m bench.matching --help`."""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path

from agent.cli.opening import rules_only
from agent.cli.printing import print_table
from agent.daemon.casebook import Casebook
from agent.interviews import Contact, Interview
from agent.matching import Tracked, build_tracked
from agent.matching.assignment import match
from agent.messages import parse_message
from agent.messages.message import Message
from agent.signals import Reading, read_message, read_own_message
from agent.signals.senders import SenderBook
from agent.signals.title_words import TitleWords
from agent.store import Ledger
from bench.searches import Score, play, score, together
from tests.searches.search import Search, searches

_INTERVIEWS = (10, 100, 1_000, 10_000)
_MESSAGES = (1_000, 100_000, 1_000_000)
_ROUNDS = 15
_KNOWN_IDS = 20
"""Message-IDs that each timed message names: half of them known."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables that are asked for; return 0."""
    options = _options(argv)
    found = searches()
    if options.part in (None, "quality"):
        _quality(found, slips=options.mistakes)
    if options.part in (None, "cost"):
        _cost(next(search for search in found if search.name == "engineer"))
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.matching", description="How well messages are matched, and the cost.")
    parser.add_argument("part", nargs="?", choices=("quality", "cost"), help="both without")
    parser.add_argument("--mistakes", action="store_true", help="list the mail that lies elsewhere, and the wrong statuses")
    return parser.parse_args(argv)


def _quality(found: Sequence[Search], *, slips: bool) -> None:
    scores = {search.name: score(search, play(search)) for search in found}
    scores["all"] = together(list(scores.values()))
    print_table(
        ("search", "mails", "precision", "recall", "final", "by others", "misread", "noise", "forged", "roles", "asked"),
        [(name, *_row(each)) for name, each in scores.items()],
    )
    print(
        "by others, misread: wrong changes of status. noise: mail that belongs to none, and was assigned. forged: endings and\n"
        "orders of forgers that were applied. roles: mail given to another role at the same employer. asked: open questions"
    )
    if slips:
        for slip in scores["all"].slips:
            number = f" #{slip.number}" if slip.number else ""
            case = f" [{slip.case}]" if slip.case else ""
            print(f"  {slip.search}{number}: {slip.what}: {slip.expected}; found {slip.found}{case}")


def _row(each: Score) -> tuple[str, ...]:
    return (
        str(each.messages + each.noise),
        f"{each.precision:.3f}",
        f"{each.recall:.3f}",
        f"{each.final_right}/{each.interviews}",
        str(each.changes_by_others),
        str(each.changes_misread),
        f"{each.noise_assigned}/{each.noise}",
        f"{each.forged_applied}/{each.forged}",
        str(each.confused),
        str(each.asked),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What is matched again and again: a search's mail as it was read."""

    search: Search
    mail: tuple[tuple[Message, Reading, bool], ...]
    senders: SenderBook
    title_words: TitleWords


def _sample(search: Search) -> Sample:
    name, address = parseaddr(search.me)
    rules = rules_only(me=(address,), name=name, zone=search.zone, preset="default", folder=None)
    mail = []
    for item, played in zip(search.items, search.played(), strict=True):
        message = parse_message(played.raw, received_at=played.at)
        book = rules.phrasebook
        mail.append((message, read_own_message(message, book) if item.own else read_message(message, book), item.own))
    return Sample(search=search, mail=tuple(mail), senders=rules.phrasebook.senders, title_words=rules.phrasebook.title_words)


def _cost(search: Search) -> None:
    sample = _sample(search)
    now = datetime(2026, 11, 16, tzinfo=UTC)
    by_interviews: list[tuple[str, ...]] = []
    base = 0.0
    with _ledger(1_000) as ledger:
        casebook = Casebook(ledger, now)
        for size in _INTERVIEWS:
            tracked_interviews = [*search.interviews, *(_other(number) for number in range(size - len(search.interviews)))]
            begun = time.perf_counter()
            tracked = build_tracked(tracked_interviews, senders=sample.senders, title_words=sample.title_words)
            built = time.perf_counter() - begun
            cost = _microseconds(sample, casebook, tracked, now)
            base = base or cost
            by_interviews.append((f"{size:,}", f"{cost:.0f}", f"{cost / base:.2f}", f"{built * 1000:.1f}"))
    print()
    print_table(("interviews", "µs a message", "of the first", "index built in ms"), by_interviews)
    by_messages: list[tuple[str, ...]] = []
    base = 0.0
    tracked = build_tracked(search.interviews, senders=sample.senders, title_words=sample.title_words)
    for size in _MESSAGES:
        with _ledger(size) as ledger:
            cost = _microseconds(sample, Casebook(ledger, now), tracked, now)
        base = base or cost
        by_messages.append((f"{size:,}", f"{cost:.0f}", f"{cost / base:.2f}"))
    print()
    print_table(("known Message-IDs", "µs a message", "of the first"), by_messages)
    print(f"each message: what the ledger knows of its {_KNOWN_IDS} References, subject and addresses, and the match")


def _microseconds(sample: Sample, casebook: Casebook, tracked: Tracked, now: datetime) -> float:
    """Return the median over the rounds of what one message costs, in microseconds."""
    times = []
    for round_number in range(_ROUNDS):
        named = tuple(f"<{(round_number * 7919 + each * 104_729) % 1_000}@known.example>" for each in range(_KNOWN_IDS // 2))
        unknown = tuple(f"<{round_number}-{each}@unknown.example>" for each in range(_KNOWN_IDS // 2))
        letters = [(_answering(message, named + unknown), reading, own) for message, reading, own in sample.mail]
        begun = time.perf_counter()
        for message, reading, own in letters:
            match(message, reading, tracked, ties=casebook.ties(message), own=own, now=now)
        times.append((time.perf_counter() - begun) / len(letters))
    return statistics.median(times) * 1_000_000


def _answering(message: Message, ids: tuple[str, ...]) -> Message:
    return replace(message, references=ids, in_reply_to=ids[:1])


def _other(number: int) -> Interview:
    company = f"Company{number} Works"
    return Interview(
        id=f"other-{number}",
        company=company,
        role="Backend Engineer",
        domains=(f"company{number}.example",),
        contacts=(Contact(name="Dana Cole", email=f"dana@company{number}.example"),),
        requisition=f"QX-{number:06}",
    )


@contextmanager
def _ledger(size: int) -> Iterator[Ledger]:
    """Yield a ledger in a file that knows `size` messages, with their references, subjects and correspondents."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        Ledger(path).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute("BEGIN")
            for sql, row in (
                ("INSERT INTO messages VALUES (?1, NULL, 0, ?2, '{}')", _message_row),
                ("INSERT INTO links VALUES (?1, ?2)", _link_row),
                ("INSERT OR IGNORE INTO subjects VALUES (?1, ?2)", _subject_row),
                ("INSERT OR IGNORE INTO correspondents VALUES (?1, ?2)", _correspondent_row),
            ):
                database.executemany(sql, map(row, range(size)))
            database.execute("COMMIT")
        ledger = Ledger(path)
        try:
            yield ledger
        finally:
            ledger.close()


def _message_row(number: int) -> tuple[str, str]:
    return f"<{number}@known.example>", f"2026-0{number % 9 + 1}-{number % 28 + 1:02}T10:00:00.000000+00:00"


def _link_row(number: int) -> tuple[str, str]:
    return f"<{number}@known.example>", f"<{number + 1}@known.example>"


def _subject_row(number: int) -> tuple[str, str]:
    return f"subject {number}", f"other-{number % 10_000}"


def _correspondent_row(number: int) -> tuple[str, str]:
    return f"person{number}@company{number % 10_000}.example", f"other-{number % 10_000}"


if __name__ == "__main__":
    sys.exit(main())
