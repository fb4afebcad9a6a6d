"""`rules new`: one's own file from a shipped one, found by any name, never over what is there, and told when it is old."""

import json
from pathlib import Path

import pytest

from agent.rulebook import copying
from agent.rulebook.layers import shipped_rules
from agent.rulebook.policies import load_policy
from tests.cli.shell import Shell, refused

OWN = ".config/interview-agent/rules"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("default", "policies/default.yaml"),
        ("policies/default", "policies/default.yaml"),
        ("rules/policies/Default.yaml", "policies/default.yaml"),
        ("two_touch", "policies/two-touch.yaml"),
        ("signals/de/rejection", "signals/de/rejection.yaml"),
        ("de/rejection", "signals/de/rejection.yaml"),
        ("senders.yml", "senders.yaml"),
    ],
)
def test_names_are_taken_as_people_write_them(word: str, name: str) -> None:
    assert copying.meant(word) == [name]


def test_a_name_of_many_files_none_and_a_slip_are_told(shell: Shell) -> None:
    refused(shell.run("rules", "new", "rejection", config=False), "may be one of", "signals/de/rejection, signals/en/rejection")
    refused(shell.run("rules", "new", "defualt", config=False), "there is no shipped rules file 'defualt'", "policies/default")
    assert not (shell.folder / OWN).exists()


def test_what_there_is_is_listed_with_what_it_is_for(shell: Shell) -> None:
    listed = shell.run("rules", "new", "--json", config=False).json
    by_name = {each["name"]: each for each in listed["files"]}
    assert by_name["signals/de/rejection.yaml"]["for"] == "The candidate is out: someone looked and said no"
    assert not [name for name, each in by_name.items() if not each["for"]]
    assert not [name for name in by_name if name.startswith("schemas")]
    shell.run("rules", "new", "de/rejection", config=False)
    folder = shell.run("rules", "new", "signals/de", config=False).out
    assert "signals/de/rejection" in folder
    assert "yours" in folder
    assert "signals/en" not in folder


def test_a_copy_says_what_it_overrides_keeps_its_schema_and_changes_nothing_yet(shell: Shell) -> None:
    done = shell.run("rules", "new", "de/rejection", config=False)
    file = shell.folder / OWN / "signals/de/rejection.yaml"
    schema, about, copied, *_ = file.read_text(encoding="utf-8").splitlines()
    assert schema == "# yaml-language-server: $schema=../../schemas/phrases.json"
    assert (file.parent / "../../schemas/phrases.json").resolve().read_bytes() == (
        shipped_rules() / "schemas/phrases.json"
    ).read_bytes()
    assert about.startswith("# Your own signals/de/rejection.yaml: while this file is here, the shipped one is not read.")
    assert (
        f"shipped text {copying.digest((shipped_rules() / 'signals/de/rejection.yaml').read_text(encoding='utf-8'))};" in copied
    )
    assert done.status == 0
    assert [line.split("  ")[1] for line in done.out.splitlines() if line.startswith("  ")] == [
        "edit it",
        "interview-agent rules check de",
        "interview-agent rules test de",
        "interview-agent rules diff",
    ]
    checked = shell.run("rules", "check", "de", config=False)
    assert checked.status == 0
    assert "(1 your own): 0 errors" in checked.out
    assert "nothing reads this file" not in checked.out


def test_a_policy_names_only_what_differs_unless_the_whole_is_wanted(shell: Shell) -> None:
    assert shell.run("rules", "new", "two-touch", config=False).status == 0
    file = shell.folder / OWN / "policies/two-touch.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == ["extends: two-touch"]
    assert load_policy("two-touch", shell.folder / OWN) == load_policy("two-touch", None)

    shell.run("rules", "new", "brief", "--whole", config=False)
    assert "\nrules:\n" in (shell.folder / OWN / "policies/brief.yaml").read_text(encoding="utf-8")
    made = shell.run("rules", "new", "default", "--as", "mine", config=False)
    assert "interview-agent rules diff --policy mine" in made.out
    assert 'preset = "mine"' in made.out
    assert load_policy("mine", shell.folder / OWN).rules == load_policy("default", None).rules
    refused(shell.run("rules", "new", "de/rejection", "--as", "mine", config=False), "--as and --whole are for policies")
    refused(shell.run("rules", "new", "default", "--as", "brief", config=False), "a policy `brief` is shipped already")


def test_nothing_is_overwritten_and_with_force_the_old_one_is_kept(shell: Shell) -> None:
    shell.run("rules", "new", "senders", config=False)
    file = shell.folder / OWN / "senders.yaml"
    file.write_text("mine", encoding="utf-8")
    refused(shell.run("rules", "new", "senders", config=False), "is there already, and is left as it is", "--force")
    assert file.read_text() == "mine"

    for number in (1, 2):
        done = shell.run("rules", "new", "senders", "--force", "--json", config=False).json
        assert done["kept"] == f"{file}.~{number}~"
    assert Path(f"{file}.~1~").read_text() == "mine"
    assert "nothing reads this file" not in shell.run("rules", "check", "de", config=False).out


def test_a_folder_that_is_named_or_configured_is_made(shell: Shell) -> None:
    shell.run("rules", "new", "senders", "--rules", "elsewhere/mine", config=False)
    assert (shell.folder / "elsewhere/mine/senders.yaml").is_file()
    wanted = shell.folder / "configured"
    shell.configure(more=f'[rules]\nfolder = "{wanted}"\n')
    shell.run("rules", "new", "senders")
    assert (wanted / "senders.yaml").is_file()
    assert "(1 your own)" in shell.run("rules", "check", "de").out


def test_a_copy_of_a_file_that_has_changed_since_is_warned_of(shell: Shell) -> None:
    for word in ("senders", "brief"):
        shell.run("rules", "new", word, config=False)
    folder = shell.folder / OWN
    for file in (folder / "senders.yaml", folder / "policies/brief.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("shipped text ", "shipped text 0123456789abcdef 0", 1), encoding="utf-8")
    found = json.loads(shell.run("rules", "check", "de", "--json", config=False).out)["findings"]
    told = {each["file"]: each for each in found if "has changed since" in each["what"]}
    assert set(told) == {str(folder / "senders.yaml"), str(folder / "policies/brief.yaml")}
    first = told[str(folder / "senders.yaml")]
    assert (first["severity"], first["line"]) == ("warning", 3)
    assert first["what"] == "the shipped senders.yaml has changed since this copy was made, and the copy hides that"
    assert "`interview-agent rules new senders --force`" in first["mend"]


def test_rules_that_cannot_be_loaded_are_told_alike_by_check_test_and_diff(shell: Shell) -> None:
    broken = shell.folder / OWN / "signals/en/mine.yaml"
    broken.parent.mkdir(parents=True)
    broken.write_text("language: en\nwrong: 1\n", encoding="utf-8")
    line = f"{broken}:2:1: `wrong` is not a known key; correct its spelling or remove it"
    checked = shell.run("rules", "check", "en")
    assert (checked.status, checked.out.splitlines()[0]) == (2, line)
    for words in (("test", "en"), ("diff",)):
        done = shell.run("rules", *words)
        refused(done, line)
        assert done.err.splitlines()[0] == line
