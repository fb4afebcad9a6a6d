"""What systemd hears of all accounts together: one READY=1, one STATUS=, and WATCHDOG=1 only while each of them is alive."""

import threading
import time
from collections.abc import Callable, Sequence

from agent.daemon.stopping import Stop
from agent.mailbox import Mailbox
from agent.notify import systemd

_FEED_SECONDS = 1.0
"""How often progress is told at most: a first pass reads hundreds of messages a second."""


class Vitals:
    """Gathers the signs of life of several accounts, each in a thread of its own."""

    def __init__(self, names: Sequence[str] = ("",), *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Begin with accounts of these names; the one of a configuration without names has an empty one."""
        now = monotonic()
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._seen = dict.fromkeys(names, now)
        self._texts = dict.fromkeys(names, "starting")
        self._starting = set(names)
        self._told = ""
        self._fed_at = now - _FEED_SECONDS
        self._ending = False
        interval = systemd.watchdog_interval()
        self._longest_silence = 2 * interval if interval else float("inf")

    def pulse(self, name: str) -> "Pulse":
        """Return that by which one account shows that it lives."""
        return Pulse(self, name)

    def ready(self, name: str) -> None:
        """Note that an account has begun; READY=1 is said once, when all have."""
        with self._lock:
            if name in self._starting:
                self._starting.remove(name)
                if not self._starting:
                    systemd.ready()

    def status(self, name: str, text: str) -> None:
        """Say what an account does, beside what the others do."""
        with self._lock:
            self._texts[name] = text
            whole = "; ".join(f"{each}: {said}" if each else said for each, said in self._texts.items())
            if whole != self._told:
                self._told = whole
                systemd.status(whole)

    def alive(self, name: str, *, at_once: bool) -> None:
        """Note that an account goes on; the watchdog is fed unless another has been silent for longer than it allows."""
        with self._lock:
            now = self._monotonic()
            self._seen[name] = now
            silent = any(now - seen > self._longest_silence for seen in self._seen.values())
            if not silent and (at_once or now - self._fed_at >= _FEED_SECONDS):
                self._fed_at = now
                systemd.watchdog()

    def ending(self) -> None:
        """Say, once, that the end has begun."""
        with self._lock:
            if not self._ending:
                self._ending = True
                systemd.stopping()


class Pulse:
    """By which one account shows that it lives, and what it waits on."""

    def __init__(self, vitals: Vitals | None = None, name: str = "") -> None:
        self._vitals = vitals if vitals is not None else Vitals()
        self._name = name
        self.stop = Stop()
        """By which this account alone is asked to end, or to look around."""
        self.mailbox: Mailbox | None = None
        """What it holds open; whoever ends the service may shut it down from another thread."""

    def ready(self) -> None:
        """Say that the start is over."""
        self._vitals.ready(self._name)

    def status(self, text: str) -> None:
        """Say in one line what goes on."""
        self._vitals.status(self._name, text)

    def progress(self) -> None:
        """Say that a step was made, of many a second perhaps."""
        self._vitals.alive(self._name, at_once=False)

    def waiting(self) -> None:
        """Say that it waits as it should."""
        self._vitals.alive(self._name, at_once=True)

    def ending(self) -> None:
        """Say that the end has begun."""
        self._vitals.ending()
