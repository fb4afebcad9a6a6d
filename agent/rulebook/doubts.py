"""What is doubtful in phrase rules that are valid: rules that never fire, words that nothing uses, examples that are missing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent.rulebook.date_groups import known_groups, missing_groups
from agent.rulebook.examples import examples_of
from agent.rulebook.marked_yaml import MarkedYaml
from agent.rulebook.possible import Dead, Fault, dead_parts
from agent.rulebook.problems import RuleProblem
from agent.rulebook.written import Entry, entries
from agent.signals.patterns import compile_pattern
from agent.signals.phrasebook import LanguageBook, Phrasebook, Reach, Where
from agent.signals.reading import Label
from agent.signals.sentences import Dots

_TABLES = (
    *("known_by", "script", "abbreviations", "numeric_dates"),
    *("numbers", "weekdays", "months", "zones", "holidays"),
)
_SECTIONS = ("rules", "frames", "cues", "dates", "names")
_NAME_GROUPS = frozenset({"company", "role", "requisition", "round", "last_round"})
_FROM_DATES = frozenset({Label.SCHEDULED, Label.TIMELINE})
"""Labels that are also read from dates, without a rule."""
_WORD = re.compile(r"\{([a-z][a-z_]*)\}")
_GROUP = re.compile(r"\(\?P?<(\w+)>")
_SHOWN = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubts:
    """What was found in valid rules."""

    errors: tuple[RuleProblem, ...]
    """What never does as it says."""
    warnings: tuple[RuleProblem, ...]
    """What is missing or left over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """One pattern where its author wrote it, and as it is used."""

    entry: Entry
    key: str
    index: int
    text: str
    used: str
    """Its word groups written out, folded."""
    dead: tuple[Dead, ...]
    """What of it can never match."""

    def problem(self, what: str, mend: str) -> RuleProblem:
        return self.entry.problem(self.key, self.index, what=what, mend=mend)


def doubts(documents: Sequence[MarkedYaml], phrasebook: Phrasebook) -> Doubts:
    """Return the doubts about `documents`, all files of the rules that `phrasebook` was made of, in the order of loading."""
    errors: list[RuleProblem] = []
    warnings: list[RuleProblem] = []
    for book in phrasebook.languages:
        files = [document for document in documents if document.data["language"] == book.language]
        written = list(_patterns(files, book))
        errors.extend(_never_fires(files, book, phrasebook.dots))
        for pattern in written:
            if problem := _dead(pattern):
                errors.append(problem)
            errors.extend(_says_no_date(pattern))
            warnings.extend(_half_bordered(pattern))
            warnings.extend(_names_nothing(pattern))
        errors.extend(_no_zone(files))
        errors.extend(_table_elsewhere(files))
        warnings.extend(_dead_in_part(written))
        warnings.extend(_twice(written))
        warnings.extend(_unused_words(files))
        warnings.extend(_without_examples(files))
        warnings.extend(_idle_frames(files, book))
        warnings.extend(_needless_despite(files, book))
        warnings.extend(_no_sender(files))
        warnings.extend(_cut_at_a_comma(files))
    return Doubts(errors=tuple(errors), warnings=tuple(warnings))


def _all(files: Sequence[MarkedYaml], section: str) -> list[Entry]:
    return [entry for document in files for entry in entries(document, section)]


def _patterns(files: Sequence[MarkedYaml], book: LanguageBook) -> Iterator[_Written]:
    """Yield all patterns of a language; the values of the book stand in the order of the entries."""
    phrases = book.phrases
    values = {name: getattr(phrases, name) for name in _SECTIONS}
    for section in _SECTIONS:
        for entry, value in zip(_all(files, section), values[section], strict=True):
            for key, field in (("any", "patterns"), ("unless", "unless"), ("until", "until")):
                for index, text in enumerate(entry.data.get(key) or ()):
                    used = getattr(value, field)[index]
                    yield _Written(entry=entry, key=key, index=index, text=str(text), used=used, dead=tuple(dead_parts(used)))


def _never_fires(files: Sequence[MarkedYaml], book: LanguageBook, dots: Dots) -> Iterator[RuleProblem]:
    for entry in _all(files, "rules"):
        wanted = [example for example in examples_of(entry, book, dots) if example.wanted]
        failures = [example.failure for example in wanted if example.failure]
        if failures and len(failures) == len(wanted):
            why = failures[0].what.partition(" is not read by the rule: ")[2]
            what = f"`{entry.rule_id}` can never fire: it reads none of its own examples; of the first, {why}"
            yield entry.problem("id", what=what, mend=failures[0].mend)


