"""Every shipped wording of every language, under everything that may be known or not."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import pytest

from agent.drafts.facts import FIELDS, written
from agent.drafts.markup import compiled, render
from agent.drafts.sentences import paragraphs, sentences, word_count
from agent.drafts.templates import Language, Template, Variant
from agent.interviews.notes import NoteKey
from agent.messages.message import Address
from agent.policy.verdict import DraftKind
from tests.drafts.scene import DANA, INTERVIEW, NOW, ROUND, USER, candidacy, draft_of, due, state, templates

LANGUAGES = templates().languages
CODES = sorted(LANGUAGES)
EACH_KIND = [pytest.param(code, kind, id=f"{code}-{kind.value}") for code in CODES for kind in LANGUAGES[code].templates]
TO_THE_USER = frozenset({DraftKind.DEBRIEF, DraftKind.CALL_SHEET})
WITH_MATERIAL = frozenset({DraftKind.SEND_MATERIAL, DraftKind.REPLY_INFO_REQUEST})
LEAST_WORDINGS = {
    DraftKind.THANK_YOU: 8,
    DraftKind.STATUS_CHECK: 4,
    DraftKind.TIMELINE_REQUEST: 4,
    DraftKind.FINAL_NOTE: 4,
    DraftKind.CLOSE_LOOP: 3,
    DraftKind.REPLY_INVITATION: 4,
    DraftKind.REPLY_RESCHEDULE: 4,
    DraftKind.REPLY_INFO_REQUEST: 4,
    DraftKind.SEND_MATERIAL: 3,
    DraftKind.REPLY_HOLD: 4,
    DraftKind.REPLY_REJECTION: 3,
    DraftKind.OFFER_THANKS: 3,
    DraftKind.OFFER_ACCEPT: 3,
    DraftKind.OFFER_CLARIFY: 3,
    DraftKind.OFFER_DECLINE: 3,
    DraftKind.WITHDRAW: 3,
    DraftKind.REFERRER_UPDATE: 3,
    DraftKind.DEBRIEF: 2,
    DraftKind.CALL_SHEET: 2,
}
TOLD = {
    DraftKind.THANK_YOU: {"topic", "interview_date"},
    DraftKind.STATUS_CHECK: {"interview_date", "role"},
    DraftKind.TIMELINE_REQUEST: {"interview_date", "role"},
    DraftKind.FINAL_NOTE: {"role"},
    DraftKind.CLOSE_LOOP: {"answer_by", "role"},
    DraftKind.REPLY_RESCHEDULE: {"next_date", "next_time"},
    DraftKind.SEND_MATERIAL: {"material"},
    DraftKind.REPLY_HOLD: {"promised_date"},
    DraftKind.OFFER_CLARIFY: {"questions"},
    DraftKind.OFFER_DECLINE: {"decline_reason"},
    DraftKind.WITHDRAW: {"role"},
    DraftKind.CALL_SHEET: {"contact_name", "contact_phone", "user_name", "user_phone", "opens", "closes"},
}
"""What each wording of a kind names where all is known."""
THANKS = {
    "de": r"dank",
    "en": r"thank",
    "es": r"gracias|agrade",
    "fr": r"merci",
    "it": r"grazie|ringrazi|gratitudine",
    "nl": r"dank",
    "pt": r"obrigad|agrade",
}
OFFER_OPENINGS = {
    "en": {
        DraftKind.OFFER_THANKS: r"thank|honoured",
        DraftKind.OFFER_ACCEPT: r"\baccept\b|\byes\b",
        DraftKind.OFFER_CLARIFY: r"questions|points|details",
        DraftKind.OFFER_DECLINE: r"\bnot to (?:accept|take up)\b|\bdecline\b|\bno\b",
    },
    "nl": {
        DraftKind.OFFER_THANKS: r"\bdank\b|\bvereerd\b",
        DraftKind.OFFER_ACCEPT: r"\bneem ik uw aanbod\b.*\baan\b|\baanvaard\b|\bja\b",
        DraftKind.OFFER_CLARIFY: r"\bvragen\b|\bpunten\b|\bbijzonderheden\b",
        DraftKind.OFFER_DECLINE: r"\bniet aan te nemen\b|\bafslaan\b|\bnee\b",
    },
    "de": {
        DraftKind.OFFER_THANKS: r"dank",
        DraftKind.OFFER_ACCEPT: r"\bnehme\b.* an\b|\bannehme\b|\bsage ich .* zu\b",
        DraftKind.OFFER_CLARIFY: r"fragen|klären|verstehen",
        DraftKind.OFFER_DECLINE: r"\bnicht an(?:zu)?nehmen\b|\bablehnen\b",
    },
    "fr": {
        DraftKind.OFFER_THANKS: r"merci|remerci",
        DraftKind.OFFER_ACCEPT: r"\baccepte\b|\boui\b",
        DraftKind.OFFER_CLARIFY: r"questions|précision",
        DraftKind.OFFER_DECLINE: r"\bne pas donner suite\b|\bdécliner\b|\brenoncer\b",
    },
}
"""What the first sentence of a mail about an offer holds, so that the four of them are told apart in a list of drafts."""

SMALL_AFTER_THE_GREETING = frozenset({"de"})
"""Languages in which the text goes on with a small letter behind the comma of the greeting."""

ALWAYS = {"user_name": "Robin Lee", "user_address": "robin@home.example"}
OPTIONAL = {
    "agency": "Harbor Recruiting",
    "agreed_date": "2026-03-17",
    "answer_by": "2026-03-21",
    "asked_for": "two references",
    "attempt": "second",
    "booking_link": "yes",
    "by_phone": "yes",
    "clashing_times": "2026-03-18 15:00",
    "closes": "17:00",
    "company": "Acme Robotics",
    "contact_name": "Dana Cole",
    "contact_phone": "+49 30 7654321",
    "decline_reason": "a much longer commute",
    "free_times": "2026-03-19 10:00",
    "got_offer": "yes",
    "greeting_name": "Dana",
    "interview_date": "2026-03-10",
    "interviewer": "Sam Okafor and Li Wei",
    "last_written": "2026-03-06",
    "material": "my portfolio",
    "met": "yes",
    "next_date": "2026-03-12",
    "next_time": "14:00",
    "opens": "9:00",
    "overdue_date": "2026-03-09",
    "promised_date": "2026-03-20",
    "proposed_times": "yes",
    "questions": "how the team is organised; when the contract would begin",
    "rejected": "yes",
    "role": "Backend Engineer",
    "role_gone": "yes",
    "round": "second",
    "second_topic": "how on-call is shared",
    "strengths": "ten years of running payment systems at three growing companies",
    "took_it": "yes",
    "topic": "moving the ledger to events without a day of downtime",
    "unanswered": "yes",
    "unsaid": "I have also led a team of five",
    "user_phone": "+49 30 1234567",
}
"""A day stands here as ISO 8601, and is written out in each language."""


@cache
def known(code: str) -> dict[str, str]:
    """Return all facts that may be known or not, with days and ordinals in the words of the language."""
    forms = LANGUAGES[code].forms

    def told(value: str) -> str:
        if not re.match(r"\d{4}-", value):
            return value
        at = datetime.fromisoformat(value)
        day = written(date(at.year, at.month, at.day), forms, now=NOW, zone=USER.timezone)
        return render(forms.moment, {"date": day, "clock": value[11:]}) if len(value) > 10 else day

    return {name: told(value) for name, value in OPTIONAL.items()} | {"round": forms.ordinals[1], "attempt": forms.ordinals[1]}


def subsets(source: str, code: str, needs: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """Yield what may be known: every choice of the facts that a text speaks of.

    Where these are many, it is none, one or two of them, all, and all but one.
    """
    facts = known(code)
    used = [name for name in facts if re.search(rf"\b{name}\b", source) and name not in needs]
    count = len(used)
    sizes = range(count + 1) if count <= 6 else (0, 1, 2, count - 1, count)
    for size in sizes:
        for chosen in itertools.combinations(used, size):
            yield ALWAYS | {name: facts[name] for name in (*needs, *chosen)}


@cache
def told(source: str, code: str, needs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the different texts of a subject, a hint or a paragraph under `subsets`."""
    text = compiled(source)
    return tuple(dict.fromkeys(text(facts) for facts in subsets(source, code, needs)))


