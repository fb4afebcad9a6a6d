"""`interviews import` and `export` as a user calls them: what is taken, what is told, and that doing it again changes nothing."""

import json
import shutil
from pathlib import Path

from tests.cli.shell import Shell, refused

FILES = Path(__file__).parents[1] / "imports"


def bring(shell: Shell, name: str) -> str:
    shutil.copy(FILES / name, shell.folder)
    return name


def exported(shell: Shell) -> str:
    return shell.run("interviews", "export").out


def test_a_tracker_s_export_is_tracked_and_taking_it_again_changes_nothing(shell: Shell) -> None:
    file = bring(shell, "huntr.csv")
    would = shell.run("interviews", "import", file, "--dry-run")
    assert (would.status, would.out.splitlines()[0]) == (0, "Would take 3 interviews from huntr.csv.")
    assert exported(shell) == ""

    first = shell.run("interviews", "import", file)

    assert (first.status, first.out.splitlines()[0]) == (0, "Took 3 interviews from huntr.csv.")
    assert first.err == "huntr.csv: not applied to yet and left out: row 5.\n"
    board = {each["id"]: each["status"] for each in shell.run("interviews", "list", "--json").json}
    assert board == {
        "acme-robotics-backend-engineer": "applied",
        "birch-analytics-platform-engineer": "invited",
        "cedar-foods-data-analyst": "rejected",
    }
    before = shell.run("why", "cedar-foods-data-analyst", "--json").json["history"], exported(shell)
    again = shell.run("interviews", "import", file)
    assert again.out == "Took 3 interviews from huntr.csv.\n3 interviews stood here so already.\n"
    assert (shell.run("why", "cedar-foods-data-analyst", "--json").json["history"], exported(shell)) == before


def test_what_the_user_edited_stays_and_the_difference_is_told(shell: Shell) -> None:
    file = bring(shell, "simplify.csv")
    shell.run("interviews", "import", file)
    shell.run("interviews", "edit", "acme-robotics-backend-engineer", "--applied-on", "2026-08-30", "--status", "withdrawn")

    done = shell.run("interviews", "import", file)

    assert (
        "acme-robotics-backend-engineer: applied on is 2026-08-30 here and 2026-09-01 there; it stays as it is here." in done.out
    )
    assert "applied_on: 2026-08-30" in shell.run("interviews", "show", "acme-robotics-backend-engineer").out

    shell.run("interviews", "import", file, "--overwrite")
    assert "applied_on: 2026-09-01" in shell.run("interviews", "show", "acme-robotics-backend-engineer").out
    board = {each["id"]: each["status"] for each in shell.run("interviews", "list", "--json").json}
    assert board["acme-robotics-backend-engineer"] == "withdrawn"


def test_rows_that_are_not_taken_are_told_and_the_others_are_taken(shell: Shell) -> None:
    done = shell.run("interviews", "import", bring(shell, "excel.csv"), "--statuses", "weiß nicht=none")

    assert (done.status, done.out.splitlines()[0]) == (1, "Took 2 interviews from excel.csv.")
    assert done.err.splitlines() == [
        "excel.csv:7:1: the row names no company; fill it in, or take the row out",
        "excel.csv:8:1: it is the candidacy of row 5 again and is left out; give both a requisition if they are two",
        "excel.csv: not applied to yet and left out: row 6.",
    ]


def test_columns_and_dates_can_be_said(shell: Shell) -> None:
    shell.file("mine.csv", "Wo,Was,Beworben\nAcme,Clerk,3/4/2026\n")
    refused(shell.run("interviews", "import", "mine.csv"), "mine.csv:1:1", "--columns")
    named = ("interviews", "import", "mine.csv", "--columns", "Wo=company,Was=role")
    refused(shell.run(*named), "mine.csv:2:3", "--dates dmy")
    refused(shell.run(*named[:-1], "Wo=firm"), "'firm' is no field")
    refused(shell.run(*named[:-1], "Wo"), "write pairs such as")
    refused(shell.run(*named, "--statuses", "Foo=bar"), "'bar' is no status")
    refused(shell.run("interviews", "import", shell.file("x.xlsx", b"PK\x03\x04")), "save it as CSV")

    done = shell.run(*named, "--dates", "dmy")

    assert done.status == 0, done.err
    assert "applied_on: 2026-04-03" in exported(shell)


def test_each_format_that_is_exported_imports_as_the_same(shell: Shell) -> None:
    shell.run("interviews", "import", bring(shell, "simplify.csv"))
    whole = exported(shell)
    for name in ("all.yaml", "all.json", "all.csv"):
        assert shell.run("interviews", "export", name).status == 0
        shell.configure(state=shell.folder / f"state-{name}")
        done = shell.run("interviews", "import", name)
        assert (done.status, done.err, exported(shell)) == (0, "", whole)
    lines = "".join(f"{json.dumps(entry)}\n" for entry in shell.run("interviews", "export", "--format", "json").json)
    shell.configure(state=shell.folder / "state-lines")
    assert shell.run("interviews", "import", "-", stdin=lines.encode()).out == "Took 4 interviews from standard input.\n"
    assert exported(shell) == whole
    refused(shell.run("interviews", "export", "all.doc"), "--format")


def test_a_mistake_in_json_is_told_with_its_place(shell: Shell) -> None:
    shell.file("one.json", '[{"id": "acme", "company": "Acme"}]')
    shell.file("lines.jsonl", '{"id": "a", "company": "A", "role": "r"}\n{"id": "b", \n')
    shell.file("none.json", '[\n{"id": "a"\n')

    refused(shell.run("interviews", "import", "one.json"), "one.json:1:2: `0.role` is missing")
    refused(shell.run("interviews", "import", "lines.jsonl"), "lines.jsonl:2:", "this is not JSON")
    refused(shell.run("interviews", "import", "none.json"), "none.json:3:", "this is not JSON")


def test_an_interviews_file_replaces_what_it_names_and_says_so(shell: Shell) -> None:
    shell.track("- {id: acme, company: Acme, role: Clerk, notes: old}\n")

    done = shell.run("interviews", "import", "-", stdin=b"- {id: acme, company: Acme, role: Chef}\n")

    assert done.out == "Took 1 interview from standard input.\nacme: changed (role, notes).\n"
