"""What a guide demands and forbids in one job search: `expected.yaml` beside its `interviews.yaml` and `mail.txt`.

The searches lie in `tests/guides/<preset>/<name>/`, those of the second set in `tests/guides/second/<preset>/<name>/`, in the
format of `tests/searches`, with two headers more: `Phone` at the head is the user's number, and a mail with `X-Folder: junk` lies
in the junk folder. `README.md` beside this file tells the format.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from agent.daemon.replaying import PlayedMail
from agent.mailbox import FolderRole
from agent.policy import DraftKind
from tests.searches.search import Search, read_search

FOLDER = Path(__file__).parent
PRESETS = {
    "status-guide": "A",
    "two-touch": "B",
    "brief": "C",
    "step-by-step": "D",
    "close-the-loop": "E",
    "default": "ABCDE",
}
"""Preset → the letters of the requirements that it carries out."""

TO_THE_USER = frozenset({DraftKind.DEBRIEF, DraftKind.CALL_SHEET})
"""What lies in Drafts for the user alone: a call sheet that the next one replaces stood for a call all the same."""
_OFFER = frozenset(kind for kind in DraftKind if kind.startswith("offer"))
GROUPS: Mapping[str, frozenset[DraftKind]] = {
    "any": frozenset(DraftKind),
    "outgoing": frozenset(DraftKind) - TO_THE_USER,
    "before_offer": frozenset(DraftKind) - TO_THE_USER - _OFFER,
    "follow_up": frozenset({DraftKind.STATUS_CHECK, DraftKind.TIMELINE_REQUEST, DraftKind.FINAL_NOTE, DraftKind.CLOSE_LOOP}),
    "offer": _OFFER,
}
"""Names that stand for several kinds."""

_WORDS = {
    "THANKS": r"\b(thank|grateful|gratitude|appreciat|good of you|kind of you|danke|dank\b|herzlichen dank|merci|remerci)",
    "FEEDBACK": r"\b(feedback|improve|advice|do better|learn from|impression|rückmeldung|hinweis|verbessern)",
}
"""Names in patterns that stand for any words of that sense."""

_DEMAND = {"requirement", "kind", "to", "from", "until", "answers", "thread", "text", "why"}
_FORBID = {"requirement", "kind", "to", "but", "from", "until", "more_than", "days", "why"}
_TEXT = {"requirement", "holds", "lacks", "lines", "subject", "thread", "shorter"}
_THROUGHOUT = {"requirement", "kind", "lacks", "distinct", "why"}


@dataclass(frozen=True, kw_only=True, slots=True)
class TextRule:
    """One thing that the guide wants in the text of a demanded draft."""

    requirements: tuple[str, ...]
    holds: tuple[str, ...] = ()
    """Patterns that must be in the body, without regard to case."""
    lacks: str = ""
    """Pattern that must not be in it."""
    lines: int = 0
    """At most so many sentences, or so many lines of 80 characters, greeting and close not counted; 0 for any number."""
    subject: str = ""
    """Pattern of the whole subject."""
    thread: int = 0
    """Number of the mail in whose thread it must lie; 0 for any."""
    shorter: DraftKind | None = None
    """It must have fewer words than the draft of this kind before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand:
    """One draft that the guide demands."""

    interview: str
    requirements: tuple[str, ...]
    kinds: frozenset[DraftKind]
    """Any of these would do."""
    to: tuple[str, ...]
    """Any of these addresses would do."""
    begins: datetime
    ends: datetime
    answers: int = 0
    """Number of the mail that it must answer; 0 for any."""
    texts: tuple[TextRule, ...] = ()
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forbidden:
    """Drafts that the guide forbids."""

    interviews: tuple[str, ...]
    requirements: tuple[str, ...]
    kinds: frozenset[DraftKind]
    to: tuple[str, ...] = ()
    """Only to these addresses; empty for all."""
    but: tuple[str, ...] = ()
    """To these addresses it is not forbidden."""
    begins: datetime | None = None
    """None: from the start."""
    ends: datetime | None = None
    """None: to the end; the moment itself is allowed."""
    more_than: int = 0
    """So many are allowed within `days`."""
    days: int = 0
    """Two drafts that lie so many days of the calendar apart, or more, do not count together; 0: all count together."""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Throughout:
    """What the guide forbids in the text of all drafts of a kind."""

    requirements: tuple[str, ...]
    kinds: frozenset[DraftKind]
    lacks: str = ""
    distinct: bool = False
    """No two of them may share a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Guided:
    """One search with what a guide demands and forbids in it."""

    preset: str
    search: Search
    phone: str
    demands: tuple[Demand, ...]
    forbidden: tuple[Forbidden, ...]
    throughout: tuple[Throughout, ...]

    @property
    def name(self) -> str:
        """Preset and folder."""
        return f"{self.preset}/{self.search.name}"

    @property
    def me(self) -> str:
        """The user's address."""
        return parseaddr(self.search.me)[1].lower()

    def played(self) -> list[PlayedMail]:
        """Return the mail as it comes in, that of the junk folder there."""
        mails = zip(self.search.items, self.search.played(), strict=True)
        return [replace(mail, role=FolderRole.JUNK) if item.headers.get("X-Folder") == "junk" else mail for item, mail in mails]


