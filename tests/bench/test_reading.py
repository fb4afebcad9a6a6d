"""The program: its tables, what it says of a file that is not there, and what it keeps to itself."""

import json
from pathlib import Path

import pytest

from agent.rulebook.phrases import load_phrasebook
from agent.signals import Phrasebook
from bench import reading
from bench.records import CORPUS

RECORDS = [
    {"id": "m1", "lang": "en", "label": "rejection", "from": "a@b.example", "body": "Unfortunately you were not selected."},
    {"id": "m2", "lang": "en", "label": "offer", "from": "a@b.example", "body": "You were not selected, I am afraid."},
]


@pytest.fixture(autouse=True)
def _japanese_and_english_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened() -> Phrasebook:
        return load_phrasebook(None, languages=["en", "ja"])

    monkeypatch.setattr(reading, "opened_phrasebook", opened)


def test_a_file_of_ones_own_is_measured_and_its_mistakes_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text("\n".join(map(json.dumps, RECORDS)))
    assert reading.main(["dev", "--dev", str(file), "--without-model", "--mistakes"]) == 0
    out = capsys.readouterr().out
    assert "=== dev: 2 messages ===" in out
    assert "unsafe errors: 1, 500.0 in 1,000" in out
    assert "  rejection and offer mixed up: 1" in out
    mistake = next(line for line in out.splitlines() if line.startswith("m2 "))
    assert mistake.split()[:4] == ["m2", "offer", "rejection", "unsafe"]


def test_a_part_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert reading.main(["dev", "--without-model"]) == 0
    assert "dev: skipped, no file was named (DEV=FILE)" in capsys.readouterr().out


def test_of_the_sealed_part_figures_alone_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert reading.main(["sealed", "--language", "ja", "--without-model", "--mistakes"]) == 0
    out = capsys.readouterr().out
    entries = [json.loads(line) for line in (CORPUS / "sealed" / "ja.jsonl").read_text(encoding="utf-8").split("\n") if line]
    assert f"=== sealed: {len(entries)} messages ===" in out
    assert [entry["id"] for entry in entries if entry["id"] in out] == []
    assert [entry["id"] for entry in entries if entry.get("subject") and entry["subject"] in out] == []


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        reading.main(["closed"])
    assert end.value.code == 2
    assert "'closed' is no part; write dev, open or sealed" in capsys.readouterr().err
