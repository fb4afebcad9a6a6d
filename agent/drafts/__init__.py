"""Pure: from what is due to the text of a draft, the last checks on it, and its bytes."""

from agent.drafts.draft import Draft, Refused, User

__all__ = ["Draft", "Refused", "User"]
