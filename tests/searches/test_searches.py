"""Whole job searches played back: every mail where it belongs, nothing moved by strangers."""

import pytest

from bench.searches import Score, play, score
from tests.searches.search import Search, searches

SEARCHES = {search.name: search for search in searches()}

CASES = (
    "the display name is the tracking system",
    "the display name is the employer",
    "two or three roles at one employer, one of them closed",
    "roles that differ by seniority only",
    "the reply goes to the live one",
    "brands and parents",
    "short names inside words",
    "generic role words in a signature",
    "near names",
    "'unknown employer' must match nothing",
    "recruiters do not name the employer",
    "an agency hides its client",
    "one agency, several clients",
    "messages without message-id",
    "two messages with the same message-id",
    "forwarded copies",
    "'re:subject' without a space",
    "in-reply-to rewritten by another client",
    "references dropped",
    "the recruiter from a private address",
    "a reply from another address than the one written to",
    "an answer in a new thread with a new subject",
    "calendar-only mail",
    "cold recruiter who names a tracked employer",
    "forged rejection",
    "forged order in a mail",
)
"""What fools programs of this kind in matching and trust; each stands beside a mail of a search."""


def told(found: Score, *whats: str) -> list[str]:
    return [f"{each.search} {each.number}: {each.expected}, found {each.found}" for each in found.slips if each.what in whats]


@pytest.mark.parametrize("case", CASES)
def test_the_searches_hold_what_fools_programs_of_this_kind(case: str) -> None:
    held = [item.case.lower() for search in SEARCHES.values() for item in search.items]

    assert any(case in each for each in held)


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_a_search_is_whole(search: Search) -> None:
    noise = sum(item.interview is None for item in search.items)

    assert 4 <= len(search.interviews) <= 10
    assert 35 <= len(search.items) <= 70
    assert any(item.own for item in search.items)
    assert noise * 5 >= len(search.items)


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_mail_goes_where_it_belongs_and_moves_nothing_else(search: Search) -> None:
    played = play(search)
    found = score(search, played)

    assert found.precision >= 0.99, told(found, "mail")
    assert found.recall >= 0.95, told(found, "mail")
    assert found.noise_assigned == 0, told(found, "mail")
    assert found.confused == 0, told(found, "mail")
    assert found.changes_by_others == 0, told(found, "change", "ending")
    assert found.forged_applied == 0, told(found, "change", "ending")
    assert found.final_right == found.interviews, told(found, "final", "change", "ending")
    assert forged_endings(search) <= {review.question.message_id for review in played.reviews}


def forged_endings(search: Search) -> set[str | None]:
    """What must wait in review."""
    forged = ("forged rejection", "forged ending")
    return {search.message_id(item) for item in search.items if item.case.startswith(forged)}
