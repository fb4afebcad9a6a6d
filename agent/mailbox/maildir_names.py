"""What the names in a Maildir tell: which message a file is, when it came, and what a folder is called.

A file is called `unique,U=12,S=3456:2,RS`: a part that no other file has, fields that mbsync, offlineimap or Dovecot add and
change (UID, digest, size), and flags (https://cr.yp.to/proto/maildir.html). Whoever sets a flag renames the file; the unique part
stays.
"""

import binascii
import os
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

from imapclient.imap_utf7 import decode as from_modified_utf7

_INFO = re.compile(r"[:;!]2,[^/]*\Z", re.DOTALL)
"""Flags; where a file system knows no colon, mbsync and mutt are told to write another sign."""
_FIELDS = re.compile(r"(?:,[A-Z][A-Z0-9]*=[^,]*)+\Z", re.DOTALL)
_SECONDS = re.compile(r"(\d{9,10})[._]")
_EARLIEST = 631_152_000
"""1990: before Maildir was thought of."""
_ESCAPED = str.maketrans({"/": "\\057", ":": "\\072"})


def unique_part(name: str) -> str:
    """Return the part of a file's name that stays when mbsync, offlineimap or a mail client renames it; never empty."""
    base = name.partition(":")[0]
    if "2," in base:
        base = _INFO.sub("", base)
    if "=" in base:
        base = _FIELDS.sub("", base)
    return base or name


def arrived_by_name(name: str) -> datetime | None:
    """Return the time of delivery that a file's name begins with, where it does so."""
    found = _SECONDS.match(name)
    return datetime.fromtimestamp(int(found[1]), UTC) if found and int(found[1]) >= _EARLIEST else None


def info_sign(names: Iterable[str]) -> str:
    """Return what stands before the flags in a folder with these files: a colon, where none of them shows another sign."""
    return next((sign for name in names for sign in ":;!" if f"{sign}2," in name), ":")


def new_name(*, nanoseconds: int, pid: int, number: int, chance: str, host: str) -> str:
    """Return a unique part that no other program makes: time, process, a number within it, chance, host."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{seconds}.M{rest // 1000}P{pid}Q{number}R{chance}.{host.translate(_ESCAPED)}"


def folder_name(parts: Iterable[str]) -> str:
    """Return the name of a folder from the names on the way to it, with `/` between its levels.

    `.Archive.2024` is how Maildir++ and Dovecot write `Archive/2024`. Names in modified UTF-7 are decoded (RFC 3501 section
    5.1.3).
    """
    return "/".join(_decoded(part[1:].replace(".", "/") if part.startswith(".") else part) for part in parts)


def folder_key(name: str) -> str:
    """Return what a folder's name is compared by: without regard to case, to the sign between levels and to kinds of accents."""
    return unicodedata.normalize("NFC", name).casefold().replace(".", "/").strip("/")


def _decoded(part: str) -> str:
    name = os.fsencode(part).decode("utf-8", "replace")
    if "&" in name and name.isascii():
        try:
            return str(from_modified_utf7(name.encode("ascii")))
        except (ValueError, binascii.Error):
            return name
    return name
