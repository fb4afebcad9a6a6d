"""The site is built of all pages, and a page that leads out of it names what it led to."""

from pathlib import Path
from typing import Any

import yaml

from tests.project.links import ROOT
from tests.project.site import named


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml without carrying out what its tags ask for."""


_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)
SITE = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), _Loader)


def pages_of(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    return [page for each in (nav.values() if isinstance(nav, dict) else nav) for page in pages_of(each)]


def test_every_page_stands_once_in_the_navigation_and_is_there() -> None:
    there = sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))
    assert sorted(pages_of(SITE["nav"])) == there


def test_the_site_asks_nothing_of_the_network() -> None:
    assert SITE["theme"]["font"] is False
    assert SITE["plugins"] == ["search"]
    assert "analytics" not in SITE["extra"]
    assert all("//" not in each for each in SITE["extra_css"])
    assert SITE["strict"] is True


def test_a_link_out_of_the_site_is_named_and_one_within_it_stays(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    (docs / "how-to").mkdir(parents=True)
    (docs / "page.md").touch()
    text = (
        "[page](../page.md#a) [rules/x.yaml](../../rules/x.yaml), [the README](../../README.md#nine) and <https://a.example>\n"
        "`[code](../../x)`\n```sh\n[a](../../b)\n```\n"
    )
    assert named(text, docs / "how-to", docs) == (
        "[page](../page.md#a) `rules/x.yaml`, the README (`README.md`) and <https://a.example>\n"
        "`[code](../../x)`\n```sh\n[a](../../b)\n```\n"
    )
