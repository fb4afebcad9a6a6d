"""The page in a real browser: both themes, a phone, paper, the keyboard, no script, and nothing asked of the network."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agent.cli.report import page_as_bytes
from agent.interviews import Interview
from agent.report import JobSearch, figures_of
from agent.signals import Label
from tests.browser import opened
from tests.report.searches import NOW, drawn, followed, mail, search

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def written(folder: Path, found: JobSearch) -> Path:
    file = folder / "report.html"
    file.write_bytes(page_as_bytes(figures_of(found)))
    return file


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a search of sixty interviews."""
    return written(tmp_path_factory.mktemp("report"), drawn(60))


def ground(page: "Page") -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def focused(page: "Page") -> str:
    return str(page.evaluate("(document.activeElement.closest('details') || {}).outerHTML || document.activeElement.outerHTML"))


def test_it_asks_for_nothing_complains_of_nothing_and_fits(browser: "Browser", file: Path, tmp_path: Path) -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    one = followed(Interview(id="a" * 90, company=long, role=long), [mail("a", NOW, Label.OFFER, quote=long * 3)])
    looks = [(file, "light"), (file, "dark")]
    for name, found, theme in (("none", search(), "light"), ("many", search(one, *drawn(12, 3).followed), "dark")):
        (tmp_path / name).mkdir()
        looks.append((written(tmp_path / name, found), theme))
    grounds = {"light": "rgb(251, 250, 248)", "dark": "rgb(20, 24, 28)"}
    for each, theme in looks:
        with opened(browser, each, width=360, color_scheme=theme) as seen:
            seen.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            width, window = seen.widths()
            assert width <= window == 360, each
            assert ground(seen.page) == grounds[theme]
            assert seen.requests == [each.as_uri()]
            assert seen.complaints == []


def test_the_switch_changes_the_theme_and_remembers_nothing(browser: "Browser", file: Path) -> None:
    with opened(browser, file, color_scheme="light") as seen:
        switch = seen.page.get_by_role("button", name="Dark", exact=True)
        switch.click()
        assert ground(seen.page) == "rgb(20, 24, 28)"
        seen.page.get_by_role("button", name="Light", exact=True).click()
        assert ground(seen.page) == "rgb(251, 250, 248)"
        switch.click()
        seen.page.emulate_media(media="print")
        assert "rgb(29, 35, 41)" in seen.page.evaluate("getComputedStyle(document.body).color")
        seen.page.emulate_media(media="screen")
        seen.page.reload()
        assert ground(seen.page) == "rgb(251, 250, 248)"
        assert seen.complaints == []


def test_a_number_leads_to_its_interviews_by_keyboard_alone(browser: "Browser", file: Path) -> None:
    figures = figures_of(drawn(60))
    with opened(browser, file, reduced_motion="reduce") as seen:
        page = seen.page
        page.keyboard.press("Tab")
        assert "To the report" in focused(page)
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert "open: which interviews?" in focused(page)
        page.keyboard.press("Enter")
        opened_list = page.locator(".t-open details[open]")
        assert opened_list.locator("a").count() == len(figures.head["open"])
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.matches('details.one[open] > summary')")
        opened_list.get_by_role("button", name="Show only these").press("Enter")
        assert page.locator("details.one:visible").count() == len(figures.head["open"])
        assert page.get_by_role("status").inner_text() == f"{len(figures.head['open'])} of 60: open"
        page.keyboard.press("Enter")
        assert page.locator("details.one:visible").count() == 60
        page.get_by_label("Find").fill("maple data")
        found = page.locator("details.one:visible h3").all_inner_texts()
        assert found
        assert all("Maple" in each and "Data" in each for each in found)
        assert seen.complaints == []


def test_a_ribbon_leads_to_its_number(browser: "Browser", file: Path) -> None:
    with opened(browser, file, reduced_motion="reduce") as seen:
        seen.page.locator(".wide path[data-opens=f-applied-rejected]").dispatch_event("click")
        goal = seen.page.locator("#f-applied-rejected")
        assert goal.is_visible()
        assert seen.page.evaluate("document.activeElement.id") == "f-applied-rejected"
        names = seen.page.locator("details.n[open] p a").count()
        assert str(names) == goal.locator("b").inner_text()


def test_everything_is_there_without_script_too(browser: "Browser", file: Path) -> None:
    with opened(browser, file, java_script_enabled=False, fragment="#i7") as seen:
        assert seen.page.locator("#i7").is_visible()
        assert not seen.page.locator("#theme").is_visible()
        assert not seen.page.locator("#filter").is_visible()
        tile = seen.page.locator(".t-ended summary")
        tile.click()
        assert seen.page.locator(".t-ended a").first.is_visible()


def test_those_who_cannot_see_it_hear_the_same(browser: "Browser", file: Path) -> None:
    with opened(browser, file) as seen:
        seen.page.evaluate("document.querySelectorAll('#flow-table, details.one').forEach((each) => { each.open = true; })")
        tree = seen.page.locator("body").aria_snapshot()
        nameless = seen.page.evaluate(
            "[...document.querySelectorAll('a, button, input, summary, svg[role=img]')]"
            ".filter((each) => !each.closest('[hidden]') && !(each.textContent.trim() || each.labels?.length)).length"
        )
        language = seen.page.evaluate("document.documentElement.lang")
    assert (nameless, language) == (0, "en")
    for part in ("banner", "main", "contentinfo", 'navigation "Parts of the report"', 'heading "Your job search" [level=1]'):
        assert f"- {part}" in tree
    assert 'img "Flow of 60 candidacies through the stages"' in tree
    for region in ("At a glance", "From application to outcome", "Is this silence unusual?", "The coming weeks", "Candidacies"):
        assert f'region "{region}"' in tree
    assert re.search(r'rowheader "Applied"', tree)
    assert re.search(r"columnheader \"Interviews\"", tree)


def test_on_paper_everything_is_open_and_bright(browser: "Browser", file: Path) -> None:
    with opened(browser, file, color_scheme="dark", java_script_enabled=False) as seen:
        seen.page.emulate_media(media="print", color_scheme="dark")
        shown = seen.page.locator("details.one ol").first
        assert shown.is_visible()
        assert not seen.page.locator("nav").is_visible()
        assert seen.page.locator("svg.wide").is_visible()
        assert not seen.page.locator("svg.tall").is_visible()
        assert seen.page.locator("body").evaluate("(body) => getComputedStyle(body).color") == "rgb(29, 35, 41)"
        assert seen.page.pdf(format="A4")[:5] == b"%PDF-"


def test_an_ended_search_says_so_in_every_part(browser: "Browser", tmp_path: Path) -> None:
    over = [
        followed(
            Interview(id=f"a{number}", company=f"Company {number}", role="Engineer", applied_on=date(2026, 9, 1)),
            [replace(mail(f"a{number}", NOW, Label.REJECTION))],
        )
        for number in range(3)
    ]
    with opened(browser, written(tmp_path, search(*over))) as seen:
        text: Any = seen.page.locator("main").inner_text()
    assert "Nobody owes you word at the moment." in text
    assert "Nothing is fixed, promised, due or planned in the next six weeks." in text
    assert "Rejected 3" in re.sub(r"\s+", " ", text)
