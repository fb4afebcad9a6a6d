"""Which folders lie below a Maildir, and which role each has.

Three customs are read: `.Sent` beside `cur` (Maildir++, Dovecot), `Sent/cur` beside `INBOX/cur` (mbsync `Verbatim`, offlineimap),
and `.Sub` inside of the folder above it (mbsync `Legacy`).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.mailbox.folder_names import KNOWN_NAMES
from agent.mailbox.interface import FolderRole, MailboxProblem
from agent.mailbox.maildir_names import folder_key, folder_name

_OWN = frozenset({"cur", "new", "tmp"})
_DEEPEST = 8
_PARENTS = ("inbox/", "[gmail]/", "[google mail]/")


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundFolder:
    """One folder of a Maildir."""

    name: str
    """Decoded, with `/` between its levels; `INBOX` for the inbox."""
    path: Path
    on_disk: str
    """Its path below the Maildir as it stands on the disk; empty for the Maildir itself."""


def find_folders(root: Path) -> list[FoundFolder]:
    """Return all folders at and below `root`, by name; raises `MailboxProblem` where there is no Maildir."""
    try:
        found = sorted(_walk(root, (), set()), key=lambda folder: folder.name)
    except OSError as error:
        raise MailboxProblem(
            f"the Maildir {root} cannot be read ({error.strerror}); check `maildir` in the configuration, and that it is mounted",
            permanent=True,
        ) from error
    if not found:
        raise MailboxProblem(
            f"{root} is no Maildir: there is no folder with a cur/ in it; name the folder that mbsync or offlineimap fills",
            permanent=True,
        )
    return found


def roles(found: Sequence[FoundFolder], chosen: Mapping[FolderRole, str], root: Path) -> dict[FolderRole, FoundFolder]:
    """Return role → folder: what the user chose, else by known names; the inbox is always there.

    Raises `MailboxProblem` when a chosen folder or the inbox does not exist.
    """
    by_role: dict[FolderRole, FoundFolder] = {}
    for role in FolderRole:
        folder = _named(found, chosen[role]) if role in chosen else _known(found, role)
        if folder is not None:
            by_role[role] = folder
        elif role in chosen:
            raise MailboxProblem(
                f'[account.folders] {role} = "{chosen[role]}": there is no such folder; {_what_is_there(found, root)}',
                permanent=True,
            )
        elif role is FolderRole.INBOX:
            raise MailboxProblem(
                f"{_what_is_there(found, root)}, but no inbox; name the folder of one account that holds its INBOX",
                permanent=True,
            )
    return by_role


def missing(role: FolderRole, found: Sequence[FoundFolder], root: Path) -> MailboxProblem:
    """Return the problem that no folder has this role."""
    return MailboxProblem(
        f"{_what_is_there(found, root)}, but no {role} folder that can be recognised; "
        f'set `{role} = "..."` under [account.folders]',
        permanent=True,
    )


def _walk(folder: Path, parts: tuple[str, ...], seen: set[tuple[int, int]]) -> Iterator[FoundFolder]:
    """Yield a folder, where it is one, and those below it, each once although symbolic links may lead there again."""
    found = folder.stat()
    if (found.st_dev, found.st_ino) in seen:
        return
    seen.add((found.st_dev, found.st_ino))
    with os.scandir(folder) as entries:
        below = sorted(entry.name for entry in entries if entry.is_dir())
    if "cur" in below:
        name = folder_name(parts)
        name = "INBOX" if folder_key(name) in {"", "inbox"} else name
        yield FoundFolder(name=name, path=folder, on_disk="/".join(parts))
    if len(parts) < _DEEPEST:
        for each in below:
            if each not in _OWN:
                try:
                    yield from _walk(folder / each, (*parts, each), seen)
                except OSError:
                    # A folder that may not be looked into is none of the mailbox's, and the others are read.
                    continue


def _named(found: Sequence[FoundFolder], name: str) -> FoundFolder | None:
    exact = (folder for folder in found if name in (folder.name, folder.on_disk))
    near = (folder for folder in found if folder_key(name) in (folder_key(folder.name), folder_key(folder.on_disk)))
    return next(exact, None) or next(near, None)


def _known(found: Sequence[FoundFolder], role: FolderRole) -> FoundFolder | None:
    if role is FolderRole.INBOX:
        # Where the Maildir itself holds mail it is the inbox, whatever else is called so.
        return min((folder for folder in found if folder.name == "INBOX"), key=lambda folder: len(folder.on_disk), default=None)
    by_key: dict[str, FoundFolder] = {}
    for folder in found:
        key = folder_key(folder.name)
        parent = next((parent for parent in _PARENTS if key.startswith(parent)), "")
        by_key.setdefault(key.removeprefix(parent), folder)
    return next((by_key[key] for name in KNOWN_NAMES.get(role, ()) if (key := folder_key(name)) in by_key), None)


def _what_is_there(found: Sequence[FoundFolder], root: Path) -> str:
    names = [f'"{folder.name}"' for folder in found]
    more = f" and {len(names) - 30} more" if len(names) > 30 else ""
    return f"the Maildir {root} has {', '.join(names[:30])}{more}"
