"""The last checks on a draft before it is queued, each with its name; `rules/checks.yaml` says what is told of it.

A check sees the finished text and looks for what must not be there, however it came in: from a template that a user wrote, from a
note, or from the name of an employer. What it finds is told to the user and the draft is not queued.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from agent.drafts.composed import Composed, found_phrase
from agent.drafts.draft import Refused
from agent.drafts.lines import without
from agent.drafts.mixups import other_employer
from agent.drafts.sentences import sentences, word_count
from agent.drafts.templates import CheckText
from agent.interviews.status import Status
from agent.policy.policy import FOLLOW_UPS, TO_USER
from agent.policy.verdict import DraftKind
from agent.signals.language import spoken

CHECKS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "no_recipient": frozenset(),
        "recipient_address": frozenset({"address"}),
        "no_reply": frozenset({"address"}),
        "own_address": frozenset({"address"}),
        "not_the_user": frozenset({"address"}),
        "primary_contact": frozenset({"address"}),
        "wrong_employer": frozenset({"found"}),
        "full_name": frozenset(),
        "sender_address": frozenset({"address"}),
        "language": frozenset({"language", "folder"}),
        "template": frozenset({"kind", "language"}),
        "wrong_language": frozenset({"language", "expected"}),
        "empty_text": frozenset(),
        "placeholder": frozenset({"found"}),
        "greeting_name": frozenset({"name"}),
        "salary": frozenset({"found"}),
        "tone": frozenset({"manner", "found"}),
        "ultimatum": frozenset({"found"}),
        "attachment": frozenset({"found"}),
        "thanks_only": frozenset({"found"}),
        "length": frozenset({"words", "most"}),
        "brief": frozenset({"sentences"}),
        "shorter": frozenset({"words", "most"}),
        "repeated_sentence": frozenset(),
    }
)
"""All checks: id → the fields that the sentence told to the user may use."""

BRIEF = "brief"
"""The style of mails of two or three lines (C2)."""

_PLACEHOLDER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{#|\[[^\]\n]*\]|<[^>\n]*>|\$\{|_{3,}"
    r"|\b(?:X{3,}|TBD|TBA|TODO|FIXME)\b|\blorem ipsum\b|\b(?:None|undefined)\b(?=[.,;!?]|$)"
)
_AFTER_AN_OFFER = frozenset({Status.OFFER, Status.ACCEPTED, Status.DECLINED})
_WITH_ATTACHMENT = frozenset({DraftKind.SEND_MATERIAL, DraftKind.REPLY_INFO_REQUEST})
"""Kinds that the user adds something to before they go out (D5, D6)."""
_MOST_SENTENCES = 3
_A_FEW_WORDS = 30
"""A message of fewer words, such as one line of the user's own, cannot be undercut."""
_ANY_LANGUAGE = ("company", "role", "agency", "interviewer", "user_name", "contact_name", "topic", "second_topic", "strengths")
"""Facts in words of their own, whatever the language of the text."""


def refused(checks: Mapping[str, CheckText], check: str, **fields: str) -> Refused:
    """Return the refusal of a check, with what is told of it and the requirements behind it."""
    text = checks[check]
    return Refused(check=check, reason=text.reason.format_map(fields), requirements=text.requires)


def refuse_text(composed: Composed, checks: Mapping[str, CheckText]) -> Refused | None:
    """Return the first check that the text fails, if any."""
    looks = _OF_ALL if composed.kind in TO_USER else (*_OF_ALL, *_OF_LETTERS)
    for check, look in looks:
        found = look(composed, checks[check])
        if found is not None:
            return refused(checks, check, **found)
    return None


def told(composed: Composed, checks: Mapping[str, CheckText]) -> str:
    """Return what the user must do about the text before it is sent, for kinds that may speak of an attachment (D5)."""
    speaks = composed.kind in _WITH_ATTACHMENT and found_phrase(composed.language.tone.attachment, composed)
    return checks["attachment"].told if speaks else ""


_Found = dict[str, str] | None


def _placeholder(composed: Composed, _check: CheckText) -> _Found:
    found = _PLACEHOLDER.search("\n".join((composed.subject, composed.greeting, composed.text)))
    return {"found": found.group()} if found else None


def _empty(composed: Composed, _check: CheckText) -> _Found:
    return None if composed.paragraphs else {}


