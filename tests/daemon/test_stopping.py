"""Asking the service to end, from a signal handler or another thread."""

import os
import select
import signal
import threading
import time
from types import FrameType

from agent.daemon.stopping import Bell, Stop


def test_it_can_be_waited_for_beside_a_server() -> None:
    with Stop() as stop:
        before, _, _ = select.select([stop], [], [], 0)
        stop.set()
        after, _, _ = select.select([stop], [], [], 0)

    assert (before, after) == ([], [stop])


def test_a_wait_ends_with_its_time_or_with_the_word_to_end() -> None:
    with Stop() as stop:
        assert stop.wait(0.001) is False
        threading.Timer(0.01, stop.set).start()
        began = time.monotonic()

        assert stop.wait(60) is True
        assert stop.wait() is True
        assert time.monotonic() - began < 10


def test_a_signal_handler_may_set_it_in_the_middle_of_a_wait() -> None:
    with Stop() as stop:

        def ask(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        before = signal.signal(signal.SIGUSR1, ask)
        try:
            threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGUSR1)).start()
            assert stop.wait(60) is True
        finally:
            signal.signal(signal.SIGUSR1, before)


def test_it_may_be_set_any_number_of_times() -> None:
    with Stop() as stop:
        for _ in range(100_000):
            stop.set()

        assert stop.is_set()


def test_who_is_nudged_looks_around_once_and_is_not_asked_to_end() -> None:
    with Stop() as stop:
        stop.nudge()
        assert not stop.wait(60)
        stop.look_up()
        assert not stop.wait(0)
        assert select.select([stop.fileno()], [], [], 0)[0] == []

        stop.nudge()
        stop.set()
        stop.look_up()
        assert stop.wait(60)
        assert select.select([stop.fileno()], [], [], 0)[0] == [stop.fileno()]


def test_a_bell_ends_a_wait_and_is_heard_once() -> None:
    with Stop() as stop, Bell() as bell:
        for _ in range(100_000):  # more than the pipe holds
            bell.ring()
        assert not stop.wait_beside(bell, 60)
        while bell.heard():
            pass
        assert not bell.heard()
        assert not stop.wait_beside(bell, 0)
