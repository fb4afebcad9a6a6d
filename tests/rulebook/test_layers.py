"""The user's folder lies over the shipped one, file by file."""

from pathlib import Path

from agent.rulebook.layers import rule_files, shipped_rules


def test_the_shipped_rules_are_found() -> None:
    assert (shipped_rules() / "senders.yaml").is_file()


def test_without_a_user_folder_all_files_are_shipped_ones() -> None:
    files = rule_files("signals/en", None)
    assert "signals/en/rejection.yaml" in [file.name for file in files]
    assert not any(file.own for file in files)


def test_a_users_file_replaces_the_shipped_one_of_its_name_and_adds_others(tmp_path: Path) -> None:
    folder = tmp_path / "signals" / "en"
    folder.mkdir(parents=True)
    (folder / "rejection.yaml").write_text("language: en\n")
    (folder / "mine.yaml").write_text("language: en\n")
    own = {file.name: file.path for file in rule_files("signals", tmp_path) if file.own}
    assert own == {"signals/en/mine.yaml": folder / "mine.yaml", "signals/en/rejection.yaml": folder / "rejection.yaml"}
    assert "signals/en/offer.yaml" in [file.name for file in rule_files("signals", tmp_path)]


def test_a_single_file_is_found_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "senders.yaml").write_text("platforms: []\n")
    assert [(file.name, file.own) for file in rule_files("senders.yaml", tmp_path)] == [("senders.yaml", True)]


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert rule_files("signals/xx", tmp_path / "nowhere") == []
