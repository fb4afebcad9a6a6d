"""Write docs/reference anew."""

import sys

from tests.project.reference.pages import FOLDER, pages


def main() -> int:
    """Write every page; return 0."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
