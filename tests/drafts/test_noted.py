"""What a draft takes from the user's notes, from the answers to a debrief and from the history."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.drafts.facts import facts
from agent.drafts.surroundings import Surroundings
from agent.interviews.candidacy import Candidacy
from agent.interviews.event import Event, EventKind
from agent.interviews.interview import Contact, ContactRole
from agent.interviews.status import Status
from agent.messages.message import Address
from agent.policy.verdict import DraftKind, Due
from agent.signals.reading import Label, Reading, Signal
from tests.drafts.scene import DANA, INTERVIEW, NOW, ROUND, USER, candidacy, draft_of, due, letter, message, state, templates

SAM = Address(name="Sam Okafor", email="sam@acme.example")


def known(wanted: Due, found: Candidacy, *, earlier: tuple[str, ...] = ()) -> dict[str, str]:
    forms = templates().languages["en"].forms
    return facts(wanted, found, user=USER, sender=USER.address, forms=forms, earlier=earlier, now=NOW, around=Surroundings())


def noted(notes: str) -> Candidacy:
    return candidacy(replace(INTERVIEW, notes=notes))


def debriefed(note: str, *, round_: int = 1) -> Candidacy:
    answered = Event(
        interview="acme-backend", at=NOW, kind=EventKind.DEBRIEFED, note=note, round=round_, occasion=f"round-{round_}:debrief"
    )
    return replace(candidacy(), events=(answered,))


def event(kind: EventKind, **fields: object) -> Event:
    return replace(Event(interview="acme-backend", at=NOW - timedelta(days=2), kind=kind), **fields)  # type: ignore[arg-type]


def test_the_answers_to_a_debrief_feed_the_thank_you() -> None:
    found = debriefed("topic (dana): the road map\ntopic: how on-call is shared\nunsaid: I have also led a team of five.")
    draft = draft_of(due(DraftKind.THANK_YOU), found)
    assert "the road map" in draft.body
    assert "how on-call is shared" not in draft.body
    assert known(due(DraftKind.THANK_YOU), found)["unsaid"] == "I have also led a team of five"


def test_the_debrief_of_another_round_is_left_to_its_own_thank_you() -> None:
    assert "topic" not in known(due(DraftKind.THANK_YOU), debriefed("topic: the road map", round_=2))


def test_each_interviewer_reads_of_their_own_points() -> None:
    held = replace(ROUND, with_=(DANA.email, SAM.email))
    found = noted("topic (Sam): testing robots\ntopic (Dana): the road map\ntopic (Dana): the budget for tools")
    dana = known(due(DraftKind.THANK_YOU, held=held), found)
    assert (dana["topic"], dana["second_topic"]) == ("the road map", "the budget for tools")
    assert known(due(DraftKind.THANK_YOU, to=(SAM,), held=held), found)["topic"] == "testing robots"


def test_a_point_that_an_employer_has_read_of_is_not_told_again() -> None:
    found = noted("topic: the road map\ntopic: the robots")
    assert known(due(DraftKind.THANK_YOU), found, earlier=("I liked the road map.",))["topic"] == "the robots"


def test_promised_material_is_named_together_and_only_once() -> None:
    found = noted("material: My portfolio.\nmaterial: two references")
    wanted = due(DraftKind.SEND_MATERIAL, occasion="material:My portfolio.")
    assert known(wanted, found)["material"] == "my portfolio and two references"
    sent = replace(found, events=(event(EventKind.DRAFTED, draft_kind="send_material"),))
    assert "material" not in known(wanted, sent)


def test_an_offer_is_answered_with_the_users_own_questions_and_reason() -> None:
    found = noted("question: how the team is organised?\nquestion: when the contract would begin\ndecline: A longer commute.")
    assert known(due(DraftKind.OFFER_CLARIFY), found)["questions"] == "how the team is organised; when the contract would begin"
    assert known(due(DraftKind.OFFER_DECLINE), found)["decline_reason"] == "a longer commute"
    assert "decline_reason" not in known(due(DraftKind.OFFER_ACCEPT), found)


@pytest.mark.parametrize(
    ("note", "day", "by_phone"),
    [
        ("agreed: 2026-03-17 by phone", "Tuesday, 17 March", "yes"),
        ("agreed: 2026-03-11", "Wednesday, 11 March", None),
        ("agreed: 2026-03-10", None, None),
    ],
)
def test_the_agreed_day_is_named_while_it_is_today_or_ahead(note: str, day: str | None, by_phone: str | None) -> None:
    found = known(due(DraftKind.THANK_YOU), noted(note))
    assert found.get("agreed_date") == day
    assert found.get("by_phone") == by_phone


def test_only_who_decides_reads_of_the_agreed_day() -> None:
    held = replace(ROUND, with_=(DANA.email, SAM.email))
    found = noted("agreed: 2026-03-17")
    assert "agreed_date" in known(due(DraftKind.THANK_YOU, held=held), found)
    assert "agreed_date" not in known(due(DraftKind.THANK_YOU, to=(SAM,), held=held), found)


def test_what_they_ask_for_is_told_in_their_own_words() -> None:
    text = "Hi Robin,\n\nto go on we need a few things from you:\n- two references\n- your certificates\n\nDana"
    start = text.index("we need")
    signal = Signal(label=Label.INFO_REQUEST, confidence=1, rule="x", quote="we need", start=start, end=start + 7)
    asked = letter(message(text), Label.INFO_REQUEST)
    asked = replace(asked, reading=Reading(label=Label.INFO_REQUEST, abstained=False, signals=(signal,)))
    draft = draft_of(due(DraftKind.REPLY_INFO_REQUEST, parent=asked, held=None))
    assert "“to go on we need a few things from you: two references; your certificates”" in draft.reason
    assert "certificates" not in draft.body


def test_a_follow_up_that_nobody_answered_is_known_with_its_day() -> None:
    asked = event(EventKind.DRAFT_SENT, draft_kind="status_check", at=datetime(2026, 3, 9, 10, tzinfo=UTC), message_id="<a@b>")
    found = replace(candidacy(), events=(asked,))
    assert known(due(DraftKind.TIMELINE_REQUEST), found)["last_written"] == "Monday, 9 March"
    assert known(due(DraftKind.TIMELINE_REQUEST), found)["unanswered"] == "yes"
    answer = event(EventKind.RECEIVED, label=Label.HOLD, at=datetime(2026, 3, 10, 10, tzinfo=UTC), message_id="<c@d>")
    assert "unanswered" not in known(due(DraftKind.TIMELINE_REQUEST), replace(found, events=(asked, answer)))


def test_the_second_call_is_told_as_the_second() -> None:
    wanted = replace(due(DraftKind.CALL_SHEET, occasion="attempt-1"), person=DANA)
    first = event(EventKind.DRAFTED, draft_kind="call_sheet", occasion="agreed-2026-03-10")
    assert "attempt" not in known(wanted, candidacy())
    assert known(wanted, replace(candidacy(), events=(first,)))["attempt"] == "second"


@pytest.mark.parametrize(
    ("status", "flag"),
    [
        (Status.OFFER, "got_offer"),
        (Status.ACCEPTED, "took_it"),
        (Status.REJECTED, "rejected"),
        (Status.CLOSED, "role_gone"),
        (Status.AWAITING, None),
    ],
)
def test_a_referrer_hears_how_it_came_out(status: Status, flag: str | None) -> None:
    referrer = Contact(name="Kim Berg", email="kim@acme.example", role=ContactRole.REFERRER)
    found = candidacy(replace(INTERVIEW, contacts=(*INTERVIEW.contacts, referrer)), at=state(status))
    told = known(due(DraftKind.REFERRER_UPDATE, to=(Address(name="Kim Berg", email="kim@acme.example"),)), found)
    flags = {"got_offer", "took_it", "rejected", "role_gone"}
    assert flags & told.keys() == ({flag} if flag else set())
