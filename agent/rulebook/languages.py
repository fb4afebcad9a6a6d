"""The files of one language turned into its tables and its rules."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from agent.rulebook.marked_yaml import MarkedYaml
from agent.rulebook.problems import RuleProblem
from agent.rulebook.written import Entry, entries
from agent.signals import dates
from agent.signals.folding import fold, fold_pattern
from agent.signals.patterns import BadPattern, compile_pattern, expand
from agent.signals.phrasebook import (
    Cue,
    DateForm,
    Frame,
    LanguageBook,
    NamePattern,
    NumericDates,
    PhraseRule,
    Phrases,
    Reach,
    Role,
    Script,
    Where,
    Whose,
)
from agent.signals.reading import OWN_LABELS, Label

_ANYWHERE = (Where.BODY, Where.SUBJECT)


class LanguageReader:
    """Turns the files of one language into values, noting problems."""

    def __init__(self, documents: Sequence[MarkedYaml], problems: list[RuleProblem], *, check: bool) -> None:
        """Take `documents`, which have the right form; with `check` every pattern is tried as well."""
        self.documents = documents
        self.problems = problems
        self.check = check

    def book(self, phrases: Callable[[], Phrases]) -> LanguageBook:
        """Return the language with its tables; `phrases` gives its rules."""
        tables: dict[str, Any] = {
            name: frozenset(fold(word) for document in self.documents for word in document.data.get(name) or ())
            for name in ("known_by", "abbreviations")
        }
        for name in ("numbers", "weekdays", "months", "zones", "holidays"):
            tables[name] = {
                fold(key): value for document in self.documents for key, value in (document.data.get(name) or {}).items()
            }
        for name, kind in (("script", Script), ("numeric_dates", NumericDates)):
            given = [document.data[name] for document in self.documents if document.data.get(name) is not None]
            if given:
                tables[name] = kind(given[0])
        return LanguageBook(language=self.documents[0].data["language"], source=phrases, **tables)

    def phrases(self) -> Phrases:
        """Return the rules of the language."""
        return _PhraseReader(self.documents, self.problems, check=self.check).phrases()


class _PhraseReader:
    """Turns the sections with patterns into values."""

    def __init__(self, documents: Sequence[MarkedYaml], problems: list[RuleProblem], *, check: bool) -> None:
        self.documents = documents
        self.problems = problems
        self.check = check
        self.words: dict[str, str] = {}
        self.folded_words: dict[str, str] = {}
        self.cannot_be_folded: dict[str, str] = {}
        for document in documents:
            for name, value in (document.data.get("words") or {}).items():
                if name in self.words:
                    what = f"the word group `{name}` stands in another file too"
                    problems.append(document.problem(("words", name), what, "keep one of them"))
                text = "|".join(map(_line, value)) if isinstance(value, list) else _line(value)
                self.words[name] = f"(?:{text})"
                try:
                    self.folded_words[name] = fold_pattern(self.words[name])
                except ValueError as bad:  # it may still be used where names are read
                    self.cannot_be_folded[f"{{{name}}}"] = str(bad)

    def phrases(self) -> Phrases:
        return Phrases(
            rules=self.rules(),
            frames=self.frames(),
            cues=tuple(Cue(role=Role(entry.data["cue"]), patterns=self.patterns(entry)) for entry in self.entries("cues")),
            dates=self.dates(),
            names=tuple(
                NamePattern(where=frozenset(map(Where, entry.data["where"])), patterns=self.patterns(entry, cased=True))
                for entry in self.entries("names")
            ),
            not_a_name=self.lowered("not_a_name"),
            role_words=self.lowered("role_words"),
        )

    def entries(self, section: str) -> Iterator[Entry]:
        for document in self.documents:
            yield from entries(document, section)

    def lowered(self, name: str) -> frozenset[str]:
        return frozenset(word.lower() for document in self.documents for word in document.data.get(name) or ())

    def rules(self) -> tuple[PhraseRule, ...]:
        frame_ids = {entry.data["id"] for entry in self.entries("frames")}
        found: dict[str, PhraseRule] = {}
        for entry in self.entries("rules"):
            if entry.label is None:
                self.refuse(entry, (), "the rule has no label", "write `label:` at the top of the file or in the rule")
                continue
            self.check_rule(entry, frame_ids)
            rule = self.rule(entry, Label(entry.label))
            if rule.id in found:
                self.refuse(entry, ("id",), f"the rule `{rule.id}` stands twice", "give one of them another id")
            found[rule.id] = rule
        return tuple(found.values())

    def check_rule(self, entry: Entry, frame_ids: set[str]) -> None:
        """Note what does not fit together: whose mail the label is for, and the frames that the rule names."""
        whose = _whose(entry)
        if (entry.label in OWN_LABELS) != (whose is Whose.OWN):
            what = f"`{entry.label}` does not go with `whose: {whose}`"
            mend = "`sent_*` labels stand in files with `whose: own`, the others in files without"
            self.refuse(entry, (), what, mend)
        for place, frame in enumerate(entry.data.get("despite") or ()):
            if frame not in frame_ids:
                mend = f"write one of {', '.join(sorted(frame_ids)) or 'those under frames:'}"
                self.refuse(entry, ("despite", place), f"there is no frame `{frame}`", mend)

    def rule(self, entry: Entry, label: Label) -> PhraseRule:
        data = entry.data
        return PhraseRule(
            id=entry.rule_id,
            label=label,
            says=_line(data["says"]),
            confidence=float(data["confidence"]),
            patterns=self.patterns(entry),
            unless=self.patterns(entry, "unless"),
            despite=frozenset(data.get("despite") or ()),
            where=frozenset(map(Where, data.get("where") or _ANYWHERE)),
            whose=_whose(entry),
            whole=data.get("whole", False),
            matches=tuple(map(_line, data.get("matches") or ())),
            refuses=tuple(map(_line, data.get("not") or ())),
        )

    def frames(self) -> tuple[Frame, ...]:
        found: dict[str, Frame] = {}
        for entry in self.entries("frames"):
            name = entry.data["id"]
            if name in found:
                self.refuse(entry, ("id",), f"the frame `{name}` stands twice", "give one of them another id")
            found[name] = Frame(
                id=name,
                patterns=self.patterns(entry),
                until=self.patterns(entry, "until"),
                unless=self.patterns(entry, "unless"),
                reach=Reach(entry.data.get("reach") or Reach.AFTER),
                silences=frozenset(map(Label, entry.data.get("silences") or Label)),
            )
        return tuple(found.values())

    def dates(self) -> tuple[DateForm, ...]:
        found = []
        for entry in self.entries("dates"):
            reckon = entry.data["reckon"]
            if reckon not in dates.ways():
                what = f"`{reckon}` is no way of reckoning a date"
                self.refuse(entry, ("reckon",), what, f"write one of {', '.join(dates.ways())}")
            found.append(DateForm(reckon=reckon, patterns=self.patterns(entry)))
        return tuple(found)

    def patterns(self, entry: Entry, key: str = "any", *, cased: bool = False) -> tuple[str, ...]:
        """Return the patterns under `key` with their word groups written out; folded, unless they read names with `cased`."""
        good = []
        for index, given in enumerate(entry.data.get(key) or ()):
            if isinstance(given, dict | list):
                what = f"`{given!r:.80}`: YAML took a colon or a bracket in this for its own"
                self.refuse(entry, (key, index), what, "put it into single quotes")
                continue
            text = _line(given)
            try:
                pattern = expand(text, self.words) if cased else expand(fold_pattern(text), self.folded_words)
                everywhere = self.check and compile_pattern(pattern).search("")
            except (BadPattern, ValueError) as bad:
                why = next((why for name, why in self.cannot_be_folded.items() if name in str(bad) and not cased), str(bad))
                self.refuse(entry, (key, index), f"`{text:.80}`: {why}", "correct the pattern")
                continue
            if everywhere:
                what = f"`{text:.80}` matches in every text: an alternative in it is empty, or all of it may be left out"
                self.refuse(entry, (key, index), what, "remove the empty alternative, or a `?` or `*`")
            else:
                good.append(pattern)
        return tuple(good)

    def refuse(self, entry: Entry, below: tuple[str | int, ...], what: str, mend: str) -> None:
        self.problems.append(entry.problem(*below, what=what, mend=mend))


def _whose(entry: Entry) -> Whose:
    return Whose(entry.document.data.get("whose") or Whose.THEIRS)


def _line(text: object) -> str:
    return str(text).strip()