@cache
def parts(code: str, variant: Variant) -> tuple[tuple[str, ...], ...]:
    """Return for each paragraph of a wording its different texts under `subsets`, empty where it falls away."""
    found = []
    for source in re.split(r"\n[ \t]*\n", variant.body.strip()):
        assert len(re.findall(r"\{%\s*if\b", source)) == len(re.findall(r"\{%\s*endif\b", source)), (
            "a condition inside a paragraph"
        )
        found.append(tuple("\n\n".join(paragraphs(text)) for text in told(source, code, variant.needs)))
    return tuple(found)


def whole(code: str, variant: Variant, names: frozenset[str] = frozenset(OPTIONAL)) -> str:
    """Return the text of a wording where all of `names` and what it needs is known."""
    facts = {name: value for name, value in known(code).items() if name in names or name in variant.needs}
    return "\n\n".join(paragraphs(render(variant.body, ALWAYS | facts)))


def wordings(code: str) -> Iterator[tuple[str, Template, Variant]]:
    for kind, template in LANGUAGES[code].templates.items():
        for variant in template.variants:
            yield f"{kind.value}/{variant.id}", template, variant


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


@pytest.mark.parametrize("code", CODES)
def test_a_language_has_several_wordings_of_every_kind_and_one_that_needs_nothing(code: str) -> None:
    shipped = LANGUAGES[code].templates
    assert set(shipped) == set(DraftKind)
    for kind, template in shipped.items():
        usual = [variant for variant in template.variants if not variant.style]
        assert len(usual) >= LEAST_WORDINGS[kind], kind
        assert any(not variant.needs for variant in usual), kind


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


