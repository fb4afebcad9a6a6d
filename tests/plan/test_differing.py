"""Two plans side by side: what counts as the same follow-up, and what of it is a change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent.plan.differing import Change, Step, StepState, changes, rewordings

AT = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
CHECK = Step(
    kind="status_check",
    occasion="after-round-1",
    state=StepState.PLANNED,
    due_at=AT,
    to=("dana@acme.example",),
    rule="status-check",
    requirements=("B4",),
    reason="They named no day.",
    subject="Re: Interview",
    body="Hello Dana,\n",
)
LATER = replace(CHECK, due_at=AT + timedelta(days=3))
HELD = replace(CHECK, state=StepState.HELD, to=(), until=AT + timedelta(days=2))
THANKS = replace(CHECK, kind="thank_you", occasion="round-1:dana@acme.example", state=StepState.DUE)


def test_the_same_plan_twice_has_no_changes() -> None:
    assert changes([CHECK, THANKS], [THANKS, CHECK]) == ()
    assert rewordings([CHECK, THANKS], [THANKS, CHECK]) == ()


def test_another_date_is_a_change_of_what_is_planned_and_none_of_what_is_due() -> None:
    due, due_later = replace(CHECK, state=StepState.DUE), replace(LATER, state=StepState.DUE)

    assert changes([CHECK], [LATER]) == (Change(before=CHECK, after=LATER),)
    assert changes([due], [due_later]) == ()


def test_what_is_held_changes_with_its_end_and_not_with_its_reason() -> None:
    assert changes([HELD], [replace(HELD, reason="Another sentence.", rule="another")]) == ()
    assert changes([HELD], [replace(HELD, until=None)]) == (Change(before=HELD, after=replace(HELD, until=None)),)


def test_what_one_plan_alone_has_is_a_change() -> None:
    assert changes([], [THANKS]) == (Change(before=None, after=THANKS),)
    assert changes([THANKS], []) == (Change(before=THANKS, after=None),)


def test_one_kind_under_another_occasion_is_the_same_follow_up_and_not_one_gone_and_one_come() -> None:
    promised = replace(LATER, occasion="promise-2026-03-12", rule="status-check-after-promise")

    assert changes([CHECK], [promised]) == (Change(before=CHECK, after=promised),)


def test_two_people_are_two_follow_ups() -> None:
    other = replace(THANKS, occasion="round-1:ivo@acme.example", to=("ivo@acme.example",))

    assert changes([THANKS], [other]) == (Change(before=THANKS, after=None), Change(before=None, after=other))


def test_another_text_is_told_where_both_plans_have_one() -> None:
    worded = replace(CHECK, body="Dear Dana,\n")

    assert rewordings([CHECK], [worded]) == ((CHECK, worded),)
    assert rewordings([CHECK], [replace(worded, body="")]) == ()
    assert changes([CHECK], [worded]) == ()
