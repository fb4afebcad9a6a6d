"""A draft's text in its parts, as the last checks look at it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.drafts.lines import without
from agent.drafts.surroundings import Surroundings
from agent.drafts.templates import Language, Template, Variant
from agent.interviews.interview import Interview
from agent.interviews.status import Status
from agent.policy.verdict import DraftKind, Due

_FROM_THE_FILE = ("company", "role", "agency", "interviewer", "user_name", "contact_name")
"""Names that may hold any word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """A draft's text in its parts, and what the checks need to know of where it comes from."""

    due: Due
    interview: Interview
    template: Template
    variant: Variant
    language: Language
    named: bool
    """The user named the language for this interview."""
    subject: str
    """Empty where the subject is that of the thread: those are not our words."""
    greeting: str
    """Empty for what is for the user's own eyes."""
    paragraphs: tuple[str, ...]
    facts: Mapping[str, str]
    status: Status
    recipient_names: tuple[str, ...]
    """Every name by which the recipients are known."""
    follows: int | None
    """Words of the user's message that it follows; None where there is none at hand."""
    around: Surroundings

    @property
    def kind(self) -> DraftKind:
        """What it is."""
        return self.due.kind

    @property
    def text(self) -> str:
        """The paragraphs between greeting and closing."""
        return "\n\n".join(self.paragraphs)

    @property
    def own_words(self) -> str:
        """Subject and text in lower case without the names of employer, position and people, which may hold any word."""
        names = {_plain(self.facts[name]) for name in _FROM_THE_FILE if name in self.facts}
        return without(names, _plain(f"{self.subject}\n{self.text}"))


def found_phrase(phrases: Iterable[str], composed: Composed) -> str:
    """Return the first phrase that stands in the text as whole words."""
    words = composed.own_words
    return next((phrase for phrase in phrases if re.search(rf"(?<!\w){re.escape(_plain(phrase))}(?!\w)", words)), "")


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())
