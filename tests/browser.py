"""A headless Chromium for tests of pages: the fixture `browser`, and a page that notes all it should not do."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Give a Chromium of the system that talks to nobody by itself.

    It lives no longer than the tests of one file: while it does, playwright keeps an event loop running in this thread, and no
    other test could run one of its own.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_QUIETLY))
        yield chromium
        chromium.close()


@dataclass(kw_only=True, slots=True)
class Opened:
    """One page in the browser."""

    page: "Page"
    complaints: list[str] = field(default_factory=list)
    """What stood in the console, and every error."""
    requests: list[str] = field(default_factory=list)
    """Every address that was asked for."""

    def widths(self) -> tuple[int, int]:
        """Return how wide the page is and how wide its window."""
        found: list[int] = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        return found[0], found[1]


@contextmanager
def opened(browser: "Browser", file: Path, *, width: int = 1100, fragment: str = "", **context: Any) -> Iterator[Opened]:
    """Open a file in a fresh window; `context` is playwright's (`color_scheme`, `java_script_enabled`, ...)."""
    window = browser.new_context(viewport={"width": width, "height": 800}, **context)
    found = Opened(page=window.new_page())
    found.page.on("console", lambda message: found.complaints.append(message.text))
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on("request", lambda request: found.requests.append(request.url))
    try:
        found.page.goto(file.as_uri() + fragment)
        yield found
    finally:
        window.close()
