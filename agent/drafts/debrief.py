"""The questions of a debrief as they stand in the draft, and the answers as a mail client saved them (D1, E1).

Mail clients turn the text into HTML and back, quote it, wrap it and drop the numbers; people answer on the line of a question or
below it, in any order, and leave some out. A question is found again by its words, whatever stands between them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

from agent.drafts.anchors import anchors, stand_in, words_of
from agent.drafts.lines import one_line
from agent.drafts.templates import Template
from agent.interviews.notes import NoteKey, channel
from agent.signals.dates import times
from agent.signals.folding import fold
from agent.signals.phrasebook import LanguageBook

_ROOM = "\n\n\n"
"""What follows a question."""
_MOST_READ = 50_000
"""Characters of a saved draft that are read."""
_LONGEST = 300
"""Characters of one answer."""
_WRAPPED = 71
"""A line that would be longer with the first word of the next one was broken by the mail client."""
_REPEATED = 8
"""Words in a row that stand in the template too: no answer."""
_FARTHEST = timedelta(days=200)
"""An agreed day is not farther ahead."""

_QUOTED = re.compile(r"\s*[>|]")
_QUOTE_MARKS = re.compile(r"(?:[ \t]*[>|])+ ?")
_BULLET = re.compile(r"(?:[-*•–—‣▪◦·]|\(?\d{1,2}[.)])\s+")
_DASH = re.compile(r"[-*•–—‣▪◦·]\s+")
_WHO = re.compile(r"([^\W\d_][^:()\n]{0,40}?)\s*(?::|\s[-–—]\s)\s*(\S.*)")
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_NOTHING = frozenset(
    {
        "no",
        "nope",
        "none",
        "nothing",
        "nil",
        "na",
        "not",
        "yet",
        "nein",
        "nichts",
        "keine",
        "keiner",
        "noch",
        "nicht",
        "non",
        "rien",
        "aucun",
        "aucune",
        "pas",
        "encore",
        "nada",
        "ninguno",
        "ninguna",
        "todavía",
        "nee",
        "niets",
        "geen",
        "niente",
        "nessuno",
        "nessuna",
        "ancora",
        "não",
        "nenhum",
        "nenhuma",
        "ainda",
    }
)
"""Words of which an answer may be made that says that there is none."""
_FEWEST_DIGITS = 5


def questions(template: Template) -> str:
    """Return the questions as they stand below the text of a debrief, each with room for the answer; empty for other kinds."""
    return "".join(f"\n{number}. {each.ask}\n{_ROOM}" for number, each in enumerate(template.inquiries, start=1))


def asked_in(text: str, template: Template) -> int:
    """Return how many questions of a debrief stand in `text`: in which language it was made."""
    words = words_of(text)
    return sum(stand_in(words, words_of(each.ask)) for each in template.inquiries)


def read_answers(
    text: str, template: Template, *, held_at: datetime, book: LanguageBook | None = None, people: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the answers in a debrief as lines of notes, in the order of the questions, a line for each point.

    `text` is the saved draft as text, `held_at` the interview's end in the employer's zone, from which a day such as 'next
    Tuesday' is reckoned with the dates of `book`. `people` are the names of those who may be named before an answer, as in
    `Dana: how on-call is shared`; without any, every name counts. What should be a day or a number and cannot be read as one is
    kept as a `cue`. A debrief that nobody answered gives nothing.
    """
    cleaned = _cleaned(text)
    places = anchors(cleaned, template.inquiries)
    found: dict[int, list[str]] = {number: [] for number in range(len(template.inquiries))}
    for index, anchor in enumerate(places):
        end = places[index + 1].start if index + 1 < len(places) else len(cleaned)
        inquiry = template.inquiries[anchor.number]
        column = anchor.end - cleaned.rfind("\n", 0, anchor.end) - 1
        found[anchor.number] += _points(cleaned[anchor.end : end], NoteKey(inquiry.key), template, column)
    lines: list[str] = []
    for number, inquiry in enumerate(template.inquiries):
        lines += _noted(NoteKey(inquiry.key), list(dict.fromkeys(found[number])), held_at, book, people)
    return tuple(dict.fromkeys(lines))


