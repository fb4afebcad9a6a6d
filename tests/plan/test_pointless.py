"""When a draft that waits is needed no more, kind by kind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.interviews import Event, EventKind, Interview, Status
from agent.interviews.candidacy import Candidacy
from agent.interviews.status import State, Turn
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.pointless import pointless
from agent.policy import DraftKind
from agent.signals import Label

NOW = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
OFFERS = [DraftKind.OFFER_THANKS, DraftKind.OFFER_ACCEPT, DraftKind.OFFER_CLARIFY, DraftKind.OFFER_DECLINE]
FOLLOW_UPS = [DraftKind.STATUS_CHECK, DraftKind.TIMELINE_REQUEST, DraftKind.FINAL_NOTE, DraftKind.CLOSE_LOOP]
TO_USER = [DraftKind.DEBRIEF, DraftKind.CALL_SHEET]


def draft(kind: DraftKind, occasion: str = "round-1", *, state: DraftState = DraftState.QUEUED) -> DraftRecord:
    """Return a draft that was made when the history had ten entries."""
    return DraftRecord(
        interview="acme",
        kind=kind,
        occasion=occasion,
        message_id="<draft@mailbox.example>",
        state=state,
        decided_at=NOW,
        queued_at=NOW,
        rule="a-rule",
        requirements=(),
        reason="",
        to=("dana@acme.example",),
        subject="",
        body="",
        in_reply_to="<parent@acme.example>",
        references=(),
        raw=b"",
        seen_event=10,
    )


def candidacy(*events: Event, status: Status = Status.AWAITING, notes: str = "") -> Candidacy:
    now = State(
        status=status,
        since=None,
        round=1,
        next_at=None,
        promised_by=None,
        promised_in=None,
        turn=Turn.THEM,
        rounds=(),
        history=(),
    )
    return Candidacy(
        interview=Interview(id="acme", company="Acme", role="Dev", notes=notes), events=events, letters=(), state=now
    )


def event(kind: EventKind, *, number: int = 11, **fields: object) -> Event:
    return replace(Event(interview="acme", at=NOW, kind=kind, id=number), **fields)  # type: ignore[arg-type]


def theirs(label: Label, *, number: int = 11) -> Event:
    return event(EventKind.RECEIVED, number=number, label=label, correspondent="dana@acme.example")


@pytest.mark.parametrize("kind", list(DraftKind))
def test_without_news_every_draft_waits(kind: DraftKind) -> None:
    status = Status.WITHDRAWN if kind is DraftKind.WITHDRAW else Status.AWAITING
    assert pointless(draft(kind), candidacy(theirs(Label.OFFER, number=10), status=status), NOW) == ""


@pytest.mark.parametrize("kind", list(DraftKind))
def test_what_the_user_edited_is_the_users(kind: DraftKind) -> None:
    edited = draft(kind, state=DraftState.EDITED)
    assert pointless(edited, candidacy(theirs(Label.REJECTION), status=Status.REJECTED), NOW + timedelta(days=30)) == ""


@pytest.mark.parametrize(
    ("kind", "label", "over"),
    [
        *((kind, Label.HOLD, True) for kind in FOLLOW_UPS),
        *((kind, Label.ACKNOWLEDGED, False) for kind in FOLLOW_UPS),
        *((kind, Label.AUTO_REPLY, False) for kind in (*FOLLOW_UPS, DraftKind.CALL_SHEET)),
        (DraftKind.CALL_SHEET, Label.TIMELINE, True),
        (DraftKind.THANK_YOU, Label.INVITATION, False),
        (DraftKind.DEBRIEF, Label.INVITATION, False),
        (DraftKind.REPLY_INVITATION, Label.SCHEDULED, True),
        (DraftKind.REPLY_RESCHEDULE, Label.RESCHEDULED, True),
        (DraftKind.REPLY_RESCHEDULE, Label.INFO_REQUEST, False),
        (DraftKind.REPLY_INFO_REQUEST, Label.INFO_REQUEST, True),
        (DraftKind.REPLY_INFO_REQUEST, Label.SCHEDULED, False),
        (DraftKind.REPLY_INFO_REQUEST, Label.REJECTION, True),
        (DraftKind.REPLY_HOLD, Label.TIMELINE, True),
        (DraftKind.REPLY_REJECTION, Label.REJECTION, False),
        (DraftKind.REPLY_REJECTION, Label.OFFER, True),
        (DraftKind.SEND_MATERIAL, Label.SCHEDULED, False),
        (DraftKind.SEND_MATERIAL, Label.ROLE_CLOSED, True),
        (DraftKind.REFERRER_UPDATE, Label.OFFER, True),
        (DraftKind.REFERRER_UPDATE, Label.SCHEDULED, False),
        *((kind, Label.OFFER, False) for kind in OFFERS),
        *((kind, Label.ROLE_CLOSED, True) for kind in OFFERS),
    ],
)
def test_their_news_overtakes_what_it_answers(kind: DraftKind, label: Label, *, over: bool) -> None:
    why = pointless(draft(kind), candidacy(theirs(label)), NOW)
    assert why == (f"dana@acme.example wrote since: {label}" if over else "")


@pytest.mark.parametrize(
    ("status", "left"),
    [
        (Status.ACCEPTED, {DraftKind.OFFER_THANKS, DraftKind.OFFER_ACCEPT}),
        (Status.DECLINED, {DraftKind.OFFER_DECLINE}),
        (Status.REJECTED, set()),
        (Status.CLOSED, set()),
        (Status.WITHDRAWN, {DraftKind.WITHDRAW}),
        (Status.MOVED_ON, set()),
    ],
)
def test_the_end_leaves_only_what_belongs_to_it(status: Status, left: set[DraftKind]) -> None:
    kept = {kind for kind in DraftKind if not pointless(draft(kind), candidacy(status=status), NOW)}
    assert kept == left | {DraftKind.REPLY_REJECTION, DraftKind.REFERRER_UPDATE}


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (event(EventKind.SENT, label=Label.SENT_ACCEPTANCE), "accepted"),
        (event(EventKind.DRAFT_SENT, draft_kind="offer_accept"), "accepted"),
        (event(EventKind.SENT, label=Label.SENT_DECLINE), "declined"),
        (event(EventKind.DRAFT_SENT, draft_kind="offer_decline"), "declined"),
    ],
    ids=["own acceptance", "acceptance", "own decline", "decline"],
)
@pytest.mark.parametrize("kind", [*OFFERS, DraftKind.REFERRER_UPDATE])
def test_who_has_answered_an_offer_needs_no_other_answer(kind: DraftKind, told: Event, word: str) -> None:
    assert pointless(draft(kind), candidacy(told, status=Status.OFFER), NOW) == f"you have {word} the offer"


def test_who_has_asked_about_an_offer_can_still_accept_or_decline() -> None:
    asked = event(EventKind.DRAFT_SENT, draft_kind="offer_clarify")
    left = {kind for kind in OFFERS if not pointless(draft(kind), candidacy(asked, status=Status.OFFER), NOW)}
    assert left == {DraftKind.OFFER_ACCEPT, DraftKind.OFFER_DECLINE}


def test_who_has_given_thanks_for_an_offer_can_still_answer_it() -> None:
    thanked = event(EventKind.DRAFT_SENT, draft_kind="offer_thanks")
    assert all(not pointless(draft(kind), candidacy(thanked, status=Status.OFFER), NOW) for kind in OFFERS)


@pytest.mark.parametrize(("days", "why"), [(6, ""), (7, "a week has passed")])
def test_a_debrief_waits_a_week(days: int, why: str) -> None:
    assert pointless(draft(DraftKind.DEBRIEF), candidacy(), NOW + timedelta(days=days)) == why


def test_an_answered_debrief_is_done_and_that_of_another_round_waits() -> None:
    answered = event(EventKind.DEBRIEFED, occasion="round-1", note="topic: robots")
    assert pointless(draft(DraftKind.DEBRIEF, "round-1"), candidacy(answered), NOW) == "you have answered it"
    assert pointless(draft(DraftKind.DEBRIEF, "round-2"), candidacy(answered), NOW) == ""


@pytest.mark.parametrize(
    ("since", "why"),
    [
        (event(EventKind.DRAFTED, draft_kind="call_sheet", occasion="attempt-1"), "the next attempt is prepared"),
        (event(EventKind.DRAFTED, draft_kind="status_check", occasion="after-round-1"), "the next attempt is prepared"),
        (event(EventKind.DRAFTED, draft_kind="call_sheet", occasion="round-1"), ""),
        (event(EventKind.SENT, label=Label.SENT_FOLLOW_UP), "you wrote instead"),
        (event(EventKind.SENT, label=Label.SENT_OTHER), ""),
    ],
    ids=["next call", "next mail", "itself", "own follow-up", "another mail"],
)
def test_a_call_sheet_is_over_with_the_next_attempt(since: Event, why: str) -> None:
    assert pointless(draft(DraftKind.CALL_SHEET, "round-1"), candidacy(since), NOW) == why


def test_material_that_was_taken_out_of_the_notes_is_not_sent() -> None:
    wanted = draft(DraftKind.SEND_MATERIAL, "material:my portfolio")
    assert pointless(wanted, candidacy(notes="material: My  portfolio"), NOW) == ""
    assert pointless(wanted, candidacy(notes="material: two references"), NOW) == "it is no longer in your notes"


@pytest.mark.parametrize(
    ("kind", "over"),
    [
        (DraftKind.STATUS_CHECK, True),
        (DraftKind.CALL_SHEET, True),
        (DraftKind.REPLY_INVITATION, True),
        (DraftKind.WITHDRAW, True),
        (DraftKind.THANK_YOU, False),
        (DraftKind.SEND_MATERIAL, False),
        (DraftKind.REPLY_INFO_REQUEST, False),
        (DraftKind.DEBRIEF, False),
    ],
)
def test_a_status_that_the_user_sets_ends_what_rested_on_the_one_before(kind: DraftKind, *, over: bool) -> None:
    by_hand = event(EventKind.SET, status=Status.SCHEDULED)
    why = pointless(draft(kind), candidacy(by_hand, status=Status.SCHEDULED), NOW)
    assert why == ("you set the status to scheduled" if over else "")


def test_what_answers_a_message_that_was_taken_back_is_pointless() -> None:
    taken_back = replace(candidacy(), unheard=frozenset({"<parent@acme.example>"}))
    assert pointless(draft(DraftKind.REPLY_HOLD), taken_back, NOW) == "you took back what it answers"
