"""Dead links in README, CHANGELOG and docs: files that are not there and headings that no page has; run by `make check`.

Addresses on the network are left alone, so that the check says the same on every machine.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"(?<!\\)\[[^\]\n]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s+(\S+)", re.MULTILINE)
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]+`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def pages(root: Path) -> list[Path]:
    """Return the Markdown pages of the project."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "rules").rglob("*.md")])


def anchors(text: str) -> set[str]:
    """Return the names under which a page's headings can be linked, as GitHub makes them."""
    found: dict[str, int] = {}
    names = set()
    for heading in HEADING.findall(re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        names.add(f"{name}-{found[name]}" if name in found else name)
        found[name] = found.get(name, 0) + 1
    return names


def dead_links(page: Path, root: Path) -> Iterator[str]:
    """Yield one line for each link of the page that leads nowhere."""
    text = page.read_text(encoding="utf-8")
    shown = CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    for match in LINK.finditer(shown):
        target = match[1] or match[2]
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        path, _, anchor = target.partition("#")
        where = f"{page.relative_to(root)}:{shown.count(chr(10), 0, match.start()) + 1}"
        aim = (root / path.lstrip("/") if path.startswith("/") else page.parent / path) if path else page
        if not aim.exists():
            yield f"{where}: {target}: there is no such file"
        elif anchor and aim.suffix == ".md" and anchor not in anchors(aim.read_text(encoding="utf-8")):
            yield f"{where}: {target}: there is no such heading"


def main() -> int:
    """Print every dead link with its page and line and return the exit status."""
    found = [line for page in pages(ROOT) for line in dead_links(page, ROOT)]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
