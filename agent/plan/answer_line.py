"""One line of an answer to a digest: the number of a question, or the name of an interview, and the word behind it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.interviews import Interview
from agent.plan.discovery import complete
from agent.plan.named_by import named_by
from agent.plan.orders import Act, Answer, AnswerWords, Meaning, Order, Unclear, choices, plain
from agent.plan.review import Question, ReviewKind

_BULLET = re.compile(r"[-*•–\s]*")
_OPENING_QUOTES = ("“", "„", "«", '"')
_NUMBERED = re.compile(r"[\[(#]?(\d{1,9})[\])]?(?:\s*[:.,=–—-]+\s*|\s+)(\S.*)")
_NUMBERS = re.compile(r"\d{1,9}(?:\s*(?:,|\+|&|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b)\s*\d{1,9})+")
_LAST_NUMBER = re.compile(r"(\D+?)[\s:#]*(\d{1,9})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One new line of the mail."""

    number: int
    """Among those with text, from 1."""
    words: str
    below: str = ""
    """What it stands right below: a number, or the name of an interview."""
    aside: bool = False
    """It stands in what looks like a signature."""
    goes_on: bool = False
    """No empty line stands between it and the one before."""


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads one line at a time."""

    words: AnswerWords
    questions: Mapping[int, Question]
    answered: Mapping[int, str]
    interviews: Sequence[Interview]
    me: frozenset[str]
    """The user's name and its parts, as `plain` writes them."""

    def says_something(self, line: Line) -> bool:
        """Whether a line is an answer by itself."""
        return any(isinstance(each, Order) for each in self.read(line))

    def read(self, line: Line) -> list[Answer]:
        """Return what a line asks for: nothing where it is a mere courtesy."""
        said = _BULLET.sub("", line.words, count=1)
        whole = plain(said)
        if not whole or self._is_courtesy(whole):
            return []
        if said.startswith(_OPENING_QUOTES):
            return [self._unclear(line, f"It stands in quotation marks, and may be somebody else's word. {self._forms()}")]
        read = self._by_number(line, said) or self._by_name(line, said) or self._below(line, said)
        return read or [self._unclear(line, f"It was not understood. {self._hint(line)}")]

    # By the number of a question

    def _by_number(self, line: Line, said: str) -> list[Answer]:
        said = self._without_question_word(said)
        pieces = [re.fullmatch(r"#?(\d{1,9})[\s:.)=-]+(\D+)", piece.strip()) for piece in re.split("[,;]", said)]
        if len(pieces) > 1 and all(piece and self._is_yes_or_no(piece[2]) for piece in pieces):
            return [self._question(line, int(piece[1]), piece[2]) for piece in pieces if piece]
        if many := _NUMBERS.match(said):
            return self._many(line, [int(each) for each in re.findall(r"\d+", many[0])], said[many.end() :])
        if numbered := _NUMBERED.fullmatch(said):
            return [self._question(line, int(numbered[1]), numbered[2])]
        if (behind := _LAST_NUMBER.fullmatch(plain(said))) is not None:
            word, number = self._without_question_word(behind[1].strip()), int(behind[2])
            if self.words.mean(plain(word), Meaning.UNDO):
                return [Order(line=line.number, words=line.words, act=Act.UNDO, number=number)]
            if self._is_yes_or_no(word):
                return [self._question(line, number, word)]
        if said.strip(" []()#.:").isdecimal():
            number = int(said.strip(" []()#.:")[:9])
            return [self._unclear(line, f"The answer is missing: {self._choice(number)}.")]
        return []

    def _many(self, line: Line, numbers: Sequence[int], rest: str) -> list[Answer]:
        said = self._bare(rest)
        if self._is_yes_or_no(said):
            return [self._question(line, number, said) for number in dict.fromkeys(numbers)]
        return [self._unclear(line, "Several questions can be answered in one line by yes or no only, such as “2, 3 no”.")]

    def _question(self, line: Line, number: int, rest: str) -> Answer:
        question = self.questions.get(number)
        if question is None:
            if number in self.answered:
                return self._unclear(line, f"Question {number} was {self.answered[number]} already.")
            return self._unclear(line, f"There is no question {number}.")
        said = self._bare(rest)
        order = Order(line=line.number, words=line.words, act=Act.DISMISS, number=number)
        if self.words.mean(said, Meaning.DISMISS):
            return order
        if self.words.mean(said, Meaning.ACCEPT):
            return self._accepted(line, order, question)
        if (told := self._behind(rest, Meaning.NEW)) is not None:
            return self._tracked(line, order, question, told)
        name = self._behind(rest, Meaning.ACCEPT) or rest
        named = named_by(name, self.interviews)
        if len(named) == 1 and question.message_id is not None and question.kind is not ReviewKind.BOUNCED:
            return replace(order, act=Act.ACCEPT, interview=named[0])
        if len(named) > 1:
            return self._unclear(line, f"“{_shown(name)}” may be {_either(named)}: {_or(f'{number} {each}' for each in named)}.")
        return self._unclear(line, f"It was not understood: {self._choice(number)}.")

    def _accepted(self, line: Line, order: Order, question: Question) -> Answer:
        if question.proposed is not None:
            if complete(question.proposed):
                return replace(order, act=Act.TRACK)
            return self._unclear(line, f"The mail does not name company or role: {self._choice(order.number)}.")
        known = {each.id for each in self.interviews}
        candidates = [each for each in question.candidates if each in known]
        if len(candidates) == 1:
            return replace(order, act=Act.ACCEPT, interview=candidates[0])
        return self._unclear(line, f"Yes is not enough here: {self._choice(order.number)}.")

    def _tracked(self, line: Line, order: Order, question: Question, told: str) -> Answer:
        if question.message_id is None or question.kind is ReviewKind.BOUNCED:
            return self._unclear(line, f"There is nothing to be tracked in it: {self._choice(order.number)}.")
        company, _, role = (part.strip(' .;"“”') for part in told.partition(","))
        if bool(company) != bool(role):
            return self._unclear(line, f"Name both, with a comma between them: {order.number} new Company, Role.")
        return replace(order, act=Act.TRACK, company=company, role=role)

    def _choice(self, number: int) -> str:
        """Return the answers that one question can be given."""
        question = self.questions.get(number)
        if question is None:
            return self._forms()
        return "answer " + _or(choices(number, question, [each.id for each in self.interviews]))

    # By the name of an interview

    def _by_name(self, line: Line, said: str) -> list[Answer]:
        name, colon, rest = said.partition(":")
        if colon and rest.strip():
            named = named_by(name.strip(" []"), self.interviews)
            if len(named) == 1:
                return [self._interview(line, named[0], rest)]
            if named:
                return [self._unclear(line, f"“{_shown(name)}” may be {_either(named)}: write the whole name.")]
        words = said.replace(":", " ").split()
        for count in range(len(words) - 1, 0, -1):
            named = named_by(" ".join(words[:count]).strip(" []"), self.interviews)
            behind = plain(" ".join(words[count:]))
            if named and (behind in self.words.statuses or self.words.mean(behind, Meaning.QUIET)):
                if len(named) == 1:
                    return [self._interview(line, named[0], behind)]
                return [self._unclear(line, f"It may be {_either(named)}: {_or(f'{each}: {behind}' for each in named)}.")]
        if colon and self._is_order(rest):
            return [self._unclear(line, f"Nothing that is called “{_shown(name)}” is tracked.")]
        return []

    def _is_order(self, rest: str) -> bool:
        said = plain(rest)
        return said in self.words.statuses or self._behind(rest, Meaning.NOTE) is not None

    def _interview(self, line: Line, interview: str, rest: str) -> Answer:
        order = Order(line=line.number, words=line.words, act=Act.STATUS, interview=interview)
        said = self._bare(rest)
        if status := self.words.statuses.get(said):
            return replace(order, status=status)
        if text := self._behind(rest, Meaning.NOTE):
            return replace(order, act=Act.NOTE, text=text)
        if self.words.mean(said, Meaning.QUIET):
            return self._unclear(
                line,
                "Single follow-ups are stopped by deleting their drafts, which are not written again; "
                f"“{interview}: moved on” stops them all.",
            )
        if self._is_yes_or_no(said):
            return self._unclear(line, "Yes and no answer a question by its number, such as “2 yes”.")
        return self._unclear(line, f"It was not understood. {_forms_of(interview)}")

    # By the place

    def _below(self, line: Line, said: str) -> list[Answer]:
        """Read a line that names nothing by what stands above it."""
        if self.words.mean(plain(said), Meaning.UNDO):
            return [self._unclear(line, "Which entry? Its number stands behind “undo” in the digest.")]
        if line.below.isdecimal():
            if self._answers_a_question(said):
                return [self._question(line, int(line.below), said)]
        elif line.below and any(each.id == line.below for each in self.interviews) and self._is_order(said):
            return [self._interview(line, line.below, said)]
        elif self._answers_a_question(said):
            return [self._unclear(line, "Which question? Its number belongs before it, such as “2 yes”.")]
        return []

    def _answers_a_question(self, said: str) -> bool:
        return self._is_yes_or_no(said) or self._behind(said, Meaning.NEW) is not None or bool(named_by(said, self.interviews))

    # Words

    def _is_yes_or_no(self, text: str) -> bool:
        said = self._bare(text)
        return self.words.mean(said, Meaning.ACCEPT) or self.words.mean(said, Meaning.DISMISS)

    def _bare(self, text: str) -> str:
        """Return a phrase without the courtesies at its end: `yes, please`."""
        said = plain(text)
        for courtesy in sorted(self.words.words.get(Meaning.COURTESY, ()), key=len, reverse=True):
            if said.endswith(f" {courtesy}"):
                return plain(said.removesuffix(courtesy))
        return said

    def _behind(self, text: str, meaning: Meaning) -> str | None:
        """Return what follows a word of that meaning at the beginning, perhaps nothing; None where none stands there."""
        bare = text.strip(" :")
        for word in sorted(self.words.words.get(meaning, ()), key=len, reverse=True):
            if plain(bare[: len(word)]) == word and not bare[len(word) : len(word) + 1].isalnum():
                return bare[len(word) :].strip(" :-–,")
        return None

    def _without_question_word(self, said: str) -> str:
        for word in sorted(self.words.words.get(Meaning.QUESTION, ()), key=len, reverse=True):
            rest = said[len(word) :].lstrip(" .:#")
            if said[: len(word)].casefold() == word and (rest[:1].isdecimal() or not rest):
                return rest
            if said.casefold().endswith(f" {word}"):
                return said[: -len(word)].strip()
        return said

    def _is_courtesy(self, whole: str) -> bool:
        """Whether a line holds nothing but courtesies and the user's name: `Best regards, Robin`."""
        known = self.words.words.get(Meaning.COURTESY, frozenset()) | self.me
        parts = [plain(part) for part in re.split(r"[,;!.]", whole) if part.strip()]
        return all(part in known or (part.rpartition(" ")[0] in known and part.rpartition(" ")[2] in known) for part in parts)

    def _hint(self, line: Line) -> str:
        """Return what could have been answered there."""
        if line.below.isdecimal() and int(line.below) in self.questions:
            return f"Below question {line.below}, {self._choice(int(line.below))}."
        return _forms_of(line.below) if any(each.id == line.below for each in self.interviews) else self._forms()

    def _forms(self) -> str:
        number = next(iter(sorted(self.questions)), 2)
        name = next((each.id for each in self.interviews), "acme-backend")
        return f"Answers look like “{number} yes”, “{number} no” or “{name}: moved on”."

    def _unclear(self, line: Line, why: str) -> Unclear:
        return Unclear(line=line.number, words=line.words, why=why)


def _forms_of(interview: str) -> str:
    return f"Such as “{interview}: moved on”, “{interview}: rejected” or “{interview}: note ...”."


def _shown(text: str) -> str:
    return " ".join(text.split())[:80]


def _either(names: Sequence[str]) -> str:
    return " or ".join(names)


def _or(forms: Iterable[str]) -> str:
    return " or ".join(f"“{form}”" for form in forms)