def _cleaned(text: str) -> str:
    """Return the text without quote marks, the words that introduce a quote, and signs that nobody sees."""
    raw = unicodedata.normalize("NFC", text[:_MOST_READ]).translate(_INVISIBLE).replace("\u00a0", " ").splitlines()
    lines = []
    for index, line in enumerate(raw):
        if _QUOTED.match(line):
            lines.append(_QUOTE_MARKS.sub("", line, count=1))
            continue
        following = next((each for each in raw[index + 1 :] if each.strip()), "")
        introduces = line.rstrip().endswith(":") and _QUOTED.match(following)
        lines.append("" if introduces else line)
    return "\n".join(lines)


# What stands below the questions


def _points(segment: str, key: NoteKey, template: Template, column: int) -> list[str]:
    """Return the points of one answer: a line each, lines that the mail client broke put together again.

    `column` is where the answer begins in its first line, behind the question.
    """
    bullet = _DASH if key in (NoteKey.AGREED, NoteKey.PHONE) else _BULLET
    points: list[str] = []
    width = 0
    for line in segment.split("\n"):
        if line.rstrip() == "--":
            break
        bare = line.strip()
        mark = bullet.match(bare)
        text = bare[mark.end() :] if mark else bare
        goes_on = width and text and not mark and width + 1 + len(text.split()[0]) > _WRAPPED and not _WHO.fullmatch(text)
        if goes_on and points:
            points[-1] = f"{points[-1]} {text}"
        elif text:
            points.append(text)
        width, column = column + len(bare), 0
    said = [*(each.ask for each in template.inquiries), *(variant.body for variant in template.variants)]
    return [point for point in map(_tidy, points) if point and not _is_no_answer(point, said)]


def _tidy(point: str) -> str:
    words = one_line(point).strip(" *_")
    if len(words) > _LONGEST:
        words = words[:_LONGEST].rpartition(" ")[0] or words[:_LONGEST]
    return words if re.search(r"\w", words) else ""


def _is_no_answer(point: str, said: Iterable[str]) -> bool:
    """Whether the user only says that there is nothing to tell, or the words are the template's."""
    words = words_of(point)
    if set(words) <= _NOTHING or "".join(words) in _NOTHING:
        return True
    for text in said:
        asked = words_of(text)
        if words == asked or (len(words) >= _REPEATED and stand_in(asked, words)):
            return True
    return False


# As notes


def _noted(
    key: NoteKey, points: list[str], held_at: datetime, book: LanguageBook | None, people: Collection[str]
) -> Iterator[str]:
    if not points:
        return
    if key is NoteKey.AGREED:
        text = "; ".join(points)
        day = _day(text, held_at, book)
        yield f"agreed: {day.isoformat()} {channel(text)}".rstrip() if day else f"cue: {text}"
        return
    for point in points:
        who, rest = _who(point, people)
        if key is NoteKey.PHONE and sum(char.isdigit() for char in rest) < _FEWEST_DIGITS:
            yield f"cue: {point}"
        else:
            yield f"{key} ({who}): {rest}" if who else f"{key}: {rest}"


def _who(point: str, people: Collection[str]) -> tuple[str, str]:
    """Return the person named before an answer, in lower case, and the rest."""
    found = _WHO.fullmatch(point)
    if not found:
        return "", point
    named = found[1].casefold().split()
    known = {word for name in people for word in name.casefold().split()}
    is_name = set(named) <= known if people else len(named) <= 2 and all(word[0].isupper() for word in found[1].split())
    return (" ".join(named), found[2].strip()) if is_name else ("", point)


def _day(text: str, held_at: datetime, book: LanguageBook | None) -> date | None:
    """Return the one day that the words name, on or after the interview's; None for none, several, or one about then."""
    today = held_at.date()
    named = set()
    for year, month, day in _ISO.findall(text):
        try:
            named.add(date(int(year), int(month), int(day)))
        except ValueError:
            return None
    if not named and book is not None:
        folded = fold(text)
        found = times(folded, tuple(book.index.patterns.matching(folded)), book, held_at)
        if not all(each.precise for each in found.days):
            return None
        named = {each.on for each in found.days}
    if len(named) != 1:
        return None
    on = named.pop()
    return on if today <= on <= today + _FARTHEST else None
