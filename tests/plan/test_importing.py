"""What an import changes of what is tracked: it fills in, and moves a status forward only."""

from datetime import UTC, date, datetime

import pytest

from agent.interviews import Contact, Event, EventKind, Interview, Round, Status
from agent.interviews.event import IMPORTED
from agent.interviews.fold import fold
from agent.plan.importing import merge, status_event
from agent.signals import Label

NOON = datetime(2026, 9, 10, 12, 0, tzinfo=UTC)
HERE = Interview(
    id="acme", company="Acme", role="Clerk", domains=("acme.example",), applied_on=date(2026, 9, 1), notes="topic: robots",
    contacts=(Contact(name="Dana Cole", email="dana@acme.example"),),
)  # fmt: skip
THERE = Interview(
    id="acme", company="Acme", role="Clerk", domains=("acme.example", "acme-jobs.example"), applied_on=date(2026, 9, 2),
    via="Harbor", notes="topic: robots\nPosting: https://acme.example/1", rounds=(Round(at=NOON),),
    contacts=(Contact(name="D. Cole", email="dana@acme.example"), Contact(name="Lee", email="lee@acme.example")),
)  # fmt: skip


def received(label: Label, day: int) -> Event:
    return Event(
        interview="acme", at=NOON.replace(day=day), kind=EventKind.RECEIVED, message_id=f"<{day}@acme.example>", label=label
    )


def imported(status: Status, day: int) -> Event:
    return Event(interview="acme", at=NOON.replace(day=day), kind=EventKind.SET, status=status, rule=IMPORTED)


def test_what_is_empty_is_filled_lists_are_gathered_and_what_differs_stays() -> None:
    merged = merge(HERE, THERE, over=False)

    assert merged.interview == Interview(
        id="acme", company="Acme", role="Clerk", domains=("acme.example", "acme-jobs.example"), applied_on=date(2026, 9, 1),
        via="Harbor", notes="topic: robots\nPosting: https://acme.example/1", rounds=(Round(at=NOON),),
        contacts=(Contact(name="Dana Cole", email="dana@acme.example"), Contact(name="Lee", email="lee@acme.example")),
    )  # fmt: skip
    assert merged.changed == ("domains", "via", "contacts", "rounds", "notes")
    assert merged.kept == ("applied on is 2026-09-01 here and 2026-09-02 there",)
    assert merge(merged.interview, THERE, over=False).changed == ()


def test_what_differs_is_written_over_where_the_user_says_so() -> None:
    merged = merge(HERE, THERE, over=True)

    assert (merged.interview.applied_on, merged.kept) == (date(2026, 9, 2), ())


def test_a_status_is_imported_once() -> None:
    event = status_event("acme", Status.INVITED, NOON, present=Status.APPLIED, events=[])

    assert event == Event(interview="acme", at=NOON, kind=EventKind.SET, status=Status.INVITED, rule="set by import")
    assert status_event("acme", Status.INVITED, NOON, present=Status.INVITED, events=[]) is None
    assert status_event("acme", Status.INVITED, NOON, present=Status.APPLIED, events=[event]) is None
    assert status_event("acme", Status.INVITED, NOON, present=Status.OFFER, events=[]) is None


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([imported(Status.INVITED, 10)], Status.INVITED),
        ([imported(Status.INVITED, 10), received(Label.REJECTION, 12)], Status.REJECTED),
        ([received(Label.REJECTION, 8), imported(Status.INVITED, 10)], Status.REJECTED),
        ([received(Label.OFFER, 8), imported(Status.INVITED, 10)], Status.OFFER),
        ([received(Label.INVITATION, 8), imported(Status.REJECTED, 10)], Status.REJECTED),
        ([imported(Status.REJECTED, 10), received(Label.INVITATION, 12)], Status.REJECTED),
    ],
    ids=[
        "alone",
        "newer mail",
        "older mail that ends it",
        "older mail that is further",
        "the end by the tracker",
        "after the end",
    ],
)
def test_an_imported_status_moves_forward_only_whenever_the_mail_is_read(events: list[Event], status: Status) -> None:
    interview = Interview(id="acme", company="Acme", role="Clerk")

    assert fold(interview, events, NOON.replace(day=20)).status is status
    assert fold(interview, events[::-1], NOON.replace(day=20)).status is status
