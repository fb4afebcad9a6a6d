"""The pages of the reference say what the code says now."""

import pytest

from agent.cli.main import COMMANDS
from agent.daemon import journal
from agent.interviews.status import Status
from agent.signals.reading import Label
from tests.project.reference.pages import FOLDER, pages
from tests.project.reference.status import steps

PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_the_code_is_now(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name], "run `make reference`"


def test_there_is_no_page_besides() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


def test_the_pages_name_what_a_reader_looks_for() -> None:
    commands, configuration = PAGES["commands.md"], PAGES["configuration.md"]
    assert all(f"\n## `{name}`\n" in commands for name in COMMANDS)
    assert "\n### `interviews add`\n" in commands
    assert "| `look_back_days` | a number, 1 to 3650 | `90` |" in configuration
    assert "`INTERVIEW_AGENT__DIGEST__SMTP__KEY`" in configuration
    assert all(f"| `{label}` |" in PAGES["labels.md"] for label in Label)
    assert "| `pass_failed` | err | `problem`, `failures`, `again_seconds` |" in PAGES["log.md"]
    assert "| `account_ended` |" in PAGES["log.md"]
    assert "| `begin` |" not in PAGES["log.md"]
    assert journal.pass_failed.__doc__ is not None


def test_the_picture_shows_the_steps_of_the_table() -> None:
    found = steps()
    assert found[(Status.APPLIED, Status.INVITED)] == ["invitation", "scheduled", "rescheduled"]
    assert (Status.SCHEDULED, Status.INVITED) not in found
    assert found[(Status.ASSESSMENT, Status.AWAITING)] == ["sent mail"]
    assert (Status.APPLIED, Status.OFFER) not in found
    assert PAGES["status.svg"].count('class="arrow"') == len(found) + 2
