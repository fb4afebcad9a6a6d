from dataclasses import replace

from agent.interviews.interview import Contact
from agent.interviews.status import Status
from agent.policy import Assessment, DraftKind
from agent.signals.reading import Label
from tests.policy.jobsearch import DANA, IVO, Search, at, interview

ROBOT = "no-reply@jobs.example"
OFFERED = [DraftKind.OFFER_THANKS, DraftKind.OFFER_ACCEPT, DraftKind.OFFER_CLARIFY, DraftKind.OFFER_DECLINE]


def kinds(assessment: Assessment) -> list[DraftKind]:
    return [each.kind for each in assessment.due]


def test_an_invitation_is_answered_at_once_to_where_answers_go() -> None:
    search = Search()
    invitation = search.theirs(at("2026-03-06 22:00"), Label.INVITATION, reply_to=IVO)
    due = search.assess(at("2026-03-06 22:00")).due
    assert [(each.kind, each.occasion) for each in due] == [(DraftKind.REPLY_INVITATION, invitation)]
    assert [each.email for each in due[0].to] == [IVO]
    assert due[0].parent is not None
    assert due[0].parent.message.message_id == invitation
    assert due[0].requirements == ("D6",)


def test_an_answered_invitation_needs_no_draft() -> None:
    in_thread = Search()
    invitation = in_thread.theirs(at("2026-03-06 10:00"), Label.INVITATION)
    in_thread.mine(at("2026-03-06 11:00"), Label.SENT_OTHER, to=("assistant@acme.example",), answers=invitation)
    assert kinds(in_thread.assess(at("2026-03-06 12:00"))) == []
    by_address = Search()
    by_address.theirs(at("2026-03-06 10:00"), Label.INVITATION)
    by_address.mine(at("2026-03-06 11:00"), Label.SENT_OTHER)
    assert kinds(by_address.assess(at("2026-03-06 12:00"))) == []


def test_mail_to_somebody_else_does_not_answer_it() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.INVITATION)
    search.mine(at("2026-03-06 11:00"), Label.SENT_THANK_YOU, to=(IVO,))
    assert kinds(search.assess(at("2026-03-06 12:00"))) == [DraftKind.REPLY_INVITATION]


def test_a_status_set_by_hand_makes_it_needless() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.INVITATION)
    search.set_by_hand(at("2026-03-06 11:00"), Status.SCHEDULED)  # the user picked up the phone
    assert kinds(search.assess(at("2026-03-06 12:00"))) == []


def test_a_time_that_was_fixed_since_makes_it_needless() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.INVITATION)
    search.theirs(at("2026-03-06 11:00"), Label.SCHEDULED, interview_at=at("2026-03-12 10:00"))
    assert kinds(search.assess(at("2026-03-06 12:00"))) == []


def test_after_five_business_days_it_is_too_late() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.INVITATION)  # a Friday
    assert kinds(search.assess(at("2026-03-13 09:59"))) == [DraftKind.REPLY_INVITATION]
    late = search.assess(at("2026-03-13 10:00"))
    assert late.due == ()
    assert [each.rule for each in late.held] == ["too-late"]


def test_an_invitation_from_a_robot_is_held() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.INVITATION, sender=ROBOT)
    assessment = search.assess(at("2026-03-06 10:00"))
    assert assessment.due == ()
    assert [(each.kind, each.reason) for each in assessment.held] == [
        (DraftKind.REPLY_INVITATION, "no-reply@jobs.example takes no mail.")
    ]


def test_a_reminder_is_not_drafted_for_while_the_first_draft_waits() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.INVITATION)
    first = search.assess(at("2026-03-06 10:00")).due[0]
    search.drafted(at("2026-03-06 10:00"), first)
    search.theirs(at("2026-03-09 10:00"), Label.INVITATION)
    waiting = search.assess(at("2026-03-09 10:00"))
    assert waiting.due == ()
    assert [each.rule for each in waiting.held] == ["draft-waits"]
    search.withdrawn(at("2026-03-09 10:01"), first)
    assert kinds(search.assess(at("2026-03-09 10:02"))) == [DraftKind.REPLY_INVITATION]


