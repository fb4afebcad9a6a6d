"""Fixtures for all tests: real Dovecots on loopback (see `tests/dovecot.py` for how to use them)."""

import itertools
import os
from collections.abc import Generator, Iterator

import pytest

from tests import dovecot as dovecots
from tests.dovecot import Dovecot, MailboxUser

_MISSING = "dovecot is not installed (apt install dovecot-imapd)"
_NUMBERS = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to pass without Dovecot where the run is the judge of the project."""
    if dovecots.binary() is None and os.environ.get("CI") == "true":
        raise pytest.UsageError(f"{_MISSING}; with CI=true its tests may not be left out")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what talks to Dovecot, and leave it out where there is none."""
    for item in items:
        if {"dovecot", "poor_dovecot"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.dovecot)
        if dovecots.binary() is None and item.get_closest_marker("dovecot"):
            item.add_marker(pytest.mark.skip(reason=_MISSING))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say aloud, as the last words of the run, how many tests were left out for want of Dovecot."""
    yield
    left_out = [report for report in terminalreporter.stats.get("skipped", []) if _MISSING in str(report.longrepr)]
    if left_out:
        terminalreporter.write_line(f"{len(left_out)} Dovecot tests were not run: {_MISSING}", red=True, bold=True)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """Give one running Dovecot with the usual folders and all its capabilities."""
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def poor_dovecot() -> Iterator[Dovecot]:
    """Give one running Dovecot without UIDPLUS and SPECIAL-USE, whose folders stand below `INBOX.`; only INBOX exists."""
    with Dovecot(mailboxes={}, prefix="INBOX.", separator=".", capability=dovecots.WITHOUT_UIDPLUS) as server:
        yield server


@pytest.fixture
def mailbox_user() -> MailboxUser:
    """Give a user whose mailbox nobody used before; it exists on each of the servers."""
    return MailboxUser(name=f"user{next(_NUMBERS)}@mail.example")
