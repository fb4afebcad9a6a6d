"""Which folder has which role (RFC 6154), whatever its name and its language."""

import imaplib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError
from imapclient.imap_utf7 import decode as from_modified_utf7
from imapclient.imap_utf7 import encode as to_modified_utf7

from agent.mailbox.folder_names import KNOWN_NAMES, TRASH_NAMES
from agent.mailbox.interface import FolderRole, MailboxProblem
from agent.mailbox.wire import Line, Wire

_SPECIAL_USE: Mapping[FolderRole, frozenset[str]] = {
    FolderRole.SENT: frozenset({"\\sent"}),
    FolderRole.DRAFTS: frozenset({"\\drafts"}),
    FolderRole.JUNK: frozenset({"\\junk", "\\spam"}),
    FolderRole.ARCHIVE: frozenset({"\\archive"}),
}
"""By RFC 6154, and by XLIST, which came before it; in lower case."""
_ALL = frozenset({"\\all", "\\allmail"})
_TRASH = frozenset({"\\trash"})
_OTHER_USES = _ALL | _TRASH | {"\\flagged", "\\starred", "\\important"}
_USES = _OTHER_USES.union(*_SPECIAL_USE.values())
_PARENTS = ("inbox", "[gmail]", "[google mail]", "mail", "~/mail")

