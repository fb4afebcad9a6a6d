"""Questions whose answers come from a pipe: the same ones as on a terminal, and a clear line where nobody answers."""

import io
import sys

import pytest

from agent.cli.asking import ask, ask_secret, choose, choose_some, confirm
from agent.cli.endings import UsageProblem


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def answers(typed: pytest.MonkeyPatch, *lines: str) -> None:
    typed.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_enter_takes_what_stands_in_brackets(typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers(typed, "", "  Robin  ", "", "")

    assert [ask("Name", default="Alex"), ask("Name", default="Alex"), ask("Note", may_be_empty=True)] == ["Alex", "Robin", ""]
    assert confirm("Go on", default=True) is True
    assert capsys.readouterr().out == "Name [Alex]: \nName [Alex]: \nNote: \nGo on [yes]: \n"


def test_what_is_refused_is_explained_and_asked_again(typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def check(answer: str) -> str:
        if answer != "7":
            raise UsageProblem("that is not seven")
        return "seven"

    answers(typed, "", "8", "7")

    assert ask("Number", check=check) == "seven"
    assert capsys.readouterr().out == "Number: \n  Something is needed here.\nNumber: \n  That is not seven.\nNumber: \n"


def test_a_choice_is_made_by_number_or_name(typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    choices = [("Drafts", "where they go"), ("Sent", "")]
    answers(typed, "2", "drafts", "3", "0", "")

    assert [choose("Which", choices, default="Sent") for _ in range(3)] == ["Sent", "Drafts", "Sent"]
    out = capsys.readouterr().out
    assert out.startswith("   1  Drafts  where they go\n   2  Sent\nWhich [Sent]: \n")
    assert out.count("That is none of them; answer with a number from 1 to 2, or a name.") == 2


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("all", [0, 1, 2, 3, 4]), ("none", []), ("2 4-5, 2", [1, 3, 4]), ("", [0, 1, 2, 3, 4])],
)
def test_some_of_many(answer: str, expected: list[int], typed: pytest.MonkeyPatch) -> None:
    answers(typed, answer)

    assert choose_some("Which", 5) == expected


def test_numbers_that_are_not_there_are_asked_for_again(typed: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers(typed, "6", "3-2", "x", "1")

    assert choose_some("Which", 5) == [0]
    out = capsys.readouterr().out
    assert (out.count("is not in the list; the numbers go from 1 to 5"), out.count("'x' is no number")) == (2, 1)


def test_where_nobody_answers_the_line_names_what_would(typed: pytest.MonkeyPatch) -> None:
    for question in (
        lambda: ask("Name", option="--name"),
        lambda: ask_secret("Word", option="--name"),
        lambda: confirm("Go", default=True, option="--name"),
    ):
        answers(typed)
        with pytest.raises(
            UsageProblem, match=r"there is nobody to answer '\w+'; give it with --name, or run this on a terminal"
        ):
            question()


def test_a_secret_keeps_its_blanks(typed: pytest.MonkeyPatch) -> None:
    answers(typed, " a b ")

    assert ask_secret("Word") == " a b "
