"""Where one interview stands, as plain data: times are ISO 8601 text, words those of the contract; imports nothing slow."""

from typing import TypedDict


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
