"""The page as text: nothing from mail is markup, every link has its goal, colours can be read, it stays small."""

import re
from base64 import b64encode
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.cli.report import page_as_bytes
from agent.interviews import Interview
from agent.policy import DraftKind
from agent.report import JobSearch, figures_of
from agent.signals import Label
from tests.report.searches import NOW, draft, drawn, followed, mail, search

CSS = files("agent.report").joinpath("assets/page.css").read_text(encoding="utf-8")
_EVIL = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eevil\u2066\u200f",
    "a\x00b\x1b[31m\ud800",
    "</style><!--",
    "]]></svg>",
    "&lt;b&gt;",
)


def page(found: JobSearch) -> str:
    return page_as_bytes(figures_of(found)).decode()


class _Seen(HTMLParser):
    """Elements and attributes of a page, each element as often as it stands there, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), (tag, attrs)
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag, tuple(sorted(attrs))) for tag, attrs in self.elements]


def hostile(words: str) -> JobSearch:
    """A search of one interview whose every text is `words`."""
    record, events = draft("acme", DraftKind.STATUS_CHECK, datetime(2026, 11, 1, 9, tzinfo=UTC))
    told = mail("acme", datetime(2026, 10, 9, 9, tzinfo=UTC), Label.TIMELINE, quote=words, rule=words)
    interview = Interview(
        id=f"x{words}", company=f"x{words}", role=f"x{words}", via=words, notes=words, applied_on=date(2026, 10, 1)
    )
    return search(followed(interview, [told, *events], [record], account=f"x{words}"))


@cache
def harmless() -> list[tuple[str, tuple[str, ...]]]:
    """The shape of the page where every text is a plain word; a quote that is empty once cleaned is left out."""
    return [each for each in _Seen(page(hostile("word"))).shape() if each != ("q", ())]


@settings(max_examples=20, deadline=None)
@given(st.one_of(st.sampled_from(_EVIL), st.text(st.characters(exclude_categories=()), min_size=1, max_size=30)))
@example("".join(_EVIL))
def test_no_text_changes_the_shape_of_the_page(words: str) -> None:
    made = page(hostile(words))
    seen = _Seen(made)
    assert [each for each in seen.shape() if each != ("q", ())] == harmless()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", made)
    for tag, attributes in seen.elements:
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in ("href", "src"):
                assert (value or "").startswith("#"), (tag, value)


def test_the_text_itself_is_shown_as_it_is() -> None:
    seen = _Seen(page(hostile("<b>&amp; Söhne</b>")))
    assert sum("x<b>&amp; Söhne</b>" in text for text in seen.text) > 3


def test_the_policy_lets_in_this_style_and_this_script_and_nothing_else() -> None:
    made = page(drawn(5))
    style, script = (re.search(f"<{tag}>(.*?)</{tag}>", made, re.DOTALL) for tag in ("style", "script"))
    assert style
    assert script
    hashes = [b64encode(sha256(found.group(1).encode()).digest()).decode() for found in (style, script)]
    policy = f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'"
    assert f"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}; base-uri 'none'; form-action 'none'\">" in made
    assert not re.search(r"https?:|@import|url\(", made)


@pytest.mark.parametrize("count", [0, 1, 40])
def test_every_link_has_its_goal_and_headings_come_in_order(count: int) -> None:
    seen = _Seen(page(drawn(count)))
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = {(attributes.get("href") or "").removeprefix("#") for tag, attributes in seen.elements if tag == "a"}
    for name in ("data-opens", "aria-labelledby", "aria-describedby", "for"):
        wanted |= {str(attributes[name]) for _, attributes in seen.elements if name in attributes}
    assert wanted <= set(ids)
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in seen.elements}


def test_a_hundred_interviews_make_a_small_page_soon() -> None:
    found = drawn(100)
    page(drawn(1))
    began = perf_counter()
    made = page(found)
    assert perf_counter() - began < 2
    assert len(made.encode()) < 400_000


def test_the_same_figures_give_the_same_page() -> None:
    assert page(drawn(10)) == page(drawn(10))


def _themes() -> dict[str, dict[str, str]]:
    """Return the colours of both themes; the two places that make it dark must agree."""
    blocks = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r"\{([^{}]*--page:[^{}]*)\}", CSS)]
    light, switched, system = blocks
    assert switched == system
    assert light.keys() == switched.keys()
    return {"light": light, "dark": switched}


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_its_ground_in_both_themes(theme: str) -> None:
    colours = _themes()[theme]
    pairs = [(ink, ground) for ink in ("ink", "dim", "link") for ground in ("page", "card")]
    pairs += [(kind, f"{kind}-back") for kind in ("good", "warn", "bad", "calm")]
    for ink, ground in pairs:
        assert _contrast(colours[ink], colours[ground]) >= 4.5, (theme, ink, ground)
    shapes = ("applied", "invited", "task", "round", "hold", "offer", "accepted", "open", "quiet", "rejected", "closed", "focus")
    for shape in shapes:
        assert _contrast(colours[shape], colours["page"]) >= 3, (theme, shape)


def test_nobody_is_silent_about_a_very_long_name() -> None:
    long = "Extraordinarily Long Company Name " * 20
    made = page(search(followed(Interview(id="a", company=long, role=long), [mail("a", NOW, Label.OFFER)])))
    assert long not in made
    assert "Extraordinarily Long Company Name Extraordinarily Long Company Name Extraordina…" in made
