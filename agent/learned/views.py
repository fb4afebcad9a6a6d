"""Which texts of a message are turned into vectors."""

from dataclasses import dataclass

from agent.signals.opinion import SUBJECT, Asked

SENTENCES_AT_MOST = 24
"""What a message is for stands in its first sentences; a newsletter has hundreds."""
_SENTENCE = 300
_WHOLE = 800
"""Characters. More of them cost time and say nothing new."""
_LETTERS = 20
"""In fewer (a third as many of other scripts) nothing is said that could be understood without rules."""
_LETTER = 4
"""From this many sentences on the first is a greeting and the last a farewell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Views:
    """The texts of one message that are looked at; each is one vector."""

    sentences: tuple[str, ...]
    """At least one: the subject stands in for a text that is empty."""
    numbers: tuple[int, ...]
    """Their places in `Asked.sentences`, or `SUBJECT`."""
    subject: str
    """May be empty."""
    whole: str
    """Subject and text together."""
    middle: str
    """The text without greeting and farewell."""

    @property
    def texts(self) -> list[str]:
        """All of them in the order in which `agent.learned.layer` takes them apart again."""
        return [self.subject, self.whole, self.middle, *self.sentences]


def views_of(asked: Asked) -> Views | None:
    """Return what is looked at of a message; None when it has next to no words."""
    subject = _line(asked.subject, _SENTENCE)
    numbered = [(number, _line(sentence, _SENTENCE)) for number, sentence in enumerate(asked.sentences[:SENTENCES_AT_MOST])]
    numbered = [(number, line) for number, line in numbered if line] or [(SUBJECT, subject)]
    lines = [line for _, line in numbered]
    if sum(1 if letter < "\u0250" else 3 for line in lines for letter in line if letter.isalpha()) < _LETTERS:
        return None
    inner = lines[1:-1] if len(lines) > _LETTER else lines
    return Views(
        sentences=tuple(lines),
        numbers=tuple(number for number, _ in numbered),
        subject=subject,
        whole=_line(f"{subject}. {' '.join(lines)}" if subject else " ".join(lines), _WHOLE),
        middle=_line(" ".join(inner), _WHOLE),
    )


def _line(text: str, length: int) -> str:
    whole = text[: 2 * length].encode("utf-8", "replace").decode("utf-8")  # half a character is no text to an encoder
    return " ".join(whole.split())[:length]
