"""The configuration is changed where an answer differs, and nowhere else: comments, order and all other settings stay."""

import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.accounts.problems import ConfigurationRefused
from agent.accounts.settings import accounts_of
from agent.accounts.writing import Key, Value, new_configuration, tables_of, value_at, with_answers, without_table, write_private

OF_HAND = """\
# mine, do not touch
[digest]   # once a day
enabled = false
hour = 7

[account]
user = 'robin'            # not the address
host = "imap.old.example"
# port = 993
folders = { drafts = "Entwürfe" , sent = "Gesendet" }

# what I like to be called
[user]
timezone = "Europe/London"
name = "Robin \\u00c4"
addresses = [
  "robin@mail.example",   # main
  "hale@mail.example",
]

[policy]
preset = "brief"
"""

SETTINGS: dict[Key, st.SearchStrategy[Value]] = {
    ("user", "name"): st.text("aäÄ \"'\\#[]=", min_size=1, max_size=12).filter(lambda text: bool(text.strip())),
    ("user", "addresses"): st.sampled_from([["robin@mail.example", "new@mail.example"], ["robin@mail.example"]]),
    ("user", "country"): st.sampled_from(["DE", "GB"]),
    ("user", "language"): st.sampled_from(["de", "en"]),
    ("account", "host"): st.sampled_from(["imap.new.example", "imap.old.example"]),
    ("account", "port"): st.integers(1, 65535),
    ("account", "security"): st.sampled_from(["tls", "starttls"]),
    ("account", "folders", "drafts"): st.sampled_from(["Drafts", "[Gmail]/Entwürfe"]),
    ("account", "folders", "junk"): st.just("Spam"),
    ("policy", "preset"): st.sampled_from(["default", "brief"]),
    ("digest", "enabled"): st.booleans(),
    ("digest", "hour"): st.integers(0, 23),
    ("digest", "smtp", "host"): st.just("smtp.new.example"),
    ("digest", "smtp", "user"): st.just("robin"),
}
ANSWERS = st.sets(st.sampled_from(sorted(SETTINGS))).flatmap(
    lambda keys: st.fixed_dictionaries({key: SETTINGS[key] for key in keys})
)


def flat(tables: dict[str, Any], above: Key = ()) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    for name, value in tables.items():
        found |= flat(value, (*above, name)) if isinstance(value, dict) else {(*above, name): value}
    return found


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line and not line.startswith(("name", "# port"))]


@settings(deadline=None, max_examples=40)
@given(answers=ANSWERS, text=st.sampled_from([OF_HAND, OF_HAND.replace("\n", "\r\n"), new_configuration()]))
def test_any_answers_change_what_they_say_and_nothing_else(answers: dict[Key, Value], text: str) -> None:
    changed = with_answers(text, answers)

    assert flat(tomllib.loads(changed)) == flat(tomllib.loads(text)) | answers
    assert with_answers(changed, answers) == changed
    if text == OF_HAND:
        assert [comment for comment in comments(text) if comment not in comments(changed)] == []


def test_answers_that_are_as_before_leave_every_octet_as_it_was() -> None:
    same: dict[Key, Value] = {("user", "name"): "Robin Ä", ("digest", "hour"): 7, ("account", "host"): "imap.old.example"}

    assert with_answers(OF_HAND, same) == OF_HAND


def test_a_changed_value_stays_in_its_line_with_its_comment() -> None:
    changed = with_answers(OF_HAND, {("account", "user"): "hale", ("digest", "hour"): 9, ("account", "port"): 1993})

    assert 'user = "hale"            # not the address' in changed
    assert "[digest]   # once a day\nenabled = false\nhour = 9\n" in changed
    assert 'host = "imap.old.example"\nport = 1993\nfolders' in changed


def test_what_is_taken_out_is_gone_and_the_rest_is_not() -> None:
    changed = with_answers(OF_HAND, {("account", "host"): None, ("account", "folders", "sent"): None, ("user", "country"): None})

    assert tomllib.loads(changed)["account"] == {"user": "robin", "folders": {"drafts": "Entwürfe"}}


def test_a_new_configuration_explains_itself_and_loads() -> None:
    text = with_answers(
        new_configuration(),
        {
            ("user", "name"): "Robin Hale",
            ("user", "addresses"): ["robin@mail.example"],
            ("account", "host"): "imap.mail.example",
            ("account", "user"): "robin",
            ("account", "port"): 1993,
        },
    )

    (loaded,) = accounts_of(tomllib.loads(text), "config.toml")
    assert (loaded.user.name, loaded.account.port, loaded.digest.smtp) == ("Robin Hale", 1993, None)
    assert '# Lines that begin with "# name =" are settings that are not set' in text
    assert '# The port that goes with `security`: 993 for "tls", 143 for "starttls".\nport = 1993\n' in text
    assert "Yours:" not in text
    assert "Copy it" not in text


def test_a_new_configuration_can_have_an_account_with_a_name() -> None:
    answers: dict[Key, Value | None] = {
        ("user", "name"): "Robin", ("user", "addresses"): ["robin@mail.example"],
        ("accounts", "work", "host"): "imap.work.example", ("accounts", "work", "user"): "robin",
        ("accounts", "work", "folders", "drafts"): "Entwürfe",
    }  # fmt: skip

    (loaded,) = accounts_of(tomllib.loads(with_answers(new_configuration("work"), answers)), "config.toml")

    assert (loaded.name, loaded.account.host, loaded.account.folders.drafts) == ("work", "imap.work.example", "Entwürfe")


def test_a_table_that_goes_stays_to_be_read_and_comes_again() -> None:
    with_server = with_answers(
        new_configuration(), {("digest", "smtp", "host"): "smtp.a.example", ("digest", "smtp", "user"): "r"}
    )

    without = without_table(with_server, ("digest", "smtp"))

    assert value_at(tomllib.loads(without), ("digest", "smtp")) is None
    assert '# [digest.smtp]\n# host = "smtp.a.example"\n' in without
    assert with_answers(without, {("digest", "smtp", "host"): "smtp.a.example", ("digest", "smtp", "user"): "r"}) == with_server


def test_text_in_a_string_is_not_taken_for_a_table() -> None:
    text = '[user]\nname = """\n[account]\n# host = 1\n"""\n[account]\n# host = "x"\n'

    changed = with_answers(text, {("account", "host"): "imap.new.example"})

    assert tomllib.loads(changed) == {"user": {"name": "[account]\n# host = 1\n"}, "account": {"host": "imap.new.example"}}


def test_a_file_that_is_no_toml_is_refused_with_its_place() -> None:
    with pytest.raises(ConfigurationRefused, match=r"config\.toml: is not valid TOML .*line 1"):
        tables_of("user = = 1\n", "config.toml")


def test_a_file_is_written_for_its_owner_alone_and_through_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles" / "config.toml", tmp_path / "new" / "config.toml"
    write_private(real, "a = 1\n")
    link.parent.mkdir()
    link.symlink_to(real)
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert stat.S_IMODE(real.parent.stat().st_mode) == 0o700

    real.chmod(0o640)
    write_private(link, "a = 2\n", keep_mode=True)
    assert (link.is_symlink(), real.read_text(), stat.S_IMODE(real.stat().st_mode)) == (True, "a = 2\n", 0o640)

    write_private(link, "secret\n")
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert [path.name for path in real.parent.iterdir()] == ["config.toml"]