_LIST = re.compile(rb'\* X?LIST \(([^)]*)\) +(NIL|"(?:\\.|[^"\\])*") +(.*)\Z', re.DOTALL | re.IGNORECASE)
_QUOTED = re.compile(rb'"((?:\\.|[^"\\])*)"', re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


class FoundBy(StrEnum):
    """How the folder of a role was found."""

    MARK = "mark"
    """The server marks it for this use (RFC 6154)."""
    CONFIGURATION = "configuration"
    """The user named it."""
    NAME = "name"
    """Its name is a usual one for this use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One folder that can be opened, as LIST shows it."""

    name: str
    """Decoded from modified UTF-7 (RFC 3501 section 5.1.3)."""
    delimiter: str
    flags: frozenset[str]
    """In lower case: servers write `\\drafts` too."""
    all_mail: bool = False
    """Whether it holds every message of the mailbox once: Gmail's All Mail. Such folders of other servers are not known well."""


def list_folders(client: IMAPClient) -> list[Listed]:
    """Return the folders that can be opened.

    One whose name is broken, or that could not be opened under the name that it decodes to, is left out rather than failing the
    list. Special use is asked for where a server tells it only then (RFC 6154 section 2), and by XLIST where LIST tells none.
    """
    gmail = client.has_capability("X-GM-EXT-1")
    listed = [each for line in _said(client) if (each := _listed(line, gmail=gmail)) is not None]
    if client.has_capability("XLIST") and not any(folder.flags & _USES for folder in listed):
        xlist = Wire.of(client).command(b'XLIST "" "*"')
        listed = [each for line in list(xlist) if (each := _listed(line, gmail=gmail)) is not None] or listed
    return listed


def _said(client: IMAPClient) -> list[Line]:
    wire = Wire.of(client)
    if client.has_capability("LIST-EXTENDED") and client.has_capability("SPECIAL-USE"):
        try:
            return list(wire.command(b'LIST "" "*" RETURN (SPECIAL-USE)'))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            if isinstance(error, ProtocolError):
                raise
    return list(wire.command(b'LIST "" "*"'))


def _listed(line: Line, *, gmail: bool) -> Listed | None:
    """Return the folder of one response; None for one that is no folder, cannot be opened, or has a broken name."""
    found = _LIST.match(line[0])
    if found is None:
        return None
    flags = frozenset(found[1].decode("ascii", "replace").lower().split())
    if flags & {"\\noselect", "\\nonexistent"}:
        return None
    raw = line[1] if len(line) > 1 else _unquoted(found[3])
    if "\\inbox" in flags or raw.upper() == b"INBOX":
        # XLIST gives its name in the language of the user.
        raw = b"INBOX"
    try:
        name: str = from_modified_utf7(raw)
        if not name or to_modified_utf7(name) != raw:
            return None
    except ValueError:
        return None
    delimiter = found[2][1:-1].replace(b"\\", b"") or b"\\" if found[2].startswith(b'"') else b""
    return Listed(name=name, delimiter=delimiter.decode("ascii", "replace"), flags=flags, all_mail=gmail and bool(flags & _ALL))


def _unquoted(text: bytes) -> bytes:
    """Return a name that is a quoted string or an atom, or an atom with blanks as some servers write."""
    quoted = _QUOTED.match(text)
    return _ESCAPED.sub(rb"\1", quoted[1]) if quoted is not None else text.strip()


def roles(listed: Sequence[Listed], chosen: Mapping[FolderRole, str]) -> dict[FolderRole, str]:
    """Return role → folder: what the user chose, else by special use, else by known names; the inbox is always there.

    Raises `MailboxProblem` when a chosen folder does not exist.
    """
    found = {FolderRole.INBOX: "INBOX"}
    for role in FolderRole:
        if role in chosen:
            found[role] = _existing(listed, role, chosen[role])
            continue
        name = None
        if role in _SPECIAL_USE:
            name = _by_special_use(listed, _SPECIAL_USE[role]) or _by_name(listed, KNOWN_NAMES[role])
        elif role is FolderRole.ALL:
            name = next((folder.name for folder in listed if folder.all_mail), None)
        if name is not None:
            found[role] = name
    return found


def found_by(
    listed: Sequence[Listed], found: Mapping[FolderRole, str], chosen: Mapping[FolderRole, str]
) -> dict[FolderRole, FoundBy]:
    """Return how each of the folders of `roles` was found; the inbox, which every mailbox has, is left out."""
    ways = {}
    for role, name in found.items():
        flags = next((folder.flags for folder in listed if folder.name == name), frozenset[str]())
        if role in chosen:
            ways[role] = FoundBy.CONFIGURATION
        elif role is not FolderRole.INBOX:
            ways[role] = FoundBy.MARK if flags & (_SPECIAL_USE.get(role, frozenset()) | _ALL) else FoundBy.NAME
    return ways


def trash(listed: Sequence[Listed]) -> str | None:
    """Return the folder of deleted mail."""
    return _by_special_use(listed, _TRASH) or _by_name(listed, TRASH_NAMES)


def missing(role: FolderRole, listed: Iterable[Listed], *, host: str) -> MailboxProblem:
    """Return the problem that no folder has this role."""
    return MailboxProblem(
        f"the mailbox at {host} has no {role} folder that can be recognised; it has {_names(listed)}: "
        f'set `{role} = "..."` under [account.folders]',
        permanent=True,
    )


def _existing(listed: Sequence[Listed], role: FolderRole, name: str) -> str:
    """Return the folder that the user means: of exactly this name, else the only one that differs in case or in its parent."""
    if name.casefold() == "inbox":
        return "INBOX"
    if any(folder.name == name for folder in listed):
        return name
    alike = [folder.name for folder in listed if _plain(folder.name) == _plain(name)]
    alike = alike or [folder.name for folder in listed if _key(folder) == _plain(name)]
    if len(alike) == 1:
        return alike[0]
    raise MailboxProblem(
        f'[account.folders] {role} = "{name}": there is no such folder; the mailbox has {_names(listed)}', permanent=True
    )


def _names(listed: Iterable[Listed]) -> str:
    names = sorted(folder.name for folder in listed)
    more = f" and {len(names) - 30} more" if len(names) > 30 else ""
    return (", ".join(f'"{name}"' for name in names[:30]) or "no folder") + more


def _by_special_use(listed: Sequence[Listed], uses: frozenset[str]) -> str | None:
    return next((folder.name for folder in listed if uses & folder.flags), None)


def _by_name(listed: Sequence[Listed], names: Iterable[str]) -> str | None:
    """Return the folder of the first of these names that the mailbox has; one that is announced for another use is not meant."""
    by_key: dict[str, str] = {}
    for folder in listed:
        if not folder.flags & _USES:
            by_key.setdefault(_key(folder), folder.name)
    return next((by_key[_plain(name)] for name in names if _plain(name) in by_key), None)


def _key(folder: Listed) -> str:
    """Return the name without the parent under which some servers keep all folders, for comparison."""
    name = _plain(folder.name)
    for parent in _PARENTS:
        if folder.delimiter and name.startswith(parent + folder.delimiter):
            return name[len(parent) + len(folder.delimiter) :]
    return name


def _plain(name: str) -> str:
    """Return the name for comparison: composed, in one case, with single blanks; `I` and `i` with and without a dot are one."""
    folded = unicodedata.normalize("NFKC", name.replace("İ", "i").replace("ı", "i")).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
