"""The agent's numbers for the files of a folder: rising, kept, given to nobody twice, and new as a whole when they are lost."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.mailbox.interface import MailboxProblem
from agent.mailbox.uid_list import UidList


def numbers(file: Path, *present: str) -> dict[str, int]:
    return UidList(file).numbers(present, sorted)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "inbox.uids"


def test_new_messages_get_the_next_numbers_in_the_order_asked_for(file: Path) -> None:
    assert numbers(file, "b", "a") == {"a": 1, "b": 2}
    assert numbers(file, "d", "a", "c", "b") == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_the_number_of_a_message_that_is_gone_is_given_to_no_other(file: Path) -> None:
    numbers(file, "a", "b")
    assert numbers(file, "a") == {"a": 1}
    assert numbers(file, "a", "c") == {"a": 1, "c": 3}


def test_a_message_that_comes_back_has_its_number_again(file: Path) -> None:
    numbers(file, "a", "b")
    assert numbers(file) == {}
    assert numbers(file, "a", "b") == {"a": 1, "b": 2}


def test_a_message_that_was_gone_for_long_is_forgotten(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    day = 86_400
    moments = iter([20_000 * day, 20_000 * day, 20_031 * day, 20_032 * day])
    monkeypatch.setattr("agent.mailbox.uid_list.time.time", lambda: next(moments))
    numbers(file, "a", "b")
    numbers(file, "a")
    numbers(file, "a", "c")
    assert numbers(file, "a", "b", "c") == {"a": 1, "b": 4, "c": 3}


def test_an_empty_folder_has_a_numbering_too(file: Path) -> None:
    first, second = UidList(file), UidList(file)
    assert first.numbers([], sorted) == second.numbers([], sorted) == {}
    assert first.uidvalidity == second.uidvalidity > 0
    assert first.last_uid == 0


def test_what_another_process_numbered_is_kept(file: Path) -> None:
    service, check = UidList(file), UidList(file)
    service.numbers(["a"], sorted)
    assert check.numbers(["a", "b"], sorted) == {"a": 1, "b": 2}
    assert service.numbers(["a", "b", "c"], sorted) == {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize("damage", [b"", b"0", b"\0" * 200, b"00000000\n{}", b"not a list at all\n", b"\xff\xfe\n\xff"])
def test_a_damaged_list_begins_anew_under_another_uidvalidity(file: Path, damage: bytes) -> None:
    before = UidList(file)
    before.numbers(["a", "b"], sorted)
    file.write_bytes(damage)
    after = UidList(file)
    assert after.numbers(["b"], sorted) == {"b": 1}
    assert after.uidvalidity not in {0, before.uidvalidity}


@settings(max_examples=30)
@given(at=st.integers(0, 10_000), mask=st.integers(1, 255))
def test_no_byte_of_the_list_can_change_unnoticed(tmp_path_factory: pytest.TempPathFactory, at: int, mask: int) -> None:
    file = tmp_path_factory.mktemp("state") / "inbox.uids"
    before = UidList(file)
    before.numbers(["1694779200.M1P7.laptop", "1694779200.M2P7.laptop"], sorted)
    raw = bytearray(file.read_bytes())
    raw[at % len(raw)] ^= mask
    file.write_bytes(raw)
    after = UidList(file)
    assert after.numbers(["1694779200.M2P7.laptop"], sorted) == {"1694779200.M2P7.laptop": 1}
    assert after.uidvalidity != before.uidvalidity


def test_a_list_that_was_cut_short_begins_anew(file: Path) -> None:
    before = UidList(file)
    before.numbers(["a", "b"], sorted)
    file.write_bytes(file.read_bytes()[:-1])
    after = UidList(file)
    after.numbers(["a", "b"], sorted)
    assert after.uidvalidity != before.uidvalidity


def test_a_lost_list_is_noticed_while_the_process_runs(file: Path) -> None:
    running = UidList(file)
    running.numbers(["a", "b"], sorted)
    before = running.uidvalidity
    file.unlink()
    assert running.numbers(["b", "c"], sorted) == {"b": 1, "c": 2}
    assert running.uidvalidity != before


def test_any_name_is_kept(file: Path) -> None:
    names = ["with\nline end", 'with "quotes"', "broken\udcff", "日本", "\u2028"]
    assert numbers(file, *names) == numbers(file, *reversed(names))


def test_numbers_that_cannot_be_kept_are_not_given(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    running = UidList(tmp_path / "state" / "inbox.uids")
    with pytest.raises(MailboxProblem, match=r"the numbers of the messages cannot be kept \(Not a directory\)") as problem:
        running.numbers(["a"], sorted)
    assert problem.value.permanent is False
    (tmp_path / "state").unlink()
    assert running.numbers(["b", "a"], sorted) == {"a": 1, "b": 2}


def test_only_the_owner_can_read_the_list(file: Path) -> None:
    numbers(file, "a")
    assert oct(file.stat().st_mode)[-3:] == "600"
    assert oct(file.parent.stat().st_mode)[-3:] == "700"
    assert list(file.parent.iterdir()) == [file]
