"""Where one interview stands, as plain data: times are ISO 8601 text, words those of the contract; imports nothing slow."""

import hashlib
import json
from collections.abc import Iterable
from typing import TypedDict

ROW = "row"
"""What a kept answer of this kind answers: where an interview stands."""
WHY = "why"
"""What a kept answer of this kind answers: what led to a status, and what is due, held, planned and to be expected."""


class NextDraft(TypedDict):
    """The next follow-up of an interview."""

    kind: str
    due_at: str
    state: str
    """`due` (the next pass drafts it), `planned` (if nothing happens before) or `held`."""


class Row(TypedDict):
    """One interview on the board."""

    id: str
    company: str
    role: str
    status: str
    since: str | None
    round: int | None
    next_at: str | None
    promised_by: str | None
    turn: str
    drafts: int
    held: int
    next_draft: NextDraft | None
    lying: list[str]
    """Kinds of what lies in Drafts."""
    rounds: list[list[str]]
    """Beginning and end of each fixed interview."""


def appointments_of(rows: Iterable[Row]) -> str:
    """Return a fingerprint of all fixed interviews: a text that proposes a time is checked against every one of them."""
    return hashlib.sha256(json.dumps([[row["id"], row["rounds"]] for row in rows]).encode()).hexdigest()
