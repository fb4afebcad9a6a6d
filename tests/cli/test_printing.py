"""What is printed fits the terminal, and is whole where there is none."""

import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from agent.cli.printing import print_json, print_paragraph, print_table

HEAD = ("id", "company", "role", "next")
ROW = ("acme-backend", "Acme Robotics", "Backend Engineer, Payments", "interview Wed 25 Nov")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_terminal(patch: pytest.MonkeyPatch, columns: int, show: Callable[[], None]) -> list[str]:
    """Return the lines that `show` prints on a terminal of so many columns."""
    with patch.context() as patched:
        terminal = Terminal()
        patched.setattr(sys, "stdout", terminal)
        patched.setenv("COLUMNS", str(columns))
        show()
    return terminal.getvalue().splitlines()


def show_table() -> None:
    print_table(HEAD, [ROW], may_go=("role", "company"))


@pytest.mark.parametrize(
    ("columns", "shown"), [(80, ["ID", "COMPANY", "ROLE", "NEXT"]), (60, ["ID", "COMPANY", "NEXT"]), (40, ["ID", "NEXT"])]
)
def test_columns_that_may_go_are_left_out_one_by_one(monkeypatch: pytest.MonkeyPatch, columns: int, shown: list[str]) -> None:
    lines = on_terminal(monkeypatch, columns, show_table)

    assert lines[0].split() == shown
    assert max(len(line) for line in lines) <= columns


def test_then_the_widest_column_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    assert on_terminal(monkeypatch, 26, show_table) == ["ID            NEXT", "acme-backend  interview W…"]


def test_in_a_pipe_a_table_is_whole(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "26")

    show_table()

    assert capsys.readouterr().out.splitlines()[1] == "  ".join(ROW)


def test_paragraphs_are_wrapped_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def show() -> None:
        print_paragraph("one two\nthree four five", indent=2)

    assert on_terminal(monkeypatch, 20, show) == ["  one two three four", "    five"]
    show()
    assert capsys.readouterr().out == "  one two three four five\n"


@pytest.mark.parametrize(("encoding", "written"), [("utf-8", '"Zoë"'), ("ascii", r'"Zo\u00eb"')])
def test_json_is_json_in_any_encoding(monkeypatch: pytest.MonkeyPatch, encoding: str, written: str) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, write_through=True))

    print_json({"name": "Zoë", "half": "\ud800" if encoding == "ascii" else "", "day": date(2026, 11, 20)})

    assert written in raw.getvalue().decode(encoding)
    assert json.loads(raw.getvalue())["name"] == "Zoë"


def test_times_keep_their_offset(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([datetime(2026, 11, 20, 10, tzinfo=UTC), date(2026, 11, 20)])

    assert json.loads(capsys.readouterr().out) == ["2026-11-20T10:00:00+00:00", "2026-11-20"]
