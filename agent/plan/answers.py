"""What the user answers to a digest: from the text of a mail to orders, or to what was not understood.

An order is only what an explicit word says behind a number or a name; all else is asked again. Nothing is carried out here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from agent.interviews import Interview
from agent.plan.answer_line import Line, LineReader
from agent.plan.orders import Act, Answer, AnswerWords, Order, Unclear, plain
from agent.plan.review import Question

MARK = re.compile(r"\[(?:(\d{1,6})|([a-z0-9][a-z0-9._-]*))\]")
"""How a digest marks what an answer below it is about: the number of a question, or the name of an interview, in brackets."""

HEADINGS = (
    "WHAT DOES NOT WORK",
    "WHAT CHANGED",
    "QUESTIONS FOR YOU",
    "NOT UNDERSTOOD IN YOUR ANSWER",
    "WHAT YOU ANSWERED",
    "NEW IN YOUR DRAFTS, FOR YOU TO READ AND SEND",
    "COMING UP",
    "DUE, AND HELD BACK BY A RULE",
    "HOW TO ANSWER",
)
"""The headings of a digest, in their order: below one that stands unquoted in an answer a mail client has copied the old text."""

_MOST_LINES = 100
_LONGEST = 400
"""Characters of a line that are looked at; a note may be as long."""
_WRAPPED = 55
"""Characters from which on a mail client may have broken a line."""
_QUOTED = re.compile(r"[>|\s]*")


def read_answers(
    text: str,
    fresh: str,
    *,
    words: AnswerWords,
    questions: Mapping[int, Question],
    answered: Mapping[int, str],
    interviews: Sequence[Interview],
    me: str = "",
    signature: str = "",
) -> tuple[Answer, ...]:
    """Return what the lines of a mail ask for, in their order; never raises.

    `text` is the whole mail and `fresh` what is new in it (`agent.messages.fresh`): where a new line stands right below something
    that the digest marks (`MARK`), it may be an answer to that without its number or name. `questions` are the open ones by
    number, `answered` says of others how they were answered; `interviews` is all that is tracked, and `me` the user's name,
    which stands below many a mail. Of `signature`, what was left out of `fresh` as such, only orders count, and what stands right
    below a mark: whoever answers between the old lines may have ended the part above them with a greeting.
    """
    names = frozenset(name for name in (plain(me), *(plain(part) for part in me.split())) if name)
    reader = LineReader(words, questions, answered, interviews, names)
    found: list[Answer] = []
    lines = list(_lines(text, fresh, signature))
    at = 0
    while at < len(lines) and at < _MOST_LINES:
        line = lines[at]
        read = reader.read(line)
        while read and isinstance(read[-1], Order) and read[-1].act in (Act.NOTE, Act.TRACK) and at + 1 < len(lines):
            # A mail client breaks long lines: what goes on below belongs to it, unless it is an answer by itself.
            below = lines[at + 1]
            if not below.goes_on or len(lines[at].words) < _WRAPPED or reader.says_something(below):
                break
            at += 1
            line = replace(line, words=f"{line.words} {below.words}")
            read = reader.read(line)
        found += [each for each in read if not line.aside or line.below or isinstance(each, Order)]
        at += 1
    if len(lines) > _MOST_LINES:
        found.append(Unclear(line=_MOST_LINES + 1, words=lines[_MOST_LINES].words, why="Nothing from here on was read."))
    return tuple(_without_contradictions(found))


def _lines(text: str, fresh: str, signature: str) -> Iterator[Line]:
    """Yield the new lines, each with what stands above it in the old text."""
    said, below = _with_text(fresh), _with_text(signature)
    new = said if copies_the_digest(fresh) else said + below
    at, mark = 0, ""
    for each in text.split("\n"):
        if at == len(new):
            return
        bare = each.strip()
        if bare[:_LONGEST] == new[at][0]:
            yield Line(number=at + 1, words=new[at][0], below=mark, goes_on=new[at][1], aside=at >= len(said))
            at += 1
        elif bare:
            mark = _mark(_QUOTED.sub("", bare, count=1), mark)
    for number in range(at, len(new)):
        yield Line(number=number + 1, words=new[number][0], goes_on=new[number][1], aside=number >= len(said))


def _with_text(text: str) -> list[tuple[str, bool]]:
    """Return the lines with text, each with whether it goes on from the one before without an empty line between them.

    They end where the digest begins, copied without a mark: nobody can tell the user's words from those of the old text there,
    which has strangers' words in it.
    """
    found: list[tuple[str, bool]] = []
    empty = True
    for each in text.split("\n"):
        bare = each.strip()
        if bare in HEADINGS:
            break
        if bare:
            found.append((bare[:_LONGEST], not empty))
        empty = not bare
    return found


def copies_the_digest(text: str) -> bool:
    """Return whether a digest stands in the new part of a mail: a mail client copied it there without a mark."""
    return any(each.strip() in HEADINGS for each in text.split("\n"))


def _mark(line: str, before: str) -> str:
    """Return what an old line, and what follows it, is about; `before` is what the lines above it were about."""
    found = MARK.match(line)
    if found:
        return found[1] or found[2]
    return "" if line.isupper() or line.startswith("--") else before


def _without_contradictions(found: Sequence[Answer]) -> Iterator[Answer]:
    """Yield what was read, an order said twice once; where two orders contradict each other neither is one."""
    by_aim: dict[tuple[str, int | str], list[Order]] = {}
    for each in found:
        if isinstance(each, Order):
            by_aim.setdefault(each.aim, []).append(each)
    for each in found:
        if isinstance(each, Unclear):
            yield each
            continue
        first, *others = by_aim[each.aim]
        if any(_same(other) != _same(first) for other in others):
            yield Unclear(line=each.line, words=each.words, why="Another line of the same mail says otherwise: which one counts?")
        elif each is first:
            yield each


def _same(order: Order) -> Order:
    return replace(order, line=0, words="")
