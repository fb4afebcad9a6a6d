"""Every shipped wording of every language, under everything that may be known or not: sound, short, and like no other."""

import itertools
import re
from dataclasses import replace

import pytest

from agent.drafts.facts import FIELDS
from agent.drafts.sentences import sentences, word_count
from agent.drafts.templates import Language
from agent.messages.message import Address
from agent.policy.verdict import DraftKind
from tests.drafts.scene import DANA, INTERVIEW, ROUND, candidacy, draft_of, due, state
from tests.drafts.wordings import ALWAYS, CODES, LANGUAGES, OPTIONAL, parts, told, whole, wordings

EACH_KIND = [pytest.param(code, kind, id=f"{code}-{kind.value}") for code in CODES for kind in LANGUAGES[code].templates]
TO_THE_USER = frozenset({DraftKind.DEBRIEF, DraftKind.CALL_SHEET})
WITH_MATERIAL = frozenset({DraftKind.SEND_MATERIAL, DraftKind.REPLY_INFO_REQUEST})
SMALL_AFTER_THE_GREETING = frozenset({"de"})
"""Languages in which the text goes on with a small letter behind the comma of the greeting."""


def without_days(text: str, language: Language) -> str:
    """Return the text without the full stop of a German '10. März', which ends no sentence."""
    return re.sub(rf"\b(\d{{1,2}})\.(?=\s(?:{'|'.join(language.forms.months)}))", r"\1", text)


def broken(text: str, language: Language) -> str:
    """Return what is wrong with the signs of a text, such as a hole that a missing fact left."""
    text = without_days(text, language)
    hole = re.search(r"  | [,.;:?!)](?=\s|$)|[,;:] *[,.;:]|\.\.|\( |\(\)|\bNone\b|[{}\[\]<>]", text)
    if hole:
        return f"{hole.group()!r} in it"
    for small in re.finditer(r"(?:^|[.?!][\"”»“]? )[\"“„«¿¡  ]*([^\W\d_])", text):
        if small[1].islower():
            return f"a sentence begins small: {text[small.start() : small.end() + 20]!r}"
    if language.code == "es" and (text.count("?") != text.count("¿") or text.count("!") != text.count("¡")):
        return "a question or a call is not opened"
    return ""


def test_every_field_is_tried() -> None:
    assert set(ALWAYS) | set(OPTIONAL) == set(FIELDS)


@pytest.mark.parametrize(("code", "kind"), EACH_KIND)
def test_a_wording_reads_whole_whatever_is_known(code: str, kind: DraftKind) -> None:
    language = LANGUAGES[code]
    for variant in language.templates[kind].variants:
        opening, *_ = parts(code, variant)
        assert all(opening), variant.id
        for place, text in ((place, text) for place, texts in enumerate(parts(code, variant)) for text in texts):
            if place == 0 and code in SMALL_AFTER_THE_GREETING:
                text = text[0].upper() + text[1:]
            assert not broken(text, language), (variant.id, broken(text, language), text)
            assert not text or re.search(r"[.?!:][\"”»“]?\Z", text), (variant.id, text)


@pytest.mark.parametrize(("code", "kind"), EACH_KIND)
def test_a_wording_keeps_to_its_length(code: str, kind: DraftKind) -> None:
    template = LANGUAGES[code].templates[kind]
    for variant in template.variants:
        assert word_count(whole(code, variant, frozenset())) >= 15, variant.id
        words = sum(max(map(word_count, texts)) for texts in parts(code, variant))
        assert words <= (variant.max_words or template.max_words), (variant.id, words)


@pytest.mark.parametrize(("code", "kind"), EACH_KIND)
def test_subjects_and_hints_read_whole_whatever_is_known(code: str, kind: DraftKind) -> None:
    language = LANGUAGES[code]
    template = language.templates[kind]
    for variant in template.variants:
        subject, hint = variant.subject or template.subject, variant.before_sending or template.before_sending
        for text in told(subject, code, variant.needs):
            assert text == text.strip(), text
            assert 1 <= word_count(text) <= 20, text
            assert not broken(text, language), (text, broken(text, language))
        for text in map(str.strip, told(hint, code, variant.needs)):
            assert not broken(re.sub(r"`[^`]*`", "`", text), language), (text, broken(text, language))
            assert not text or text[-1] == ".", text


@pytest.mark.parametrize(("code", "kind"), [case for case in EACH_KIND if case.values[1] not in TO_THE_USER])
def test_a_wording_holds_no_word_of_the_tone_lists(code: str, kind: DraftKind) -> None:
    language, tone = LANGUAGES[code], LANGUAGES[code].tone
    banned = [*tone.casual, *tone.demanding, *tone.desperate, *tone.reproachful]
    banned += () if kind.value.startswith("offer_") else tone.salary
    banned += () if kind in WITH_MATERIAL else tone.attachment
    banned += tone.asking if kind is DraftKind.THANK_YOU else ()
    any_word = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word.replace('’', chr(39))) for word in banned)})(?!\w)")
    template = language.templates[kind]
    for variant in template.variants:
        subject = variant.subject or template.subject
        texts = [*told(subject, code, variant.needs), *itertools.chain(*parts(code, variant))]
        for text in texts:
            assert not any_word.findall(" ".join(text.casefold().replace("’", "'").split())), (variant.id, text)


@pytest.mark.parametrize("code", CODES)
def test_no_two_wordings_share_a_sentence(code: str) -> None:
    owner: dict[str, str] = {}
    for name, _, variant in wordings(code):
        for text in itertools.chain.from_iterable(parts(code, variant)):
            for sentence in sentences(text, LANGUAGES[code].forms):
                assert owner.setdefault(sentence, name) == name, sentence


@pytest.mark.parametrize("code", CODES)
def test_no_two_wordings_begin_alike(code: str) -> None:
    owner: dict[str, str] = {}
    for name, _, variant in wordings(code):
        for text in parts(code, variant)[0]:
            opening = " ".join(re.findall(r"[^\W_]+", text.casefold())[:6])
            assert owner.setdefault(opening, name) == name, opening


@pytest.mark.parametrize("code", CODES)
def test_interviewers_of_one_day_read_no_sentence_twice(code: str) -> None:
    panel = [Address(name=f"{name} Park", email=f"{name}@acme.example".lower()) for name in ("Ann", "Ben", "Cy", "Di", "Ed")]
    held = replace(ROUND, with_=tuple(address.email for address in panel))
    found = candidacy(replace(INTERVIEW, language=code), at=state(rounds=(held,)))
    bodies: list[str] = []
    for to in ((panel[0], DANA), *((person,) for person in panel)):
        wanted = due(DraftKind.THANK_YOU, to=to, occasion=f"round-1:{to[0].email}:{len(to)}", held=held)
        bodies.append(draft_of(wanted, found, earlier=tuple(bodies)).body)
    said = [set(sentences("\n\n".join(body.split("\n\n")[1:-1]), LANGUAGES[code].forms)) for body in bodies]
    assert all(not one & other for one, other in itertools.combinations(said, 2))
