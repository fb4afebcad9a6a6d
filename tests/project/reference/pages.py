"""Which pages there are, by their file."""

from tests.project.links import ROOT
from tests.project.reference import commands, configuration, rules, status, words

FOLDER = ROOT / "docs" / "reference"


def pages() -> dict[str, str]:
    """Return the content of each file of docs/reference by its name."""
    return {
        "configuration.md": configuration.page(),
        "commands.md": commands.page(),
        "rules.md": rules.page(),
        "labels.md": words.labels(),
        "status.md": status.page(),
        "status.svg": status.picture(),
        "log.md": words.log(),
        "exits-and-files.md": words.exits_and_files(),
    }
