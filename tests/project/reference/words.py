"""The pages of words: labels and kinds of draft, what the service logs, how commands end, which files and variables there are."""

import ast

from agent.cli import endings, main
from agent.daemon import journal
from agent.interviews.status import ENDED, Status, Turn
from agent.plan.intention import DraftState
from agent.policy.verdict import DraftKind
from agent.signals.reading import OWN_LABELS, Label
from tests.project.reference.docstrings import functions, members, one_line, table

_OMITTED = ("begin",)
_LOG = """# The log

The service writes one line an event to standard error: the event, then `key=value`. Under systemd each line has its priority, so
that `journalctl --user -u interview-agent -p warning` shows what does not work. With several accounts a line ends with
`account=NAME`. No line holds a subject, a text, a quote or a password.

"""


def labels() -> str:
    """Return the page of the labels and of the kinds and states of drafts."""
    told = [(f"`{value}`", meaning) for value, meaning in members(Label) if value not in OWN_LABELS]
    own = [(f"`{value}`", meaning) for value, meaning in members(Label) if value in OWN_LABELS]
    kinds = [(f"`{value}`", meaning) for value, meaning in members(DraftKind)]
    states = [(f"`{value}`", meaning) for value, meaning in members(DraftState)]
    return (
        "# Labels and drafts\n\nThe words that stand in the output of commands, in rules, in policies and in JSON.\n"
        "\n## What a message says\n\nA message has one primary label, what it is for, and any number beside it.\n\n"
        + table(("label", "the message"), told)
        + "\n## What your own mail says\n\n"
        + table(("label", "the message"), own)
        + "\n## Kinds of draft\n\n"
        + table(("kind", "what it does"), kinds)
        + "\n## What becomes of a draft\n\n"
        + table(("state", "meaning"), states)
    )


def statuses() -> list[tuple[str, str, str]]:
    """Return each status with its meaning, and whether a candidacy has ended with it."""
    return [(value, meaning, "yes" if Status(value) in ENDED else "") for value, meaning in members(Status)]


def turns() -> list[tuple[str, str]]:
    """Return whose move it may be."""
    return members(Turn)


def log() -> str:
    """Return the page of the log."""
    rows = []
    for node in functions(journal):
        if node.name in _OMITTED:
            continue
        rows.append((f"`{node.name}`", _level(node), _keys(node), one_line(_meaning(node))))
    return _LOG + table(("event", "priority", "keys", "meaning"), rows)


def _meaning(node: ast.FunctionDef) -> str:
    text = (ast.get_docstring(node) or "").removeprefix("Tell ").removeprefix("that ")
    return f"{text[:1].upper()}{text[1:]}"


def _keys(node: ast.FunctionDef) -> str:
    return ", ".join(f"`{each.arg}`" for each in node.args.kwonlyargs)


def _level(node: ast.FunctionDef) -> str:
    """Return the priority as journald names it: that which the function gives to `_tell`."""
    called = next(each for each in ast.walk(node) if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "_tell")
    named = next((each.attr.lower() for each in called.args if isinstance(each, ast.Attribute)), "info")
    return {"error": "err"}.get(named, named)


_EXITS = (
    ("0", "It is done."),
    (
        "1",
        "The work failed: a server is out of reach, the disk is full, another agent is at work. Try again later.",
    ),
    ("2", "Wrong usage or configuration: one line says what, where and how to mend it. Trying again does not help."),
)
_CHECKS = (
    ("0", "All is well, or there are warnings alone."),
    ("1", "Something does not work, or with `--strict` there is a warning."),
    ("2", "The configuration cannot be read."),
)
_VARIABLES = (
    ("`INTERVIEW_AGENT__TABLE__KEY`", "any key of the [configuration](configuration.md), before the file"),
    ("`XDG_CONFIG_HOME`", "where the configuration folder lies, instead of `~/.config`"),
    ("`XDG_STATE_HOME`", "where the state folder lies, instead of `~/.local/state`"),
    (
        "`CONFIGURATION_DIRECTORY`, `STATE_DIRECTORY`, `CREDENTIALS_DIRECTORY`",
        "the same, and the secrets, as systemd hands them to a service",
    ),
    ("`NOTIFY_SOCKET`, `WATCHDOG_USEC`, `JOURNAL_STREAM`", "by which systemd and the service talk"),
    ("`VISUAL`, `EDITOR`", "the editor that `rules new --edit` opens"),
    ("`TZ`", "the time zone that `init` proposes"),
    ("`NO_COLOR`, `COLUMNS`, `TERM`", "how output looks on a terminal"),
)
_FILES = (
    ("`~/.config/interview-agent/config.toml`", "the configuration"),
    ("`~/.config/interview-agent/imap-password`", "the password, if you keep it in a file; only you may read it"),
    ("`~/.config/interview-agent/rules/`", "your own rules, laid over the shipped ones file by file"),
    ("`~/.config/systemd/user/interview-agent.service`", "the service, where `init` has set it up"),
    (
        "`~/.local/state/interview-agent/ledger.sqlite3`",
        "all that the agent remembers; beside it `-wal` and `-shm` while it is open",
    ),
    (
        "`~/.local/state/interview-agent/tokens.json`",
        "the tokens of a sign-in, where the account uses them; only you may read it",
    ),
    ("`~/.local/state/interview-agent/lock`", "held by the agent that is at work, with its process number"),
    ("`~/.local/state/interview-agent/NAME/`", "the same for each of several accounts"),
)


def exits_and_files() -> str:
    """Return the page of exit statuses, environment variables and files."""
    assert "0 done, 1 the work failed, 2 wrong usage" in (main.__doc__ or ""), "the exit statuses have changed"
    assert endings.explained_end.__doc__, "how commands end is told there"
    return (
        "# Exit statuses, variables, files\n\n## Exit status\n\n"
        + table(("status", "meaning"), list(_EXITS))
        + "\nOf `interview-agent check`, for monitoring:\n\n"
        + table(("status", "meaning"), list(_CHECKS))
        + "\n## Environment variables\n\n"
        + table(("variable", "what it sets"), list(_VARIABLES))
        + "\n## Files\n\nThe folders follow the XDG specification; a system service has `/etc/interview-agent` and "
        "`/var/lib/interview-agent` instead.\n\n" + table(("file", "what it is"), list(_FILES))
    )
