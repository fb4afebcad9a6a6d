"""Edge: the user's mailbox. Knows folders, bytes and msg-ids; knows nothing of interviews."""

from agent.mailbox.interface import (
    Abandonable,
    Appended,
    AppendUnknown,
    Arrival,
    Cursor,
    FolderRole,
    Heading,
    Listing,
    Mailbox,
    MailboxProblem,
    Place,
    Skipped,
    Stored,
)

__all__ = [
    "Abandonable",
    "AppendUnknown",
    "Appended",
    "Arrival",
    "Cursor",
    "FolderRole",
    "Heading",
    "Listing",
    "Mailbox",
    "MailboxProblem",
    "Place",
    "Skipped",
    "Stored",
]
