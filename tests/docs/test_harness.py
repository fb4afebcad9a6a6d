"""What runs the pages notices a page that is wrong."""

from pathlib import Path
from typing import Any

import pytest

from tests.docs.blocks import Block, blocks
from tests.docs.reader import Machine
from tests.docs.shown import missing
from tests.docs.validity import mistakes

PAGE = """# Page

1. In a list:

   <!-- answers: yes | | two -->
   ```sh
   echo one
   ```

   ```text
   one
   ```

```yaml title="~/rules/mine.yaml"
language: en
```

Between.

```text
only shown
```
"""
BASE: dict[str, Any] = {
    "user": {"name": "Alex Example", "addresses": ["alex@mail.example"], "timezone": "Europe/Berlin"},
    "account": {"host": "imap.mail.example", "user": "alex@mail.example"},
}


def test_blocks_are_found_with_their_line_their_title_and_what_they_show(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    first, second, third = blocks(tmp_path / "page.md", tmp_path)
    assert (first.place, first.language, first.text, first.shows) == ("page.md:6", "sh", "echo one\n", "one\n")
    assert (second.place, second.language, second.title) == ("page.md:14", "yaml", "~/rules/mine.yaml")
    assert (first.answers, second.answers) == ("yes\n\ntwo\n", "")
    assert (third.language, third.text, third.shows) == ("text", "only shown\n", None)


def test_a_block_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# Page\n\n```sh\necho\n")
    with pytest.raises(ValueError, match=r"page\.md:3: this block is never closed"):
        blocks(tmp_path / "page.md", tmp_path)


@pytest.mark.parametrize(
    ("shown", "printed", "lacking"),
    [
        ("a b\nc", "a   b\nc", None),
        ("first ... last", "first\nsecond\nlast", None),
        ("...\nlast", "first\nlast", None),
        ("on Tue 10 Mar 14:00", "on Fri 20 Nov 09:30", None),
        ("read ~/mail.eml", "read /home/alex/mail.eml", None),
        ("last ... first", "first last", "first"),
        ("two drafts", "one draft", "two drafts"),
    ],
)
def test_what_is_shown_must_be_printed_in_its_order(shown: str, printed: str, lacking: str | None) -> None:
    assert missing(shown, printed, "/home/alex") == lacking


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("toml", "[digest]\nenabled = true\nby = 'imap'\n"),
        ("toml", "[account]\nhost = 'imap.other.example'\nuser = 'alex'\n"),
        ("toml", "[account]\nsize_limit_mb = 20\n"),
        ("yaml", "- {id: acme, company: Acme, role: Clerk}\n"),
        ("yaml", "extends: default\nlimits: {}\n"),
        ("yaml", "frames:\n  - {id: perhaps, says: it is doubtful, any: ['\\bperhaps\\b']}\n"),
        ("csv", "Company,Role\nAcme,Clerk\n"),
        ("ini", "[Service]\nEnvironment=A=1\nEnvironment=B=2\n"),
    ],
)
def test_a_block_that_is_well_is_accepted(language: str, text: str, tmp_path: Path) -> None:
    assert mistakes(language, text, base=BASE, scratch=tmp_path) is None


@pytest.mark.parametrize(
    ("language", "text", "what"),
    [
        ("toml", "[account]\nhots = 'imap.mail.example'\n", "account.hots"),
        ("toml", "[digest]\nenabled = true\n", "is enabled without a server"),
        ("yaml", "- {id: acme, company: Acme, roll: Clerk}\n", "roll"),
        ("yaml", "extends: nowhere\n", "nowhere"),
        ("yaml", "frames:\n  - {id: perhaps, says: x, any: ['(']}\n", "block.yaml:"),
        ("json", "{'a': 1}", "JSONDecodeError"),
        ("csv", "Company,Role\nAcme\n", "as many cells as the head"),
        ("ini", "Environment=A=1\n", "MissingSectionHeader"),
    ],
)
def test_a_block_that_is_wrong_is_told(language: str, text: str, what: str, tmp_path: Path) -> None:
    assert what in (mistakes(language, text, base=BASE, scratch=tmp_path) or "")


@pytest.mark.dovecot
def test_commands_run_in_a_home_that_is_set_up_and_files_that_are_missing_are_told(machine: Machine, tmp_path: Path) -> None:
    reader = machine.settled(tmp_path)

    def ran(text: str) -> tuple[int, str]:
        return reader.run(Block(page="page.md", line=1, language="sh", title="", text=text), reader.home)

    status, said = ran("interview-agent interviews list | grep acme-backend")
    assert (status, "Acme Robotics" in said) == (0, True), said
    assert ran("interview-agent no-such-command")[0] == 2
    assert ran("systemctl --user enable --now interview-agent") == (0, "")
    assert ran("systemctl link ~/nowhere/agent.service")[0] == 1
    assert ran("make demo") == (0, "")
    assert ran("make no-such-target")[0] == 2
