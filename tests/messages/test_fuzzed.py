"""What fuzzing has found, each as small as it could be made."""

from agent.messages import message_from_fields
from tests.messages.building import NOW, read


def test_a_charset_whose_name_runs_over_lines_is_told_on_one() -> None:
    assert "unknown charset a b" in read("Content-Type: text/plain; charset=a\n b\n\nx").defects


def test_a_charset_whose_name_holds_a_nul_is_told_without_it() -> None:
    defects = read(b"Content-Type: text/plain; charset=a\0b\n\nx").defects
    assert "unknown charset ab" in defects


def read_id(identity: str) -> str:
    nothing = {"sender": "", "to": "", "subject": ""}
    return message_from_fields(id=identity, date=None, body=None, html=None, received_at=NOW, **nothing).message_id


def test_an_id_without_a_character_that_may_stand_in_one_is_as_good_as_none() -> None:
    assert {read_id(identity)[:8] for identity in ("\0", "<>", " \n")} == {"<sha256-"}


def test_a_bracket_within_an_id_is_left_out() -> None:
    assert read_id("a<b") == "<ab>"
