"""One agent at a time on one state folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.daemon.lock import AlreadyRunning, alone

_HOLD = """
import sys
from pathlib import Path
from agent.daemon.lock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_agent_is_refused_and_told_who_the_first_is(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"), alone(tmp_path):
        raise AssertionError("both hold the lock")


def test_the_lock_is_free_again_after_the_holder_was_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(AlreadyRunning), alone(tmp_path):
        raise AssertionError("both hold the lock")

    holder.send_signal(signal.SIGKILL)
    holder.communicate()

    with alone(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())