def test_a_rejection_gets_one_reply_and_never_a_second() -> None:
    search = Search()
    first = search.theirs(at("2026-03-06 10:00"), Label.REJECTION)
    due = search.assess(at("2026-03-06 10:00")).due
    assert [(each.kind, each.occasion, each.rule) for each in due] == [(DraftKind.REPLY_REJECTION, first, "reply-to-rejection")]
    assert {"A9", "D10"} <= {*due[0].requirements}
    search.drafted(at("2026-03-06 10:00"), due[0])
    search.theirs(at("2026-03-24 10:00"), Label.REJECTION)
    again = search.assess(at("2026-03-24 10:00"))
    assert (again.due, again.held) == ((), ())


def test_a_rejection_that_the_user_answered_himself_gets_none() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.REJECTION)
    search.mine(at("2026-03-06 11:00"), Label.SENT_OTHER, to=(IVO,))
    assert search.assess(at("2026-03-06 12:00")).due == ()


def test_a_robots_rejection_is_answered_to_the_primary_contact() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.REJECTION, sender=ROBOT)
    assert [each.to[0].email for each in search.assess(at("2026-03-06 10:00")).due] == [DANA]
    alone = Search(interview(contacts=()))
    alone.theirs(at("2026-03-06 10:00"), Label.REJECTION, sender=ROBOT)
    assessment = alone.assess(at("2026-03-06 10:00"))
    assert assessment.due == ()
    assert [(each.kind, each.rule) for each in assessment.held] == [(DraftKind.REPLY_REJECTION, "no-reply")]


def test_a_role_that_was_closed_gets_no_reply() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.ROLE_CLOSED)
    assert search.assess(at("2026-03-06 10:00")).due == ()


def test_an_offer_is_thanked_for_once_although_the_letter_follows() -> None:
    search = Search()
    spoken = search.theirs(at("2026-03-06 10:00"), Label.OFFER)
    due = search.assess(at("2026-03-06 10:00")).due
    assert [(each.kind, each.occasion) for each in due] == [(kind, spoken) for kind in OFFERED]
    for each in due:
        search.drafted(at("2026-03-06 10:00"), each)
    search.theirs(at("2026-03-09 10:00"), Label.OFFER, sender="no-reply@signing.example")
    assert search.assess(at("2026-03-09 10:00")).due == ()


def test_an_offer_is_answered_although_the_week_is_used_up() -> None:
    search = Search()
    search.mine(at("2026-03-05 10:00"), Label.SENT_FOLLOW_UP)
    search.theirs(at("2026-03-06 10:00"), Label.OFFER)
    assert kinds(search.assess(at("2026-03-06 10:00"))) == OFFERED


def test_a_message_in_review_is_not_answered() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.INVITATION, abstained=True)
    assert search.assess(at("2026-03-06 10:00")).due == ()


def test_the_names_of_the_contacts_stand_in_the_address() -> None:
    search = Search(interview(contacts=(Contact(name="Dana Cole", email=DANA),)))
    search.theirs(at("2026-03-06 10:00"), Label.INVITATION)
    due = search.assess(at("2026-03-06 10:00")).due[0]
    assert due.to[0].name == "Dana Cole"
    assert due.reason == "Dana Cole invited you on Friday 6 March 2026, and an invitation is answered promptly."


def test_a_calendar_that_calls_the_first_known_time_a_move_is_not_answered() -> None:
    search = Search()
    search.theirs(at("2026-03-06 10:00"), Label.RESCHEDULED, interview_at=at("2026-03-12 14:00"))
    search.events[-1] = replace(search.events[-1], calendar_uid="one@acme.example")
    assert kinds(search.assess(at("2026-03-06 10:00"))) == []
    moved = search.theirs(at("2026-03-07 10:00"), Label.RESCHEDULED, interview_at=at("2026-03-13 14:00"))
    search.events[-1] = replace(search.events[-1], calendar_uid="one@acme.example")
    due = search.assess(at("2026-03-07 10:00")).due
    assert [(each.kind, each.occasion) for each in due] == [(DraftKind.REPLY_RESCHEDULE, moved)]
