"""The page of the rules files: every key of each kind of file, from the JSON schemas that editors use."""

from collections.abc import Iterator
from typing import Any

from agent.rulebook.schemas import kinds, schema
from tests.project.reference.docstrings import one_line, table

_FILES = {
    "policy": ("policies/NAME.yaml", "which follow-up is due when, and what forbids it"),
    "template": ("templates/LANGUAGE/KIND.yaml", "how one kind of draft is worded"),
    "forms": ("templates/LANGUAGE/forms.yaml", "greetings, dates and names of a language"),
    "tone": ("tone/LANGUAGE.yaml", "words that a draft must not have"),
    "phrases": ("signals/LANGUAGE/NAME.yaml", "what the words of a mail mean"),
    "senders": ("senders.yaml", "who writes for employers, and who does not"),
    "headings": ("headings.yaml", "what a heading alone tells"),
    "titles": ("titles.yaml", "what the words of job titles mean, to tell one role from another"),
    "answers": ("answers.yaml", "the words by which a digest is answered"),
    "checks": ("checks.yaml", "what is told of the last checks on a draft"),
    "requirements": ("requirements.yaml", "what the guides ask for"),
    "providers": ("providers.yaml", "mail providers: servers and ways to sign in"),
    "columns": ("columns.yaml", "names of columns in the files of trackers and spreadsheets"),
    "interviews": ("an interviews file", "what is tracked; `interviews import` reads it, `interviews export` writes it"),
}
_HEAD = """# Rules files

Your own files lie in `~/.config/interview-agent/rules/`, in folders of the same names as the shipped ones; one of the same name
takes the place of the shipped one. [How to add a phrase](../rules.md) tells how rules are written; this page lists the keys.
`interview-agent rules check` says what is wrong, with file, line and column. Editors with YAML support complete and check by the
schemas from which this page is made.

"""


def page() -> str:
    """Return the page."""
    unknown = set(kinds()) - set(_FILES)
    if unknown:
        raise LookupError(f"say in {__name__} what these files are for: {', '.join(sorted(unknown))}")
    parts = [_HEAD + table(("file", "what it holds"), [(f"`{name}`", about) for name, about in _FILES.values()])]
    for kind in kinds():
        file, about = _FILES[kind]
        document = schema(kind)
        parts.append(f"\n## `{file}`\n\n{about[:1].upper()}{about[1:]}.\n")
        parts.extend(_objects(document))
    return "".join(parts)


def _objects(document: dict[str, Any]) -> Iterator[str]:
    """Yield the table of the whole file, and then those of the parts that it is made of."""
    defined = document.get("$defs", {})
    if document.get("properties"):
        yield "\n" + table(("key", "what it is", "meaning"), list(_rows(document, defined)))
    for name, inner in defined.items():
        if inner.get("properties"):
            yield f"\n**{_named(name)}**\n\n" + table(("key", "what it is", "meaning"), list(_rows(inner, defined)))


def _rows(thing: dict[str, Any], defined: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    needed = thing.get("required", ())
    for key, value in thing["properties"].items():
        must = ", needed" if key in needed else ""
        yield f"`{key}`", f"{_kind(value, defined)}{must}", one_line(_description(value))


def _description(value: dict[str, Any]) -> str:
    text = str(value.get("description", ""))
    return text or next((found for each in value.get("anyOf", ()) if (found := _description(each))), "")


def _kind(value: dict[str, Any], defined: dict[str, Any]) -> str:
    """Return in words what may stand there."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        target = defined.get(name, {})
        return _words(target["enum"]) if "enum" in target else _named(name)
    if "enum" in value:
        return _words(value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    if "anyOf" in value:
        found = [_kind(each, defined) for each in value["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(found))
    match value.get("type"):
        case "array":
            inner = _kind(value["items"], defined) if isinstance(value.get("items"), dict) else "text"
            return f"list of {inner}"
        case "object":
            below = value.get("additionalProperties") or next(iter(value.get("patternProperties", {}).values()), None)
            return f"names, each with {_kind(below, defined)}" if isinstance(below, dict) else "names"
        case "integer" | "number":
            return "number"
        case "boolean":
            return "`true` or `false`"
        case list() as several:
            return " or ".join("text" if each == "string" else "list" for each in several)
    return "text"


def _words(values: list[Any]) -> str:
    shown = ", ".join(f"`{each}`" for each in values)
    return shown if len(values) < 12 else f"one of {len(values)} [labels and words](labels.md)"


def _named(name: str) -> str:
    """Return the name of a part in plain words: `_FrameYaml` is a frame."""
    plain = name.strip("_").removesuffix("Yaml").removesuffix("Form")
    return "".join(f" {each.lower()}" if each.isupper() else each for each in plain).strip()
