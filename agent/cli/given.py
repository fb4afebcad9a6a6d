"""What several commands are given in words: an address, a rules folder, a moment, a text file."""

import sys
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path

from agent.accounts.locations import rules_folder
from agent.cli.endings import UsageProblem

_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def address(text: str) -> tuple[str, str]:
    """Return name (may be empty) and address, in lower case, of `ADDRESS` or `Name <ADDRESS>`; raises `UsageProblem`."""
    name, email = parseaddr(text)
    local, _, domain = email.rpartition("@")
    if not local or not domain or " " in email:
        raise UsageProblem(f"--me {text!r} is no mail address; write it like 'Alex Doe <alex@mail.example>' or bare")
    return name, email.lower()


def rules(folder: Path | None) -> Path | None:
    """Return the folder of the user's own rules: the one that is named, else the usual one if it exists."""
    if folder is not None and not folder.is_dir():
        raise UsageProblem(f"--rules {folder}: there is no such folder; correct the path, or leave it out")
    return folder or rules_folder()


def moment(text: str) -> datetime:
    """Return the moment that `--as-of` names, aware; one without an offset is in UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"--as-of {text!r} is no time; write it like 2026-03-20T12:00+01:00") from None
    if not _FIRST_YEAR < at.year < _LAST_YEAR:
        raise UsageProblem(f"--as-of {text!r} is no time of our days; write it like 2026-03-20T12:00+01:00")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def text_of(file: str) -> str:
    """Return the text in a file, or on standard input for `-`; raises `UsageProblem`."""
    shown = "standard input" if file == "-" else file
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageProblem(f"{shown}: is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise UsageProblem(f"{shown}: cannot be read ({error.strerror}); check the path") from error
