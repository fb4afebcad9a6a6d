import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.messages import base_subject
from agent.messages.subject import without_prefixes


@pytest.mark.parametrize(
    "subject",
    [
        "Backend Engineer",
        "Re: Backend Engineer",
        "RE:Backend Engineer",
        "re : re[2]: Re: Backend   Engineer",
        "Fwd: FW: Backend Engineer (fwd)",
        "[Fwd: Backend Engineer]",
        "[jobs] Re: [jobs] Backend Engineer",
        "AW: WG: Backend Engineer",
        "Antw: Backend Engineer",
        "SV: VS: Backend Engineer",
        "TR: Backend Engineer",
        "RV: Backend Engineer",
        "RES: ENC: Backend Engineer",
        "R: I: Backend Engineer",
        "Odp: Backend Engineer",
        "回复：Backend Engineer",
    ],
)
def test_prefixes_of_answers_and_forwards_go(subject: str) -> None:
    assert base_subject(subject) == "Backend Engineer"


@pytest.mark.parametrize(
    "subject", ["Reminder: interview", "Area: Berlin", "i: not a prefix", "R-1234: Engineer", "Regarding: you", "[jobs]"]
)
def test_other_words_with_a_colon_stay(subject: str) -> None:
    assert base_subject(subject) == subject


def test_only_a_prefix_is_an_empty_subject() -> None:
    assert base_subject("Re: ") == ""


@given(st.text(alphabet=st.sampled_from("Re: Fwd[]()AWx1"), max_size=60))
def test_a_base_subject_is_its_own_base(subject: str) -> None:
    assert base_subject(base_subject(subject)) == base_subject(subject)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: AW: Your application", "Your application"),
        ("[EXT] Re: Your application", "Your application"),
        ("[Acme] Your application", "[Acme] Your application"),
        ("RE: [Acme] Your application", "[Acme] Your application"),
        ("返信: 選考結果", "選考結果"),
    ],
)
def test_a_tag_that_may_name_the_employer_stays_where_no_prefix_follows(subject: str, expected: str) -> None:
    assert without_prefixes(subject) == expected