def _dead(pattern: _Written) -> RuleProblem | None:
    """Return the problem of a pattern that can never match."""
    if "\b" in pattern.text:
        what = f"`{_shown(pattern.text)}`: a backspace stands here; in double quotes YAML makes one of `\\b`"
        return pattern.problem(what, "put the pattern into single quotes, or into none")
    for dead in pattern.dead:
        if dead.whole:
            return pattern.problem(f"`{_shown(pattern.text)}` can never match: {_because(dead.fault)}", _MENDING[dead.fault])
    return None


def _dead_in_part(written: Sequence[_Written]) -> Iterator[RuleProblem]:
    """Yield each part of patterns that can never match once, where it stands first: a word group has it in many places."""
    places: dict[tuple[str, Fault], list[_Written]] = {}
    for pattern in written:
        for dead in pattern.dead:
            if not dead.whole:
                places.setdefault((dead.part, dead.fault), []).append(pattern)
    for (part, fault), patterns in places.items():
        first = patterns[0]
        more = f", nor in {len(patterns) - 1} more" if len(patterns) > 1 else ""
        what = f"`{_shown(part)}` can never match in `{_shown(first.text)}`{more}: {_because(fault)}"
        yield first.problem(what, _MENDING[fault])


_MENDING = {
    Fault.BLANKS: "write one blank; groups such as `{few}` end with one already",
    Fault.BORDER: "leave `\\b` out there, or put it beside a letter from a to z or a digit",
    Fault.LETTERS: "write it as it stands in one line of plain text",
}


def _because(fault: Fault) -> str:
    return {
        Fault.BLANKS: "two blanks would stand side by side, or one at the begin or end",
        Fault.BORDER: "`\\b` stands where no word begins or ends",
        Fault.LETTERS: "texts are read without line breaks and other unusual characters",
    }[fault]


def _half_bordered(pattern: _Written) -> Iterator[RuleProblem]:
    r"""Yield a pattern such as `\bfoo|bar\b`, whose `\b` hold for one alternative each."""
    parts = _top_alternatives(pattern.text)
    opened, closed = (
        (parts[0].startswith("\\b"), parts[0].endswith("\\b")),
        (parts[-1].startswith("\\b"), parts[-1].endswith("\\b")),
    )
    if len(parts) > 1 and opened == (True, False) and closed == (False, True) and "(" not in parts[0] + parts[-1]:
        what = f"`{_shown(pattern.text)}`: `\\b` holds for the first and the last alternative only"
        yield pattern.problem(what, "put the alternatives into a group: `\\b(?:one|two)\\b`")


def _top_alternatives(text: str) -> list[str]:
    """Return the alternatives of a pattern that stand in no group."""
    parts = [""]
    depth = 0
    for piece in re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", text, re.DOTALL):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _says_no_date(pattern: _Written) -> Iterator[RuleProblem]:
    if pattern.entry.section != "dates":
        return
    reckon = pattern.entry.data["reckon"]
    groups = set(_GROUP.findall(pattern.used))
    for needed in missing_groups(reckon, groups):
        what = f"`{_shown(pattern.text)}`: `{reckon}` reckons nothing without the group `{needed}`"
        yield pattern.problem(what, f"name it in the pattern: `(?P<{needed.split(' ')[0]}>...)`")
    for unknown in sorted(groups - known_groups(reckon)):
        known = ", ".join(sorted(known_groups(reckon))) or "none"
        yield pattern.problem(f"`{reckon}` knows no group `{unknown}`", f"it knows {known}")


def _names_nothing(pattern: _Written) -> Iterator[RuleProblem]:
    if pattern.entry.section == "names" and _NAME_GROUPS.isdisjoint(_GROUP.findall(pattern.used)):
        what = f"`{_shown(pattern.text)}` names nothing"
        yield pattern.problem(what, f"name a group in it: {', '.join(f'(?P<{name}>...)' for name in sorted(_NAME_GROUPS))}")


def _no_zone(files: Sequence[MarkedYaml]) -> Iterator[RuleProblem]:
    for document in files:
        for key, name in (document.data.get("zones") or {}).items():
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                yield document.problem(("zones", key), f"`{name}` is no time zone", "write it as Europe/Berlin")


def _table_elsewhere(files: Sequence[MarkedYaml]) -> Iterator[RuleProblem]:
    """Yield tables of a shipped language outside `language.yaml`, which is all that is read of it before it is needed."""
    for document in files:
        if document.file.startswith("rules/") and not document.file.endswith("/language.yaml"):
            for name in _TABLES:
                if name in document.data:
                    yield document.problem((name,), f"`{name}` is not read from this file", "move it to `language.yaml`")