def _wrong_employer(composed: Composed, _check: CheckText) -> _Found:
    found = other_employer(
        "\n".join((composed.subject, composed.greeting, composed.text)),
        composed.facts,
        interview=composed.interview,
        recipient_names=composed.recipient_names,
        around=composed.around,
        language=composed.language.code,
    )
    return {"found": found} if found else None


def _wrong_language(composed: Composed, _check: CheckText) -> _Found:
    """Say where the text is surely in another language than its template's folder says, such as one that a user laid there."""
    book = composed.around.phrasebook
    code = composed.language.code
    if composed.named or book is None or code not in {each.language for each in book.languages}:
        return None
    names = (composed.facts[name] for name in _ANY_LANGUAGE if name in composed.facts)
    tongue = spoken(without(names, composed.text), book)
    if not tongue.sure or code in {each.language for each in tongue.books}:
        return None
    return {"language": tongue.books[0].language, "expected": code}


def _greeting(composed: Composed, _check: CheckText) -> _Found:
    """Say what is wrong with the name in the greeting: it must be one of the recipient's own."""
    name = composed.facts.get("greeting_name", "")
    if not name:
        return None
    known = " ".join(composed.recipient_names).casefold()
    strange = any(word not in known and word not in _titles(composed) for word in re.findall(r"[^\W\d_]{2,}", name.casefold()))
    return {"name": name} if strange or name not in composed.greeting else None


def _titles(composed: Composed) -> frozenset[str]:
    names = composed.language.forms.names
    return frozenset(title.casefold().strip(".") for title in (*names.titles, *names.honorifics))


def _salary(composed: Composed, _check: CheckText) -> _Found:
    if composed.status in _AFTER_AN_OFFER or composed.kind.value.startswith("offer_"):
        return None
    return _said(composed.language.tone.salary, composed)


def _tone(composed: Composed, _check: CheckText) -> _Found:
    tone = composed.language.tone
    for manner, phrases in (
        ("casual", tone.casual),
        ("demanding", tone.demanding),
        ("desperate", tone.desperate),
        ("reproachful", tone.reproachful),
    ):
        word = found_phrase(phrases, composed)
        if word:
            return {"manner": manner, "found": word}
    return None


def _ultimatum(composed: Composed, check: CheckText) -> _Found:
    return _said(check.words.get(composed.language.code, ()), composed) if composed.kind in FOLLOW_UPS else None


def _attachment(composed: Composed, _check: CheckText) -> _Found:
    return None if composed.kind in _WITH_ATTACHMENT else _said(composed.language.tone.attachment, composed)


def _thanks_only(composed: Composed, _check: CheckText) -> _Found:
    """Say what a thank-you asks: it asks nothing about the decision or the timeline, and nothing else either."""
    if composed.kind is not DraftKind.THANK_YOU:
        return None
    return _said(composed.language.tone.asking, composed) or ({"found": "?"} if "?" in composed.own_words else None)


def _length(composed: Composed, _check: CheckText) -> _Found:
    words, most = word_count(composed.text), composed.variant.max_words or composed.template.max_words
    return {"words": str(words), "most": str(most)} if words > most else None


def _brief(composed: Composed, _check: CheckText) -> _Found:
    if composed.variant.style != BRIEF:
        return None
    count = len(sentences(composed.text, composed.language.forms))
    return {"sentences": str(count)} if count > _MOST_SENTENCES or len(composed.paragraphs) > 1 else None


def _shorter(composed: Composed, _check: CheckText) -> _Found:
    if composed.kind is not DraftKind.FINAL_NOTE or composed.follows is None or composed.follows < _A_FEW_WORDS:
        return None
    words = word_count(f"{composed.greeting} {composed.text}")
    return {"words": str(words), "most": str(composed.follows)} if words >= composed.follows else None


_Look = Callable[[Composed, CheckText], _Found]
_OF_ALL: tuple[tuple[str, _Look], ...] = (
    ("empty_text", _empty),
    ("placeholder", _placeholder),
    ("wrong_employer", _wrong_employer),
    ("wrong_language", _wrong_language),
)
_OF_LETTERS: tuple[tuple[str, _Look], ...] = (
    ("greeting_name", _greeting),
    ("salary", _salary),
    ("tone", _tone),
    ("ultimatum", _ultimatum),
    ("attachment", _attachment),
    ("thanks_only", _thanks_only),
    ("length", _length),
    ("brief", _brief),
    ("shorter", _shorter),
)


def _said(phrases: Iterable[str], composed: Composed) -> _Found:
    word = found_phrase(phrases, composed)
    return {"found": word} if word else None
