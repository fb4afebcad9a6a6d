"""What the names in a Maildir tell, as Dovecot, mbsync, offlineimap and mail clients write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mailbox.maildir_names import arrived_by_name, folder_key, folder_name, info_sign, new_name, unique_part

UNIQUES = st.from_regex(r"[0-9]{9,10}[._][A-Za-z0-9_\\.\-]{1,40}", fullmatch=True)
FIELDS = st.lists(st.from_regex(r",[A-Z][A-Z0-9]{0,4}=[A-Za-z0-9]{1,32}", fullmatch=True), max_size=4).map("".join)
FLAGS = st.lists(st.sampled_from("DFPRSTabc"), unique=True).map(lambda letters: "".join(sorted(letters)))


@pytest.mark.parametrize(
    "name",
    [
        "1694779200.M1P7.laptop",
        "1694779200.M1P7.laptop:2,",
        "1694779200.M1P7.laptop:2,RS",
        "1694779200.M1P7.laptop,S=3456,W=3520:2,S",
        "1694779200.M1P7.laptop,U=12:2,FS",
        "1694779200.M1P7.laptop,U=12,FMD5=7e33429f656f1e6e9d79b29c3f82c57e:2,S",
        "1694779200.M1P7.laptop;2,S",
        "1694779200.M1P7.laptop,U=3!2,S",
        "1694779200.M1P7.laptop:2,Sab",
    ],
)
def test_a_message_is_the_same_whatever_is_added_to_its_name(name: str) -> None:
    assert unique_part(name) == "1694779200.M1P7.laptop"


@given(UNIQUES, FIELDS, FLAGS, FIELDS, FLAGS)
def test_no_field_and_no_flag_changes_which_message_it_is(unique: str, fields: str, flags: str, others: str, more: str) -> None:
    assert (
        unique_part(f"{unique}{fields}:2,{flags}") == unique_part(f"{unique}{others}:2,{more}") == unique_part(unique) == unique
    )


@given(UNIQUES, UNIQUES, FIELDS, FLAGS)
def test_two_messages_are_never_taken_for_one(one: str, other: str, fields: str, flags: str) -> None:
    assert (unique_part(f"{one}{fields}:2,{flags}") == unique_part(f"{other}:2,{flags}")) == (one == other)


@given(st.text(st.characters(exclude_characters="/\0"), min_size=1))
def test_any_name_that_a_file_can_have_has_a_unique_part(name: str) -> None:
    assert unique_part(name)


def test_a_comma_that_begins_no_field_belongs_to_the_name() -> None:
    assert unique_part("17,copy of 3:2,S") == "17,copy of 3"
    assert unique_part("17,copy of 4:2,S") == "17,copy of 4"


def test_the_time_of_delivery_stands_in_the_name() -> None:
    assert arrived_by_name("1789464600.M1P7.laptop:2,S") == datetime(2026, 9, 15, 9, 30, tzinfo=UTC)
    assert arrived_by_name("1789464600_0.4711.laptop,U=3,FMD5=aa:2,S") == datetime(2026, 9, 15, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["mail.eml", "12.eml", "20260915.M1P7.laptop", "17894646001234.x", "123456789.M1P7.laptop", ":2,S"]
)
def test_what_is_no_time_is_not_taken_for_one(name: str) -> None:
    assert arrived_by_name(name) is None


def test_flags_are_written_as_the_folder_writes_them() -> None:
    assert info_sign([]) == ":"
    assert info_sign(["1.M1.a:2,S", "2.M2.a"]) == ":"
    assert info_sign(["1.M1.a", "2.M2.a;2,S"]) == ";"


def test_a_new_name_holds_time_process_and_host_and_no_sign_of_a_path() -> None:
    name = new_name(nanoseconds=1_789_464_600_123_456_789, pid=4711, number=2, chance="0badcafe", host="my/laptop:1")
    assert name == "1789464600.M123456P4711Q2R0badcafe.my\\057laptop\\0721"
    assert unique_part(f"{name}:2,DS") == name


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ([".Sent"], "Sent"),
        ([".Archive.2024"], "Archive/2024"),
        (["Archive", "2024"], "Archive/2024"),
        (["Archive", ".2024"], "Archive/2024"),
        (["INBOX", ".Sent"], "INBOX/Sent"),
        (["[Gmail]", "Entw&APw-rfe"], "[Gmail]/Entwürfe"),
        ([".&BCcENQRABD0EPgQyBDgEOgQ4-"], "Черновики"),
        (["Entwürfe"], "Entwürfe"),
        (["R&D"], "R&D"),
        (["Q&A &- more"], "Q&A &- more"),
        (["broken\udcff"], "broken\ufffd"),
    ],
)
def test_folders_are_called_as_the_user_knows_them(parts: list[str], name: str) -> None:
    assert folder_name(parts) == name


@given(st.lists(st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1), max_size=3))
def test_any_folder_has_a_name_that_can_be_shown_and_kept(parts: list[str]) -> None:
    folder_name(parts).encode("utf-8")


def test_names_are_compared_without_regard_to_case_accents_and_separators() -> None:
    assert folder_key("Entwu\u0308rfe") == folder_key("ENTWÜRFE") == "entwürfe"
    assert folder_key("[Gmail].Sent Mail") == folder_key("[gmail]/Sent mail")
