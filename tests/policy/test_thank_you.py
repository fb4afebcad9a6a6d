from datetime import UTC, datetime

from agent.interviews.interview import Contact, ContactRole, Round
from agent.policy import Contacted, DraftKind
from agent.signals.reading import Label
from tests.policy.jobsearch import DANA, IVO, KIM, ME, Search, at, interview

PANEL = (
    Contact(name="Dana Cole", email=DANA),
    Contact(name="Ivo Lang", email=IVO, role=ContactRole.INTERVIEWER),
    Contact(name="Kim Ode", email=KIM, role=ContactRole.INTERVIEWER),
)


def panel_interview() -> Search:
    """An interview with Ivo and Kim on Tuesday 10 March from 14 to 15 o'clock."""
    rounds = (Round(at=at("2026-03-10 14:00"), minutes=60, with_=(IVO, KIM)),)
    return Search(interview(contacts=PANEL, rounds=rounds))


def thanks(search: Search, now: datetime) -> list[str]:
    return [each.occasion for each in search.assess(now).due if each.kind is DraftKind.THANK_YOU]


def test_each_interviewer_is_thanked_from_two_hours_after_the_end() -> None:
    search = panel_interview()
    assert thanks(search, at("2026-03-10 16:59")) == []
    assert thanks(search, at("2026-03-10 17:00")) == [f"round-1:{IVO}", f"round-1:{KIM}"]
    due = search.due(at("2026-03-10 17:00"), DraftKind.THANK_YOU)[0]
    assert [(each.name, each.email) for each in due.to] == [("Ivo Lang", IVO)]
    assert due.due_at == at("2026-03-10 17:00")
    assert due.until == at("2026-03-11 15:00")
    assert due.round is not None
    assert due.round.number == 1
    assert {"B1", "D2"} <= {*due.requirements}


def test_it_is_planned_before_the_interview() -> None:
    planned = panel_interview().assess(at("2026-03-09 10:00")).planned
    assert [each.due_at for each in planned if each.kind is DraftKind.THANK_YOU] == [at("2026-03-10 17:00")] * 2


def test_after_twenty_four_hours_it_is_not_drafted_late_but_held() -> None:
    search = panel_interview()
    assert len(thanks(search, at("2026-03-11 14:59"))) == 2
    late = search.assess(at("2026-03-11 15:00"))
    assert [each for each in late.due if each.kind is DraftKind.THANK_YOU] == []
    assert [(each.kind, each.rule, each.reason) for each in late.held] == [
        (DraftKind.THANK_YOU, "too-late", "The time for it passed on Wednesday 11 March 2026.")
    ] * 2
    assert search.assess(at("2026-03-18 14:59")).held != ()
    assert search.assess(at("2026-03-18 15:00")).held == ()


def test_hours_are_elapsed_hours_over_the_change_to_summer_time() -> None:
    rounds = (Round(at=at("2026-03-28 23:00"), minutes=60, with_=(IVO,)),)  # over at 23:00 UTC, the clock jumps at 01:00 UTC
    search = Search(interview(contacts=PANEL, rounds=rounds))
    due = search.due(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), DraftKind.THANK_YOU)[0]
    assert due.due_at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert due.until == datetime(2026, 3, 29, 23, 0, tzinfo=UTC)


def test_whom_the_user_thanked_himself_is_left_out() -> None:
    search = panel_interview()
    search.mine(at("2026-03-10 15:30"), Label.SENT_THANK_YOU, to=(IVO,))
    assert thanks(search, at("2026-03-10 17:00")) == [f"round-1:{KIM}"]


def test_thanks_for_the_first_round_are_not_thanks_for_the_second() -> None:
    rounds = (
        Round(at=at("2026-03-10 14:00"), with_=(IVO,)),
        Round(at=at("2026-03-12 14:00"), with_=(IVO,)),
    )
    search = Search(interview(contacts=PANEL, rounds=rounds))
    search.mine(at("2026-03-10 18:00"), Label.SENT_THANK_YOU, to=(IVO,))
    assert thanks(search, at("2026-03-12 17:00")) == [f"round-2:{IVO}"]


def test_without_known_interviewers_the_hiring_manager_is_thanked_once() -> None:
    contacts = (Contact(name="Dana Cole", email=DANA), Contact(name="Ivo Lang", email=IVO, role=ContactRole.HIRING_MANAGER))
    search = Search(interview(contacts=contacts))
    search.held_interview(at("2026-03-10 14:00"))
    due = search.due(at("2026-03-10 17:00"), DraftKind.THANK_YOU)
    assert [each.occasion for each in due] == [f"round-1:{IVO}"]
    search.drafted(at("2026-03-10 17:00"), due[0])
    assert [each.kind for each in search.assess(at("2026-03-10 17:00"), blocked={IVO}).due] == [DraftKind.DEBRIEF]


def test_without_any_of_them_the_primary_contact_is_thanked() -> None:
    search = Search()
    search.held_interview(at("2026-03-10 14:00"))
    assert thanks(search, at("2026-03-10 17:00")) == [f"round-1:{DANA}"]


def test_it_joins_the_thread_of_the_invitation_only_with_those_who_are_in_it() -> None:
    both = (IVO, KIM)
    search = Search(interview(contacts=PANEL, rounds=(Round(at=at("2026-03-10 14:00"), with_=both),)))
    fixed_by = search.held_interview(at("2026-03-10 14:00"), attending=(IVO,))
    due = search.due(at("2026-03-10 17:00"), DraftKind.THANK_YOU)
    assert {each.to[0].email: each.parent.message.message_id if each.parent else None for each in due} == {
        IVO: fixed_by,
        KIM: None,
    }


def test_the_user_and_a_meeting_room_are_no_interviewers() -> None:
    room = "c_188@resource.calendar.google.com"
    search = Search(interview(contacts=PANEL, rounds=(Round(at=at("2026-03-10 14:00"), with_=(ME, room, IVO)),)))
    assert thanks(search, at("2026-03-10 17:00")) == [f"round-1:{IVO}"]


def test_after_the_end_thanks_are_held() -> None:
    search = panel_interview()
    search.theirs(at("2026-03-10 16:00"), Label.REJECTION)
    assessment = search.assess(at("2026-03-10 17:00"))
    assert [each.kind for each in assessment.due] == [DraftKind.REPLY_REJECTION]
    assert [(each.kind, each.rule) for each in assessment.held] == [
        (DraftKind.DEBRIEF, "ended"),
        (DraftKind.THANK_YOU, "ended"),
        (DraftKind.THANK_YOU, "ended"),
    ]


def test_thank_yous_do_not_stop_each_other_but_a_status_check_stops_them() -> None:
    search = panel_interview()
    first = search.due(at("2026-03-10 17:00"), DraftKind.THANK_YOU)[0]
    search.drafted(at("2026-03-10 17:00"), first)
    assert thanks(search, at("2026-03-10 18:00")) == [f"round-1:{KIM}"]
    asked = Contacted(at=at("2026-03-09 10:00"), interview="acme-frontend", kind=DraftKind.STATUS_CHECK, answer=False)
    held = search.assess(at("2026-03-10 18:00"), contacted=[asked]).held
    assert [(each.occasion, each.rule) for each in held] == [(f"round-1:{KIM}", "one-a-week")]
