"""Until when a sign-in is good as far as is known, and from when its end is warned of."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.accounts.tokens import Ending, Tokens, ending, expiring

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def tokens(**changes: object) -> Tokens:
    usual: dict[str, object] = {
        "access": "a",
        "refresh": "r",
        "expires_at": NOON + timedelta(hours=1),
        "signed_in_at": NOON,
        "renewed_at": NOON,
        "refresh_given_at": NOON,
    }
    return Tokens(**(usual | changes))  # type: ignore[arg-type]


def test_a_sign_in_of_seven_days_is_warned_of_for_two() -> None:
    found = ending(tokens(refresh_expires_at=NOON + timedelta(days=7), idle_days=180))
    assert found == Ending(at=NOON + timedelta(days=7), warn_from=NOON + timedelta(days=5))


def test_one_that_may_lie_unused_for_ninety_days_is_warned_of_for_seven_after_its_last_use() -> None:
    used = NOON + timedelta(days=30)
    found = ending(tokens(renewed_at=used, idle_days=90))
    assert found == Ending(at=used + timedelta(days=90), warn_from=used + timedelta(days=83))


def test_without_a_refresh_token_it_ends_with_the_access_token_and_without_anything_it_is_not_known() -> None:
    found = ending(tokens(refresh=""))
    assert found is not None
    assert found.at == NOON + timedelta(hours=1)
    assert ending(tokens()) is None


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (NOON + timedelta(days=5, seconds=-1), None),
        (
            NOON + timedelta(days=5),
            (
                "Your sign-in to the mailbox ends on 2026-11-29 13:00 CET. Run `interview-agent sign-in --account work` before "
                "then, or nothing is read any more."
            ),
        ),
        (
            NOON + timedelta(days=7),
            "Your sign-in to the mailbox ended on 2026-11-29 13:00 CET. Run `interview-agent sign-in --account work`.",
        ),
    ],
)
def test_the_warning_names_the_moment_in_the_users_zone_and_the_command(now: datetime, told: str | None) -> None:
    ends = ending(tokens(refresh_expires_at=NOON + timedelta(days=7)), "interview-agent sign-in --account work")
    assert ends is not None
    assert Ending.of_noted(ends.noted()) == ends
    assert expiring(ends, now.astimezone(ZoneInfo("Europe/Berlin"))) == told
    assert expiring(None, now) is None


@given(st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(str))
def test_what_no_tokens_wrote_is_one_problem_without_any_of_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^these are no tokens$") as raised:
        Tokens.of_text(text)
    assert raised.value.__context__ is None
