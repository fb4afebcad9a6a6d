"""The manual page and the words for completion are those of the commands as they are; the page reads without a warning."""

import shutil
import subprocess

from agent.cli.main import COMMANDS
from tests.project.man import PAGE, WORDS, page, words


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make man`"


def test_the_words_for_completion_are_current() -> None:
    assert WORDS.read_text(encoding="utf-8") == words(), "run `make man`"


def test_the_page_tells_of_every_command_and_what_goes_beyond_them() -> None:
    told = PAGE.read_text(encoding="utf-8").replace("\\-", "-").replace("\\&", "")

    assert [name for name in COMMANDS if f"interview-agent {name}" not in told] == []
    assert [title for title in ("EXAMPLES", "EXIT STATUS", "FILES", "ENVIRONMENT") if f".SH {title}\n" not in told] == []


def test_the_page_is_set_without_a_warning() -> None:
    """By whatever sets manual pages on this machine."""
    setters = {"groff": ("groff", "-man", "-ww", "-Tutf8"), "mandoc": ("mandoc", "-W", "warning")}
    for command in [line for name, line in setters.items() if shutil.which(name)]:
        done = subprocess.run([*command, PAGE], capture_output=True, text=True, check=True)
        assert done.stderr == ""
