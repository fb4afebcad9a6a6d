"""What the user may answer to a digest, and what is asked again: an order is only what an explicit word says."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.interviews import Interview, Status
from agent.plan.answers import read_answers
from agent.plan.named_by import named_by
from agent.plan.orders import Act, Answer, AnswerWords, Order, Unclear, choices
from agent.plan.review import Question, ReviewKind
from agent.rulebook.answers import load_answers
from agent.rulebook.problems import RulesRefused

ACME = Interview(id="acme-backend", company="Acme Robotics", role="Backend Engineer", aliases=("Botworks",))
BIRCH = Interview(id="birch-data", company="Birch Analytics", role="Data Engineer")
ASKED_AT = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def question(
    kind: ReviewKind, *candidates: str, proposed: Interview | None = None, mail: str | None = "<m@x.example>"
) -> Question:
    return Question(
        kind=kind, asked_at=ASKED_AT, message_id=mail, occasion="", reason="", candidates=candidates, proposed=proposed
    )


QUESTIONS = {
    2: question(ReviewKind.MATCH, "acme-backend"),
    3: question(ReviewKind.MATCH, "acme-backend", "birch-data"),
    4: question(ReviewKind.DISCOVERED, proposed=Interview(id="cedar-sre", company="Cedar", role="Site Engineer")),
    5: question(ReviewKind.DISCOVERED, proposed=Interview(id="cedar", company="Cedar", role="?")),
    6: question(ReviewKind.SUGGESTION, "birch-data", mail=None),
}


@cache
def words() -> AnswerWords:
    return load_answers(None)


def read(fresh: str, text: str | None = None, *more: Interview) -> tuple[Answer, ...]:
    return read_answers(
        fresh if text is None else text,
        fresh,
        words=words(),
        questions=QUESTIONS,
        answered={1: "dismissed"},
        interviews=[ACME, BIRCH, *more],
    )


def done(fresh: str, text: str | None = None) -> list[tuple[object, ...]]:
    """Return the orders as tuples of what they say; what is not understood is none."""
    return [
        tuple(each for each in (one.act, one.number, one.interview, one.status, one.text, one.company, one.role) if each)
        for one in read(fresh, text)
        if isinstance(one, Order)
    ]


def asked(fresh: str, *more: Interview) -> str:
    """Return why the only line is not understood."""
    (only,) = read(fresh, None, *more)
    assert isinstance(only, Unclear)
    return only.why


@pytest.mark.parametrize("line", ["2 yes", "2: Yes", "#2 yes!", "2) ok", "[2] ja", "2 - oui", "2 sí", "2 はい", "2. Yes, please",
                                  "Question 2: yes", "yes 2", "- 2 yes", "Frage 2 ja", "2 yes thanks", "2 Yes.", "2 acme-backend",
                                  "2 acme", "2 Botworks", "2: yes, Acme Robotics"])  # fmt: skip
def test_yes_to_a_question_gives_the_mail_to_its_only_candidate(line: str) -> None:
    assert done(line) == [(Act.ACCEPT, 2, "acme-backend")]


@pytest.mark.parametrize("line", ["2 no", "no 2", "2: NEIN", "2 non", "2 não", "2 none of these", "2, no", "2 No, thanks!"])
def test_no_dismisses_it(line: str) -> None:
    assert done(line) == [(Act.DISMISS, 2)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("3 birch", (Act.ACCEPT, 3, "birch-data")),
        ("4 yes", (Act.TRACK, 4)),
        ("4 new", (Act.TRACK, 4)),
        ("5 new Cedar Works, Platform Engineer", (Act.TRACK, 5, "Cedar Works", "Platform Engineer")),
        ("5: neu: Cedar Works, Engineer, Platform", (Act.TRACK, 5, "Cedar Works", "Engineer, Platform")),
        ("6 yes", (Act.ACCEPT, 6, "birch-data")),
        ("acme: moved on", (Act.STATUS, "acme-backend", Status.MOVED_ON)),
        ("Acme Robotics: Rejected.", (Act.STATUS, "acme-backend", Status.REJECTED)),
        ("birch-data on hold", (Act.STATUS, "birch-data", Status.ON_HOLD)),
        ("birch: absage", (Act.STATUS, "birch-data", Status.REJECTED)),
        ("Acme Robotics, Backend Engineer: offer", (Act.STATUS, "acme-backend", Status.OFFER)),
        ("acme: note topic: event sourcing", (Act.NOTE, "acme-backend", "topic: event sourcing")),
        ("acme: note: they use Rust", (Act.NOTE, "acme-backend", "they use Rust")),
        ("undo 41", (Act.UNDO, 41)),
        ("Rückgängig 41", (Act.UNDO, 41)),
    ],
)
def test_one_line_one_order(line: str, said: tuple[object, ...]) -> None:
    assert done(line) == [said]


def test_several_lines_and_several_in_one() -> None:
    assert done("Hi,\n\n2 yes\n4 no\n\nThanks, and best regards") == [(Act.ACCEPT, 2, "acme-backend"), (Act.DISMISS, 4)]
    assert done("2, 3 and 4: no") == [(Act.DISMISS, 2), (Act.DISMISS, 3), (Act.DISMISS, 4)]
    assert done("2 yes, 4 no; 6 ja") == [(Act.ACCEPT, 2, "acme-backend"), (Act.DISMISS, 4), (Act.ACCEPT, 6, "birch-data")]
    assert done("2 yes\n2: ja") == [(Act.ACCEPT, 2, "acme-backend")]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("3 yes", "Yes is not enough here: answer “3 acme-backend” or “3 birch-data” or “3 new Company, Role” or “3 no”."),
        ("5 yes", "The mail does not name company or role: answer “5 new Company, Role” or “5 no”."),
        ("5 new Cedar Works", "Name both, with a comma between them: 5 new Company, Role."),
        ("6 new A, B", "There is nothing to be tracked in it: answer “6 yes” or “6 no”."),
        ("2 maybe", "It was not understood: answer “2 yes” or “2 no”."),
        ("2 yes but only for the other role", "It was not understood: answer “2 yes” or “2 no”."),
        ("2", "The answer is missing: answer “2 yes” or “2 no”."),
        ("1 yes", "Question 1 was dismissed already."),
        ("7 yes", "There is no question 7."),
        ("yes", "Which question? Its number belongs before it, such as “2 yes”."),
        ("2, 3 birch", "Several questions can be answered in one line by yes or no only, such as “2, 3 no”."),
        ("acme: yes", "Yes and no answer a question by its number, such as “2 yes”."),
        ("cedar: rejected", "Nothing that is called “cedar” is tracked."),
        ("undo", "Which entry? Its number stands behind “undo” in the digest."),
        ("please stop writing to them", "It was not understood. Answers look like “2 yes”, “2 no” or “acme-backend: moved on”."),
        ("acme: well, who knows",
         ("It was not understood. Such as “acme-backend: moved on”, “acme-backend: rejected” or “acme-backend: note ...”.")),
        ("acme: no follow-up",
         ("Single follow-ups are stopped by deleting their drafts, which are not written again; “acme-backend: moved on” stops "
          "them all.")),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_asked_again_with_the_words_that_would_do(line: str, why: str) -> None:
    assert asked(line) == why


def test_a_name_that_two_bear_is_asked_about_with_both_ids() -> None:
    other = replace(ACME, id="acme-frontend", role="Frontend Engineer", aliases=())
    assert asked("acme: moved on", other) == "“acme” may be acme-backend or acme-frontend: write the whole name."
    assert asked("acme moved on", other) == (
        "It may be acme-backend or acme-frontend: “acme-backend: moved on” or “acme-frontend: moved on”."
    )
    assert asked("2 acme", other) == "“acme” may be acme-backend or acme-frontend: “2 acme-backend” or “2 acme-frontend”."
    assert named_by("acme-backend", [ACME, other]) == ("acme-backend",)
    assert named_by("Acme Robotics Frontend Engineer", [ACME, other]) == ("acme-frontend",)


def test_contradictions_are_none() -> None:
    assert done("2 yes\n4 no\n2 no") == [(Act.DISMISS, 4)]
    assert done("acme: offer\nacme: rejected") == []
    whys = [each.why for each in read("2 yes\n2 no") if isinstance(each, Unclear)]
    assert whys == ["Another line of the same mail says otherwise: which one counts?"] * 2


OLD = """\
On Tue, 10 Mar 2026 at 08:00, Interview Agent <robin@mailbox.example> wrote:
> QUESTIONS FOR YOU
>
> [2] It may belong to acme-backend, which is not enough to be sure.
> Answer 2 yes: it does.
> Answer 2 no: it does not.
>
{second}
> [4] Track this?
> Answer 4 yes: it is tracked.
>
{fourth}
> WHAT CHANGED
>
> [birch-data] Birch Analytics, Data Engineer
> invited (was: applied)
{birch}
> HOW TO ANSWER
> Reply with one line for each answer.
{last}
"""


def test_an_answer_below_a_quoted_question_needs_no_number() -> None:
    text = OLD.format(second="yes", fourth="No, thanks", birch="declined", last="")
    assert done("yes\n\nNo, thanks\n\ndeclined", text) == [
        (Act.ACCEPT, 2, "acme-backend"),
        (Act.DISMISS, 4),
        (Act.STATUS, "birch-data", Status.DECLINED),
    ]


def test_an_answer_below_everything_belongs_to_no_question() -> None:
    text = OLD.format(second="", fourth="", birch="", last="yes")
    (only,) = read("yes", text)
    assert isinstance(only, Unclear)


def test_a_long_note_that_the_mail_client_broke_is_one_note() -> None:
    fresh = (
        "acme: note topic: how the team shares the on-call duty between\nthe two offices, and who decides\nabout it\n2 no\n\n"
        "Robin of the other line"
    )
    assert done(fresh)[0] == (
        Act.NOTE,
        "acme-backend",
        "topic: how the team shares the on-call duty between the two offices, and who decides",
    )
    assert (Act.DISMISS, 2) in done(fresh)


@given(st.text(), st.text())
def test_no_text_makes_it_raise(text: str, fresh: str) -> None:
    read(fresh, text)


ORDINARY = st.sampled_from(
    ["2", "3", "acme", "birch-data", "maybe", "role", ":", "\n", ",", "[2]", "the", "41", "no idea", "why"]
)


@given(st.lists(ORDINARY, max_size=12).map(" ".join))
def test_without_an_explicit_word_there_is_no_order(fresh: str) -> None:
    """A name behind the number of a question is one, and nothing else here is."""
    assert all(order[0] is Act.ACCEPT and order[1] in (2, 3) for order in done(fresh))


@given(
    st.lists(st.sampled_from(["2 yes", "3 acme", "x", "acme: offer", "> 2 no", "[3]", "undo 4", ""]), max_size=8).map("\n".join)
)
def test_each_question_and_each_interview_gets_one_order_at_most(fresh: str) -> None:
    aims = [each.aim for each in read(fresh) if isinstance(each, Order)]
    assert len(aims) == len(set(aims))


def test_every_answer_that_is_offered_is_understood() -> None:
    known = [ACME.id, BIRCH.id]
    for number, asked_about in QUESTIONS.items():
        for each in choices(number, asked_about, known):
            (order,) = read(each.replace("Company, Role", "Cedar Works, Platform Engineer"))
            assert isinstance(order, Order), each
            assert order.number == number


def test_an_answer_between_the_old_lines_is_read_though_a_greeting_stands_above() -> None:
    """What follows a greeting and a name looks like a signature."""
    text = OLD.format(second="Nein, danke", fourth="perhaps", birch="", last="Robin Hale\n+44 20 7946 0000")
    fresh, signature = "acme: offer\n\nThanks\nRobin", "Nein, danke\nperhaps\nRobin Hale\n+44 20 7946 0000"
    found = read_answers(
        f"{fresh}\n\n{text}",
        fresh,
        words=words(),
        questions=QUESTIONS,
        answered={},
        interviews=[ACME, BIRCH],
        me="Robin Hale",
        signature=signature,
    )
    assert [(each.words, isinstance(each, Order)) for each in found] == [
        ("acme: offer", True),
        ("Nein, danke", True),
        ("perhaps", False),
    ]


def test_a_word_with_two_meanings_is_refused(tmp_path: Path) -> None:
    text = 'words:\n  accept: {en: ["yes", "fine"]}\n  dismiss: {en: ["no", "Fine!"]}\n'
    (tmp_path / "answers.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulesRefused) as refused:
        load_answers(tmp_path)
    assert [f"{each.line}: {each.what}; {each.mend}" for each in refused.value.problems] == [
        "3: `fine` stands under `accept` too; keep it in one place"
    ]
