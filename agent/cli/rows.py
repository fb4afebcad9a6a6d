"""The board as a value, and what it says in words; imports nothing slow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from agent.cli.printing import counted, near_day, near_time, shown_day, shown_time
from agent.daemon.row import Row

ENDED = frozenset({"accepted", "declined", "rejected", "closed", "withdrawn", "moved_on"})
TURNS = {"us": "yours", "them": "theirs", "none": ""}
"""Whose turn it is, as the user says it."""
_INNER = ("lying", "rounds")
"""Keys of a row that `--json` leaves out."""
_WRITTEN_TO_THE_USER = {"call_sheet": ("call", "to make"), "debrief": ("debrief", "to answer")}
"""Kinds of draft that are for the user's own eyes, and what they ask for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """Where everything stands in one account as of `now`, and what waits for the user besides."""

    rows: Sequence[Row]
    """By id."""
    now: datetime
    zone: tzinfo
    """The user's."""
    refused: str = ""
    """Why it is not known what is due next: the rules cannot be read."""
    reviews: int = 0
    """Open questions."""
    last_pass: str | None = None
    problem: str = ""
    """Why the last pass failed."""
    rules_problem: str = ""
    """Why the service goes on with the rules from before."""
    warning: str | None = None
    """That the sign-in is about to end."""

    def as_json(self) -> dict[str, object]:
        """Return it with the keys of `status --json`."""
        return {
            "as_of": self.now.astimezone(self.zone),
            "last_pass": self.last_pass,
            "problem": self.problem or self.rules_problem or self.refused,
            "warning": self.warning,
            "interviews": [{key: value for key, value in row.items() if key not in _INNER} for row in self.rows],
            "review": self.reviews,
        }

    def ordered(self) -> list[Row]:
        """Return the rows with what needs the user first, and last what has ended."""
        return sorted(self.rows, key=_urgency)

    def upcoming(self, row: Row, *, near: bool) -> list[str]:
        """Return what comes next in an interview, the nearest thing first; with `near` days are told as one speaks of them."""

        def moment(text: str) -> str:
            at = datetime.fromisoformat(text)
            return near_time(at, self.now, self.zone) if near else shown_time(at, self.zone)

        def day(on: date) -> str:
            return near_day(on, self.now, self.zone) if near else shown_day(on)

        found = [f"interview {moment(row['next_at'])}"] if row["next_at"] else []
        found += _to_do(row)
        following = row["next_draft"]
        if following and following["state"] != "held":
            kind = spoken(following["kind"]) if near else following["kind"]
            due = datetime.fromisoformat(following["due_at"]).astimezone(self.zone).date()
            found.append(f"{kind} due now" if following["state"] == "due" else f"{kind} {day(due)}")
        if row["promised_by"]:
            promised = date.fromisoformat(row["promised_by"])
            past = promised < self.now.astimezone(self.zone).date()
            found.append(f"news {'was due' if past else 'due'} by {day(promised)}")
        if row["held"]:
            found.append(f"{row['held']} held")
        return found

    def troubles(self) -> Iterator[str]:
        """Return what does not work, a sentence each, and where nothing was read yet how to begin."""
        if self.problem:
            yield f"The last pass failed: {self.problem}"
        elif self.warning:
            yield self.warning
        if self.rules_problem:
            yield f"Your edited rules cannot be used, the service goes on with those from before: {self.rules_problem}"
        elif self.refused and not self.problem:
            yield f"What is due next cannot be told, for the rules cannot be read: {self.refused}"
        elif self.rows and not self.problem and not self.last_pass:
            yield "No mail was read yet: `interview-agent once` makes a pass, `interview-agent run` stays."


def spoken(word: str) -> str:
    """Return a word of the contract as one says it: `status_check` is a status check."""
    return word.replace("_", " ")


def is_ended(row: Row) -> bool:
    """Whether the candidacy is over."""
    return row["status"] in ENDED


def _to_do(row: Row) -> list[str]:
    """Return what lies in Drafts for the user: letters to send, a call to make, questions to answer."""
    letters = sum(kind not in _WRITTEN_TO_THE_USER for kind in row["lying"])
    found = [f"{counted(letters, 'draft')} to send"] if letters else []
    for kind, (thing, what) in _WRITTEN_TO_THE_USER.items():
        if count := row["lying"].count(kind):
            found.append(f"{counted(count, thing)} {what}")
    return found


def _urgency(row: Row) -> tuple[bool, bool, datetime, bool, str]:
    """Sort key: the user's turn or a draft to send first, among these the nearest interview, then offers; last what has ended."""
    needs = row["turn"] == "us" or bool(row["lying"])
    start = datetime.fromisoformat(row["next_at"]) if row["next_at"] else datetime.max.replace(tzinfo=UTC)
    return is_ended(row), not needs, start, row["status"] != "offer", row["id"]
