"""The little language in which templates are written: text, `{{ field }}`, and `{% if field %} ... {% endif %}`.

It is a small part of Jinja2, in its sandbox. `faults` refuses all the rest before a template is used, because the sandbox alone
is no guard against a template that makes a gigabyte of text; with it a text can only be as long as the template and its facts.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = ("capital", "lower", "title", "trim", "upper")
"""The filters a template may use, none with arguments; `capital` raises the first letter and leaves the others."""

_ONLY = "only {{ field }}, {{ field | filter }} and {% if field %} ... {% elif %} ... {% else %} ... {% endif %} can be used"
_STRAY = re.compile(r"\{[{%#][-+]|[-+][%}#]\}|\{%\s*raw\b")
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_SPACE = re.compile(r"[ \t\r\n]+")
"""What is folded to one space: no-break spaces stay, because French sets them before a question mark and inside quotes."""
_MAX_LENGTH = 6000


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One fact that a template may use."""

    about: str
    """One line for the people who write templates."""
    always: bool = False
    """It is known in every case."""
    flag: bool = False
    """It can only be asked for, not written out."""
    hint: bool = False
    """It is for the user alone: written out only in what the user is told before sending."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One mistake in a template."""

    line: int
    column: int
    """Both 1-based, inside the template."""
    what: str
    mend: str


def faults(source: str, fields: Mapping[str, Field], needs: frozenset[str] = frozenset(), *, hint: bool = False) -> list[Fault]:
    """Return all mistakes in a template that may use `fields`, where those in `needs` are known to be there.

    A field that may be unknown must stand inside an `{% if %}` that asks for it. With `hint` the text is for the user alone.
    """
    if len(source) > _MAX_LENGTH:
        return [Fault(line=1, column=1, what=f"the text is longer than {_MAX_LENGTH} characters", mend="make it shorter")]
    if stray := _STRAY.search(source):
        line, column = source.count("\n", 0, stray.start()) + 1, stray.start() - source.rfind("\n", 0, stray.start())
        return [Fault(line=line, column=column, what=f"`{stray.group()}` is not allowed in a template", mend=_ONLY)]
    try:
        tree = _environment().parse(source)
    except TemplateSyntaxError as error:
        return [_syntax_fault(source, error)]
    except RecursionError:
        return [Fault(line=1, column=1, what="the template is nested too deeply", mend="write it with fewer brackets")]
    known = needs | {name for name, field in fields.items() if field.always}
    return list(_Walk(source, fields, hint=hint).body(tree.body, frozenset(known)))


def render(source: str, facts: Mapping[str, str]) -> str:
    """Return the text of a template that has no `faults`: one line a paragraph, a blank line between two of them.

    Facts are put in as they are and never read as markup. Line breaks inside a paragraph of the template mean nothing, so that a
    sentence that falls away leaves no hole.
    """
    return compiled(source)(facts)


def compiled(source: str) -> Callable[[Mapping[str, str]], str]:
    """Return what renders a template that has no `faults`, for use with many facts."""
    folded = "\n\n".join(" ".join(_SPACE.split(paragraph.strip())) for paragraph in _BLANK.split(source))
    return _environment().from_string(folded).render


class _Unknown(Undefined):
    """A field that is not known: `{% if %}` takes it for false, writing it out is an error."""

    __slots__ = ()

    def __str__(self) -> str:
        raise UndefinedError(f"a template writes out `{self._undefined_name}`, which is not known")


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=_Unknown, autoescape=False)
    environment.filters = {name: environment.filters[name] for name in FILTERS if name in environment.filters}
    environment.filters["capital"] = lambda text: text[:1].upper() + text[1:]
    environment.globals = {}
    return environment


