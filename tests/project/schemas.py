"""The JSON schemas in rules/schemas: `python -m tests.project.schemas` writes them, and the line that names them, anew."""

import json
import sys
from pathlib import Path

from agent.rulebook.layers import shipped_rules
from agent.rulebook.schemas import heading, kind_of, kinds, schema

FOLDER = Path(__file__).parents[2] / "rules" / "schemas"


def text(kind: str) -> str:
    """Return one schema as it should stand in its file."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the schemas, and name each in the first line of the rules files that it is for; return 0."""
    FOLDER.mkdir(exist_ok=True)
    for kind in kinds():
        (FOLDER / f"{kind}.json").write_text(text(kind), encoding="utf-8")
    for path in sorted(shipped_rules().rglob("*.yaml")):
        name = path.relative_to(shipped_rules()).as_posix()
        written = path.read_text(encoding="utf-8")
        if kind_of(name) and not written.startswith(heading(name)):
            path.write_text(f"{heading(name)}\n{written}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
