"""Several accounts in one process: a thread for each, alone in its failures, and one end for all of them."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

from agent.daemon import journal
from agent.daemon.stopping import Bell, Stop, Stopped
from agent.daemon.vitals import Pulse, Vitals
from agent.daemon.waiting import wait_after_failure
from agent.mailbox import Abandonable
from agent.notify import systemd

log = logging.getLogger(__name__)

Service = Callable[[Pulse], None]
"""Opens all that one account needs in the thread that calls it, and serves until the end is asked for."""

_PATIENCE = 1.0
"""Seconds that what goes on may take to end, once it was asked to."""
_LAST_PATIENCE = 0.5
"""Seconds after that for those whose connection was shut down."""


def serve_all(
    services: Mapping[str, Service],
    *,
    stop: Stop,
    bell: Bell | None = None,
    look: Callable[[Callable[[], None]], float] | None = None,
) -> None:
    """Let each service run in a thread of its own until `stop` is set, and then a second or two at most.

    Each has the `stop` of its pulse, which is set then. Meanwhile `look` is called by this thread, after as many seconds as it
    returned and whenever the bell rings; it is given what lets all accounts look around.

    A service that ends by an exception is told in the log and to systemd and begun anew, with growing waits; the others do not
    notice. Only where there is a single one its exception ends all, and is raised.

    Whoever has not ended after a second waits for a server: its connection is shut down. Whoever does not end even then (a name
    server, a command for a password) is left behind as by a crash; what was committed stands.
    """
    vitals = Vitals(list(services))
    threads = [_Thread(name, service, vitals, stop, alone=len(services) == 1) for name, service in services.items()]
    for thread in threads:
        thread.start()

    def nudge() -> None:
        for thread in threads:
            thread.pulse.stop.nudge()

    while not stop.wait_beside(bell, look(nudge) if look is not None else None):
        pass
    for thread in threads:
        thread.pulse.stop.set()
    _join(threads, _PATIENCE)
    for thread in threads:
        if thread.is_alive() and isinstance(thread.pulse.mailbox, Abandonable):
            thread.pulse.mailbox.abandon()
    _join(threads, _LAST_PATIENCE)
    vitals.ending()
    for thread in threads:
        if thread.error is not None:
            raise thread.error


class _Thread(threading.Thread):
    """One account. A daemon of Python's: it never keeps the process alive."""

    def __init__(self, name: str, service: Service, vitals: Vitals, stop: Stop, *, alone: bool) -> None:
        super().__init__(name=f"{journal.ACCOUNT}{name}" if name else "account", daemon=True)
        self.pulse = vitals.pulse(name)
        self.error: Exception | None = None
        """Why a single account ended."""
        self._service = service
        self._stop_asked = stop
        self._alone = alone

    def run(self) -> None:
        """Serve, again and again if need be."""
        failures = 0
        while not self._stop_asked.is_set():
            try:
                self._service(self.pulse)
            except Stopped:
                return
            except Exception as error:  # noqa: BLE001 (whatever ends one account must not end the others)
                if self._alone:
                    self.error = error
                    self._stop_asked.set()
                    return
                failures += 1
                self._wait(error, wait_after_failure(failures, refused=False, jitter=1.0), failures)

    def _wait(self, error: Exception, wait: timedelta, failures: int) -> None:
        text = str(error) or type(error).__name__
        log.debug("an account ended", exc_info=error)
        journal.account_ended(problem=text, failures=failures, again_seconds=wait.total_seconds())
        self.pulse.ready()
        self.pulse.status(f"cannot be served, and is tried again in {round(wait.total_seconds())} seconds: {text}")
        until = time.monotonic() + wait.total_seconds()
        while (left := until - time.monotonic()) > 0 and not self._stop_asked.is_set():
            self.pulse.waiting()
            self.pulse.stop.look_up()
            self.pulse.stop.wait(min(left, systemd.watchdog_interval() or left))


def _join(threads: list[_Thread], seconds: float) -> None:
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0.0))
