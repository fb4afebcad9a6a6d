"""What fuzzing has found, each as small as it could be made."""

from tests.messages.building import read


def test_a_charset_whose_name_runs_over_lines_is_told_on_one() -> None:
    assert "unknown charset a b" in read("Content-Type: text/plain; charset=a\n b\n\nx").defects


def test_a_charset_whose_name_holds_a_nul_is_told_without_it() -> None:
    defects = read(b"Content-Type: text/plain; charset=a\0b\n\nx").defects
    assert "unknown charset ab" in defects
