"""What the shipped wordings of each kind of draft say, in every language."""

import re

import pytest

from agent.drafts.markup import render
from agent.drafts.sentences import sentences, word_count
from agent.interviews.notes import NoteKey
from agent.policy.verdict import DraftKind
from tests.drafts.wordings import ALWAYS, CODES, LANGUAGES, OPTIONAL, known, parts, whole, wordings

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
    "es": {
        DraftKind.OFFER_THANKS: r"gracias|agradec",
        DraftKind.OFFER_ACCEPT: r"\bacepto\b|\bsí\b",
        DraftKind.OFFER_CLARIFY: r"aclarar|preguntas|datos",
        DraftKind.OFFER_DECLINE: r"no aceptar|declinar|no podré",
    },
    "pt": {
        DraftKind.OFFER_THANKS: r"agrade",
        DraftKind.OFFER_ACCEPT: r"\baceito\b|\bsim\b",
        DraftKind.OFFER_CLARIFY: r"esclarecer|perguntas|dados",
        DraftKind.OFFER_DECLINE: r"não aceitar|recusar|não poderei",
    },
    "it": {
        DraftKind.OFFER_THANKS: r"grazie|ringrazi",
        DraftKind.OFFER_ACCEPT: r"\baccett\w+|\bsì\b",
        DraftKind.OFFER_CLARIFY: r"chiarire|domande|dati",
        DraftKind.OFFER_DECLINE: r"non accettare|declinare|non potrò",
    },
}
"""What the first sentence of a mail about an offer holds, so that the four of them are told apart in a list of drafts."""


@pytest.mark.parametrize("code", CODES)
def test_a_language_has_several_wordings_of_every_kind_and_one_that_needs_nothing(code: str) -> None:
    shipped = LANGUAGES[code].templates
    assert set(shipped) == set(DraftKind)
    for kind, template in shipped.items():
        usual = [variant for variant in template.variants if not variant.style]
        assert len(usual) >= LEAST_WORDINGS[kind], kind
        assert any(not variant.needs for variant in usual), kind


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
