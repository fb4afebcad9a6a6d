"""Which entries count when the user takes some of them back, and some of that back again."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agent.interviews import Event, EventKind, standing, taken_back
from agent.signals import Label
from tests.interviews.course import mail, on


def reversal(number: int, of: int) -> Event:
    return Event(interview="acme", at=on(1), kind=EventKind.UNDONE, id=number, reverses=of)


def test_a_reversal_of_a_reversal_lets_the_first_entry_stand() -> None:
    news = replace(mail(on(1), Label.REJECTION), id=1)
    assert taken_back([news, reversal(2, 1)]) == {1}
    assert taken_back([news, reversal(2, 1), reversal(3, 2)]) == {2}
    assert taken_back([news, reversal(2, 1), reversal(3, 2), reversal(4, 3)]) == {3, 1}
    assert standing([news, reversal(2, 1), reversal(3, 2)]) == (news,)


@given(st.lists(st.integers(min_value=1, max_value=12), max_size=12))
def test_exactly_those_entries_stand_that_no_standing_reversal_names(targets: list[int]) -> None:
    events = [reversal(number, of) for number, of in enumerate(targets, start=1) if of < number]
    back = taken_back(events)
    assert back == {event.reverses for event in events if event.id not in back}
