"""What the user may answer to a digest, as values: the words, the orders, and what was not understood."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent.interviews import Status
from agent.plan.discovery import complete
from agent.plan.review import Question


class Meaning(StrEnum):
    """What a word of an answer means; the names are those of `answers.yaml`."""

    ACCEPT = "accept"
    """Yes."""
    DISMISS = "dismiss"
    """No."""
    NEW = "new"
    """It is a candidacy that is not tracked yet."""
    NOTE = "note"
    """What follows is to be written down."""
    UNDO = "undo"
    """An entry of the history is to be taken back."""
    QUESTION = "question"
    """May stand before the number of a question."""
    QUIET = "quiet"
    """No more follow-ups; there is no such order."""
    COURTESY = "courtesy"
    """No answer at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerWords:
    """The words of answers, as `plain` writes them."""

    words: Mapping[Meaning, frozenset[str]]
    statuses: Mapping[str, Status]

    def mean(self, said: str, meaning: Meaning) -> bool:
        """Return whether a phrase has that meaning, whole."""
        return said in self.words.get(meaning, frozenset())


class Act(StrEnum):
    """What is to be done."""

    ACCEPT = "accept"
    """Question `number`, for `interview`."""
    TRACK = "track"
    """The message of question `number` is a new candidacy: `company` and `role`, empty for those that it names itself."""
    DISMISS = "dismiss"
    """Question `number`."""
    STATUS = "status"
    """`interview` stands at `status`."""
    NOTE = "note"
    """`text` is to be written down for `interview`."""
    UNDO = "undo"
    """Entry `number` of the history is taken back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One thing that the user wants done."""

    line: int
    """Number of the line among those with text in the new part of the mail, from 1."""
    words: str
    """The line, as it was written."""
    act: Act
    number: int = 0
    interview: str = ""
    status: Status | None = None
    text: str = ""
    company: str = ""
    role: str = ""

    @property
    def aim(self) -> tuple[str, int | str]:
        """What it decides: two orders with one aim contradict each other."""
        match self.act:
            case Act.ACCEPT | Act.TRACK | Act.DISMISS:
                return "question", self.number
            case Act.UNDO:
                return "entry", self.number
            case Act.STATUS:
                return "status", self.interview
            case Act.NOTE:
                return "note", f"{self.interview} {self.text}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unclear:
    """A line that says nothing for certain."""

    line: int
    words: str
    why: str
    """What is missing, and the words that would do; one or two sentences."""


Answer = Order | Unclear


def plain(text: str) -> str:
    """Return a phrase as it is compared: composed, without case, single blanks, nothing around it but words."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("‑", "-")
    return " ".join(folded.split()).strip(" .,;:!?\"'“”„«»()[]")


def choices(number: int, question: Question, known: Sequence[str]) -> list[str]:
    """Return the answers that an open question can be given; `known` are the ids of what is tracked."""
    candidates = [each for each in question.candidates if each in known]
    if question.proposed is not None:
        first = [f"{number} yes"] if complete(question.proposed) else [f"{number} new Company, Role"]
        return [*first, f"{number} no"]
    if len(candidates) == 1:
        return [f"{number} yes", f"{number} no"]
    return [*(f"{number} {each}" for each in candidates), f"{number} new Company, Role", f"{number} no"]
