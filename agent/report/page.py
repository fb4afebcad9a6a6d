"""The page: figures and assets in, one self-contained HTML text out; everything from mail is escaped, nothing is loaded."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256

from jinja2 import Environment, StrictUndefined

from agent.interviews import Status
from agent.messages.cleaning import clean, one_line
from agent.policy import TO_USER
from agent.report import wording
from agent.report.coming import waiting_now, weeks_of
from agent.report.dots import DOTS_HEIGHT, DOTS_WIDTH, dots_of, longest_of
from agent.report.figures import Figures, Told
from agent.report.flow import Name
from agent.report.follow_ups import WITHIN_DAYS
from agent.report.picture import link_id, node_id, pictures_of
from agent.report.silences import ENOUGH
from agent.report.strips import HEIGHT, WIDTH, Axis, Strip, axis_of, strip_of
from agent.report.time_line import Line

_LONGEST_NAME = 80
"""Characters of a company or role that are shown."""
_LONGEST_QUOTE = 240


@dataclass(frozen=True, kw_only=True, slots=True)
class Assets:
    """The files that the page is made with, as text."""

    template: str
    css: str
    js: str


def page_of(figures: Figures, assets: Assets) -> str:
    """Return the page as of the figures' `now`; the same figures always give the same page."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_cleaned, trim_blocks=True, lstrip_blocks=True)
    css, js = assets.css.strip(), assets.js.strip()
    page = _Page(figures)
    return environment.from_string(assets.template).render(
        css=css,
        js=js,
        css_hash=_hash(css),
        js_hash=_hash(js),
        page=page,
        figures=figures,
        search=figures.search,
        words=wording,
        pictures=pictures_of(figures.flow),
        waiting=waiting_now(figures.coming, figures.search),
        weeks=weeks_of(figures.coming, figures.search),
        link_id=link_id,
        node_id=node_id,
        within=WITHIN_DAYS,
        enough=ENOUGH,
        to_user={kind.value for kind in TO_USER},
        strip=(WIDTH, HEIGHT),
        dots=(DOTS_WIDTH, DOTS_HEIGHT),
        longest=longest_of(figures.times),
        dots_of=dots_of,
    )


def _cleaned(value: object) -> object:
    """Return what the template is about to write, text without control and direction characters."""
    return clean(value) if type(value) is str else value


def _hash(text: str) -> str:
    """Return what a Content-Security-Policy calls an inline text (CSP level 3, section 2.3.1)."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Traced:
    """One interview in a list, as often as it was counted."""

    number: int
    company: str
    role: str
    """Empty where the company says enough."""
    times: int


class _Page:
    """What the template asks while it is filled."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.search = figures.search
        self._companies = {each.followed.name: shown(each.followed.candidacy.interview.company) for each in figures.told}
        self._roles = {each.followed.name: shown(each.followed.candidacy.interview.role) for each in figures.told}
        self._often = Counter(self._companies.values())
        begins = [each.lines[0].at for each in figures.told if each.lines]
        applied = [self._midnight(each.followed.candidacy.interview.applied_on) for each in figures.told]
        self.axis: Axis = axis_of([*begins, *(at for at in applied if at)], figures.search)

    def traced(self, names: Iterable[Name]) -> list[Traced]:
        """Return the interviews behind a number."""
        return [
            Traced(
                number=self.figures.numbers[name],
                company=self._companies[name],
                role=self._roles[name] if self._often[self._companies[name]] > 1 else "",
                times=times,
            )
            for name, times in Counter(names).items()
        ]

    def company(self, name: Name) -> str:
        """Return the company of an interview as it is shown."""
        return self._companies[name]

    def role(self, name: Name) -> str:
        """Return the role of an interview as it is shown."""
        return self._roles[name]

    def number(self, name: Name) -> int:
        """Return the number under which an interview is found on the page."""
        return self.figures.numbers[name]

    def day(self, day: date | None) -> str:
        """Return a day in words."""
        return wording.day_in_words(day, self.search.today) if day else ""

    def moment(self, moment: datetime) -> str:
        """Return a moment of the user's zone in words."""
        return wording.moment_in_words(moment.astimezone(self.search.zone), self.search.today)

    def machine(self, moment: datetime) -> str:
        """Return a moment of the user's zone for a `datetime` attribute: to the minute, without offset."""
        return f"{moment.astimezone(self.search.zone):%Y-%m-%dT%H:%M}"

    def quote(self, line: Line) -> str:
        """Return the quote of a line as it is shown."""
        return shown(line.quote, _LONGEST_QUOTE)

    def strip(self, told: Told) -> Strip:
        """Return the strip of a candidacy."""
        changes: list[tuple[datetime, Status]] = []
        applied = self._midnight(told.followed.candidacy.interview.applied_on)
        begun = applied or (told.lines[0].at if told.lines else None)
        if begun is not None:
            changes.append((begun, Status.APPLIED))
        changes += [(line.at, line.status) for line in told.lines if line.status is not None]
        changes.sort(key=lambda change: change[0])
        marks = [(line.at, line.who) for line in told.lines if line.is_mail]
        return strip_of(changes, marks, self.axis)

    def _midnight(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(), tzinfo=self.search.zone).astimezone(UTC) if day else None


def shown(text: str, longest: int = _LONGEST_NAME) -> str:
    """Return text of the user or of mail on one line, without control and direction characters, cut where it is very long."""
    line = one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
