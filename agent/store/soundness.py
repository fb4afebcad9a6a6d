"""Whether a ledger file is whole, looked at by a connection of its own that changes nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote


def unsound(path: Path) -> str | None:
    """Return what SQLite finds broken in the file, on one line, or None where it is whole or is not there yet.

    `PRAGMA quick_check` reads every page once; it finds what a failing disk or an interrupted copy leaves.
    """
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=10)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        found = str(error)
    return None if found == "ok" else " ".join(str(found).split())
