"""Which folder has which role (RFC 6154), whatever its name and its language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.imap_utf7 import decode as from_modified_utf7

from agent.mailbox.folder_names import KNOWN_NAMES, TRASH_NAMES
from agent.mailbox.interface import FolderRole, MailboxProblem

_SPECIAL_USE: Mapping[FolderRole, str] = {
    FolderRole.SENT: "\\sent",
    FolderRole.DRAFTS: "\\drafts",
    FolderRole.JUNK: "\\junk",
    FolderRole.ARCHIVE: "\\archive",
}
_PARENTS = ("inbox", "[gmail]", "[google mail]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One folder that can be opened, as LIST shows it."""

    name: str
    """Decoded from modified UTF-7 (RFC 3501 section 5.1.3)."""
    delimiter: str
    flags: frozenset[str]
    """In lower case: servers write `\\drafts` too."""


def list_folders(client: IMAPClient) -> list[Listed]:
    """Return the folders that can be opened; one whose name is broken is left out rather than failing the list."""
    # Raw names: IMAPClient would decode all at once and fail on the first broken one.
    client.folder_encode = False
    try:
        answer = client.list_folders()
    finally:
        client.folder_encode = True
    listed = []
    for flags, delimiter, raw in answer:
        lowered = frozenset(flag.decode("ascii", "replace").lower() for flag in flags)
        if lowered & {"\\noselect", "\\nonexistent"}:
            continue
        try:
            name = raw if isinstance(raw, str) else from_modified_utf7(raw)
        except ValueError:
            continue
        listed.append(Listed(name=name, delimiter=(delimiter or b"").decode("ascii", "replace"), flags=lowered))
    return listed


def roles(listed: Sequence[Listed], chosen: Mapping[FolderRole, str]) -> dict[FolderRole, str]:
    """Return role → folder: what the user chose, else by special use, else by known names; the inbox is always there.

    Raises `MailboxProblem` when a chosen folder does not exist.
    """
    found = {FolderRole.INBOX: "INBOX"}
    for role in FolderRole:
        if role in chosen:
            found[role] = _existing(listed, role, chosen[role])
        elif role in _SPECIAL_USE:
            name = _by_special_use(listed, _SPECIAL_USE[role]) or _by_name(listed, KNOWN_NAMES[role])
            if name is not None:
                found[role] = name
    return found


def trash(listed: Sequence[Listed]) -> str | None:
    """Return the folder of deleted mail."""
    return _by_special_use(listed, "\\trash") or _by_name(listed, TRASH_NAMES)


def missing(role: FolderRole, listed: Iterable[Listed], *, host: str) -> MailboxProblem:
    """Return the problem that no folder has this role."""
    return MailboxProblem(
        f"the mailbox at {host} has no {role} folder that can be recognised; it has {_names(listed)}: "
        f'set `{role} = "..."` under [account.folders]',
        permanent=True,
    )


def _existing(listed: Sequence[Listed], role: FolderRole, name: str) -> str:
    for folder in listed:
        if folder.name == name or folder.name.casefold() == name.casefold() == "inbox":
            return folder.name
    if name.casefold() == "inbox":
        return "INBOX"
    raise MailboxProblem(
        f'[account.folders] {role} = "{name}": there is no such folder; the mailbox has {_names(listed)}', permanent=True
    )


def _names(listed: Iterable[Listed]) -> str:
    names = sorted(folder.name for folder in listed)
    more = f" and {len(names) - 30} more" if len(names) > 30 else ""
    return (", ".join(f'"{name}"' for name in names[:30]) or "no folder") + more


def _by_special_use(listed: Sequence[Listed], flag: str) -> str | None:
    return next((folder.name for folder in listed if flag in folder.flags), None)


def _by_name(listed: Sequence[Listed], names: Iterable[str]) -> str | None:
    by_key: dict[str, str] = {}
    for folder in listed:
        by_key.setdefault(_key(folder), folder.name)
    return next((by_key[name.casefold()] for name in names if name.casefold() in by_key), None)


def _key(folder: Listed) -> str:
    name = folder.name.casefold()
    for parent in _PARENTS:
        if folder.delimiter and name.startswith(parent + folder.delimiter):
            return name[len(parent) + len(folder.delimiter) :]
    return name
