"""The table of docs/requirements.md: `python -m tests.project.requirements` writes it anew from the rules."""

import sys
from collections import defaultdict
from pathlib import Path

from agent.rulebook.requirements import Citation, Requirements, citations, load_requirements

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "requirements.md"
HEAD = """# What the guides ask for, and what carries it out

`make requirements` writes this table from `rules/`: each row is one requirement of
[rules/requirements.yaml](../rules/requirements.yaml) with the rules, limits and forbids that cite it (by policy; one that extends
another has its rules too), the templates, the last checks before a draft is queued, and what the program does by itself. A test
fails when a requirement is carried out by nothing.

| | asked for | rules, limits and forbids | templates | checks | by itself |
|---|---|---|---|---|---|
"""


def table() -> str:
    """Return the document as it should be."""
    requirements = load_requirements()
    by_id: dict[str, list[Citation]] = defaultdict(list)
    for citation in citations():
        by_id[citation.requirement].append(citation)
    return HEAD + "".join(_row(name, text, by_id[name], requirements) for name, text in requirements.asked.items())


def carried_out(requirement: str) -> list[Citation]:
    """Return the places that cite a requirement."""
    return [citation for citation in citations() if citation.requirement == requirement]


def _row(name: str, text: str, cited: list[Citation], requirements: Requirements) -> str:
    cells = (
        _policies([each for each in cited if each.name.startswith("policies/")]),
        _templates([each for each in cited if each.name.startswith("templates/")]),
        ", ".join(dict.fromkeys(each.entry.rpartition(".")[2] for each in cited if each.name == "checks.yaml")),
        ", ".join(feature.id for feature in requirements.features if name in feature.requires),
    )
    return f"| {name} | {text} | {' | '.join(cells)} |\n"


def _policies(cited: list[Citation]) -> str:
    rules: dict[str, list[str]] = defaultdict(list)
    for each in cited:
        rules[Path(each.name).stem].append(each.entry.rpartition(".")[2])
    return "; ".join(f"{policy}: {', '.join(dict.fromkeys(names))}" for policy, names in sorted(rules.items()))


def _templates(cited: list[Citation]) -> str:
    languages: dict[str, list[str]] = defaultdict(list)
    for each in cited:
        _, code, kind = each.name.split("/")
        languages[kind.removesuffix(".yaml")].append(code)
    everywhere = {path.name for path in (ROOT / "rules" / "templates").iterdir() if path.is_dir()}
    return ", ".join(
        kind if set(codes) == everywhere else f"{kind} ({', '.join(sorted(set(codes)))})"
        for kind, codes in sorted(languages.items())
    )


def main() -> int:
    """Write the document; return 0."""
    DOCUMENT.write_text(table(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
