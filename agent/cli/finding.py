"""What `check` says of one thing that it looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How well it is."""

    OK = "ok"
    """It works."""
    WARNING = "warning"
    """It works, and something should be seen to."""
    PROBLEM = "problem"
    """It does not work."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    level: Level
    what: str
    """What was found."""
    mend: str = ""
    """How to mend it, where `what` does not say so itself; empty for what is well."""
    account: str = ""
    """The account that it is about; empty where there is one, or where it is about all."""

    @property
    def text(self) -> str:
        """What was found and how to mend it, in one line."""
        return f"{self.what}; {self.mend}" if self.mend else self.what


def well(name: str, what: str) -> Finding:
    """Return that something works."""
    return Finding(name=name, level=Level.OK, what=what)


def warned(name: str, what: str, mend: str = "") -> Finding:
    """Return that something works and should be seen to."""
    return Finding(name=name, level=Level.WARNING, what=what, mend=mend)


def broken(name: str, what: str, mend: str = "") -> Finding:
    """Return that something does not work."""
    return Finding(name=name, level=Level.PROBLEM, what=what, mend=mend)