def read_guided(folder: Path) -> Guided:
    """Return the search in `folder` with its expectations; raises ValueError where they make no sense."""
    search = read_search(folder)
    data = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    head = (folder / "mail.txt").read_text(encoding="utf-8").partition("\n#1 ")[0]
    phone = re.search(r"^Phone: (.+)$", head, re.MULTILINE)
    reader = _Reader(search=search, where=f"{folder.parent.name}/{folder.name}", letters=PRESETS[folder.parent.name])
    _known(data, {"interviews", "together", "throughout"}, reader.where)
    per = data["interviews"]
    if per.keys() != {each.id for each in search.interviews}:
        raise ValueError(f"{reader.where}: expectations and interviews do not name the same")
    demands = [reader.demand(ident, each) for ident, group in per.items() for each in group.get("demands", ())]
    forbidden = [reader.forbidden((ident,), each) for ident, group in per.items() for each in group.get("forbids", ())]
    forbidden += [
        reader.forbidden(tuple(each["interviews"]), {key: value for key, value in each.items() if key != "interviews"})
        for each in data.get("together", ())
    ]
    return Guided(
        preset=folder.parent.name,
        search=search,
        phone=phone[1] if phone else "",
        demands=tuple(demands),
        forbidden=tuple(forbidden),
        throughout=tuple(reader.throughout(each) for each in data.get("throughout", ())),
    )


def guided(presets: Sequence[str] = tuple(PRESETS), *, root: Path = FOLDER) -> Iterator[Guided]:
    """Yield the searches of these presets; `root` is the folder of the set, `FOLDER / "second"` that of the second."""
    for preset in presets:
        for folder in sorted((root / preset).iterdir()):
            if (folder / "expected.yaml").is_file():
                yield read_guided(folder)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    search: Search
    where: str
    letters: str

    def demand(self, ident: str, data: dict[str, Any]) -> Demand:
        _known(data, _DEMAND, f"{self.where} {ident}")
        begins, ends = self._moment(ident, data["from"]), self._moment(ident, data["until"], end=True)
        if not begins < ends:
            raise ValueError(f"{self.where} {ident}: {data['from']} is not before {data['until']}")
        texts = [self._text(each, ident) for each in data.get("text", ())]
        if "thread" in data:
            texts.append(TextRule(requirements=self._requirements(data), thread=data["thread"]))
        return Demand(
            interview=ident,
            requirements=self._requirements(data),
            kinds=_kinds(data["kind"]),
            to=self._addresses(data["to"]),
            begins=begins,
            ends=ends,
            answers=data.get("answers", 0),
            texts=tuple(texts),
            why=data.get("why", ""),
        )

    def forbidden(self, idents: tuple[str, ...], data: dict[str, Any]) -> Forbidden:
        _known(data, _FORBID, f"{self.where} {idents[0]}")
        return Forbidden(
            interviews=idents,
            requirements=self._requirements(data),
            kinds=_kinds(data["kind"]),
            to=self._addresses(data.get("to", [])),
            but=self._addresses(data.get("but", [])),
            begins=self._moment(idents[0], data["from"]) if "from" in data else None,
            ends=self._moment(idents[0], data["until"], end=True) if "until" in data else None,
            more_than=data.get("more_than", 0),
            days=data.get("days", 0),
            why=data["why"],
        )

    def throughout(self, data: dict[str, Any]) -> Throughout:
        _known(data, _THROUGHOUT, f"{self.where} throughout")
        return Throughout(
            requirements=self._requirements(data),
            kinds=_kinds(data["kind"]),
            lacks=data.get("lacks", ""),
            distinct=data.get("distinct", False),
        )

    def _text(self, data: dict[str, Any], ident: str) -> TextRule:
        _known(data, _TEXT, f"{self.where} {ident} text")
        holds = data.get("holds", [])
        return TextRule(
            requirements=self._requirements(data),
            holds=tuple(_spelt_out(each) for each in ([holds] if isinstance(holds, str) else holds)),
            lacks=data.get("lacks", ""),
            lines=data.get("lines", 0),
            subject=data.get("subject", ""),
            thread=data.get("thread", 0),
            shorter=DraftKind(data["shorter"]) if "shorter" in data else None,
        )

    def _requirements(self, data: dict[str, Any]) -> tuple[str, ...]:
        ids = tuple(str(data["requirement"]).split())
        if wrong := [each for each in ids if each[0] not in self.letters]:
            raise ValueError(f"{self.where}: {wrong[0]} is of another guide")
        return ids

    def _addresses(self, value: str | list[str]) -> tuple[str, ...]:
        given = [value] if isinstance(value, str) else value
        return tuple(parseaddr(self.search.me)[1].lower() if each == "me" else each.lower() for each in given)

    def _moment(self, ident: str, value: str | date, *, end: bool = False) -> datetime:
        """Return a moment in the interview's own zone; a day alone begins at midnight, and ends with its last moment."""
        interview = next(each for each in self.search.interviews if each.id == ident)
        zone: ZoneInfo = interview.zone(self.search.zone)
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=zone)
        if isinstance(value, datetime):
            return value.replace(tzinfo=zone)
        return datetime.combine(value + timedelta(days=1) if end else value, time(), zone)


def _kinds(value: str | list[str]) -> frozenset[DraftKind]:
    given = [value] if isinstance(value, str) else value
    return frozenset(kind for each in given for kind in (GROUPS[each] if each in GROUPS else {DraftKind(each)}))


def _spelt_out(pattern: str) -> str:
    for name, words in _WORDS.items():
        pattern = pattern.replace(name, words)
    return pattern


def _known(data: Mapping[str, Any], keys: set[str], where: str) -> None:
    if unknown := data.keys() - keys:
        raise ValueError(f"{where}: `{min(unknown)}` is no key here; there are {', '.join(sorted(keys))}")
