"""The fenced code blocks of the pages: what language each is in, where it stands, and what is shown right after it."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from tests.project.links import ROOT

_FENCE = re.compile(r"^([ \t]*)(`{3,}|~{3,})[ \t]*([\w-]*)(.*)$")
_ANSWERS = re.compile(r"^\s*<!-- answers: (.*) -->\s*$")
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One fenced code block."""

    page: str
    line: int
    """Of its opening fence, counted from 1."""
    language: str
    title: str
    """The file that it is the content of, as the reader would name it; empty for none."""
    text: str
    answers: str = ""
    """What the reader types while an `sh` block asks, as lines: the comment above it, `<!-- answers: first | second -->`."""
    shows: str | None = None
    """The output that the page shows of an `sh` block: the `text` block right after it."""

    @property
    def place(self) -> str:
        """Page and line, as an editor opens them."""
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """Return the pages whose blocks are run: README and all below docs."""
    return sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def blocks(path: Path, root: Path = ROOT) -> list[Block]:
    """Return the blocks of a page in order; ValueError for a fence that is never closed."""
    name = path.relative_to(root).as_posix()
    lines = path.read_text(encoding="utf-8").split("\n")
    found: list[Block] = []
    last_end = -1
    number = 0
    while number < len(lines):
        opened = _FENCE.match(lines[number])
        if opened is None:
            number += 1
            continue
        indent, fence, language, rest = opened.groups()
        end = number + 1
        while end < len(lines) and lines[end].strip() != fence:
            end += 1
        if end == len(lines):
            raise ValueError(f"{name}:{number + 1}: this block is never closed")
        text = "\n".join(line.removeprefix(indent) for line in lines[number + 1 : end]) + "\n"
        title = _TITLE.search(rest)
        only_blank = not any(line.strip() for line in lines[last_end + 1 : number])
        if language == "text" and found and found[-1].language == "sh" and last_end >= 0 and only_blank:
            found[-1] = replace(found[-1], shows=text)
        else:
            typed = _ANSWERS.match(lines[number - 1]) if number else None
            answers = "".join(f"{each.strip()}\n" for each in typed[1].split("|")) if typed else ""
            told = title[1] if title else ""
            found.append(Block(page=name, line=number + 1, language=language, title=told, text=text, answers=answers))
        last_end = end
        number = end + 1
    return found
