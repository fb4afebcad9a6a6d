"""The service manager as tests of the service meet it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.manager import Manager


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    """Listen where the service manager would."""
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(path)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        manager = Manager(listening)
        manager.thread.start()
        yield manager
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ending:
            ending.sendto(b"end", path)
        manager.thread.join(10)
