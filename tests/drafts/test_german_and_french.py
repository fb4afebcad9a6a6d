"""What the German and French texts owe to their languages: greetings, dates, signs, and no guess of anybody's gender."""

import re
from dataclasses import replace
from datetime import date

import pytest

from agent.drafts.markup import render
from agent.drafts.names import greeting_name
from agent.drafts.sentences import paragraphs, sentences
from agent.drafts.times import written
from agent.messages.message import Address
from agent.policy.verdict import DraftKind
from tests.drafts.scene import INTERVIEW, NOW, USER, candidacy, draft_of, due, templates

GERMAN = templates().languages["de"]
FRENCH = templates().languages["fr"]


def body(language: str, kind: DraftKind = DraftKind.STATUS_CHECK, *, name: str = "Dana Cole") -> str:
    to = (Address(name=name, email="jobs@acme.example"),)
    return draft_of(due(kind, to=to), candidacy(replace(INTERVIEW, language=language, contacts=()))).body


def test_german_greets_with_the_full_name_and_french_with_the_first() -> None:
    assert body("de").startswith("Guten Tag Dana Cole,\n\n")
    assert body("fr").startswith("Bonjour Dana,\n\n")


def test_where_nobody_is_known_by_name_the_team_is_greeted() -> None:
    assert body("de", name="Personalabteilung").startswith("Guten Tag, liebes Team von Acme Robotics,\n\n")
    assert body("fr", name="Service Recrutement").startswith("Bonjour à l'équipe Acme Robotics,\n\n")


@pytest.mark.parametrize(
    ("display", "german"),
    [
        ("Prof. Dr. Dana Cole", "Prof. Cole"),
        ("Cole, Dana", "Dana Cole"),
        ("Dana von Berg", "Dana von Berg"),
        ("Herr Cole", "Herr Cole"),
        ("Dana Cole | Personalabteilung", "Dana Cole"),
    ],
)
def test_a_german_name_keeps_its_title_and_its_particles(display: str, german: str) -> None:
    assert greeting_name(display, GERMAN.forms.names) == german


def test_a_french_particle_is_part_of_the_name() -> None:
    assert greeting_name("Dr Anne de Villiers", FRENCH.forms.names) == "Dr de Villiers"


def test_the_first_of_a_month_is_an_ordinal_in_french_only() -> None:
    first, second = date(2026, 4, 1), date(2026, 4, 2)
    assert written(first, FRENCH.forms, now=NOW, zone=USER.timezone) == "mercredi 1er avril"
    assert written(second, FRENCH.forms, now=NOW, zone=USER.timezone) == "jeudi 2 avril"
    assert written(first, GERMAN.forms, now=NOW, zone=USER.timezone) == "Mittwoch, 1. April"


def test_the_full_stop_of_a_german_day_ends_no_sentence() -> None:
    text = "Danke für das Gespräch am Dienstag, 10. März. Bis bald."
    assert sentences(text, GERMAN.forms) == ["danke für das gespräch am", "bis bald"]


def test_a_no_break_space_before_a_french_sign_stays() -> None:
    assert paragraphs(render("Où en est\n  le processus\u00a0?", {})) == ["Où en est le processus\u00a0?"]


def test_a_german_text_goes_on_small_behind_the_comma() -> None:
    """Only a noun, a name or a word for the reader begins with a capital there."""
    capital = {"Auswahlverfahren", "Ihr", "Ihre", "Ihrer", "Pläne", "Sie"}
    for template in GERMAN.templates.values():
        for variant in template.variants:
            first = re.findall(r"[^\W\d_]+", re.sub(r"\{[%{].*?[%}]\}", " ", variant.body, flags=re.DOTALL))[0]
            assert first[0].islower() or first in capital, (template.kind, variant.id, first)


def test_every_french_double_sign_has_a_no_break_space_before_it() -> None:
    for template in FRENCH.templates.values():
        for text in (template.subject, *(variant.body for variant in template.variants), *(q.ask for q in template.inquiries)):
            plain = re.sub(r"\{[%{].*?[%}]\}", "", text, flags=re.DOTALL).replace("Dana:", "")
            assert not re.search(r"[^\u00a0][:;?!»]|«[^\u00a0]", plain), (template.kind, plain)


def test_no_french_fact_stands_behind_a_word_that_would_be_elided() -> None:
    for template in FRENCH.templates.values():
        for variant in template.variants:
            assert not re.search(
                r"\b(?:de|que|le|la|si|ne|je|se|me|te)\s+\{\{ (?:company|user_name|interviewer|agency|contact_name)", variant.body
            )


def test_no_french_text_tells_whether_a_man_or_a_woman_writes() -> None:
    told = re.compile(
        r"\b(?:ravie?|heureu(?:x|se)|enchantée?|honorée?|intéressée?|motivée?|convaincue?|désolée?|certaine?|sûre?|prête?|"
        r"reconnaissante?|disposée?|flattée?|impressionnée?|"
        r"m'avoir (?:reçue?|rencontrée?|accueillie?|prévenue?|contactée?))\b|\(e\)"
    )
    for template in FRENCH.templates.values():
        for variant in template.variants:
            assert not told.search(variant.body), (template.kind, variant.id)
