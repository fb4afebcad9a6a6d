import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.messages import parse_msg_ids


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@b> <c@d>", ("<a@b>", "<c@d>")),
        ("<a@b><c@d>", ("<a@b>", "<c@d>")),
        ("<a@b>\n\t<c@d>", ("<a@b>", "<c@d>")),
        ("<a-very-long\n -id@b>", ("<a-very-long-id@b>",)),
        ("<a@b> <a@b>", ("<a@b>",)),
        ("<a@b> <c@d", ("<a@b>",)),
        ("<> <a@b>", ("<a@b>",)),
        ("<c@d", ()),
        ("a@b c@d", ("<a@b>", "<c@d>")),
        ("Message from x@y.example of Tue <a@b>", ("<a@b>",)),
        ("<no-at-sign>", ("<no-at-sign>",)),
        ("", ()),
        ("no id at all", ()),
    ],
)
def test_ids_are_found_in_every_spelling(value: str, ids: tuple[str, ...]) -> None:
    assert parse_msg_ids(value) == ids


def test_a_long_chain_keeps_its_root_and_its_nearest() -> None:
    chain = parse_msg_ids("".join(f"<{number}@x>" for number in range(1000)))
    assert len(chain) == 200
    assert (chain[0], chain[1], chain[-1]) == ("<0@x>", "<801@x>", "<999@x>")


@given(st.text(max_size=200))
def test_every_id_has_its_brackets_and_no_space(value: str) -> None:
    for found in parse_msg_ids(value):
        assert found.startswith("<")
        assert found.endswith(">")
        assert not any(character.isspace() for character in found)
