"""Company, role, requisition and round, as subject, sender and text name them; nothing rather than a guess."""

import re
from dataclasses import dataclass

from agent.messages.message import Message
from agent.messages.subject import without_prefixes
from agent.signals.folding import fold, fold_in_case
from agent.signals.phrasebook import LanguageBook, Where
from agent.signals.senders import PlatformKind, SenderBook
from agent.signals.sentences import Sentence

_READ = 3_000
"""Characters of the text in which names are looked for."""
_LONGEST = {"company": 50, "role": 90}
_EDGES = " \t.,;:!?-–|\"'()[]*"
_WORD = re.compile(r"[^\W_](?:[\w&'.+-]*[^\W_])?")
_PUNCTUATION = re.compile(r"[^a-z0-9]")
_WORDS_AT_MOST = 5
_SHORTEST_LABEL = 3
_SECOND_LEVEL = 3
"""Letters of labels such as `co`, `com`, `gov` below a country."""
_UNATTENDED = re.compile(r"no-?_?reply|do-?not-?reply|auto-?reply|^notification@")


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What a message names."""

    company: str | None = None
    role: str | None = None
    requisition: str | None = None
    round: int | None = None


def names(message: Message, pieces: list[Sentence], books: tuple[LanguageBook, ...], senders: SenderBook) -> Names:
    """Return what the message, cut into `pieces`, names; the subject goes before the sender, the sender before the text.

    `books` are the languages that it is in.
    """
    found: dict[str, str] = {}
    platforms = senders.names
    body = [fold_in_case(message.fresh[piece.start : piece.end]) for piece in pieces if piece.end <= _READ]
    parts = (
        (Where.SUBJECT, [fold_in_case(line) for line in (without_prefixes(message.subject), *_summaries(message))]),
        (Where.SENDER, [fold_in_case(message.sender.name)]),
        (Where.BODY, body),
    )
    for where, texts in parts:
        for language in books:
            for text in texts:
                if text:
                    _read(text, where, language, platforms, found)
    relayed = _relayed_name(message, senders)
    if relayed and "company" not in found and relayed.lower() not in platforms:
        found["company"] = relayed
    if "company" not in found and (spelt := _spelt_as_domain(message, senders)):
        found["company"] = spelt
    ordinal = found.get("round")
    number = _ordinal(ordinal, books) if ordinal else None
    return Names(company=found.get("company"), role=found.get("role"), requisition=found.get("requisition"), round=number)


def _summaries(message: Message) -> list[str]:
    return [event.summary for event in message.calendar]


def _spelt_as_domain(message: Message, senders: SenderBook) -> str | None:
    """Return the words of subject, display name or text that are spelled as the sender's own domain is.

    `Nordwerk GmbH` in a mail from `nordwerk.example` is the sender's name; the domain itself, in small letters, is none.
    """
    label = _own_label(message.sender.domain)
    if len(label) < _SHORTEST_LABEL or senders.platform(message.sender.domain) is not None:
        return None
    for text in (message.sender.name, message.subject, message.text[-_READ:], message.fresh[:_READ]):
        if label not in _PUNCTUATION.sub("", text.lower() if text.isascii() else fold(text)):
            continue
        words = list(_WORD.finditer(fold_in_case(text)))
        for start, word in enumerate(words):
            # Most words of a text are small or begin with another letter: that costs less to see than what they are folded.
            initial = word.group()[0]
            if not initial.isupper() or not label.startswith(fold(initial)[:1]):
                continue
            joined = ""
            for end in range(start, min(start + _WORDS_AT_MOST, len(words))):
                joined += _PUNCTUATION.sub("", fold(words[end].group()))
                if joined == label:
                    return str(word.string[word.start() : words[end].end()])
                if not label.startswith(joined):
                    break
    return None


def _own_label(domain: str) -> str:
    """Return what a domain is called, without what a country or kind adds: `acmerobotics` of `mail.acme-robotics.co.uk`."""
    labels = domain.lower().split(".")[:-1]
    while len(labels) > 1 and (len(labels[-1]) <= _SECOND_LEVEL):
        labels.pop()
    return labels[-1].replace("-", "") if labels else ""


def _relayed_name(message: Message, senders: SenderBook) -> str | None:
    """Return the display name of a tracking system's unattended address: there it is the employer's."""
    platform = senders.platform(message.sender.domain)
    if platform is None or platform.kind is not PlatformKind.ATS or not _UNATTENDED.search(message.sender.email):
        return None
    name = fold_in_case(message.sender.name).strip(_EDGES)
    return name if 2 <= len(name) <= _LONGEST["company"] and "@" not in name else None


def _read(text: str, where: Where, language: LanguageBook, platforms: frozenset[str], found: dict[str, str]) -> None:
    for hit in language.index.names.matching(text):
        match = language.index.names[hit].search(text) if where in language.index.named_in[hit] else None
        for name, value in match.groupdict().items() if match else ():
            if not value or name in found:
                continue
            clean = _cleaned(name, value)
            if _is_name(name, clean, language, platforms):
                found[name] = clean


def _cleaned(name: str, value: str) -> str:
    clean = value.strip(_EDGES if name != "role" else " \t.,;:!?-–|\"'*")
    if clean.count("(") != clean.count(")"):
        clean = clean.strip("()")
    return clean


def _is_name(name: str, value: str, language: LanguageBook, platforms: frozenset[str]) -> bool:
    if name not in _LONGEST:
        return bool(value)
    low = value.lower()
    if not 2 <= len(value) <= _LONGEST[name] or low in language.not_a_name or not any(letter.isalpha() for letter in value):
        return False
    if low.split()[0] in language.not_a_name and name == "company":
        return False
    return name == "role" or (low not in platforms and language.role_words.isdisjoint(low.replace("-", " ").split()))


def _ordinal(text: str, books: tuple[LanguageBook, ...]) -> int | None:
    low = fold(text)
    digits = re.match(r"\d+", low)
    spelt = next((language.numbers[low] for language in books if low in language.numbers), 0)
    number = int(digits.group()) if digits else spelt
    return number if 1 <= number <= 9 else None
