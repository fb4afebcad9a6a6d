"""The manual page and the words of all commands: `python -m tests.project.man` writes both anew from the commands' own help."""

import json
import os
import re
import sys
from pathlib import Path
from unittest.mock import patch

from argparse_manpage.manpage import Manpage

from agent import __version__
from agent.cli.main import COMMANDS, parser_of
from agent.cli.manual import ABOUT, ENVIRONMENT, EXIT_STATUS, FILES
from agent.cli.words import words_of

_MACROS = re.compile(r"^(?=\.(?!(?:TH|SH|SS|TP|PP|RS|RE|B|nf|fi)\b)|')", re.MULTILINE)
"""Where a line begins like an order to the typesetter and is none, such as one that begins with `.eml`."""
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "man" / "interview-agent.1"
WORDS = ROOT / "agent" / "cli" / "words.json"


def page() -> str:
    """Return the manual page as it should be; it bears no date, so that it changes only where the help does."""
    with patch.dict(os.environ, {"COLUMNS": "100", "SOURCE_DATE_EPOCH": "0"}):
        parser, _ = parser_of(list(COMMANDS))
        written = Manpage(
            parser,
            _data={
                "date": "",
                "project_name": f"interview-agent {__version__}",
                "manual_title": "User Commands",
                "description": "follow a job search in your mailbox, with drafts that you send yourself",
            },
            format="single-commands-section",
        )
        examples = [pair for name in COMMANDS for pair in ABOUT[name].commands()]
        for heading, entries in (
            ("examples", examples),
            ("exit status", EXIT_STATUS),
            ("files", FILES),
            ("environment", ENVIRONMENT),
        ):
            written.add_section(heading, ">", "\n".join(f".TP\n{_roff(name)}\n{_roff(what)}" for name, what in entries))
        return _MACROS.sub(r"\\&", str(written))


def words() -> str:
    """Return the words of all commands as they should be."""
    with patch.dict(os.environ, {"COLUMNS": "100"}):
        parser, _ = parser_of(list(COMMANDS))
        return json.dumps(words_of(parser), indent=1, ensure_ascii=False) + "\n"


def _roff(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    WORDS.write_text(words(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} and {WORDS.relative_to(ROOT)} are written\n")
