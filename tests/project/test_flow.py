"""The page that walks one message through the files names only what is there."""

import ast
import re

import pytest

from tests.project.links import ROOT

NAMED = sorted(set(re.findall(r"`(agent/[a-z_/]+\.py): ([A-Za-z_.]+)`", (ROOT / "docs" / "flow.md").read_text(encoding="utf-8"))))


def test_the_page_names_the_functions_of_the_way() -> None:
    assert len(NAMED) > 25
    assert ("agent/mailbox/imap.py", "ImapMailbox.append_draft") in NAMED


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_step_names_a_function_that_is_there(file: str, name: str) -> None:
    scope: list[ast.stmt] = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    for part in name.split("."):
        found = [node for node in scope if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == part]
        assert found, f"{file} has no {name}"
        scope = found[0].body
