"""Phrase rules: `signals/<language>/*.yaml` turned into the `Phrasebook` that `agent.signals` reads with.

A file has one language and any of the sections below. Patterns are RE2 regular expressions on a folded sentence (lower case,
plain quotes, single blanks); `{name}` stands for the group of that name under `words:` of the same language.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent.rulebook.grammar import Id, Line
from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.rulebook.senders import load_senders
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
    Phrasebook,
    PhraseRule,
    Reach,
    Role,
    Script,
    Where,
    Whose,
)
from agent.signals.reading import OWN_LABELS, Label

_Lines = Annotated[list[Line], Field(min_length=1)]
_Holiday = Annotated[str, StringConstraints(pattern=r"^(?:[01]\d-[0-3]\d|easter(?:[+-]\d{1,2})?|thanksgiving)$")]
_Path = tuple[str | int, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Rule(_Strict):
    id: Id
    says: Line
    label: Label | None = None
    confidence: Annotated[float, Field(gt=0, le=1)]
    any: _Lines
    unless: list[Line] = []
    despite: list[str] = []
    where: list[Where] = [Where.BODY, Where.SUBJECT]
    whole: bool = False
    matches: list[Line] = []
    not_: list[Line] = Field(default=[], alias="not")


class _Frame(_Strict):
    id: Id
    says: Line
    any: _Lines
    until: list[Line] = []
    unless: list[Line] = []
    reach: Reach = Reach.AFTER
    silences: list[Label] = []


class _Cue(_Strict):
    cue: Role
    says: Line
    any: _Lines


class _DateForm(_Strict):
    reckon: str
    any: _Lines


class _Name(_Strict):
    says: Line
    where: list[Where]
    any: _Lines


class _File(_Strict):
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    label: Label | None = None
    whose: Whose = Whose.THEIRS
    words: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")], Line | _Lines] = {}
    rules: list[_Rule] = []
    frames: list[_Frame] = []
    cues: list[_Cue] = []
    dates: list[_DateForm] = []
    names: list[_Name] = []
    not_a_name: list[str] = []
    role_words: list[str] = []
    known_by: list[str] = []
    numbers: dict[str, int] = {}
    weekdays: dict[str, Annotated[int, Field(ge=0, le=6)]] = {}
    months: dict[str, Annotated[int, Field(ge=1, le=12)]] = {}
    zones: dict[str, str] = {}
    holidays: dict[str, _Holiday] = {}
    script: Script | None = None
    abbreviations: list[str] = []
    numeric_dates: NumericDates | None = None


def load_phrasebook(user_folder: Path | None) -> Phrasebook:
    """Return the rules in force, compiled, `user_folder` laid over the shipped ones.

    Raises `RulesRefused` with every problem of every file: a key that is not known, a label that is none, a rule id that stands
    twice, a pattern that RE2 refuses, a word that is not defined.
    """
    problems: list[RuleProblem] = []
    documents: list[tuple[MarkedYaml, _File]] = []
    broken: set[str] = set()
    for file in rule_files("signals", user_folder):
        try:
            document = read_yaml(file.path, file.shown)
            model = validated(document, _File)
        except RulesRefused as refused:
            problems.extend(refused.problems)
            broken.add(file.name.split("/")[1])
            continue
        folder = file.name.split("/")[1]
        if folder != model.language:
            problems.append(
                document.problem(
                    ("language",), f"the file lies in the folder of `{folder}`", f"write `language: {folder}` or move it"
                )
            )
        documents.append((document, model))
    try:
        senders = load_senders(user_folder)
    except RulesRefused as refused:
        problems.extend(refused.problems)
    languages = []
    for language in sorted({model.language for _, model in documents} - broken):
        builder = _Builder([pair for pair in documents if pair[1].language == language], problems)
        languages.append(builder.values())
    if problems:
        raise RulesRefused(problems)
    return Phrasebook(languages=tuple(LanguageBook(**values) for values in languages), senders=senders)


class _Builder:
    """Turns the files of one language into the fields of its `LanguageBook`, noting problems."""

    def __init__(self, files: list[tuple[MarkedYaml, _File]], problems: list[RuleProblem]) -> None:
        self.files = files
        self.problems = problems
        self.words: dict[str, str] = {}
        for document, model in files:
            for name, value in model.words.items():
                if name in self.words:
                    problems.append(
                        document.problem(
                            ("words", name), f"the word group `{name}` stands in another file too", "keep one of them"
                        )
                    )
                self.words[name] = f"(?:{'|'.join(value) if isinstance(value, list) else value})"

    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "language": self.files[0][1].language,
            "rules": self.rules(),
            "frames": self.frames(),
            "cues": tuple(
                Cue(role=cue.cue, patterns=self.patterns(document, cue.any, ("cues", index, "any")))
                for document, model in self.files
                for index, cue in enumerate(model.cues)
            ),
            "dates": self.dates(),
            "names": tuple(
                NamePattern(
                    where=frozenset(name.where), patterns=self.patterns(document, name.any, ("names", index, "any"), cased=True)
                )
                for document, model in self.files
                for index, name in enumerate(model.names)
            ),
            "not_a_name": frozenset(word.lower() for _, model in self.files for word in model.not_a_name),
            "role_words": frozenset(word.lower() for _, model in self.files for word in model.role_words),
            "known_by": frozenset(fold(word) for _, model in self.files for word in model.known_by),
            "abbreviations": frozenset(fold(word) for _, model in self.files for word in model.abbreviations),
        }
        for table in ("numbers", "weekdays", "months", "zones", "holidays"):
            values[table] = {fold(key): value for _, model in self.files for key, value in getattr(model, table).items()}
        for setting in ("script", "numeric_dates"):
            given = [getattr(model, setting) for _, model in self.files if getattr(model, setting) is not None]
            if given:
                values[setting] = given[0]
        return values

    def rules(self) -> tuple[PhraseRule, ...]:
        found: dict[str, PhraseRule] = {}
        for document, model in self.files:
            for index, entry in enumerate(model.rules):
                path: _Path = ("rules", index)
                label = entry.label or model.label
                if label is None:
                    self.refuse(document, path, "the rule has no label", "write `label:` at the top of the file or in the rule")
                    continue
                self.check_rule(document, model, entry, label, path)
                rule = self.rule(document, model, entry, label, path)
                if rule.id in found:
                    self.refuse(document, (*path, "id"), f"the rule `{rule.id}` stands twice", "give one of them another id")
                found[rule.id] = rule
        return tuple(found.values())

    def check_rule(self, document: MarkedYaml, model: _File, entry: _Rule, label: Label, path: _Path) -> None:
        """Note what does not fit together: whose mail the label is for, and the frames that the rule names."""
        if (label in OWN_LABELS) != (model.whose is Whose.OWN):
            self.refuse(
                document,
                path,
                f"`{label}` does not go with `whose: {model.whose}`",
                "`sent_*` labels stand in files with `whose: own`, the others in files without",
            )
        frame_ids = {frame.id for _, each in self.files for frame in each.frames}
        for place, frame in enumerate(entry.despite):
            if frame not in frame_ids:
                self.refuse(
                    document,
                    (*path, "despite", place),
                    f"there is no frame `{frame}`",
                    f"write one of {', '.join(sorted(frame_ids)) or 'those under frames:'}",
                )

    def rule(self, document: MarkedYaml, model: _File, entry: _Rule, label: Label, path: _Path) -> PhraseRule:
        return PhraseRule(
            id=f"{model.language}.{label}.{entry.id}",
            label=label,
            says=entry.says,
            confidence=entry.confidence,
            patterns=self.patterns(document, entry.any, (*path, "any")),
            unless=self.patterns(document, entry.unless, (*path, "unless")),
            despite=frozenset(entry.despite),
            where=frozenset(entry.where),
            whose=model.whose,
            whole=entry.whole,
            matches=tuple(entry.matches),
            refuses=tuple(entry.not_),
        )

    def frames(self) -> tuple[Frame, ...]:
        found: dict[str, Frame] = {}
        for document, model in self.files:
            for index, frame in enumerate(model.frames):
                path: _Path = ("frames", index)
                if frame.id in found:
                    self.refuse(document, (*path, "id"), f"the frame `{frame.id}` stands twice", "give one of them another id")
                found[frame.id] = Frame(
                    id=frame.id,
                    patterns=self.patterns(document, frame.any, (*path, "any")),
                    until=self.patterns(document, frame.until, (*path, "until")),
                    unless=self.patterns(document, frame.unless, (*path, "unless")),
                    reach=frame.reach,
                    silences=frozenset(frame.silences or Label),
                )
        return tuple(found.values())

    def dates(self) -> tuple[DateForm, ...]:
        found = []
        for document, model in self.files:
            for index, form in enumerate(model.dates):
                if form.reckon not in dates.ways():
                    self.refuse(
                        document,
                        ("dates", index, "reckon"),
                        f"`{form.reckon}` is no way of reckoning a date",
                        f"write one of {', '.join(dates.ways())}",
                    )
                found.append(DateForm(reckon=form.reckon, patterns=self.patterns(document, form.any, ("dates", index, "any"))))
        return tuple(found)

    def patterns(self, document: MarkedYaml, texts: list[str], path: _Path, *, cased: bool = False) -> tuple[str, ...]:
        good = []
        for index, text in enumerate(texts):
            try:
                expanded = expand(text, self.words)
                if not cased:
                    expanded = fold_pattern(expanded)
                compiled = compile_pattern(expanded, case_sensitive=cased)
            except (BadPattern, ValueError) as bad:
                self.refuse(document, (*path, index), f"`{text:.80}`: {bad}", "correct the pattern")
                continue
            if compiled.search(""):
                what = f"`{text:.80}` matches in every text: an alternative in it is empty, or all of it may be left out"
                self.refuse(document, (*path, index), what, "remove the empty alternative, or a `?` or `*`")
            else:
                good.append(expanded)
        return tuple(good)

    def refuse(self, document: MarkedYaml, path: _Path, what: str, mend: str) -> None:
        self.problems.append(document.problem(path, what, mend))