class _Walk:
    """Goes through a parsed template in reading order, handing out faults with their places."""

    def __init__(self, source: str, fields: Mapping[str, Field], *, hint: bool) -> None:
        self.fields = fields
        self.hint = hint
        self.words = _words(source)

    def body(self, body: list[nodes.Node], known: frozenset[str]) -> Iterator[Fault]:
        for node in body:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        yield from self.output(part, known, self.tag("{{"))
            elif isinstance(node, nodes.If):
                yield from self.condition(node, known)
            else:
                yield _refused(node, self.tag("{%"))

    def output(self, node: nodes.Node, known: frozenset[str], opening: tuple[int, int]) -> Iterator[Fault]:
        match node:
            case nodes.Const(value=str()):
                return
            case nodes.Name(name=name):
                place = self.place(name, node.lineno)
                if name not in self.fields:
                    yield self.unknown(name, place)
                elif self.fields[name].flag:
                    yield _at(place, f"`{name}` answers only yes or no", f"ask for it with {{% if {name} %}}")
                elif self.fields[name].hint and not self.hint:
                    yield _at(place, f"`{name}` is for the user, not for the mail", "write it out in `before_sending` only")
                elif name not in known:
                    yield _at(
                        place, f"`{name}` is not known in every case", f"put {{% if {name} %}} round it, or name it in `needs`"
                    )
            case nodes.Filter(name=name, node=nodes.Node() as inner, args=[], kwargs=[], dyn_args=None, dyn_kwargs=None):
                yield from self.output(inner, known, opening)
                place = self.place(name, node.lineno)
                if name not in FILTERS:
                    yield _at(place, f"there is no filter `{name}`", f"the filters are {', '.join(FILTERS)}")
            case _:
                yield _refused(node, opening)

    def condition(self, node: nodes.If, known: frozenset[str]) -> Iterator[Fault]:
        found, then, otherwise = self.test(node.test)
        yield from found
        yield from self.body(node.body, known | then)
        for branch in node.elif_:
            found, then, further = self.test(branch.test)
            yield from found
            yield from self.body(branch.body, known | otherwise | then)
            otherwise |= further
        yield from self.body(node.else_, known | otherwise)

    def test(self, node: nodes.Node) -> tuple[list[Fault], frozenset[str], frozenset[str]]:
        """Return the faults of a condition, the fields known when it holds, and those known when it does not."""
        nothing: frozenset[str] = frozenset()
        match node:
            case nodes.Name(name=name):
                place = self.place(name, node.lineno)
                return (
                    ([], frozenset({name}), nothing) if name in self.fields else ([self.unknown(name, place)], nothing, nothing)
                )
            case nodes.Not(node=inner):
                found, then, otherwise = self.test(inner)
                return found, otherwise, then
            case nodes.And(left=left, right=right):
                found, then, _ = self.test(left)
                more, also, _ = self.test(right)
                return found + more, then | also, nothing
            case nodes.Or(left=left, right=right):
                found, _, otherwise = self.test(left)
                more, _, also = self.test(right)
                return found + more, nothing, otherwise | also
            case _:
                return [_refused(node, self.place("if", node.lineno))], nothing, nothing

    def unknown(self, name: str, place: tuple[int, int]) -> Fault:
        near = get_close_matches(name, self.fields, n=1)
        hint = f"did you mean `{near[0]}`? " if near else ""
        return _at(place, f"there is no field `{name}`", f"{hint}the fields are {', '.join(sorted(self.fields))}")

    def tag(self, opening: str) -> tuple[int, int]:
        """Return where the next tag of this kind opens, `{%` for one that is no condition, and take it out of the list."""
        for index, (line, column, kind, text) in enumerate(self.words):
            if kind == opening and text not in ("if", "elif", "else", "endif"):
                del self.words[index]
                return line, column
        return 1, 1

    def place(self, word: str, line: int) -> tuple[int, int]:
        """Return where `word` stands next, in or after `line`, and take it out of the list."""
        for index, (at, column, kind, text) in enumerate(self.words):
            if at >= line and kind == "name" and text == word:
                del self.words[index]
                return at, column
        return line, 1


def _words(source: str) -> list[tuple[int, int, str, str]]:
    """Return (line, column, kind, text) of the openings of tags, `{{` or `{%` with its first word, and of the words inside."""
    found: list[tuple[int, int, str, str]] = []
    line, column = 1, 1
    for _, kind, text in _environment().lexer.tokeniter(source, None):
        if kind in ("variable_begin", "block_begin"):
            found.append((line, column, text, ""))
        elif kind == "name":
            if found and found[-1][2:] == ("{%", ""):
                found[-1] = (*found[-1][:3], text)
            found.append((line, column, "name", text))
        breaks = text.count("\n")
        column = len(text) - text.rindex("\n") if breaks else column + len(text)
        line += breaks
    return found


def _syntax_fault(source: str, error: TemplateSyntaxError) -> Fault:
    lines = source.splitlines() or [""]
    line = min(max(error.lineno, 1), len(lines))
    opening = re.search(r"\{[{%#]", lines[line - 1])
    column = opening.start() + 1 if opening else 1
    return Fault(line=line, column=column, what=f"the template cannot be read: {error.message}", mend=_ONLY)


def _refused(node: nodes.Node, place: tuple[int, int]) -> Fault:
    return _at(place, f"`{type(node).__name__.lower()}` is not allowed in a template", _ONLY)


def _at(place: tuple[int, int], what: str, mend: str) -> Fault:
    return Fault(line=place[0], column=place[1], what=what, mend=mend)
