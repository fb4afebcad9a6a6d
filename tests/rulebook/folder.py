"""A user's folder of rules for a test."""

from pathlib import Path

ENGLISH = "language: en\nlabel: rejection\nrules:\n  - id: one\n    says: something\n    confidence: 0.9\n"
"""The beginning of a rule; what follows is indented by four blanks."""


def user_rules(folder: Path, text: str, name: str = "signals/en/mine.yaml") -> Path:
    """Write one file into the user's folder and return the folder."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder
