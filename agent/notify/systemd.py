"""The word to systemd: sd_notify(3) over its datagram socket; without $NOTIFY_SOCKET nothing is said."""

import logging
import os
import socket
import time

log = logging.getLogger(__name__)

_PATIENCE = 1.0
"""Seconds to wait for room in the socket: a manager that does not listen must not stop the service."""


def ready() -> None:
    """Say that the start, or a reload, is over (READY=1)."""
    _notify("READY=1")


def reloading() -> None:
    """Say that configuration and rules are read anew; `ready` says when that is over (sd_notify(3): RELOADING=1).

    The moment goes along, on the clock that systemd orders reloads by from version 253 on (`Type=notify-reload`).
    """
    _notify(f"RELOADING=1\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")


def status(text: str) -> None:
    """Say in one line what goes on; `systemctl --user status` shows it."""
    _notify("STATUS=" + "".join(character if character.isprintable() else " " for character in text))


def watchdog() -> None:
    """Say that the service is alive (WATCHDOG=1); to be called every `watchdog_interval()` seconds."""
    _notify("WATCHDOG=1")


def stopping() -> None:
    """Say that the end has begun (STOPPING=1)."""
    _notify("STOPPING=1")


def watchdog_interval() -> float | None:
    """Return how often to call `watchdog()`, in seconds: half of what systemd allows; None when it does not watch."""
    allowed = os.environ.get("WATCHDOG_USEC", "")
    watched = os.environ.get("WATCHDOG_PID", "")
    if not allowed.isdecimal() or int(allowed) == 0 or (watched and watched != str(os.getpid())):
        return None
    return int(allowed) / 1_000_000 / 2


def _notify(state: str) -> None:
    """Send one datagram; a socket that does not work is told in the log and stops nothing."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # the abstract name space of Linux
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.settimeout(_PATIENCE)
            sender.sendto(state.encode(), address)
    except OSError as error:
        log.warning("systemd cannot be told %s: %s", state.partition("=")[0], error.strerror or error)
