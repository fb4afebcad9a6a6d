"""Which contacts a list of people in a text names: 'Luis Ortega, our CTO, and Priya Nair'."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from agent.interviews import ContactRole, Interview
from agent.matching.names import fold, vocabulary

_WORD = re.compile(r"[^\W\d_]+")
_HONORIFICS = vocabulary(
    "mr mrs ms miss mx dr prof professor frau herr herrn hr fr m mme mlle monsieur madame maitre sr sra srta senor senora don "
    "dona sig signor signora dott dottssa ing senhor senhora dhr mevr mevrouw meneer heer de"
)
"""Words before a name that are none; `de heer` has two."""
_AND = r"(?:and|und|sowie|et|y|e|ed|en|i|&|/|\+|plus|as well as|ainsi que|asi como|assim como|nonché|alsmede)"
_LIST = re.compile(
    rf"\s*(?:\([^()]*\))?\s*(?:,[^.;!?]{{0,80}}?)?\s*(?:,\s*{_AND}|,|(?<=\s){_AND}|&|/)\s*(?:(?:also|auch|aussi|with|mit)\s+)?",
    re.IGNORECASE,
)
"""What stands between two people of a list, with what is told of the first: `, our CTO, and`, ` (CTO) and`."""
_BEHIND = re.compile(rf"\s*(?:\([^()]*\)|,[^.;!?,]{{1,60}},|,?\s*{_AND}\s+[^\W\d_]+)?\s*", re.IGNORECASE)
"""What may stand between the last of them and what they will do: `, our CTO,`, ` and I`."""
_POSSESSIVE = re.compile(r"['’](?:s\b|(?=\s))")
_MOST_BEFORE = 6
"""Words that may stand before the first of them: 'our Head of Data Engineering, Luis Ortega'."""
_MOST_SMALL = 3
"""The same where none has a capital: 'our hiring manager Luis Ortega'."""


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """The people whom a stretch of text names."""

    emails: tuple[str, ...] = ()
    """Those who are contacts, lower case."""
    strangers: bool = False
    """Somebody else may be named in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """One contact where the text names them."""

    start: int
    end: int
    email: str


class Named:
    """The contacts of a candidacy by their names; whoever put in a word for the user leads no interview."""

    def __init__(self, interview: Interview) -> None:
        """Look at the contacts who have a name."""
        known = [(_folded(contact.name), contact) for contact in interview.contacts]
        self.people = [
            (name, contact.email.lower()) for name, contact in known if name and contact.role is not ContactRole.REFERRER
        ]
        self.firsts = Counter(name[0] for name, _ in known if name)
        self.lasts = Counter(name[-1] for name, _ in known if len(name) > 1)
        titles = (interview.company, *interview.aliases, interview.via or "", interview.role)
        self.no_people = {word for title in titles for word in _folded(title)}
        """Words of employer, agency and role."""

    def places(self, text: str) -> list[_Place]:
        """Return where the contacts stand in `text`, in order; a name that two of them have is nobody's."""
        words = list(_WORD.finditer(text))
        folded = [fold(word.group()) for word in words]
        found: list[_Place] = []
        index = 0
        while index < len(words):
            hits = [(self._length(name, index, words, folded, text), email) for name, email in self.people]
            length = max((length for length, _ in hits), default=0)
            best = {email for each, email in hits if each == length}
            if length and len(best) == 1:
                found.append(_Place(start=words[index].start(), end=words[index + length - 1].end(), email=best.pop()))
            index += max(length, 1)
        return found

    def _length(self, name: tuple[str, ...], index: int, words: list[re.Match[str]], folded: list[str], text: str) -> int:
        """Return how many words from `index` on are this name: all of it, the first and the last, or one that nobody shares."""
        if not words[index].group()[0].isupper():
            return 0
        for short in dict.fromkeys((name, (name[0], name[-1]))):
            length = len(short)
            if length > 1 and tuple(folded[index : index + length]) == short and not _owns(text, words[index + length - 1]):
                return length
        initial = folded[index + 1 : index + 2]
        if (
            len(name) > 1
            and initial
            and len(initial[0]) == 1
            and folded[index] == name[0]
            and folded[index + 2 : index + 3] == [name[-1]]
        ):
            return 3
        if _owns(text, words[index]):
            return 0
        alone = index + 1 == len(words) or not _goes_on(text, words[index], words[index + 1])
        if folded[index] == name[0] and self.firsts[name[0]] == 1 and alone:
            return 1
        titled = index > 0 and folded[index - 1] in _HONORIFICS
        return 1 if len(name) > 1 and titled and alone and folded[index] == name[-1] and self.lasts[name[-1]] == 1 else 0


def people_at_the_start(text: str, named: Named) -> People:
    """Return those whom the list at the start of `text` names: 'our CTO Luis Ortega and Priya Nair to talk about ...'."""
    places = named.places(text)
    if not places or not _may_precede(text[: places[0].start]):
        return People(strangers=_has_strangers(text, named, next_to_it=0))
    emails = [places[0].email]
    for before, place in pairwise(places):
        if not _LIST.fullmatch(_without_honorific(text[before.end : place.start])):
            break
        emails.append(place.email)
    return People(emails=tuple(emails))


def people_at_the_end(text: str, named: Named) -> People:
    """Return those whom the list at the end of `text` names: '... as Luis Ortega and Priya Nair'."""
    places = named.places(text)
    if not places or not _BEHIND.fullmatch(text[places[-1].end :]):
        return People(strangers=_has_strangers(text, named, next_to_it=-1))
    emails = [places[-1].email]
    for place, after in reversed(list(pairwise(places))):
        if not _LIST.fullmatch(_without_honorific(text[place.end : after.start])):
            break
        emails.insert(0, place.email)
    return People(emails=tuple(emails))


def _may_precede(gap: str) -> bool:
    """Whether the words before the first contact only say who that is, or list others."""
    told = _without_honorific(gap).strip()
    words = told.split()
    if re.search(r"[.;!?()]", told) or len(words) > _MOST_BEFORE:
        return False
    if not words or told.endswith(",") or re.fullmatch(_AND, words[-1], re.IGNORECASE):
        return True
    return words[-1][0].isupper() or (len(words) <= _MOST_SMALL and not any(word[0].isupper() for word in words))


def _without_honorific(gap: str) -> str:
    words = gap.rstrip()
    while (last := re.search(r"([^\W\d_]+)\.?$", words)) and fold(last[1]) in _HONORIFICS:
        words = words[: last.start()].rstrip()
    return f"{words} " if words else ""


def _has_strangers(text: str, named: Named, *, next_to_it: int) -> bool:
    """Whether a word may be a name: one with a capital at the place `next_to_it`, or two in a row."""
    words = [word.group() for word in _WORD.finditer(text)]
    capital = [word[0].isupper() and len(word) > 1 and fold(word) not in named.no_people for word in words]
    return bool(words) and (capital[next_to_it] or any(one and other for one, other in pairwise(capital)))


def _owns(text: str, word: re.Match[str]) -> bool:
    return _POSSESSIVE.match(text, word.end()) is not None


def _goes_on(text: str, word: re.Match[str], following: re.Match[str]) -> bool:
    """Whether a name goes on with the next word: somebody else's last name."""
    between = text[word.end() : following.start()]
    return following.group()[0].isupper() and between.strip(" ") in ("", "-", ".", "'", "’")


def _folded(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in _WORD.findall(name))