@pytest.mark.parametrize("code", CODES)
def test_a_wording_names_what_it_is_about(code: str) -> None:
    for name, template, variant in wordings(code):
        if variant.style == "brief" and template.kind is DraftKind.CALL_SHEET:
            continue
        for fact in sorted(TOLD.get(template.kind, ())):
            assert known(code).get(fact, ALWAYS.get(fact, "")) in whole(code, variant), (name, fact)


@pytest.mark.parametrize("code", CODES)
def test_a_thank_you_holds_no_question(code: str) -> None:
    assert not [variant.id for variant in LANGUAGES[code].templates[DraftKind.THANK_YOU].variants if "?" in variant.body]


@pytest.mark.parametrize("code", CODES)
def test_a_usual_status_check_opens_with_who_writes_and_when_they_met(code: str) -> None:
    language = LANGUAGES[code]
    for variant in language.templates[DraftKind.STATUS_CHECK].variants:
        for text in parts(code, variant)[0]:
            opening = re.split(r"(?<=[.?!])\s", text)
            if not variant.style:
                assert "Robin Lee" in opening[0], (variant.id, text)
            if known(code)["interview_date"] in text:
                assert known(code)["interview_date"] in " ".join(opening[:2]), (variant.id, text)


@pytest.mark.parametrize("code", CODES)
def test_a_brief_status_check_gives_thanks_first_and_has_at_most_45_words(code: str) -> None:
    brief = [variant for variant in LANGUAGES[code].templates[DraftKind.STATUS_CHECK].variants if variant.style == "brief"]
    assert len(brief) >= 4
    for variant in brief:
        assert variant.max_words is not None
        assert variant.max_words <= 45
        (texts,) = parts(code, variant)
        for text in texts:
            assert re.search(THANKS[code], " ".join(text.casefold().split()[:6])), text
            assert len(sentences(text, LANGUAGES[code].forms)) <= 3, text


