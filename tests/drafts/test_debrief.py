"""The debrief: questions to the user in Drafts, and the answers read back whatever a mail client made of them (D1, E1)."""

import textwrap
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.drafts.debrief import asked_in, questions, read_answers
from agent.drafts.templates import Inquiry, Template
from agent.interviews.notes import NoteKey
from agent.messages.message import Address
from agent.policy.verdict import DraftKind
from agent.rulebook.phrases import load_phrasebook
from agent.signals.phrasebook import LanguageBook
from tests.drafts.scene import USER, draft_of, due, refusal_of, templates

ROBIN = Address(name="Robin Lee", email="robin@home.example")
HELD = datetime(2026, 3, 10, 15, 0, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Tuesday."""
ASKS = {
    "topic": "What did you talk about, as in Dana: the road map",
    "asked": "What were you asked? One question a line is enough for this",
    "material": "Did you promise to send something?",
    "agreed": "Did you agree on a day to be in touch?",
    "phone": "Did someone give you a direct number?",
}
TEMPLATE = Template(
    kind=DraftKind.DEBRIEF,
    subject="How was it?",
    max_words=90,
    requires=("D1",),
    variants=(),
    inquiries=tuple(Inquiry(key=key, ask=ask) for key, ask in ASKS.items()),
)


@cache
def english() -> LanguageBook:
    return next(book for book in load_phrasebook(None).languages if book.language == "en")


@cache
def german() -> LanguageBook:
    return next(book for book in load_phrasebook(None).languages if book.language == "de")


def read(text: str, *, book: LanguageBook | None = None, people: tuple[str, ...] = ()) -> tuple[str, ...]:
    return read_answers(text, TEMPLATE, held_at=HELD, book=book or english(), people=people)


def saved(**answers: str) -> str:
    """Return a debrief with the answers below its questions, as it lies in Drafts."""
    return "\n".join(f"{number}. {ask}\n{answers.get(key, '')}\n" for number, (key, ask) in enumerate(ASKS.items(), start=1))


def test_a_debrief_goes_from_the_user_to_the_user_without_greeting_and_signature() -> None:
    draft = draft_of(due(DraftKind.DEBRIEF, to=(ROBIN,), occasion="round-1:debrief"))
    assert draft.sender == draft.to[0] == ROBIN
    assert "Acme Robotics" in draft.subject
    assert not draft.body.startswith(("Dear", "Hello"))
    assert "regards" not in draft.body
    assert USER.phone not in draft.body


def test_every_question_has_its_number_and_room_for_the_answer() -> None:
    body = draft_of(due(DraftKind.DEBRIEF, to=(ROBIN,), occasion="round-1:debrief")).body
    asked = templates().languages["en"].templates[DraftKind.DEBRIEF].inquiries
    for number, each in enumerate(asked, start=1):
        assert f"\n\n{number}. {each.ask}\n\n\n" in body


def test_what_is_for_the_user_goes_to_nobody_else() -> None:
    refused = refusal_of(due(DraftKind.DEBRIEF, occasion="round-1:debrief"))
    assert refused.check == "not_the_user"
    assert "dana@acme.example" in refused.reason


def test_a_debrief_may_be_worded_like_the_one_before() -> None:
    wanted = due(DraftKind.DEBRIEF, to=(ROBIN,), occasion="round-1:debrief")
    first = draft_of(wanted)
    assert draft_of(wanted, earlier=(first.body,)).body == first.body


def test_answers_below_the_questions_become_notes_a_line_each() -> None:
    text = saved(topic="moving the ledger\nhow on-call is shared", material="my portfolio", phone="+49 30 7654321")
    assert read(text) == (
        "topic: moving the ledger",
        "topic: how on-call is shared",
        "material: my portfolio",
        "phone: +49 30 7654321",
    )


@pytest.mark.parametrize("code", sorted(templates().languages))
def test_a_debrief_that_nobody_answered_gives_nothing(code: str) -> None:
    template = templates().languages[code].templates[DraftKind.DEBRIEF]
    text = "Your interview is still fresh.\n" + questions(template)
    assert asked_in(text, template) == len(template.inquiries)
    assert read_answers(text, template, held_at=HELD) == ()


def test_the_beginning_of_a_question_is_no_answer() -> None:
    assert read(saved(asked="What did you talk about, as in Dana: the")) == ()


def test_a_question_is_known_at_the_very_beginning_of_the_text() -> None:
    assert asked_in(ASKS["material"], TEMPLATE) == 1


def test_an_answer_may_stand_on_the_line_of_its_question() -> None:
    assert read(f"3. {ASKS['material']} my portfolio\n4. {ASKS['agreed']}\n") == ("material: my portfolio",)


def test_bullets_and_quote_marks_are_no_part_of_an_answer() -> None:
    text = saved(topic="- the ledger\n* on-call\n• robots\n1) the team")
    wanted = ("topic: the ledger", "topic: on-call", "topic: robots", "topic: the team")
    assert read(text) == wanted
    assert read("On Tuesday Robin wrote:\n" + "\n".join(f"> {line}" for line in text.splitlines())) == wanted


def test_lines_that_the_mail_client_broke_are_one_answer() -> None:
    answer = "Why did you leave your last position, and what would you do in another way if you could begin once more today?"
    broken = "\n".join(line for whole in saved(asked=answer).splitlines() for line in textwrap.wrap(whole, 72) or [""])
    assert len(broken.split()) == len(saved(asked=answer).split())
    assert max(map(len, broken.splitlines())) <= 72
    assert read(broken) == (f"asked: {answer}",)


def test_a_question_without_its_number_in_another_place_is_found() -> None:
    assert read(f"{ASKS['phone']}\n030 123456\n\n{ASKS['topic']}\nrobots\n") == ("topic: robots", "phone: 030 123456")


def test_a_question_that_the_user_changed_further_on_is_still_found() -> None:
    changed = "What were you asked? One question per line is enough for this"
    assert read(f"2. {changed}\nWhy us?\n") == ("asked: Why us?",)


def test_where_all_questions_were_deleted_the_numbers_tell() -> None:
    assert read("1. the ledger\n\n3. my portfolio\n") == ("topic: the ledger", "material: my portfolio")


@pytest.mark.parametrize("nothing", ["", "-", "no", "None.", "n/a", "not yet", "nein", "?", "..."])
def test_who_has_nothing_to_tell_tells_nothing(nothing: str) -> None:
    assert read(saved(material=nothing, topic=nothing, agreed=nothing)) == ()


def test_the_person_before_an_answer_is_kept_with_it() -> None:
    text = saved(topic="Dana: the road map", phone="Dana Cole - +49 30 7654321")
    assert read(text, people=("Dana Cole", "Sam Okafor")) == ("topic (dana): the road map", "phone (dana cole): +49 30 7654321")


def test_a_word_with_a_colon_is_nobody() -> None:
    assert read(saved(topic="Testing: by hand"), people=("Dana Cole",)) == ("topic: Testing: by hand",)


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("next Tuesday, by phone", "agreed: 2026-03-17 by phone"),
        ("Friday", "agreed: 2026-03-13"),
        ("2026-03-17, phone", "agreed: 2026-03-17 by phone"),
        ("I write an e-mail on 20 March", "agreed: 2026-03-20 by mail"),
        ("Friday\nI am to call", "agreed: 2026-03-13 by phone"),
        ("soon", "cue: soon"),
        ("some day next week", "cue: some day next week"),
        ("Tuesday or Wednesday", "cue: Tuesday or Wednesday"),
        ("2026-02-30", "cue: 2026-02-30"),
        ("2026-03-02", "cue: 2026-03-02"),
    ],
)
def test_a_day_is_reckoned_from_the_interview_and_never_guessed(said: str, noted: str) -> None:
    assert read(saved(agreed=said)) == (noted,)


def test_a_day_is_read_in_the_language_of_the_debrief() -> None:
    assert read(saved(agreed="am Freitag, ich rufe an (Anruf)"), book=german()) == ("agreed: 2026-03-13 by phone",)


def test_what_is_no_number_is_a_cue() -> None:
    assert read(saved(phone="Sent from my phone")) == ("cue: Sent from my phone",)


def test_a_signature_is_no_answer() -> None:
    assert read(saved(phone="+49 30 7654321") + "\n-- \nRobin Lee\nSoftware\n") == ("phone: +49 30 7654321",)


WORDS = st.text(alphabet="bcdfghjklmpqrstvwxz", min_size=3, max_size=9)
ANSWER = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
FREE = ("topic", "asked", "material")


@settings(max_examples=60, deadline=None)
@given(
    answers=st.dictionaries(st.sampled_from(FREE), st.lists(ANSWER, min_size=1, max_size=3, unique=True)),
    order=st.permutations(list(ASKS)),
    quoted=st.booleans(),
    wrapped=st.booleans(),
    numbered=st.booleans(),
    bullet=st.sampled_from(["", "- ", "* ", "• ", "  "]),
    same_line=st.booleans(),
    blanks=st.integers(0, 3),
)
def test_whatever_the_layout_the_same_answers_are_read(
    answers: dict[str, list[str]],
    order: list[str],
    bullet: str,
    blanks: int,
    *,
    quoted: bool,
    wrapped: bool,
    numbered: bool,
    same_line: bool,
) -> None:
    lines = ["Take five minutes."]
    for key in order:
        number = f"{list(ASKS).index(key) + 1}. " if numbered else ""
        given_ = answers.get(key, [])
        one = given_[0] if same_line and len(given_) == 1 else ""
        lines.append(f"{number}{ASKS[key]} {one}".rstrip())
        lines += [""] * blanks
        lines += [] if one else [f"{bullet}{each}" for each in given_]
        lines += [""] * max(1, blanks)
    if wrapped:
        lines = [part for line in lines for part in textwrap.wrap(line, 72) or [""]]
    text = "\n".join(f"> {line}" if quoted else line for line in lines)
    wanted = tuple(f"{key}: {each}" for key in FREE for each in answers.get(key, []))
    assert read(text) == wanted


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(list(ASKS)))
def test_any_text_is_read_as_lines_of_notes(text: str, key: str) -> None:
    found = read(saved(**{key: text}))
    assert all(line.partition(":")[0].partition(" (")[0] in {each.value for each in NoteKey} for line in found)
    assert all("\n" not in line for line in found)
    assert read(saved(**{key: text})) == found
