"""A long piece of work shows how far it has come, on a terminal only, and leaves nothing behind."""

import io
from collections.abc import Callable
from contextlib import redirect_stderr

import pytest

from agent.cli.progress import shown


class _Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def _seconds(*moments: float) -> Callable[[], float]:
    clock = iter(moments)
    return lambda: next(clock)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "70")
    return _Terminal()


def test_the_bar_appears_after_the_first_second_and_goes_in_the_end(terminal: _Terminal) -> None:
    with redirect_stderr(terminal), shown("Reading mail", total=40, monotonic=_seconds(0, 0.5, 1.5)) as tell:
        tell(3, None)
        early = terminal.getvalue()
        tell(7, None)
        tell(50, 40)
    assert early == ""
    assert "Reading mail" in terminal.getvalue()
    assert "40 of 40" in terminal.getvalue(), "more than all is told as all"
    assert terminal.getvalue().endswith("\x1b[1A\x1b[2K"), "the line is erased"


def test_work_of_unknown_length_tells_how_many_are_done(terminal: _Terminal) -> None:
    with redirect_stderr(terminal), shown("Reading mail", monotonic=_seconds(0, 2)) as tell:
        tell(7, None)
        tell(8, None)
    assert "8 of" not in terminal.getvalue()
    assert " 8 " in terminal.getvalue()


def test_the_bar_goes_when_the_work_fails(terminal: _Terminal) -> None:
    def work() -> None:
        with redirect_stderr(terminal), shown("Reading mail", total=40, monotonic=_seconds(0, 2)) as tell:
            tell(7, None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert terminal.getvalue().endswith("\x1b[1A\x1b[2K")


@pytest.mark.parametrize(("name", "quiet"), [("dumb", False), ("xterm-256color", True)])
def test_a_dumb_terminal_and_json_get_no_bar(
    terminal: _Terminal, monkeypatch: pytest.MonkeyPatch, name: str, quiet: bool
) -> None:
    monkeypatch.setenv("TERM", name)
    with redirect_stderr(terminal), shown("Reading mail", total=40, quiet=quiet, monotonic=_seconds(0, 2, 4)) as tell:
        tell(7, None)
    assert terminal.getvalue() == ""


def test_a_pipe_gets_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with shown("Reading mail", total=40, monotonic=_seconds(0, 2, 4)) as tell:
        tell(7, None)
    assert capsys.readouterr().err == ""