@pytest.mark.parametrize("code", CODES)
def test_a_call_sheet_comes_in_a_brief_manner_too(code: str) -> None:
    sheets = LANGUAGES[code].templates[DraftKind.CALL_SHEET].variants
    assert [variant for variant in sheets if variant.style == "brief" and "C6" in variant.requires]


@pytest.mark.parametrize("code", CODES)
def test_a_final_note_is_shorter_than_any_usual_status_check(code: str) -> None:
    shipped = LANGUAGES[code].templates
    for names in (frozenset[str](), frozenset(OPTIONAL)):
        final = [word_count(whole(code, variant, names)) for variant in shipped[DraftKind.FINAL_NOTE].variants]
        check = [
            word_count(whole(code, variant, names)) for variant in shipped[DraftKind.STATUS_CHECK].variants if not variant.style
        ]
        assert max(final) < min(check)


@pytest.mark.parametrize("code", CODES)
def test_the_four_answers_to_an_offer_are_told_apart_by_their_first_sentence(code: str) -> None:
    offers = [kind for kind in DraftKind if kind.value.startswith("offer_")]
    said: dict[str, DraftKind] = {}
    for kind in offers:
        for variant in LANGUAGES[code].templates[kind].variants:
            for text in parts(code, variant)[0]:
                first = re.split(r"(?<=[.?!])\s", text)[0]
                assert said.setdefault(first, kind) is kind
                for other, sign in OFFER_OPENINGS.get(code, {}).items():
                    assert bool(re.search(sign, first.casefold())) or other is not kind, first


@pytest.mark.parametrize("code", CODES)
def test_hints_name_what_to_attach_and_which_times_collide(code: str) -> None:
    shipped = LANGUAGES[code].templates
    for kind, fact in (
        (DraftKind.SEND_MATERIAL, "material"),
        (DraftKind.REPLY_INFO_REQUEST, "asked_for"),
        (DraftKind.REPLY_INVITATION, "clashing_times"),
    ):
        for variant in shipped[kind].variants:
            if kind is not DraftKind.REPLY_INVITATION or "free_times" in variant.needs:
                hint = variant.before_sending or shipped[kind].before_sending
                assert known(code)[fact] in render(hint, ALWAYS | known(code)), variant.id


@pytest.mark.parametrize("code", CODES)
def test_a_debrief_asks_all_that_the_notes_keep_of_an_interview(code: str) -> None:
    inquiries = LANGUAGES[code].templates[DraftKind.DEBRIEF].inquiries
    assert [inquiry.key for inquiry in inquiries] == [
        NoteKey.TOPIC,
        NoteKey.ASKED,
        NoteKey.STRONG,
        NoteKey.WEAK,
        NoteKey.UNSAID,
        NoteKey.CUE,
        NoteKey.MATERIAL,
        NoteKey.AGREED,
        NoteKey.PHONE,
    ]
    assert all(len(inquiry.ask) <= 160 for inquiry in inquiries)
    assert len({inquiry.ask for inquiry in inquiries}) == len(inquiries)


def test_an_english_reply_to_a_rejection_thanks_asks_for_feedback_and_keeps_the_door_open() -> None:
    for variant in LANGUAGES["en"].templates[DraftKind.REPLY_REJECTION].variants:
        for names in (frozenset[str](), frozenset(OPTIONAL)):
            text = whole("en", variant, names)
            assert re.search(r"[Tt]hank|appreciate", text)
            assert re.search(r"feedback|do better|made the difference|advice", text)
            assert re.search(r"in touch|cross again|in mind|from (Acme Robotics|you) again", text)
