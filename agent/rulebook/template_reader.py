"""The files of one language turned into the values of `agent.drafts`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel

from agent.drafts.facts import DATE_FIELDS, FIELDS, MOMENT_FIELDS
from agent.drafts.markup import Fault, faults
from agent.drafts.markup import Field as TemplateField
from agent.drafts.templates import Forms, Inquiry, Language, NameForms, Template, Tone, Variant
from agent.policy.verdict import DraftKind
from agent.rulebook.layers import RuleFile
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.rulebook.template_form import FormsFile, TemplateFile, ToneFile

_FORMS = "forms"
_Model = TypeVar("_Model", bound=BaseModel)


def read_language(code: str, files: Sequence[RuleFile], *, check: bool) -> Language:
    """Return the language `code` from its files below `templates/` and `tone/`.

    Raises `RulesRefused` with every mistake; the texts themselves are looked through only with `check`.
    """
    problems: list[RuleProblem] = []
    named = {file.name.rpartition("/")[2].removesuffix(".yaml"): file for file in files if file.name.startswith("templates/")}
    tone = next((file for file in files if file.name.startswith("tone/")), None)
    language = _Reader(problems, check=check).language(code, named, tone)
    if language is None:
        raise RulesRefused(problems)
    return language


class _Reader:
    """Reads the files of one language, noting problems and going on."""

    def __init__(self, problems: list[RuleProblem], *, check: bool) -> None:
        self.problems = problems
        self.check = check

    def language(self, code: str, files: Mapping[str, RuleFile], tone: RuleFile | None) -> Language | None:
        before = len(self.problems)
        templates = {kind: self.template(kind, files[kind.value]) for kind in DraftKind if kind.value in files}
        kinds = [kind.value for kind in DraftKind]
        for stem, file in files.items():
            if stem not in (_FORMS, *kinds):
                self.problems.append(
                    whole_file(file, f"`{stem}` is no kind of draft", f"name the file for one of {', '.join(kinds)}")
                )
        anywhere = next(iter(files.values()))
        for kind in kinds:
            if kind not in files:
                self.missing(anywhere, f"templates/{code}/{kind}.yaml")
        forms = self.forms(files[_FORMS]) if _FORMS in files else None
        if _FORMS not in files:
            self.missing(anywhere, f"templates/{code}/{_FORMS}.yaml")
        words = self.tone(tone) if tone is not None else None
        if tone is None:
            self.missing(anywhere, f"tone/{code}.yaml")
        if len(self.problems) > before or forms is None or words is None:
            return None
        ready = {kind: template for kind, template in templates.items() if template is not None}
        return Language(code=code, forms=forms, tone=words, templates=MappingProxyType(ready))

    def missing(self, file: RuleFile, name: str) -> None:
        folder = str(file.path.parent)
        self.problems.append(
            RuleProblem(
                file=folder, line=1, column=1, what=f"`{name}` is missing", mend="add it; the English file shows its form"
            )
        )

    def template(self, kind: DraftKind, file: RuleFile) -> Template | None:
        read = self.read(file, TemplateFile)
        if read is None:
            return None
        source, found = read
        self.markup(source, ("subject",), found.subject, FIELDS)
        self.markup(source, ("before_sending",), found.before_sending, FIELDS, hint=True)
        seen: set[str] = set()
        for index, variant in enumerate(found.variants):
            path = ("variants", index)
            if variant.id in seen:
                self.at(source, (*path, "id"), f"two variants have the id `{variant.id}`", "give each its own")
            seen.add(variant.id)
            for number, need in enumerate(variant.needs):
                if need not in FIELDS:
                    mend = f"the fields are {', '.join(sorted(FIELDS))}"
                    self.at(source, (*path, "needs", number), f"there is no field `{need}`", mend)
            needs = frozenset(variant.needs)
            self.markup(source, (*path, "body"), variant.body, FIELDS, needs)
            if variant.subject is not None:
                self.markup(source, (*path, "subject"), variant.subject, FIELDS, needs)
            if variant.before_sending is not None:
                self.markup(source, (*path, "before_sending"), variant.before_sending, FIELDS, needs, hint=True)
        if all(variant.needs or variant.style for variant in found.variants):
            self.at(
                source, ("variants",), "every variant needs a fact that may be unknown", "add one without `needs` and `style`"
            )
        asked = [question.key for question in found.questions]
        if (kind is DraftKind.DEBRIEF) != bool(asked) or len(set(asked)) != len(asked):
            self.at(source, (), "a debrief has `questions`, each with a key of its own, and no other kind has any", "mend it so")
        return Template(
            kind=kind,
            subject=found.subject,
            max_words=found.max_words,
            requires=found.requires,
            before_sending=found.before_sending,
            variants=tuple(Variant(**{**variant.model_dump(), "style": variant.style or ""}) for variant in found.variants),
            inquiries=tuple(
                Inquiry(key=question.key, ask=re.sub(r"[ \t\n]+", " ", question.ask)) for question in found.questions
            ),
        )

    def forms(self, file: RuleFile) -> Forms | None:
        read = self.read(file, FormsFile)
        if read is None:
            return None
        source, found = read
        self.markup(source, ("greeting", "person"), found.greeting.person, FIELDS, frozenset({"greeting_name"}))
        self.markup(source, ("greeting", "team"), found.greeting.team, FIELDS, frozenset({"company"}))
        self.markup(source, ("greeting", "nobody"), found.greeting.nobody, FIELDS)
        self.markup(source, ("date", "near"), found.date.near, DATE_FIELDS)
        self.markup(source, ("date", "far"), found.date.far, DATE_FIELDS)
        self.markup(source, ("date", "moment"), found.date.moment, MOMENT_FIELDS)
        names = found.names
        return Forms(
            greet_person=found.greeting.person,
            greet_team=found.greeting.team,
            greet_nobody=found.greeting.nobody,
            closings=found.closings,
            weekdays=found.weekdays,
            months=found.months,
            date=found.date.near,
            date_with_year=found.date.far,
            moment=found.date.moment,
            ordinals=found.ordinals,
            conjunction=found.conjunction,
            alternative=found.alternative,
            lowered=_folded(found.lowered),
            unknown=_folded(found.unknown),
            topic_keys=_folded(found.topic_keys),
            booking=_folded(found.booking),
            names=NameForms(
                titles=names.titles,
                honorifics=_folded(names.honorifics),
                suffixes=_folded(names.suffixes),
                joints=_folded(names.joints),
                not_a_person=_folded(names.not_a_person),
                in_full=names.in_full,
            ),
        )

    def tone(self, file: RuleFile) -> Tone | None:
        read = self.read(file, ToneFile)
        return None if read is None else Tone(**{name: _folded(words) for name, words in read[1].model_dump().items()})

    def read(self, file: RuleFile, model: type[_Model]) -> tuple["_Source", _Model] | None:
        try:
            document = read_yaml(file.path, file.shown)
            return _Source(document), validated(document, model)
        except RulesRefused as refused:
            self.problems.extend(refused.problems)
        return None

    def markup(
        self,
        source: "_Source",
        path: tuple[str | int, ...],
        text: str,
        fields: Mapping[str, TemplateField],
        needs: frozenset[str] = frozenset(),
        *,
        hint: bool = False,
    ) -> None:
        if not self.check:
            return
        known = frozenset(need for need in needs if need in fields)
        self.problems.extend(source.problem(path, text, fault) for fault in faults(text, fields, known, hint=hint))

    def at(self, source: "_Source", path: tuple[str | int, ...], what: str, mend: str) -> None:
        self.problems.append(source.document.problem(path, what, mend))


class _Source:
    """One YAML file with its text, so that a place inside a value can be told as a place in the file."""

    def __init__(self, document: MarkedYaml) -> None:
        self.document = document
        self.lines = document.text.splitlines()

    def problem(self, path: tuple[str | int, ...], text: str, fault: Fault) -> RuleProblem:
        """Return the fault in the value at `path` with the line and column of the file where its words stand."""
        line, column = self.document.places[path]
        for at, offset in self._where(line - 1, text.splitlines()[fault.line - 1 :][:1], fault.line):
            return RuleProblem(
                file=self.document.file, line=at + 1, column=offset + fault.column, what=fault.what, mend=fault.mend
            )
        return RuleProblem(file=self.document.file, line=line, column=column, what=fault.what, mend=fault.mend)

    def _where(self, start: int, words: list[str], number: int) -> Iterator[tuple[int, int]]:
        """Yield (index of the line, offset in it) where line `number` of a value stands whose key is in line `start`."""
        for wanted in words:
            key = self.lines[start]
            if re.search(r":\s*[|>][-+0-9]*\s*(#.*)?$", key):
                first = next((index for index in range(start + 1, len(self.lines)) if self.lines[index].strip()), start)
                index = first + number - 1
                if index < len(self.lines) and wanted.strip() and wanted.strip() in self.lines[index]:
                    yield index, self.lines[index].index(wanted.strip()) - (len(wanted) - len(wanted.lstrip()))
            elif wanted in key:
                yield start, key.index(wanted)


def whole_file(file: RuleFile, what: str, mend: str) -> RuleProblem:
    """Return a problem with a file as a whole."""
    return RuleProblem(file=file.shown, line=1, column=1, what=what, mend=mend)


def _folded(words: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(word.casefold() for word in words)
