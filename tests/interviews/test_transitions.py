"""The table of transitions: forward, into an end, or on hold; out of an end only through review."""

import pytest

from agent.interviews import ENDED, Refusal, Status, step
from agent.interviews.transitions import TRANSITIONS, WITH_TIME
from agent.signals.reading import Label

OPEN = [status for status in Status if status not in ENDED]
SILENT = [Label.INFO_REQUEST, Label.TIMELINE, Label.AUTO_REPLY, Label.BOUNCE, Label.OUTREACH, Label.ALERT, Label.OTHER]


def test_every_label_has_its_row() -> None:
    assert set(TRANSITIONS) == set(Label)
    assert set(WITH_TIME) == {Label.SCHEDULED, Label.RESCHEDULED}


@pytest.mark.parametrize(
    ("label", "target"),
    [
        (Label.REJECTION, Status.REJECTED),
        (Label.ROLE_CLOSED, Status.CLOSED),
        (Label.OFFER, Status.OFFER),
        (Label.HOLD, Status.ON_HOLD),
        (Label.WITHDRAWAL, Status.WITHDRAWN),
        (Label.SENT_WITHDRAWAL, Status.WITHDRAWN),
        (Label.SENT_DECLINE, Status.DECLINED),
    ],
)
def test_an_outcome_is_reached_from_every_open_status(label: Label, target: Status) -> None:
    assert {step(status, label) for status in OPEN} == {target}


@pytest.mark.parametrize("label", SILENT)
def test_what_is_no_step_changes_no_status(label: Label) -> None:
    assert [step(status, label) for status in Status] == list(Status)


@pytest.mark.parametrize("status", OPEN)
def test_a_receipt_never_leads_back_to_applied(status: Status) -> None:
    assert step(status, Label.ACKNOWLEDGED) is status


@pytest.mark.parametrize("status", [Status.APPLIED, Status.INVITED, Status.ASSESSMENT, Status.AWAITING, Status.ON_HOLD])
def test_an_invitation_invites_and_a_fixed_time_schedules(status: Status) -> None:
    assert step(status, Label.INVITATION) is Status.INVITED
    assert step(status, Label.SCHEDULED, has_time=True) is Status.SCHEDULED
    assert step(status, Label.SCHEDULED) is Status.INVITED


def test_a_fixed_time_is_not_lost_by_an_invitation_or_a_reminder_without_time() -> None:
    assert step(Status.SCHEDULED, Label.INVITATION) is Status.SCHEDULED
    assert step(Status.SCHEDULED, Label.SCHEDULED) is Status.SCHEDULED


def test_a_move_without_a_new_time_and_a_cancellation_leave_no_time_fixed() -> None:
    assert step(Status.SCHEDULED, Label.RESCHEDULED) is Status.INVITED
    assert step(Status.SCHEDULED, Label.RESCHEDULED, has_time=True) is Status.SCHEDULED
    assert step(Status.SCHEDULED, Label.CANCELLED) is Status.INVITED
    assert step(Status.AWAITING, Label.CANCELLED) is Status.AWAITING


@pytest.mark.parametrize("label", [Label.INVITATION, Label.SCHEDULED, Label.RESCHEDULED, Label.ASSESSMENT])
def test_an_offer_is_not_taken_back_by_a_further_talk(label: Label) -> None:
    assert step(Status.OFFER, label, has_time=True) is Status.OFFER


def test_an_acceptance_needs_an_offer() -> None:
    assert step(Status.OFFER, Label.SENT_ACCEPTANCE) is Status.ACCEPTED
    refusal = step(Status.AWAITING, Label.SENT_ACCEPTANCE)
    assert isinstance(refusal, Refusal)
    assert refusal.status is Status.AWAITING
    assert refusal.reason == "This accepts an offer, and no offer is known."
    assert step(Status.AWAITING, Label.SENT_ACCEPTANCE, confirmed=True) is Status.ACCEPTED


@pytest.mark.parametrize("status", sorted(ENDED))
def test_an_ended_state_is_left_only_through_review(status: Status) -> None:
    for label in Label:
        after = step(status, label, has_time=True)
        assert isinstance(after, Refusal) or after is status
    assert step(status, Label.INVITATION, confirmed=True) is Status.INVITED
    assert step(status, Label.SCHEDULED, has_time=True, confirmed=True) is Status.SCHEDULED


@pytest.mark.parametrize(
    ("status", "label", "ask"),
    [
        (Status.REJECTED, Label.INVITATION, True),
        (Status.REJECTED, Label.OFFER, True),
        (Status.CLOSED, Label.INVITATION, True),
        (Status.ACCEPTED, Label.REJECTION, True),
        (Status.MOVED_ON, Label.REJECTION, True),
        (Status.ACCEPTED, Label.SCHEDULED, False),
        (Status.WITHDRAWN, Label.REJECTION, False),
        (Status.DECLINED, Label.WITHDRAWAL, False),
        (Status.REJECTED, Label.ROLE_CLOSED, False),
    ],
)
def test_only_what_surprises_after_the_end_is_worth_a_question(status: Status, label: Label, ask: bool) -> None:
    refusal = step(status, label, has_time=True)
    assert isinstance(refusal, Refusal)
    assert refusal.ask is ask


def test_a_second_rejection_is_no_refusal() -> None:
    assert step(Status.REJECTED, Label.REJECTION) is Status.REJECTED
