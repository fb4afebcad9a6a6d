"""Every shipped wording under everything that may be known or not."""

import itertools
import re
from functools import cache

import pytest

from agent.drafts.facts import FIELDS
from agent.drafts.markup import render
from agent.drafts.sentences import paragraphs, sentences, word_count
from agent.drafts.templates import Template, Variant
from agent.policy.verdict import DraftKind
from tests.drafts.scene import templates

ENGLISH = templates().languages["en"]
ALWAYS = {"user_name": "Robin Lee", "user_address": "robin@home.example"}
OPTIONAL = {
    "agency": "Harbor Recruiting",
    "agreed_date": "Tuesday, 17 March",
    "answer_by": "Friday, 20 March",
    "asked_for": "two references",
    "attempt": "second",
    "booking_link": "yes",
    "by_phone": "yes",
    "clashing_times": "Tuesday, 10 March at 15:00",
    "closes": "17:00",
    "company": "Acme Robotics",
    "contact_name": "Dana Cole",
    "contact_phone": "+49 30 7654321",
    "decline_reason": "a much longer commute",
    "free_times": "Tuesday, 10 March at 14:00 or Wednesday, 11 March at 10:00",
    "got_offer": "yes",
    "greeting_name": "Dana",
    "interview_date": "Tuesday, 10 March",
    "interviewer": "Sam Okafor and Li Wei",
    "last_written": "Monday, 9 March",
    "material": "my portfolio",
    "met": "yes",
    "next_date": "Thursday, 12 March",
    "next_time": "14:00",
    "opens": "9:00",
    "overdue_date": "Monday, 9 March",
    "promised_date": "Friday, 20 March",
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
WORDINGS = [
    pytest.param(template, variant, id=f"{kind.value}/{variant.id}")
    for kind, template in ENGLISH.templates.items()
    for variant in template.variants
]


@cache
def texts(variant: Variant) -> list[tuple[dict[str, str], str]]:
    """Return the wording under every subset of those facts that it speaks of."""
    used = [name for name in OPTIONAL if re.search(rf"\b{name}\b", variant.body) and name not in variant.needs]
    found = []
    for known in itertools.product((False, True), repeat=len(used)):
        facts = ALWAYS | {name: OPTIONAL[name] for name in variant.needs}
        facts |= {name: OPTIONAL[name] for name, is_known in zip(used, known, strict=True) if is_known}
        found.append((facts, "\n\n".join(paragraphs(render(variant.body, facts)))))
    return found


def test_every_field_is_tried() -> None:
    assert set(ALWAYS) | set(OPTIONAL) == set(FIELDS)


@pytest.mark.parametrize(("template", "variant"), WORDINGS)
def test_a_wording_reads_whole_whatever_is_known(template: Template, variant: Variant) -> None:
    for facts, text in texts(variant):
        assert 15 <= word_count(text) <= template.max_words, facts
        assert not re.search(r"  | [,.;:?]|[,;:]\.|\.\.|,,|\(\)|None|[{}\[\]<>]", text), (facts, text)
        for paragraph in text.split("\n\n"):
            assert paragraph[0].isupper(), (facts, text)
            assert paragraph[-1] in ".?", (facts, text)


@pytest.mark.parametrize(("template", "variant"), WORDINGS)
def test_a_wording_holds_no_word_of_the_tone_list(template: Template, variant: Variant) -> None:
    tone = ENGLISH.tone
    banned = [*tone.casual, *tone.demanding, *tone.desperate, *tone.reproachful, *tone.salary, *tone.attachment]
    if template.kind is DraftKind.THANK_YOU:
        banned += tone.asking
    any_word = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, banned))})(?!\w)")
    assert not {word for _, text in texts(variant) for word in any_word.findall(text.lower())}


def test_no_two_wordings_share_a_sentence() -> None:
    owner: dict[str, str] = {}
    for kind, template in ENGLISH.templates.items():
        for variant in template.variants:
            name = f"{kind.value}/{variant.id}"
            for _, text in texts(variant):
                for sentence in sentences(text, ENGLISH.forms):
                    assert owner.setdefault(sentence, name) == name, sentence


def test_a_thank_you_holds_no_question() -> None:
    assert not [variant.id for variant in ENGLISH.templates[DraftKind.THANK_YOU].variants if "?" in variant.body]


def test_a_status_check_opens_with_who_writes_and_asks() -> None:
    for variant in ENGLISH.templates[DraftKind.STATUS_CHECK].variants:
        for facts, text in texts(variant):
            opening = re.split(r"(?<=[.?])\s", text)
            assert "Robin Lee" in opening[0]
            if "interview_date" in facts:
                assert "Tuesday, 10 March" in " ".join(opening[:2])
            assert "?" in text or "grateful for a short update" in text
            assert re.search(r"interest|appeals|like to work", text)
            assert re.search(r"[Tt]hank|appreciate", text)


def test_a_final_note_is_shorter_than_any_status_check() -> None:
    for known in (ALWAYS, ALWAYS | OPTIONAL):

        def lengths(kind: DraftKind, known: dict[str, str] = known) -> list[int]:
            return [
                word_count(render(variant.body, known | {name: OPTIONAL[name] for name in variant.needs}))
                for variant in ENGLISH.templates[kind].variants
            ]

        assert max(lengths(DraftKind.FINAL_NOTE)) < min(lengths(DraftKind.STATUS_CHECK))


def test_a_reply_to_a_rejection_thanks_asks_for_feedback_and_keeps_the_door_open() -> None:
    for variant in ENGLISH.templates[DraftKind.REPLY_REJECTION].variants:
        for _, text in texts(variant):
            assert re.search(r"[Tt]hank|appreciate", text)
            assert re.search(r"feedback|do better|made the difference|advice", text)
            assert re.search(r"in touch|cross again|in mind|from (Acme Robotics|you) again", text)


def test_every_kind_has_several_wordings_and_one_that_needs_nothing() -> None:
    for template in ENGLISH.templates.values():
        assert 3 <= len(template.variants) <= 6
        assert any(not variant.needs for variant in template.variants)
