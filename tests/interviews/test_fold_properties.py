"""What holds of every history, however strange."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agent.interviews import ENDED, Event, EventKind, Interview, Round, Status, Turn, fold
from agent.signals.reading import Label
from tests.interviews.course import on, tracked

moments = st.integers(0, 60 * 24 * 28).map(lambda minutes: on(1, 0) + timedelta(minutes=minutes))
events = st.builds(
    Event,
    interview=st.just("acme"),
    at=moments,
    kind=st.sampled_from(EventKind),
    message_id=st.sampled_from([None, "<a@x>", "<b@x>"]),
    label=st.none() | st.sampled_from(Label),
    labels=st.lists(st.sampled_from(Label), max_size=2).map(tuple),
    round=st.none() | st.integers(1, 4),
    interview_at=st.none() | moments,
    interview_minutes=st.none() | st.integers(15, 240),
    calendar_uid=st.sampled_from(["", "u", "v"]),
    calendar_sequence=st.integers(0, 3),
    promised_by=st.none() | st.dates(on(1).date(), on(30).date()),
    status=st.none() | st.sampled_from(Status),
)
histories = st.lists(events, max_size=12)
interviews = st.lists(st.builds(Round, at=moments, minutes=st.integers(15, 120)), max_size=2).map(lambda rounds: tracked(*rounds))


@given(interviews, histories, moments)
def test_every_history_has_a_state_that_agrees_with_itself(interview: Interview, history: list[Event], now: datetime) -> None:
    state = fold(interview, history, now)
    assert (state.turn is Turn.NONE) is (state.status in ENDED)
    assert list(state.rounds) == sorted(state.rounds, key=lambda each: each.starts_at)
    if state.status in ENDED:
        assert (state.next_at, state.promised_by) == (None, None)
    if state.next_at is not None:
        assert state.next_at in [each.starts_at for each in state.rounds if each.ends_at > now]
    if state.rounds:
        assert state.round is not None
    assert (state.promised_by is None) or state.promised_in in (None, "<a@x>", "<b@x>")


@given(interviews, histories, st.sampled_from(sorted(ENDED)), moments)
def test_an_end_stays_the_end_without_the_users_hand(
    interview: Interview, history: list[Event], end: Status, now: datetime
) -> None:
    ended = Event(interview="acme", at=on(1, 0) - timedelta(days=1), kind=EventKind.SET, status=end)
    later = [event for event in history if event.kind not in (EventKind.SET, EventKind.CONFIRMED)]
    assert fold(interview, [ended, *later], now).status is end


@given(interviews, st.lists(events, max_size=8, unique_by=lambda event: event.at), moments, st.randoms())
def test_the_order_of_recording_does_not_matter(
    interview: Interview, history: list[Event], now: datetime, random: Random
) -> None:
    shuffled = history.copy()
    random.shuffle(shuffled)
    assert fold(interview, shuffled, now) == fold(interview, history, now)


@given(interviews, st.lists(events, max_size=8), st.integers(0, 8))
def test_what_came_later_does_not_change_the_history_before(interview: Interview, history: list[Event], cut: int) -> None:
    ordered = sorted((replace(event, id=number) for number, event in enumerate(history)), key=lambda event: event.at)
    first = ordered[:cut]
    now = first[-1].at if first else on(1, 0)
    before = fold(interview, first, now).history
    assert fold(interview, ordered, on(30)).history[: len(before)] == before


@given(interviews, histories, moments)
def test_a_note_or_a_draft_in_drafts_changes_no_state(interview: Interview, history: list[Event], now: datetime) -> None:
    extra = [
        Event(interview="acme", at=event.at, kind=kind)
        for event in history
        for kind in (EventKind.NOTE, EventKind.DRAFTED, EventKind.DRAFT_WITHDRAWN)
    ]
    loud = [event for event in history if event.kind not in (EventKind.NOTE, EventKind.DRAFTED, EventKind.DRAFT_WITHDRAWN)]
    assert fold(interview, [*loud, *extra], now) == fold(interview, loud, now)