def _twice(written: Sequence[_Written]) -> Iterator[RuleProblem]:
    seen: dict[tuple[str, str, str], _Written] = {}
    for pattern in written:
        scope = (
            "" if pattern.key == "any" and pattern.entry.section == "rules" else f"{pattern.entry.section}{pattern.entry.path}"
        )
        label = str(pattern.entry.data.get("where") or "") + str(pattern.entry.document.data.get("whose") or "")
        key = (f"{scope}{label}{pattern.key}", pattern.entry.document.file if scope else "", pattern.used)
        if key in seen:
            other = seen[key].entry
            place = other.problem("any", what="", mend="")
            what = f"`{_shown(pattern.text)}` stands twice: also in {place.file}:{place.line}"
            yield pattern.problem(what, "keep one of the two")
        seen.setdefault(key, pattern)


def _unused_words(files: Sequence[MarkedYaml]) -> Iterator[RuleProblem]:
    used = {name for document in files for text in _texts(document.data) for name in _WORD.findall(text)}
    for document in files:
        for name in document.data.get("words") or {}:
            if name not in used:
                yield document.problem(("words", name), f"no pattern uses the word group `{name}`", "use it or remove it")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _without_examples(files: Sequence[MarkedYaml]) -> Iterator[RuleProblem]:
    for entry in _all(files, "rules"):
        for key, what in (("matches", "must be read by it"), ("not", "must not be read by it, though it looks alike")):
            if not entry.data.get(key):
                told = f"`{entry.rule_id}` has no example of what {what}"
                yield entry.problem("id", what=told, mend=f"add sentences under `{key}:`")


def _idle_frames(files: Sequence[MarkedYaml], book: LanguageBook) -> Iterator[RuleProblem]:
    said = {rule.label for rule in book.rules} | _FROM_DATES
    for entry, frame in zip(_all(files, "frames"), book.frames, strict=True):
        if frame.silences.isdisjoint(said):
            what = f"the frame `{frame.id}` silences nothing: no rule of the language says any of its labels"
            yield entry.problem("silences", what=what, mend="name labels that rules say, or remove the frame")
        if frame.reach is Reach.SENTENCE and frame.until:
            what = f"`until` of the frame `{frame.id}` ends nothing: it silences the whole sentence"
            yield entry.problem("until", what=what, mend="remove it, or write `reach: after`")
        for index, end in enumerate(frame.until):
            if compile_pattern(end).search(""):
                what = f"the frame `{frame.id}` silences nothing: this pattern ends it at once, for it matches in every text"
                yield entry.problem("until", index, what=what, mend="remove the empty alternative or the last `*` or `?`")


def _needless_despite(files: Sequence[MarkedYaml], book: LanguageBook) -> Iterator[RuleProblem]:
    silences = {frame.id: frame.silences for frame in book.frames}
    for entry, rule in zip(_all(files, "rules"), book.rules, strict=True):
        for index, frame in enumerate(entry.data.get("despite") or ()):
            if rule.label not in silences[frame]:
                what = f"the frame `{frame}` does not silence `{rule.label}` anyway"
                yield entry.problem("despite", index, what=what, mend="remove it")


def _no_sender(files: Sequence[MarkedYaml]) -> Iterator[RuleProblem]:
    """Yield patterns that look for the end of a sender's name, which an address follows."""
    for entry in _all(files, "rules"):
        if entry.data.get("where") != [Where.SENDER.value]:
            continue
        for key in ("matches", "not"):
            for index, text in enumerate(entry.data.get(key) or ()):
                if "@" not in text:
                    what = f"“{text}” is no sender: `where: [sender]` reads name and address"
                    yield entry.problem(key, index, what=what, mend="write it as `Name <address@domain.example>`")


def _cut_at_a_comma(files: Sequence[MarkedYaml]) -> Iterator[RuleProblem]:
    """Yield examples in `[...]` that YAML has made two of, at the comma of a sentence."""
    for entry in _all(files, "rules"):
        for key in ("matches", "not"):
            examples = [str(text) for text in entry.data.get(key) or ()]
            lines = [entry.problem(key, index, what="", mend="").line for index in range(len(examples))]
            for index, (first, second) in enumerate(pairwise(examples)):
                if lines[index] == lines[index + 1] and second[0].islower() and first[-1].isalnum():
                    what = f"“{first}” and “{second}” look like one sentence: in [...] a comma begins the next example"
                    yield entry.problem(
                        key, index, what=what, mend="put the sentence into quotes, or write `- ` before each on its own line"
                    )


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
