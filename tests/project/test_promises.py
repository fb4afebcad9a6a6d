"""The page of promises names only what is there; and nothing but the places it names can send mail or change a mailbox."""

import ast
import re

import pytest

from tests.project.links import ROOT
from tests.project.test_layout import called, python_files

LINES = [
    line for line in (ROOT / "docs" / "promises.md").read_text(encoding="utf-8").splitlines() if re.match(r"\| [1-9]\. ", line)
]
NAMED = sorted({pair for line in LINES for pair in re.findall(r"`((?:agent|tests)/[a-z_/]+\.py): ([A-Za-z_.]+)`", line)})
SENDING = {"smtplib", "aiosmtplib"}
HANDING_IN = {"sendmail", "send_message", "mail", "rcpt", "data", "login", "docmd", "putcmd", "send"}
GREETED = "agent/accounts/greeting.py"
"""Where `init` lets a server that takes mail prove its name, and says no more to it."""
CHANGING = {
    "add_flags", "add_gmail_labels", "append", "copy", "delete_messages", "expunge", "move", "multiappend", "remove_flags",
    "remove_gmail_labels", "set_flags", "set_gmail_labels", "uid_expunge",
}  # fmt: skip
"""Methods of IMAPClient that change what lies in a mailbox."""
CHANGING_COMMANDS = {
    f"{uid}{verb}"
    for uid in ("", "UID ")
    for verb in ("APPEND", "COPY", "CREATE", "DELETE", "EXPUNGE", "MOVE", "RENAME", "REPLACE", "STORE")
}
"""Commands of RFC 3501, 6851 and 8508 that do."""


def imported(path: str) -> set[str]:
    """Return the libraries that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def called_on_the_client(path: str) -> set[str]:
    """Return the methods that a file calls on something named `client`."""
    return {
        node.func.attr
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and "client" in ast.unparse(node.func.value).lower()
    }


def commands_in(path: str) -> set[str]:
    """Return the commands of RFC 3501 that the texts of a file, docstrings apart, begin with: `UID STORE`, `APPEND`."""
    said = [
        node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    ]
    return {found[1] for text in said if (found := re.match(r"(?:%s)?((?:UID )?[A-Z]+)\b", text))}


def test_each_promise_names_a_place_and_a_test() -> None:
    assert {line[2] for line in LINES} == set("123456789")
    silent = [line for line in LINES if not re.search(r"`agent/.*\| `tests/", line)]
    assert silent == []


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_what_the_page_names_is_there(file: str, name: str) -> None:
    scope: list[ast.stmt] = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    for part in name.split("."):
        found = [node for node in scope if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == part]
        assert found, f"{file} has no {name}"
        scope = found[0].body


def test_only_the_digest_can_be_sent() -> None:
    files = [str(path.relative_to(ROOT)) for path in python_files("agent")]
    assert [file for file in files if imported(file) & SENDING] == [GREETED, "agent/notify/smtp.py"]
    assert [file for file in files if called(ROOT / file) & {"sendmail", "send_message"}] == ["agent/notify/smtp.py"]
    assert called(ROOT / GREETED) & HANDING_IN == set()


def test_only_two_files_change_a_mailbox() -> None:
    files = [str(path.relative_to(ROOT)) for path in python_files("agent/mailbox")]
    assert {file for file in files if called_on_the_client(file) & CHANGING} == set()
    assert {file: verbs for file in files if (verbs := commands_in(file) & CHANGING_COMMANDS)} == {
        "agent/mailbox/appending.py": {"APPEND"},
        "agent/mailbox/drafts.py": {"UID STORE", "UID EXPUNGE", "UID MOVE", "EXPUNGE"},
        "agent/mailbox/idle.py": {"EXPUNGE"},  # the answer of that name, which is told of others' expunges
    }
