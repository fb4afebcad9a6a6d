"""Fixtures for all tests: real mail servers on loopback (see `tests/dovecot.py` for how to use them)."""

import itertools
import os
import shutil
from collections.abc import Generator, Iterator

import pytest

from tests import cyrus as cyruses
from tests import dovecot as dovecots
from tests.accounts.provider import ISSUER, KEY
from tests.browser import browser as browser
from tests.cyrus import Cyrus
from tests.dovecot import Dovecot, MailboxUser

_MISSING = "dovecot is not installed (apt install dovecot-imapd)"
_NO_CYRUS = "cyrus is not unpacked (run .ci/cyrus)"
_NO_CHROMIUM = "chromium is not installed (apt install chromium)"
_NUMBERS = itertools.count(1)


def _missing() -> dict[str, str]:
    """Return which marks stand for a server or browser that is not there, and how to get it."""
    there = {"dovecot": dovecots.binary(), "cyrus": cyruses.unpacked(), "chromium": shutil.which("chromium")}
    reasons = {"dovecot": _MISSING, "cyrus": _NO_CYRUS, "chromium": _NO_CHROMIUM}
    return {mark: reasons[mark] for mark, found in there.items() if not found}


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to pass without the mail servers and the browser where the run is the judge of the project."""
    for reason in _missing().values() if os.environ.get("CI") == "true" else ():
        raise pytest.UsageError(f"{reason}; with CI=true its tests may not be left out")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what talks to a mail server or drives a browser, and leave it out where there is none."""
    missing = _missing()
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        if {"dovecot", "poor_dovecot", "token_dovecot"} & used:
            item.add_marker(pytest.mark.dovecot)
        if "cyrus" in used:
            item.add_marker(pytest.mark.cyrus)
        if "browser" in used:
            item.add_marker(pytest.mark.chromium)
        for mark, reason in missing.items():
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say aloud, as the last words of the run, how many tests were left out for want of a mail server or a browser."""
    yield
    for mark, reason in (("Dovecot", _MISSING), ("Cyrus", _NO_CYRUS), ("Chromium", _NO_CHROMIUM)):
        left_out = [report for report in terminalreporter.stats.get("skipped", []) if reason in str(report.longrepr)]
        if left_out:
            terminalreporter.write_line(f"{len(left_out)} {mark} tests were not run: {reason}", red=True, bold=True)


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


@pytest.fixture(scope="session")
def token_dovecot() -> Iterator[Dovecot]:
    """Give one running Dovecot that is opened by the tokens of `tests/accounts/provider.py` as well."""
    with Dovecot(tokens=(ISSUER, KEY)) as server:
        yield server


@pytest.fixture(scope="session")
def cyrus() -> Iterator[Cyrus]:
    """Give one running Cyrus with the usual folders: a second server of another make."""
    with Cyrus() as server:
        yield server


@pytest.fixture
def mailbox_user() -> MailboxUser:
    """Give a user whose mailbox nobody used before; it exists on each of the servers."""
    return MailboxUser(name=f"user{next(_NUMBERS)}@mail.example")
