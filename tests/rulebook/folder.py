"""A user's folder of rules for a test."""

from pathlib import Path

ENGLISH = "language: en\nlabel: rejection\nrules:\n  - id: one\n    says: something\n    confidence: 0.9\n"
"""The beginning of a rule; what follows is indented by four blanks."""
OTHER = ENGLISH.replace("en", "zz", 1)
"""The same in a language of the test's own, which is quickly loaded."""
OTHER_FRAMES = """\
language: zz
frames:
  - {id: condition, says: a condition, any: ['\\bif\\b']}
  - {id: question, says: a question, reach: sentence, any: ['\\?$']}
  - {id: no-offer, says: no offer, silences: [offer], any: ['\\bno\\b']}
"""


def user_rules(folder: Path, text: str, name: str = "signals/en/mine.yaml") -> Path:
    """Write one file into the user's folder and return the folder."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def other_rules(folder: Path, text: str) -> Path:
    """Write `signals/zz/mine.yaml` beside frames of that language and return the folder."""
    user_rules(folder, OTHER_FRAMES, "signals/zz/frames.yaml")
    return user_rules(folder, text, "signals/zz/mine.yaml")
