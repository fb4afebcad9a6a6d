"""How the files of a rules folder stand on disk: cheap to look at, and different as soon as one of them is written."""

from collections.abc import Mapping
from pathlib import Path

from agent.rulebook.layers import passed_over

Footprint = Mapping[str, tuple[int, int, int]]
"""Name below the folder → size in octets, time of the last change in nanoseconds, and inode."""


def footprint(folder: Path | None) -> dict[str, tuple[int, int, int]]:
    """Return how the YAML files below `folder` stand; nothing where there is no such folder, or none is named.

    A file that goes away while it is looked at counts as gone.
    """
    found: dict[str, tuple[int, int, int]] = {}
    for path in folder.rglob("*.yaml") if folder is not None else ():
        name = path.relative_to(folder) if folder is not None else path
        if not passed_over(name):
            try:
                seen = path.stat()
            except OSError:
                continue
            found[name.as_posix()] = (seen.st_size, seen.st_mtime_ns, seen.st_ino)
    return found


def changes(before: Footprint, after: Footprint) -> dict[str, list[str]]:
    """Return which files are `new`, `changed` and `gone`, by name; without those of which there is none."""
    told = {
        "new": sorted(after.keys() - before.keys()),
        "changed": sorted(name for name in before.keys() & after.keys() if before[name] != after[name]),
        "gone": sorted(before.keys() - after.keys()),
    }
    return {how: names for how, names in told.items() if names}
