"""A hook of mkdocs: links to files of the project that are no pages of the site are named instead of linked.

On a page that is read in the repository they lead to the file, as `tests.project.links` sees to.
"""

import re
from pathlib import Path
from typing import Any

from tests.project.links import CODE, LINK


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Return the text of a page as the site shows it."""
    folder, docs = Path(page.file.abs_src_path).parent, Path(page.file.abs_src_path)
    for _part in Path(page.file.src_uri).parts:
        docs = docs.parent
    return named(markdown, folder, docs)


def named(markdown: str, folder: Path, docs: Path) -> str:
    """Return a page of `folder` in which links that lead out of `docs` are the words of the link and the name of the file."""
    hidden = CODE.sub(lambda code: re.sub(r"[^\n]", "\0", code[0]), markdown)
    parts, at = [], 0
    for link in LINK.finditer(hidden):
        target = link[1] or link[2]
        if re.match(r"[a-z][a-z0-9+.-]*:|#", target):
            continue
        aim = (folder / target.partition("#")[0]).resolve()
        if aim.is_relative_to(docs) and aim.is_file():
            continue
        root = docs.parent
        name = aim.relative_to(root).as_posix() if aim.is_relative_to(root) else target
        words = markdown[link.start() + 1 : link.start() + 1 + link[0].index("]") - 1].strip("`")
        parts += [markdown[at : link.start()], f"`{name}`" if words.rstrip("/") == name else f"{words} (`{name}`)"]
        at = link.end()
    return "".join([*parts, markdown[at:]])
