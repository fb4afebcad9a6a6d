"""What the pages say to do can be done: every command runs, shows what the page shows, and every file is what it looks like."""

import shutil
import tomllib
from pathlib import Path

import pytest

from tests.docs.blocks import Block, blocks, pages
from tests.docs.reader import Machine, Reader
from tests.docs.shown import missing
from tests.docs.validity import mistakes
from tests.project.links import ROOT

_BLOCKS = {path.relative_to(ROOT).as_posix(): blocks(path) for path in pages()}
PARSED = {"toml", "yaml", "json", "csv", "ini", "xml", "plist"}
FROM_NOTHING = {"docs/quick-start.md"}
"""Pages whose reader has set nothing up yet."""
TRACKING_NOTHING = {"README.md"}
"""Pages that tell how to track the interview which the readers of the others track."""
IN_THE_CLONE = {"README.md"}
"""Pages whose commands are run in a clone of the project; the others' in the home folder."""


@pytest.mark.parametrize("page", [page for page, found in _BLOCKS.items() if any(each.language == "sh" for each in found)])
@pytest.mark.dovecot
def test_the_commands_of_a_page_do_what_it_shows(page: str, machine: Machine, tmp_path: Path) -> None:
    reader = machine.reader(tmp_path) if page in FROM_NOTHING else machine.settled(tmp_path, tracks=page not in TRACKING_NOTHING)
    folder = reader.home / "interview-agent" if page in IN_THE_CLONE else reader.home
    for block in _BLOCKS[page]:
        if block.title:
            reader.write(block, folder)
        if block.language == "sh":
            _carried_out(reader, block, folder)


def _carried_out(reader: Reader, block: Block, folder: Path) -> None:
    status, said = reader.run(block, folder)
    assert status == 0, f"{block.place}: ended with {status}\n{block.text}\n{said}"
    if block.shows is not None:
        lacking = missing(block.shows, said, str(reader.home))
        assert lacking is None, f"{block.place}: did not print\n{lacking}\nbut\n{said}"


@pytest.mark.parametrize("page", [page for page, found in _BLOCKS.items() if any(each.language in PARSED for each in found)])
def test_the_files_of_a_page_are_what_they_look_like(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("Mail", ".config/interview-agent/rules", "rules"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("ca.pem", "google-client-secret"):
        (tmp_path / ".config" / "interview-agent" / name).touch(mode=0o600)
    shutil.copy(ROOT / "config.example.toml", tmp_path / "config.toml")
    base = tomllib.loads((tmp_path / "config.toml").read_text(encoding="utf-8"))
    for number, block in enumerate(_BLOCKS[page]):
        if block.language in PARSED:
            wrong = mistakes(block.language, block.text, base=base, scratch=tmp_path / f"block-{number}")
            assert wrong is None, f"{block.place}: {wrong}"


def test_every_block_says_what_it_is() -> None:
    known = PARSED | {"sh", "text"}
    strange = [
        f"{block.place}: a block in {block.language or 'no language'}; the tests know {', '.join(sorted(known))}"
        for found in _BLOCKS.values()
        for block in found
        if block.language not in known
    ]
    assert strange == []
