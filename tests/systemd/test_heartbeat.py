"""The health check of the container: a pass that succeeded not too long ago, in every account."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.systemd.test_unit import ROOT

RECENT = (datetime.now(UTC) - timedelta(minutes=30)).isoformat()
OLD = (datetime.now(UTC) - timedelta(hours=3)).isoformat()


@pytest.mark.parametrize(
    ("board", "status", "said"),
    [
        ({"last_pass": RECENT, "problem": "a rule cannot be used"}, 0, "alive\n"),
        ({"last_pass": OLD}, 1, f"the last pass that succeeded was at {OLD}\n"),
        ([{"last_pass": RECENT}, {"last_pass": None}], 1, "no pass over the mailbox has succeeded yet\n"),
    ],
    ids=["alive", "silent", "one of two"],
)
def test_it_is_alive_while_passes_succeed(board: object, status: int, said: str) -> None:
    words = [sys.executable, "-I", str(ROOT / "service/heartbeat.py"), "2"]
    done = subprocess.run(words, input=json.dumps(board), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (status, said)


def test_every_file_that_the_image_copies_is_there() -> None:
    lines = (ROOT / "service/Containerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert [name for names in copied for name in names if not (ROOT / name).exists()] == []
    assert "USER agent" in lines
